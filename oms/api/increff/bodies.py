"""The bodies of calls about listings, stock, cancellations and returns (contract 1, 2, 4, 11)."""

from oms.api.increff.kinds import MOST_UNITS, POSITIVE, TEXT, Choice, Entries, WebAddress, Whole
from oms.api.increff.reader import member, sent, shape

MOST_LISTINGS = 5_000
MOST_PRODUCTS = 300
MOST_LINES = 2_500
MOST_UNITS_BACK = 2_500
MOST_IMAGES = 50
PASS, FAIL = "PASS", "FAIL"

_LISTING = shape(
    member("channelSkuCode", TEXT, required=True),
    member("channelSerialNo", TEXT, required=True),
    member("barcode", TEXT, required=True),
    member("toleranceDays", Whole(least=0, most=MOST_UNITS), about="Days"),
)
LISTINGS = shape(member("skuListings", Entries(_LISTING, most=MOST_LISTINGS), required=True))

_PRODUCT = shape(
    member("channelSkuCode", TEXT, required=True),
    member("quantity", Whole(), about="Free for new orders now; below 0: a failure of the line"),
)
INVENTORY = shape(
    member("locationCode", TEXT, required=True),
    member("products", Entries(_PRODUCT, most=MOST_PRODUCTS), required=True),
)

_CANCELLED = shape(
    member("channelSkuCode", TEXT, required=True),
    member("cancelledQuantity", POSITIVE, required=True, about="Units in all, not a difference"),
)
CANCELLATION = shape(
    member("orderCode", TEXT, required=True),
    member("locationCode", TEXT, required=True),
    member("channelName", TEXT, "channelId", required=True),
    member("orderItems", Entries(_CANCELLED, most=MOST_LINES), required=True),
)

_UNIT = shape(
    member("returnItemCode", TEXT, required=True),
    member("channelSkuCode", TEXT, required=True),
    member("qcStatus", Choice((PASS, FAIL)), required=True),
    member("qcReason", TEXT, default=""),
    member("imageUrls", Entries(WebAddress(), most=MOST_IMAGES), default=()),
)
RETURN = shape(
    member("returnOrderCode", TEXT, required=True),
    member("forwardOrderCode", TEXT, required=True),
    member("locationCode", TEXT, required=True),
    member("channelName", TEXT, required=True),
    sent("awbNumber", TEXT),
    sent("transporter", TEXT),
    member("orderItems", Entries(_UNIT, most=MOST_UNITS_BACK), required=True),
)

INVENTORY_ANSWER = {
    "type": "object",
    "properties": {
        name: {"type": "array", "items": {"type": "string"}}
        for name in ("failureProducts", "successProducts")
    },
    "required": ["failureProducts", "successProducts"],
}
