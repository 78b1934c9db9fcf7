"""A few orders in every state, made through the services, the same every time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.models import Sku
from channels_app.choices import DeliveryScenario
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.choices import ParcelStatus
from fulfillment.models import FulfillmentTask, Parcel
from oms.kernel.actors import Actor
from oms.orders import services as orders
from oms.orders.choices import CancelParty, HoldReason
from oms.orders.models import Order

ACTOR = Actor(kind="command", ref="seed")
Step = Callable[[Order, datetime], None]


def seed(*, now: datetime) -> dict[str, int]:
    """Place what is not there yet and bring each order as far as its name says.

    Needs an applied world with a channel of own carriers. Returns how many orders are in each
    state. Repeating it changes nothing.
    """
    channel = Channel.objects.filter(delivery=DeliveryScenario.OWN_CARRIER).order_by("pk").first()
    if channel is None:
        raise LookupError("No channel with own carriers: apply the demo world first.")
    skus = Sku.objects.filter(organization=channel.organization, levels__on_hand__gt=100)
    codes = list(skus.order_by("code").values_list("code", flat=True).distinct()[:5])
    found: dict[str, int] = {}
    for number, (name, steps) in enumerate(STORIES.items(), 1):
        order = _placed(channel, name, codes, now=now - timedelta(hours=number))
        if order is not None:
            for step in steps:
                step(order, now)
        status = Order.objects.get(channel=channel, external_id=f"SEED-{name}").status
        found[status] = found.get(status, 0) + 1
    return found


def _placed(channel: Channel, name: str, codes: Sequence[str], *, now: datetime) -> Order | None:
    """The order, or None when it was seeded before."""
    if Order.objects.filter(channel=channel, external_id=f"SEED-{name}").exists():
        return None
    code = "NOBODY-KNOWS-THIS" if name == "UNKNOWN-SKU" else codes[len(name) % len(codes)]
    line = orders.LineDraft(
        external_id="1", sku_codes=(code,), sku_code=code, quantity=2, unit_price=Decimal("19.90")
    )
    draft = orders.OrderDraft(
        organization_id=channel.organization_id,
        channel_id=channel.pk,
        external_id=f"SEED-{name}",
        is_paid=name != "UNPAID",
        currency=channel.organization.currency,
        country=channel.organization.country,
        placed_at=now,
        channel_updated_at=now,
        contact=orders.ContactDraft(name="Sample Buyer", city="Sampletown", address="1 Sample Way"),
        lines=(line,),
    )
    return Order.objects.get(pk=orders.place_order(draft=draft, actor=ACTOR, now=now).order_id)


def _route(order: Order, now: datetime) -> None:
    fulfillment.allocate_order(order_id=order.pk, actor=ACTOR, now=now)


def _hold(order: Order, now: datetime) -> None:
    orders.hold_order(
        order_id=order.pk,
        reason=HoldReason.ADDRESS,
        note="The street is missing",
        holder="customer care",
        expires_at=None,
        actor=ACTOR,
        now=now,
    )


def _pick(order: Order, now: datetime) -> None:
    report = fulfillment.ActivityReport(
        task_number=_task(order).number,
        milestone="PICKING",
        description="picking started",
        occurred_at=now,
    )
    fulfillment.report_activity(report=report, actor=ACTOR, now=now)


def _pack(order: Order, now: datetime) -> None:
    task = _task(order)
    box = fulfillment.PackedParcel(
        point_parcel_no=f"{order.external_id}-1",
        packed_at=now,
        line_numbers=tuple(task.lines.values_list("number", flat=True)),
        weight_kg=Decimal("1.2"),
        carrier="Own Fleet",
        tracking_number=f"TRK-{order.external_id}",
    )
    request = fulfillment.PackRequest(task_number=task.number, parcels=(box,))
    fulfillment.pack_parcels(request=request, actor=ACTOR, now=now)


def _travel(station: ParcelStatus) -> Step:
    def step(order: Order, now: datetime) -> None:
        report = fulfillment.MilestoneReport(
            parcel_id=Parcel.objects.get(task__order=order).pk,
            milestone=station,
            occurred_at=now,
        )
        fulfillment.report_milestone(report=report, actor=ACTOR, now=now)

    return step


def _cancel(order: Order, now: datetime) -> None:
    request = fulfillment.CancelOrder(
        order_id=order.pk, party=CancelParty.CUSTOMER, reason="ordered twice"
    )
    fulfillment.cancel_order(request=request, actor=ACTOR, now=now)


def _task(order: Order) -> FulfillmentTask:
    return FulfillmentTask.objects.get(order=order)


STORIES: dict[str, tuple[Step, ...]] = {
    "UNPAID": (),
    "UNKNOWN-SKU": (_route,),
    "HELD": (_hold,),
    "ALLOCATED": (_route,),
    "PICKING": (_route, _pick),
    "PACKED": (_route, _pick, _pack),
    "SHIPPED": (_route, _pack, _travel(ParcelStatus.SHIPPED)),
    "ON-THE-ROAD": (_route, _pack, _travel(ParcelStatus.OUT_FOR_DELIVERY)),
    "DELIVERED": (_route, _pack, _travel(ParcelStatus.DELIVERED)),
    "CAME-BACK": (_route, _pack, _travel(ParcelStatus.RETURNED_TO_POINT)),
    "LOST": (_route, _pack, _travel(ParcelStatus.LOST)),
    "CANCELLED": (_route, _cancel),
}
