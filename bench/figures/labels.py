"""P11: labels made here, by one process."""

import time
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from bench import orders, world
from bench.context import Bench, FigureError, Values
from bench.sizes import ORDER_LINES, SKUS
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.carriers.base import Address, LabelRequest
from fulfillment.carriers.own.adapter import OwnCarrier
from oms.kernel.actors import SYSTEM
from oms.orders import services as intake
from oms.orders.drafts import ContactDraft, LineDraft, OrderDraft

AHEAD = timedelta(days=1)  # due tomorrow, so that the installation's own worker leaves them to us
DRAWN = 50
_CONTACT = ContactDraft(
    customer_name="A Buyer",
    customer_email="buyer@example.com",
    city="Singapore",
    address="1 Sample Road #02-03",
    postcode="048624",
    name="A Buyer",
    phone="+65 6000 0000",
)


def p11(bench: Bench) -> Values:
    """The whole job of a label, and the drawing alone."""
    tomorrow = timezone.now() + AHEAD
    wanted = _ask(bench, now=tomorrow)
    begun, made = time.perf_counter(), 0
    while count := fulfillment.fetch_due_labels(now=tomorrow):
        made += count
    seconds = time.perf_counter() - begun
    if made != wanted:
        raise FigureError(f"{wanted} labels wanted, {made} made")
    return {"P11": made / seconds, "P11.draw": _drawn()}


def _ask(bench: Bench, *, now: datetime) -> int:
    """Place and route orders whose parcels all want a label."""
    channel = Channel.objects.get(code=world.LABELS.code)
    prefix = bench.prefix("P11")
    drafts = [_draft(channel, f"{prefix}-{n:05d}", n, now=now) for n in range(bench.sizes.labels)]
    placed = intake.place_orders(drafts=drafts, actor=SYSTEM, now=now)
    ids = [each.order_id for each in placed]
    return fulfillment.allocate_orders(order_ids=ids, actor=SYSTEM, now=now)


def _draft(channel: Channel, number: str, n: int, *, now: datetime) -> OrderDraft:
    return OrderDraft(
        organization_id=channel.organization_id,
        channel_id=channel.pk,
        external_id=number,
        is_paid=True,
        currency="SGD",
        country="SG",
        placed_at=now,
        channel_updated_at=now,
        contact=_CONTACT,
        lines=tuple(
            LineDraft(
                external_id=f"{number}-{place}",
                sku_codes=(orders.sku_code((n * ORDER_LINES + place) % SKUS),),
                quantity=1,
                unit_price=Decimal("29.90"),
            )
            for place in range(ORDER_LINES)
        ),
    )


def _drawn() -> float:
    carrier = OwnCarrier()
    address = Address(name="A Buyer", lines=("1 Sample Road #02-03", "048624 Singapore", "SG"))
    begun = time.perf_counter()
    for number in range(DRAWN):
        carrier.buy_label(
            LabelRequest(
                reference=f"OMS{number:010d}",
                parcel_number=number,
                order_number=f"BENCH-{number}",
                task_number=f"FT{number:010d}",
                sender=address,
                recipient=address,
                carrier="Heron Parcel",
                delivery_type="Standard",
                weight_kg=Decimal("0.75"),
            )
        )
    return DRAWN / (time.perf_counter() - begun)
