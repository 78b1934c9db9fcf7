"""The bodies of calls about picklists, boxes, manifests and hand-overs (APIs 5-9 and 12)."""

from oms.api.increff.kinds import DOCUMENT, MEASURE, POSITIVE, TEXT, Choice, Entries
from oms.api.increff.reader import Member, member, shape

MOST_ORDERS = 500
MOST_LINES = 2_500
MOST_SERIALS = 10_000

BLOCK_COMPLETE = "BLOCK_COMPLETE"
SINGLE_SHIPMENT_PARTIAL = "SINGLE_SHIPMENT_PARTIAL"
MULTI_SHIPMENT_PARTIAL = "MULTI_SHIPMENT_PARTIAL"
FULFILLMENT_TYPES = (BLOCK_COMPLETE, SINGLE_SHIPMENT_PARTIAL, MULTI_SHIPMENT_PARTIAL)

_LOCATION = member("locationCode", TEXT, required=True)
_CHANNEL = member("channelName", TEXT, required=True)
_OLD_CHANNEL = member("channelName", TEXT, "channelId", required=True)


def _orders_to_pick() -> Member:
    order = shape(member("orderCode", TEXT, "channelOrderId", required=True))
    return member("orderList", Entries(order, most=MOST_ORDERS), required=True)


PICKLIST = shape(
    _OLD_CHANNEL,
    _LOCATION,
    member("pickListCode", TEXT, default="", about="The caller's own reference of the picklist"),
    _orders_to_pick(),
)
ADDITION = shape(
    member("pickListId", POSITIVE, required=True),
    _OLD_CHANNEL,
    _LOCATION,
    _orders_to_pick(),
)

_ITEM = shape(
    member("channelSkuCode", TEXT, required=True),
    member("quantityToPack", POSITIVE, required=True),
    member("externalSerialCodes", Entries(TEXT, most=MOST_SERIALS), default=()),
)
_SIZE = shape(
    member("length", MEASURE, about="cm"),
    member("breadth", MEASURE, about="cm"),
    member("height", MEASURE, about="cm"),
)
PACK = shape(
    member("orderCode", TEXT, required=True),
    _LOCATION,
    _CHANNEL,
    member("packageSku", TEXT, default="", about="The packing material"),
    member("weight", MEASURE, about="g"),
    member("fulfillmentType", Choice(FULFILLMENT_TYPES), default=BLOCK_COMPLETE),
    member("packageDetails", _SIZE, default={}),
    member("shipmentItems", Entries(_ITEM, most=MOST_LINES), required=True),
)

_CARRIER = member("transporter", TEXT, required=True, about="`SELF` for own delivery")
_ORDERS = member("orderCodes", Entries(TEXT, most=MOST_ORDERS), required=True)
MANIFEST = shape(_LOCATION, _CHANNEL, _CARRIER, _ORDERS)
COMBINED = MANIFEST
HANDOVER = shape(
    *MANIFEST.members,
    member("ewayBillDocument", DOCUMENT, default=""),
    member("lrNumber", TEXT, default="", about="Lorry receipt"),
    member("remarks", TEXT, default=""),
    member("vehicleNumber", TEXT, default=""),
)
