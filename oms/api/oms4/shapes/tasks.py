"""Contract sections 5.1 to 5.7 and 5.9."""

from oms.api.oms4 import mapping
from oms.api.oms4.kinds import (
    ADDR,
    CODE,
    ENUM,
    ID,
    MEASURE,
    NAME,
    PRICE,
    TEXT,
    TIME,
    Choice,
    Objects,
    Texts,
)
from oms.api.oms4.reader import member, shape
from oms.api.oms4.shapes.paging import PAGING

MOST_TASKS = 5
MOST_REQUESTED = 20
MOST_PARCELS = 500
MOST_DETAILS = 2_000

_RANGES = (
    member("created_from", TIME),
    member("created_to", TIME),
    member("updated_from", TIME),
    member("updated_to", TIME),
)
GET_TASKS = shape(
    *_RANGES,
    member("status", Choice(mapping.words(mapping.TASK_STATUS))),
    member("order_no", ID),
    *PAGING,
)
GET_TASKS_BY_NO = shape(member("ft_nos", Texts(ID, MOST_TASKS), required=True))
GET_SHIPPING_INFO = shape(
    member("ft_no", Texts(ID, MOST_TASKS), required=True),
    member("fp_parcel_no", ID),
)
GET_CANCELLATIONS = shape(
    *_RANGES,
    member("status", Choice(mapping.words(mapping.CANCELLATION_STATUS))),
    member("ft_no", ID),
    *PAGING,
)
GET_CANCEL_REQUESTS = shape(member("ft_no", Texts(ID, MOST_REQUESTED), required=True))
UPDATE_ACTIVITY = shape(
    member("ft_no", ID, required=True),
    member("milestone", ENUM, "activity", "status"),
    member("description", TEXT, required=True),
    member("event_time", TIME, required=True),
)
UPDATE_PARCEL_ACTIVITY = shape(
    member("ft_no", ID, required=True),
    member("fp_parcel_no", ID, required=True),
    member("milestone", Choice(tuple(mapping.MILESTONE_IN))),
    member("description", TEXT, required=True),
    member("event_time", TIME, required=True),
)
PARCEL_ITEM = shape(
    member("ft_detail_id", ID, "task_detail_id", required=True),
    member("seller_sku_code", CODE),
    member("brand_code", CODE, required=True),
    member("brand_sku_code", CODE, required=True),
)
PACKED_PARCEL = shape(
    member("fp_parcel_no", ID, required=True),
    member("parcel_packed_time", TIME, required=True),
    member("weight", MEASURE, about="kg"),
    member("length", MEASURE, about="cm"),
    member("height", MEASURE, about="cm"),
    member("width", MEASURE, about="cm"),
    member("actual_delivery_partner", NAME, "actual_delivery_carrier"),
    member("actual_delivery_type", Choice(mapping.DELIVERY_TYPES)),
    member("tracking_no", ID),
    member("source_location", ADDR),
    member("dest_location", ADDR),
    member("actual_delivery_cost", PRICE),
    member("delivery_carrier_id", ID),
    member("parcel_items", Objects(PARCEL_ITEM, MOST_DETAILS), required=True),
)
PARCEL_PACKED = shape(
    member("ft_no", ID, required=True),
    member("order_no", ID),
    member("sales_channel", NAME),
    member("parcels", Objects(PACKED_PARCEL, MOST_PARCELS), required=True),
)
