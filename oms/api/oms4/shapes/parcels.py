"""Contract sections 4.3, 4.4 and 4.5."""

from oms.api.oms4 import mapping
from oms.api.oms4.kinds import ID, TIME, Choice, Texts
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
