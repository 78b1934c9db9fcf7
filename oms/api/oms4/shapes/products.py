"""Contract sections 4.9 to 4.11."""

from oms.api.oms4 import mapping
from oms.api.oms4.kinds import (
    ADDR,
    CODE,
    ID,
    NAME,
    PRICE,
    TIME,
    URL,
    Choice,
    Free,
    Objects,
    Texts,
    Whole,
)
from oms.api.oms4.reader import member, shape

MOST_SKUS = 500
MOST_SPUS = 50
_INT = 2**31
STATUS = Choice(tuple(mapping.LISTING_STATUS_IN))

SKU = shape(
    member("sku_id", ID, required=True, about="may be 0 for a product without variants"),
    member("seller_sku_code", CODE, required=True),
    member("original_price", PRICE, required=True),
    member("current_price", PRICE, required=True),
    member("stock", Whole(least=-_INT, most=_INT - 1), required=True),
    member("model_infos", Free()),
    member("sku_payload", Free(), about="kept as it is"),
    member("upstream_status", STATUS),
)
UPDATE_SPU = shape(
    member("spu_id", ID, required=True),
    member("spu_name", NAME, required=True),
    member("category_id", ID),
    member("category_name", ADDR),
    member("image", URL),
    member("upstream_created_time", TIME, required=True),
    member("upstream_updated_time", TIME, required=True),
    member("upstream_status", STATUS, required=True),
    member("skus", Objects(SKU, MOST_SKUS), required=True),
)
DELETE_SPU = shape(
    member("spu_id", ID, about="or spu_ids"),
    member("spu_ids", Texts(ID, MOST_SPUS)),
)
UPDATE_SPU_STATUS = shape(
    member("spu_id", ID, required=True),
    member("upstream_status", STATUS, "status", required=True),
    member("upstream_updated_time", TIME),
)
