"""Orders that were routed to a point, and what the point then says about them."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from catalog.models import Sku
from channels_app.choices import DeliveryScenario
from channels_app.models import Channel
from fulfillment import services
from fulfillment.choices import ParcelStatus
from fulfillment.models import CancellationTask, FulfillmentTask, Parcel, TaskLine, TransferOrder
from fulfillment.services import MilestoneReport, PackedParcel, PackRequest
from fulfillment.services.work import load, progress_of
from oms.events.models import Event
from oms.inventory.models import StockLevel
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import CancelParty
from oms.orders.models import Order, OrderLine
from tests.factories import NOW, make_channel, make_point, make_sku, place, point_actor

SINGLE = DeliveryScenario.CHANNEL_CARRIER_SINGLE
MULTI = DeliveryScenario.CHANNEL_CARRIER_MULTI
OWN = DeliveryScenario.OWN_CARRIER


@dataclass
class Case:
    point: FulfillmentPoint
    channel: Channel
    skus: list[Sku]
    order: Order
    task: FulfillmentTask
    actor: Actor

    @property
    def lines(self) -> list[int]:
        """Public numbers of the task's lines."""
        return list(self.task.lines.order_by("id").values_list("number", flat=True))

    @property
    def order_lines(self) -> list[int]:
        return list(self.order.lines.order_by("position").values_list("pk", flat=True))

    def status(self) -> tuple[str, str]:
        """Of the order and of the task, as stored."""
        self.order.refresh_from_db()
        self.task.refresh_from_db()
        return self.order.status, self.task.status

    def stock(self) -> list[tuple[int, int]]:
        """On hand and reserved, per SKU."""
        levels = StockLevel.objects.filter(point=self.point, sku__in=self.skus).order_by("sku_id")
        return list(levels.values_list("on_hand", "reserved"))


def routed(
    *,
    delivery: str = MULTI,
    quantities: tuple[int, ...] = (1,),
    allow_split: bool = False,
    on_hand: int = 10,
    point: FulfillmentPoint | None = None,
    **overrides,
) -> Case:
    """An order whose every line was given to one point."""
    point = point or make_point()
    skus = [make_sku(point=point, on_hand=on_hand, weight_g=250) for _ in quantities]
    channel = make_channel(points=[point], delivery=delivery)
    lines = list(zip(skus, quantities, strict=True))
    order = place(channel=channel, lines=lines, allow_split=allow_split, **overrides)
    services.allocate_due(now=NOW)
    task = FulfillmentTask.objects.get(order=order)
    return Case(
        point=point, channel=channel, skus=skus, order=order, task=task, actor=point_actor(point)
    )


def packed(number: str, lines, **overrides) -> PackedParcel:
    defaults = {"point_parcel_no": number, "packed_at": NOW, "line_numbers": tuple(lines)}
    return PackedParcel(**{**defaults, **overrides})


def pack(case: Case, *parcels: PackedParcel, **overrides) -> list[Parcel]:
    """Pack; without parcels named, everything into PK-1."""
    parcels = parcels or (packed("PK-1", case.lines, carrier="Own Fleet"),)
    request = PackRequest(task_number=case.task.number, parcels=parcels, **overrides)
    return services.pack_parcels(request=request, actor=case.actor, now=NOW)


def milestone(case: Case, status: ParcelStatus | None, *, minutes: int = 0, **overrides) -> bool:
    """Report a milestone of PK-1 that happened some minutes after NOW."""
    defaults = {
        "task_number": case.task.number,
        "point_parcel_no": "PK-1",
        "milestone": status,
        "occurred_at": NOW + timedelta(minutes=minutes),
    }
    report = MilestoneReport(**{**defaults, **overrides})
    return services.report_milestone(report=report, actor=case.actor, now=NOW)


def cancel(case: Case, *line_ids: int, **overrides) -> None:
    request = services.CancelOrder(
        order_id=case.order.pk, line_ids=line_ids, party=CancelParty.CUSTOMER, **overrides
    )
    services.cancel_order(request=request, actor=case.actor, now=NOW)


def facts(subject: object, *prefixes: str) -> list[str]:
    """Types of the events of a task, parcel or order, in order."""
    kinds = {FulfillmentTask: "task", Parcel: "parcel", Order: "order"}
    kinds |= {CancellationTask: "cancellation", TransferOrder: "transfer"}
    events = Event.objects.filter(subject_type=kinds[type(subject)], subject_id=subject.pk)
    types = events.order_by("sequence").values_list("type", flat=True)
    return [kind for kind in types if kind.startswith(prefixes or ("",))]


def disagreements() -> list[str]:
    """What breaks the invariants of domain.md, section 10, as far as fulfillment is concerned."""
    with transaction.atomic():
        return [*_states(), *_sequences(), *_reservations(), *_progress()]


def _states():
    kinds = {"order": Order, "task": FulfillmentTask, "parcel": Parcel}
    kinds |= {"cancellation": CancellationTask, "transfer": TransferOrder}
    for kind, model in kinds.items():
        for row in model.objects.all():
            last = Event.objects.filter(subject_type=kind, subject_id=row.pk).order_by("sequence")
            said = last.values_list("status", flat=True).last()
            if said != row.status:
                yield f"{kind} {row} is {row.status}, its last event says {said}"


def _sequences():
    events = Event.objects.order_by("subject_type", "subject_id", "sequence")
    rows = events.values_list("subject_type", "subject_id", "sequence")
    for subject, group in groupby(rows, key=lambda row: row[:2]):
        numbers = [row[2] for row in group]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"events of {subject} are numbered {numbers}"


def _reservations():
    owed = F("quantity") - F("quantity_cancelled") - F("quantity_shipped")
    for level in StockLevel.objects.all():
        held = TaskLine.objects.filter(task__is_reserved=True, is_in_transit=False)
        placed = held.annotate(at=Coalesce("source_point_id", "task__point_id"))
        lines = placed.filter(at=level.point_id, sku=level.sku_id)
        units = lines.aggregate(units=Sum(owed))["units"] or 0
        if units != level.reserved:
            yield f"{level}: {level.reserved} reserved, {units} owed"


def _progress():
    names = ("in_progress", "packed", "shipped", "out_for_delivery", "delivered")
    for order in Order.objects.all():
        work = load(order)
        made = progress_of(work.tasks)
        for line in OrderLine.goods.filter(order=order):
            for name in (*names, "returned_to_point", "lost"):
                should = getattr(made.get(line.pk), name, 0)
                if getattr(line, f"quantity_{name}") != should:
                    yield f"line {line.pk}: {name} is not {should}"
        for task in work.tasks.values():
            if task.derived() != task.stored:
                yield f"task {task.number} is {task.stored}, not {task.derived()}"
