"""Taking an order in, or holding it with the reason. Safe to repeat: keys decide what is new."""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels_app.choices import ChannelType, RemoteKind
from channels_app.connectors.base import RemoteRefused
from channels_app.connectors.omnitron import Client
from channels_app.models import Channel, HeldOrder, RemoteKey
from oms.api.akinon.sync import cancelling, channels, documents, drafting, filtering, keys, words
from oms.api.akinon.sync.configuration import Configuration
from oms.api.akinon.sync.drafting import Reading
from oms.api.akinon.sync.words import DocumentUnreadable, Row
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.models import OrderLine

logger = logging.getLogger(__name__)

TRY_AGAIN = (60, 300, 900, 3600)  # seconds before an order that failed is read again
CHANNEL_UNKNOWN = "channel_unknown"
NO_ITEMS = "no_items_wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Whose orders, by which rules, over which connection, and when."""

    configuration: Configuration
    client: Client | None
    now: dt.datetime

    @property
    def organization_id(self) -> int:
        return self.configuration.organization_id

    @property
    def actor(self) -> Actor:
        return Actor(kind="connector", ref="omnitron", organization_id=self.organization_id)


def take_in(importer: Importer, order: Row) -> str:
    """Read what belongs to an order and place it, or hold it.

    Says what became of it: `placed`, `updated`, `unchanged`, `older` or `held`. What is wrong with
    a single order holds that one; raises ConnectorError when the other side cannot be asked.
    """
    try:
        return _take_in(importer, order)
    except (errors.DomainError, RemoteRefused) as refused:
        code = refused.code if isinstance(refused, errors.DomainError) else str(refused)
        return hold_failed(importer, order, code)


def is_known_copy(organization_id: int, order: Row) -> bool:
    """Whether this very copy of the order was taken in or held before."""
    copied_at = modified_at(order)
    key = words.key_of(order)
    if copied_at is None or not key:
        return False
    taken = RemoteKey.objects.filter(
        organization_id=organization_id, kind=RemoteKind.ORDER, remote_key=key
    )
    held = HeldOrder.objects.filter(organization_id=organization_id, remote_key=key)
    return (
        taken.filter(modified_at__gte=copied_at).exists()
        or held.filter(modified_at__gte=copied_at).exists()
    )


def _take_in(importer: Importer, order: Row) -> str:
    key = words.key_of(order)
    if not key:
        raise DocumentUnreadable("pk is missing", member="pk")
    held = keys.one(organization_id=importer.organization_id, kind=RemoteKind.ORDER, key=key)
    copied_at = drafting.modified_at(order)
    if held is not None and held.modified_at and held.modified_at > copied_at:
        return "older"
    if held is None and (reason := _reason_to_hold(importer, order)):
        return _hold(importer, order, reason)
    channel = _channel(importer, order)
    if channel is None:
        return _hold(importer, order, CHANNEL_UNKNOWN)
    document = _document(importer, order)
    reading = _reading(importer, channel, document)
    return _place(importer, document, reading, is_known=held is not None)


def _reason_to_hold(importer: Importer, order: Row) -> str:
    rules = importer.configuration.rules
    checks = importer.configuration.sync.checks_order_status
    return filtering.reason_to_hold(order, rules, checks_status=checks)


def _channel(importer: Importer, order: Row) -> Channel | None:
    """In mode B a channel comes into being with its first order (contract 12a.4)."""
    told = order.get("channel")
    key = words.key_of(told)
    found = channels.channel_of(key, channels.remote_channels(importer.organization_id))
    if found is None and key and importer.configuration.is_seller_center:
        return channels.open_channel(
            organization_id=importer.organization_id,
            said=_told_channel(importer, told),
            key=key,
            kind=ChannelType.SELLER_CENTER,
        )
    return found


def _told_channel(importer: Importer, told: object) -> Row | None:
    """The channel as an object; Omnitron knows it where the order has its key only."""
    said = words.object_of(told)
    if said is None and importer.client is not None:
        return importer.client.one("channels", words.key_of(told))
    return said


def _document(importer: Importer, order: Row) -> dict[str, Any]:
    organization_id = importer.organization_id
    if importer.client is None:
        return documents.assembled(order, organization_id=organization_id, client=None)
    return documents.whole(order, organization_id=organization_id, client=importer.client)


def _reading(importer: Importer, channel: Channel, document: Row) -> Reading:
    item_keys = {words.key_of(item) for item in documents.items_of(document)}
    dropped = keys.known(
        organization_id=importer.organization_id, kind=RemoteKind.DROPPED_ITEM, keys=item_keys
    )
    here = OrderLine.objects.filter(
        order__channel=channel, order__external_id=drafting.number_of(document)
    )
    ship_to = words.object_of(document.get("shipping_address")) or {}
    store = words.key_of(ship_to.get("retail_store"))
    stores = keys.known(
        organization_id=importer.organization_id, kind=RemoteKind.STORE, keys=[store]
    )
    return Reading(
        channel=channel,
        settings=importer.configuration.sync,
        actor=importer.actor,
        points={key: row.local_id for key, row in stores.items() if row.local_id is not None},
        dropped=frozenset(dropped),
        here=frozenset(here.values_list("external_id", flat=True)),
    )


def _place(importer: Importer, document: Row, reading: Reading, *, is_known: bool) -> str:
    draft = drafting.order_draft(document, reading)
    if not draft.lines and not is_known:
        return _hold(importer, document, NO_ITEMS)
    outcome = "unchanged"
    order_id = _order_id(importer, document)
    if draft.lines:
        intake = orders.place_order(draft=draft, actor=importer.actor, now=importer.now)
        outcome, order_id = intake.outcome, intake.order_id
    if order_id is None:
        return _hold(importer, document, NO_ITEMS)
    cancelling.cancel_told_items(
        order_id=order_id,
        items=documents.items_of(document),
        statuses=importer.configuration.sync.cancelling_item_statuses,
        actor=importer.actor,
        now=importer.now,
    )
    late = _add_items(importer, order_id, draft) if outcome == "unchanged" else ""
    _remember(importer, document, order_id)
    return _hold(importer, document, late) if late else outcome


def _order_id(importer: Importer, document: Row) -> int | None:
    held = keys.one(
        organization_id=importer.organization_id,
        kind=RemoteKind.ORDER,
        key=words.key_of(document),
    )
    return held.local_id if held else None


def _add_items(importer: Importer, order_id: int, draft: orders.OrderDraft) -> str:
    """Add items that came later, as far as the order can still be changed; else the reason."""
    lines = list(OrderLine.objects.filter(order_id=order_id).order_by("position"))
    here = {line.external_id for line in lines}
    new = [line for line in draft.lines if line.external_id not in here]
    if not new:
        return ""
    edits = [orders.LineEdit(draft=_as_it_is(line), key=line.pk) for line in lines]
    edits += [orders.LineEdit(draft=line) for line in new]
    edit = orders.OrderEdit(order_id=order_id, lines=tuple(edits))
    try:
        orders.edit_order(edit=edit, actor=importer.actor, now=importer.now)
    except errors.Conflict as refused:
        return f"late_items: {refused.code}"
    return ""


def _as_it_is(line: OrderLine) -> orders.LineDraft:
    return orders.LineDraft(
        external_id=line.external_id,
        sku_codes=(line.sku_code,),
        sku_id=line.sku_id,
        sku_code=line.sku_code,
        name=line.name,
        quantity=line.quantity_ordered,
        unit_price=line.unit_price,
        line_discount=line.line_discount,
        is_named=line.is_named,
    )


def _remember(importer: Importer, document: Row, order_id: int) -> None:
    key = words.key_of(document)
    keys.remember(
        organization_id=importer.organization_id,
        kind=RemoteKind.ORDER,
        key=key,
        local_id=order_id,
        local_code=drafting.number_of(document),
        modified_at=drafting.modified_at(document),
    )
    HeldOrder.objects.filter(organization_id=importer.organization_id, remote_key=key).delete()


def _hold(importer: Importer, order: Row, reason: str, **further: object) -> str:
    """Store an order that is not taken in; the last reason stands."""
    said: Mapping[str, Any] = {
        "number": words.text(order.get("number"), 128),
        "channel_key": words.key_of(order.get("channel"))[:64],
        "reason": reason[:255],
        "modified_at": modified_at(order) or importer.now,
        "judged_by": importer.configuration.fingerprint,
        "attempts": 0,
        "due_at": None,
        **further,
    }
    HeldOrder.objects.update_or_create(
        organization_id=importer.organization_id,
        remote_key=words.key_of(order)[:64],
        defaults=said,
    )
    return "held"


def hold_failed(importer: Importer, order: Row, reason: str) -> str:
    """Hold an order that could not be read or placed, and have it read again later."""
    if not words.key_of(order):
        logger.warning("An order without a key was left out")
        return "held"
    before = HeldOrder.objects.filter(
        organization_id=importer.organization_id, remote_key=words.key_of(order)
    ).first()
    attempts = (before.attempts if before else 0) + 1
    pause = TRY_AGAIN[min(attempts, len(TRY_AGAIN)) - 1]
    due_at = importer.now + dt.timedelta(seconds=pause)
    return _hold(importer, order, f"failed: {reason}", attempts=attempts, due_at=due_at)


def modified_at(order: Row) -> dt.datetime | None:
    """When it was last changed; None where that cannot be read."""
    try:
        return drafting.modified_at(order)
    except DocumentUnreadable:
        return None
