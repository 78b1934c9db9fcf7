"""Accepting orders, exactly once, one or many.

Intake is the hottest path there is, so it speaks set-based SQL: orders, lines, buyers, customers
and events are written by one prepared statement, which is its own transaction; hundreds of orders
take a few, in one transaction. An order that is there already takes the slow path in `replays`.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db import transaction

from oms.events import tasks as event_tasks
from oms.kernel import errors, sql, tracing
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.kernel.identifiers import uuid7
from oms.kernel.jobs import hint_after_commit
from oms.orders import contacts, hints
from oms.orders.drafts import Intake, LineDraft, OrderDraft
from oms.orders.models import Order
from oms.orders.services.replays import replay
from oms.orders.services.rows import email_of, line_row, order_row, phone_of
from oms.orders.services.statements import PLACE

PRICE_LIMIT = Decimal(10) ** 12
# A statement. Its parameters are copied several times on their way, and libpq keeps room for the
# largest it ever sent.
_AT_ONCE = 100


class BadOrderLines(errors.InvalidInput):
    """No lines, a quantity below one, a repeated line id, or a price beyond reason."""

    code = "bad_order_lines"


class OrderAlreadyPlaced(errors.Conflict):
    """Orders of these numbers are there already; `orders` are they, in the order of the drafts."""

    code = "order_already_placed"

    def __init__(self, orders: Sequence[Intake], *, places: Sequence[int]) -> None:
        super().__init__("An order of this number is there already")
        self.orders = orders
        self.places = places


def place_order(*, draft: OrderDraft, actor: Actor, now: datetime) -> Intake:
    """Accept one order; see `place_orders`."""
    return place_orders(drafts=[draft], actor=actor, now=now)[0]


@retried
def place_orders(*, drafts: Sequence[OrderDraft], actor: Actor, now: datetime) -> list[Intake]:
    """Store orders with their lines, buyers and events; paid ones are due for routing at once.

    What the channel sent before is not stored twice: it is updated while nothing is allocated and
    otherwise left alone, and either way it is a success. Unknown SKUs and missing stock are no
    reason to refuse. Raises BadOrderLines before anything is written. Two drafts of one order in
    one call count as sent one after the other.
    """
    for draft in drafts:
        check_lines(draft)
    first: dict[tuple[int, str], int] = {}
    for place, draft in enumerate(drafts):
        first.setdefault((draft.channel_id, draft.external_id), place)
    placed = _insert([(uuid7(), drafts[place]) for place in first.values()], actor=actor, now=now)
    answers = []
    for place, draft in enumerate(drafts):
        key = (draft.channel_id, draft.external_id)
        intake = placed.get(key) if first[key] == place else None
        answers.append(intake or replay(draft=draft, actor=actor, now=now))
    return answers


@retried
@transaction.atomic
def place_new_orders(
    *, drafts: Sequence[OrderDraft], all_or_none: bool = False, actor: Actor, now: datetime
) -> list[Intake]:
    """Store orders that are not there yet.

    One that is there already is left as it is and answered as `taken`, one that is earlier among
    the drafts as `repeated`; with `all_or_none` both are refused with OrderAlreadyPlaced, and
    nothing is stored. Raises BadOrderLines before anything is written.
    """
    for draft in drafts:
        check_lines(draft)
    first: dict[tuple[int, str], int] = {}
    for place, draft in enumerate(drafts):
        first.setdefault((draft.channel_id, draft.external_id), place)
    placed = _insert([(uuid7(), drafts[place]) for place in first.values()], actor=actor, now=now)
    taken = _there_already([key for key in first if key not in placed])
    answers = []
    for place, draft in enumerate(drafts):
        key = (draft.channel_id, draft.external_id)
        intake = placed.get(key) or taken[key]
        is_repeated = key in placed and first[key] != place
        answers.append(replace(intake, outcome="repeated") if is_repeated else intake)
    refused = [place for place, each in enumerate(answers) if each.outcome != "placed"]
    if all_or_none and refused:
        raise OrderAlreadyPlaced([answers[place] for place in refused], places=refused)
    return answers


def _there_already(keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Intake]:
    if not keys:
        return {}
    wanted = {channel_id for channel_id, _ in keys}
    numbers = [external_id for _, external_id in keys]
    rows = Order.objects.filter(channel_id__in=wanted, external_id__in=numbers).values_list(
        "channel_id", "external_id", "pk", "public_id", "number"
    )
    return {
        (channel_id, external_id): Intake(
            order_id=pk, public_id=public_id, number=number, outcome="taken"
        )
        for channel_id, external_id, pk, public_id, number in rows
    }


def check_lines(draft: OrderDraft) -> None:
    """Refuse what cannot be an order."""
    if not draft.lines:
        raise BadOrderLines("An order needs at least one line")
    for line in draft.lines:
        check_line(line)
    if len({line.external_id for line in draft.lines}) < len(draft.lines):
        counts = Counter(line.external_id for line in draft.lines)
        repeated = sorted(line_id for line_id, count in counts.items() if count > 1)
        raise BadOrderLines("A line id may appear once per order", lines=repeated[:10])


def check_line(line: LineDraft) -> None:
    """Refuse what cannot be a position."""
    if line.quantity < 1:
        raise BadOrderLines("A quantity must be at least 1", line=line.external_id)
    prices = (line.original_price, line.unit_price, line.discount_amount, line.tax_amount)
    if any(price is not None and abs(price) >= PRICE_LIMIT for price in prices):
        raise BadOrderLines("A price is too large", line=line.external_id)


def _insert(
    drafts: Sequence[tuple[UUID, OrderDraft]], *, actor: Actor, now: datetime
) -> dict[tuple[int, str], Intake]:
    """Write what is new and leave out what is there. Answers by (channel, order number)."""
    parts = [drafts[start : start + _AT_ONCE] for start in range(0, len(drafts), _AT_ONCE)]
    with transaction.atomic() if len(parts) > 1 else nullcontext():
        rows = [
            row for part in parts for row in sql.rows(PLACE, _params(part, actor=actor, now=now))
        ]
    if any(draft.is_paid for _, draft in drafts):
        hints.routing_is_due()
    hint_after_commit(event_tasks.relay_due)
    return {
        (channel_id, external_id): Intake(
            order_id=pk, public_id=public_id, number=number, outcome="placed"
        )
        for pk, public_id, number, channel_id, external_id in rows
    }


def _params(
    drafts: Sequence[tuple[UUID, OrderDraft]], *, actor: Actor, now: datetime
) -> dict[str, object]:
    encode = msgspec.json.encode
    lines = [
        line_row(line, position, public_id=public_id, draft=draft)
        for public_id, draft in drafts
        for position, line in enumerate(draft.lines, 1)
    ]
    orders = [
        {
            "o": order_row(public_id, draft),
            "customer": draft.customer_id,
            "lines": len(draft.lines),
        }
        for public_id, draft in drafts
    ]
    return {
        "orders": encode(orders).decode(),
        "lines": encode(lines).decode(),
        "public_ids": [public_id for public_id, _ in drafts],
        "contacts": [contacts.seal_contact(d.contact, key=public_id) for public_id, d in drafts],
        "bodies": [
            contacts.seal_body(d.raw_body, key=public_id) if d.raw_body else b""
            for public_id, d in drafts
        ],
        "email_hashes": [contacts.email_hash(email_of(d.contact)) or b"" for _, d in drafts],
        "phone_hashes": [contacts.phone_hash(phone_of(d.contact)) or b"" for _, d in drafts],
        "actor": str(actor),
        "now": now,
        "trace": tracing.current(),
    }
