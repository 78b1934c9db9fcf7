"""Whether Omnitron, or Seller Center, has the items of a packed package where they are (9.12)."""

from collections.abc import Sequence

from channels_app.choices import RemoteKind
from channels_app.connectors.base import ConnectorError
from channels_app.connectors.omnitron import Client
from channels_app.models import RemoteKey
from fulfillment.models import FulfillmentTask
from fulfillment.services.commands import SourceUnreachable
from oms.api.akinon.sync import channels, words
from oms.api.akinon.sync.configuration import client_settings, item_status
from oms.events.choices import EventType
from oms.orders import bundles

PAGE = 100


class Source:
    """The other side of the connector, as commands ask it."""

    def disagreeing(self, *, task: FulfillmentTask) -> Sequence[str]:
        """Items that are called neither what a packed one is told to be, nor what one that shipped
        is. Where neither is told, there is nothing to agree on. Raises SourceUnreachable.
        """
        agreed = _agreed(task.organization_id)
        key = _order_key(task) if agreed and task.channel.type in channels.TYPES else ""
        if not key:
            return ()
        found = _statuses(task.organization_id, key)
        return [item for item in _items(task) if found.get(item) not in agreed]


def _agreed(organization_id: int) -> frozenset[int]:
    kinds = (EventType.TASK_PACKED, EventType.TASK_SHIPPED)
    told = (item_status(organization_id=organization_id, event_type=kind) for kind in kinds)
    return frozenset(status for each in told if (status := words.status(each or "")) is not None)


def _order_key(task: FulfillmentTask) -> str:
    """The other side's key of the order; empty for one it does not know."""
    held = RemoteKey.objects.filter(
        organization_id=task.organization_id, kind=RemoteKind.ORDER, local_id=task.order_id
    )
    return held.values_list("remote_key", flat=True).first() or ""


def _items(task: FulfillmentTask) -> list[str]:
    """Keys of what the channel ordered, each once; of a bundle's parts that of the bundle."""
    lines = task.lines.select_related("order_line__parent").order_by("pk")
    items = [bundles.ordered_line(line.order_line) for line in lines if line.quantity_live]
    keys = dict.fromkeys(item.external_id for item in items if item.is_named)
    return [key for key in keys if key.isdigit()]


def _statuses(organization_id: int, order_key: str) -> dict[str, int | None]:
    try:
        with Client(client_settings(organization_id)) as client:
            rows = client.rows("orderitem_set", order=order_key, sort="id", limit=PAGE)
    except ConnectorError as error:
        raise SourceUnreachable(f"The source of the order was not asked: {error}") from None
    return {words.key_of(row): words.status(row.get("status")) for row in rows}
