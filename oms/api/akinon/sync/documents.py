"""An order of the other side in one piece: itself, its items, its addresses with their places.

The whole is one document in the expanded form of the contract (11.1): `orderitem_set`,
`shipping_address` and `billing_address` are objects, `channel` is cut to what names it, for its
configuration can hold secrets. It becomes the order's raw body, sealed with the buyer's data.
"""

from collections.abc import Sequence
from typing import Any

from channels_app.connectors.omnitron import Client
from oms.api.akinon.sync import geography, products, words
from oms.api.akinon.sync.words import Row

_OF_CHANNEL = ("pk", "name", "channel_type")
PAGE = 100


def whole(order: Row, *, organization_id: int, client: Client) -> dict[str, Any]:
    """Read what belongs to an order: its items in any case, then addresses.

    Raises ConnectorError.
    """
    items = client.rows("orderitem_set", order=words.key_of(order), sort="id", limit=PAGE)
    said = {**order, "orderitem_set": items}
    for member in ("shipping_address", "billing_address"):
        address = order.get(member)
        if words.object_of(address) is None and (key := words.key_of(address)):
            said[member] = client.one("addresses", key) or {"pk": key}
    return assembled(said, organization_id=organization_id, client=client)


def assembled(order: Row, *, organization_id: int, client: Client | None) -> dict[str, Any]:
    """The document of an order that was told with its items. Raises ConnectorError."""
    document = {**order, "channel": _channel(order.get("channel"))}
    document["orderitem_set"] = products.with_products(
        items_of(order), organization_id=organization_id, client=client
    )
    for member in ("shipping_address", "billing_address"):
        if address := words.object_of(order.get(member)):
            document[member] = geography.expanded(
                address, organization_id=organization_id, client=client
            )
    return document


def items_of(order: Row) -> Sequence[Row]:
    """The items that came with an order."""
    items = order.get("orderitem_set")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _channel(channel: object) -> object:
    said = words.object_of(channel)
    if said is None:
        return channel
    return {name: said[name] for name in _OF_CHANNEL if name in said}
