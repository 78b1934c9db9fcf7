"""Contract sections 4.1, 4.2, 4.7 and 4.8."""

from oms.api.oms4 import mapping
from oms.api.oms4.kinds import (
    ADDR,
    CLOCK,
    CODE,
    COUNTRY,
    CURRENCY,
    EMAIL,
    ENUM,
    FLAG,
    ID,
    NAME,
    PHONE,
    POST,
    PRICE,
    TEXT,
    TIME,
    Choice,
    Kept,
    Objects,
    Open,
    Texts,
    Whole,
)
from oms.api.oms4.reader import member, shape
from oms.api.oms4.shapes.paging import PAGING

MOST_ITEMS = 500
MOST_NUMBERS = 50
MOST_UNITS = 2**31 - 1

SHIPPING_INFO = shape(
    member("state", NAME),
    member("city", NAME),
    member("district", NAME),
    member("address", ADDR),
    member("postcode", POST),
    member("name", NAME),
    member("email", EMAIL),
    member("phone", PHONE),
    member("organization", NAME),
    member("requested_arrival_date", TIME),
    member("time_window_from", CLOCK),
    member("time_window_to", CLOCK),
    member("shipping_description", TEXT),
)
PAYMENT_INFO = shape(
    member("payment_method", NAME),
    member("paid_time", TIME),
    member("total_amount", PRICE),
    member("shipping_fee", PRICE),
    member("discount_amount", PRICE),
    member("tax_amount", PRICE),
)
ITEM = shape(
    member("orig_order_item_id", ID, required=True),
    member("sc_spu_id", ID, "spu_id"),
    member("sc_sku_code", CODE, "sc_sku_id", "sku_id"),
    member("seller_sku_code", CODE, about="falls back to sc_sku_code"),
    member("sku_name", NAME, "item_name", "name"),
    member("qty", Whole(least=1, most=MOST_UNITS), "quantity", default=1),
    member("original_price", PRICE),
    member("unit_price", PRICE),
    member("discount_amount", PRICE),
    member("tax_amount", PRICE),
    member("remark", TEXT),
)
CREATE_ORDER = shape(
    member("order_no", ID, required=True),
    member("order_type", ENUM),
    member("order_status", Choice(("CREATED", "PAID")), required=True),
    member("created_date", TIME, required=True),
    member("updated_date", TIME, required=True),
    member("cross_border", FLAG, default=False),
    member("campaign_id", ID),
    member("ref_code", ID),
    member("ship_by_date", TIME),
    member("upstream_allow_split", FLAG, default=False),
    member("currency", CURRENCY, required=True),
    member("country", COUNTRY, required=True),
    member("customer_remark", TEXT),
    member("seller_remark", TEXT),
    member("customer_id", ID),
    member("customer_name", NAME),
    member("customer_email", EMAIL),
    member("customer_phone", PHONE),
    member("shipping_info", SHIPPING_INFO),
    member("payment_info", Kept(PAYMENT_INFO)),
    member("items", Objects(Open(ITEM), MOST_ITEMS), "order_items", required=True),
)
GET_ORDERS = shape(
    member("order_no", Texts(ID, MOST_NUMBERS)),
    member("order_status", Texts(Choice(mapping.words(mapping.ORDER_STATUS)))),
    member("order_date_from", TIME),
    member("order_date_to", TIME),
    *PAGING,
)
CANCELLED_BY = Choice(tuple(mapping.CANCELLED_BY_IN))
CANCEL_ITEM = shape(
    member("orig_order_item_id", ID, required=True),
    member("cancelled_by", CANCELLED_BY),
    member("cancelled_reason", TEXT),
    member("cancelled_time", TIME),
)
CANCEL_ORDER = shape(
    member("order_no", ID, required=True),
    member("cancelled_by", CANCELLED_BY),
    member("cancelled_reason", TEXT),
    member("cancelled_time", TIME),
    member("items", Objects(CANCEL_ITEM, MOST_ITEMS), about="absent or empty: the whole order"),
)
REQUEST_ITEM = shape(
    member("orig_order_item_id", ID, required=True),
    member("requested_reason", TEXT, "cancelled_reason", "cancel_reason", "reason"),
)
REQUEST_CANCEL = shape(
    member("order_no", ID, required=True),
    member("requested_by", NAME, "cancelled_by", default="Buyer"),
    member("requested_reason", TEXT, "cancelled_reason", "cancel_reason", "reason"),
    member("requested_time", TIME, "cancelled_time"),
    member("items", Objects(REQUEST_ITEM, MOST_ITEMS), about="absent or empty: the whole order"),
)
