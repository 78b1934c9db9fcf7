"""Contract sections 4.3 to 4.6."""

from fulfillment.services import contents
from oms.api.oms4 import mapping
from oms.api.oms4.kinds import ID, NAME, TIME, URL, Base64, Choice, Texts
from oms.api.oms4.reader import member, shape
from oms.api.oms4.shapes.orders import MOST_NUMBERS
from oms.api.oms4.shapes.paging import PAGING

GET_PARCELS = shape(
    member("order_no", Texts(ID, MOST_NUMBERS)),
    member("fp_parcel_no", Texts(ID, MOST_NUMBERS)),
    member("tracking_no", ID),
    member("created_date_from", TIME),
    member("created_date_to", TIME),
    *PAGING,
)
TRACK_TRACE = shape(
    member("order_no", Texts(ID, MOST_NUMBERS), about="this or tracking_no is required"),
    member("tracking_no", Texts(ID, MOST_NUMBERS)),
)
UPDATE_PARCEL_STATUS = shape(
    member("order_no", ID, required=True),
    member("us_parcel_no", ID, required=True),
    member("parcel_id", ID, required=True),
    member("status", Choice(tuple(mapping.MILESTONE_IN)), required=True),
    member("event_time", TIME, required=True),
)
UPDATE_TRACKING_DOCS = shape(
    member("order_no", ID, required=True),
    member("parcel_id", ID, about="or a parcel number that identifies the parcel"),
    member("us_parcel_no", ID),
    member("fp_parcel_no", ID),
    member("delivery_carrier", NAME),
    member("delivery_type", Choice(mapping.DELIVERY_TYPES)),
    member("tracking_no", ID),
    member("waybill_url", URL, about="https; fetched when there is no waybill"),
    member("waybill", Base64(contents.MOST_BYTES), "shipping_label"),
)
