"""What calls give, as OpenAPI describes it. The renderers in `render` write exactly these."""

from oms.api.oms4 import mapping
from oms.api.oms4.reader import Schema
from oms.api.oms4.shapes.orders import PAYMENT_INFO, SHIPPING_INFO

TEXT: Schema = {"type": "string"}
OPTIONAL: Schema = {"type": "string", "nullable": True}
WHOLE: Schema = {"type": "integer", "format": "int64"}
MOMENT: Schema = {"type": "integer", "format": "int64", "description": "epoch milliseconds"}
OPTIONAL_MOMENT: Schema = MOMENT | {"nullable": True}
FLAG: Schema = {"type": "integer", "enum": [0, 1]}
DOUBLE: Schema = {"type": "number", "format": "double", "nullable": True}
UPSTREAM_ID: Schema = {"oneOf": [WHOLE, TEXT]}


def word(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def record(**members: Schema) -> Schema:
    """An object of which every member is always there."""
    return {"type": "object", "properties": members, "required": list(members)}


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def page(name: str, item: Schema) -> Schema:
    return record(total_count=WHOLE, cursor=WHOLE, **{name: many(item)})


def either(name: str, item: Schema) -> Schema:
    """A bare array, or the page for clients that were set so."""
    return {"oneOf": [many(item), page(name, item)]}


ORDER_STATUS = word(*mapping.words(mapping.ORDER_STATUS))
PARCEL_STATUS = word(*mapping.words(mapping.PARCEL_STATUS))
CHANNEL_TYPE = word(*mapping.words(mapping.CHANNEL_TYPE))

ORDER_ITEM = record(
    order_item_id=WHOLE,
    orig_order_item_id=UPSTREAM_ID,
    order_item_status=ORDER_STATUS,
    sc_spu_id=OPTIONAL,
    sc_sku_code=OPTIONAL,
    seller_sku_code=TEXT,
    sku_name=OPTIONAL,
    qty=WHOLE,
    original_price=DOUBLE,
    unit_price=DOUBLE,
    discount_amount=DOUBLE,
    tax_amount=DOUBLE,
    remark=OPTIONAL,
) | {"additionalProperties": True}
ORDER = record(
    order_no=TEXT,
    order_type=TEXT,
    sales_channel=TEXT,
    upstream_system=CHANNEL_TYPE,
    order_status=ORDER_STATUS,
    order_date=MOMENT,
    last_updated_date=MOMENT,
    cross_border=FLAG,
    campaign_id=OPTIONAL,
    ref_code=OPTIONAL,
    ship_by_date=OPTIONAL_MOMENT,
    upstream_allow_split=FLAG,
    currency=TEXT,
    country=TEXT,
    customer_remark=OPTIONAL,
    seller_remark=OPTIONAL,
    customer_id=OPTIONAL,
    customer_name=OPTIONAL,
    customer_email=OPTIONAL,
    customer_phone=OPTIONAL,
    shipping_info=SHIPPING_INFO.schema() | {"nullable": True},
    payment_info=PAYMENT_INFO.schema() | {"nullable": True, "additionalProperties": True},
    items=many(ORDER_ITEM),
)
ORDERS = either("order_list", ORDER)

PARCEL_ITEM = record(
    orig_order_item_id=UPSTREAM_ID,
    order_item_status=ORDER_STATUS,
    sc_spu_id=OPTIONAL,
    sc_sku_code=OPTIONAL,
    seller_sku_code=TEXT,
    sku_name=OPTIONAL,
    qty=WHOLE,
)
PARCEL = record(
    parcel_id=WHOLE,
    parcel_type=TEXT,
    created_date=MOMENT,
    fulfillment_point=TEXT,
    fp_parcel_no=OPTIONAL,
    us_parcel_no=OPTIONAL,
    status=PARCEL_STATUS,
    weight=DOUBLE,
    length=DOUBLE,
    height=DOUBLE,
    width=DOUBLE,
    tracking_no=OPTIONAL,
    source_location=OPTIONAL,
    dest_location=OPTIONAL,
    waybill_url=OPTIONAL,
    items=many(PARCEL_ITEM),
    order_no=TEXT,
    delivery_carrier=OPTIONAL,
    delivery_type=OPTIONAL,
)
PARCELS = either("parcel_list", PARCEL)

TRACE = record(
    order_no=TEXT,
    parcel_id=WHOLE,
    fp_parcel_no=OPTIONAL,
    us_parcel_no=OPTIONAL,
    delivery_carrier=OPTIONAL,
    tracking_no=OPTIONAL,
    status=PARCEL_STATUS,
    activities=many(record(milestone=OPTIONAL, description=OPTIONAL, event_time=MOMENT)),
)
TRACES = many(TRACE)

TASK_DETAIL = record(
    order_item_status=ORDER_STATUS,
    order_item_id=WHOLE,
    task_detail_id=WHOLE,
    seller_sku_code=TEXT,
    brand_code=OPTIONAL,
    brand_sku_code=OPTIONAL,
    sku_name=OPTIONAL,
    qty=WHOLE,
    orig_order_item_id=UPSTREAM_ID,
)
TASK = record(
    ft_no=TEXT,
    fp_name=TEXT,
    created_time=MOMENT,
    status=word(*mapping.words(mapping.TASK_STATUS)),
    allow_ft_split=FLAG,
    order_no=TEXT,
    sc_type=CHANNEL_TYPE,
    sales_channel=TEXT,
    order_created_time=MOMENT,
    packing_instruction=OPTIONAL,
    delivery_instruction=OPTIONAL,
    ship_by_date=OPTIONAL_MOMENT,
    cross_border=FLAG,
    country=TEXT,
    state=OPTIONAL,
    city=OPTIONAL,
    district=OPTIONAL,
    address=OPTIONAL,
    postcode=OPTIONAL,
    name=OPTIONAL,
    organization=OPTIONAL,
    phone=OPTIONAL,
    email=OPTIONAL,
    delivery_carrier=OPTIONAL,
    delivery_type=OPTIONAL,
    avail_delivery_carrier=many(record(name=TEXT, id=TEXT)),
    task_details=many(TASK_DETAIL),
)
TASKS = many(TASK)
TASK_PAGE = page("ft_list", TASK)

SHIPPING = many(
    record(
        ft_no=TEXT,
        parcels=many(
            record(
                parcel_id=WHOLE,
                fp_parcel_no=OPTIONAL,
                delivery_carrier=OPTIONAL,
                delivery_type=OPTIONAL,
                tracking_no=OPTIONAL,
                shipping_label=OPTIONAL | {"format": "byte", "description": "PDF"},
            )
        ),
    )
)

CANCELLATION = record(
    ct_no=TEXT,
    ft_no=TEXT,
    order_no=TEXT,
    created_time=MOMENT,
    updated_time=MOMENT,
    status=word(*mapping.words(mapping.CANCELLATION_STATUS)),
    task_details=many(
        record(
            ft_detail_id=WHOLE,
            seller_sku_code=TEXT,
            brand_code=OPTIONAL,
            brand_sku_code=OPTIONAL,
            sku_name=OPTIONAL,
        )
    ),
)
CANCELLATION_PAGE = page("ct_list", CANCELLATION)

SYNCED = record(success_sync_records=WHOLE)

CANCEL_REQUESTS = many(
    record(
        ft_no=TEXT,
        requested_Time=WHOLE | {"description": "epoch seconds"},
        handling_Result=word(*mapping.words(mapping.CANCEL_DECISION)),
        reply_Time=TEXT | {"description": "epoch seconds as text, empty while open"},
        status=word(*mapping.words(mapping.CANCEL_REQUEST_STATUS)),
        items=many(record(task_detail_id=TEXT, qty=WHOLE)),
    )
)
