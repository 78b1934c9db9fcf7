"""Packing units of an order into a box: whole lines, or parts of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from catalog.models import Sku
from channels_app.choices import DeliveryScenario
from fulfillment import lifecycle
from fulfillment.carriers import registry
from fulfillment.choices import DocumentStatus, ParcelStatus
from fulfillment.models import Parcel, ParcelItem
from fulfillment.services import box_drafts, consignments, label_jobs
from fulfillment.services.box_drafts import BoxDraft, CodExceeded
from fulfillment.services.boxes import packed_facts
from fulfillment.services.settling import settle
from fulfillment.services.voiding import labelled_of
from fulfillment.services.work import OrderWork, ParcelWork, TaskWork, load
from oms.events.outbox import Fact
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import PaymentMethod
from oms.orders.models import Order
from oms.orders.queries import OrderNotFound

_NUMBER = "SELECT nextval('fulfillment_parcel_number_seq')"
_DESCRIBED = (
    "service_level", "tracking_number", "tracking_url", "weight_kg", "length_cm", "width_cm",
    "height_cm", "insured_value", "external_id", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxPlan:
    """A box that may be made. `units` and `serials` are by key of TaskLine, `details` by column.

    `carrier` is the one somebody named. `is_labelled`: a label is made whoever brings the carrier.
    """

    units: Mapping[int, int]
    cod: Decimal
    carrier: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    serials: Mapping[int, Sequence[str]] = field(default_factory=dict)
    is_labelled: bool = False


def shown_number(number: int) -> str:
    """A parcel's number as people read it; also what its point is said to call it."""
    return f"NS-{number:08d}"


@retried
@transaction.atomic
def pack_units(*, draft: BoxDraft, actor: Actor, now: datetime) -> Parcel:
    """Make a box of an order that was given to points, and ask for its label. Returns it.

    The box of a task that planned one is that one. Units of a line may go into several boxes, also
    where the point packs whole lines only. Carriers that come without a label of ours get none. The
    addresses of today are kept with the box.

    Raises OrderNotFound, OrderNotAllocated, NothingAllocatedThere, LineNotOfOrder, UnitsExceeded,
    CodExceeded.
    """
    order = _lock(draft.order, actor=actor)
    box_drafts.check_order(order)
    work = load(order)
    task, units = box_drafts.choose(work, draft, actor=actor)
    cod = collected(order, draft.cod_amount)
    plan = BoxPlan(units=units, carrier=draft.carrier, cod=cod, details=_described(draft))
    box, said = make_box(order, work, task, plan, now=now)
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    return Parcel.objects.get(pk=box.id)


def _lock(public_id: UUID, *, actor: Actor) -> Order:
    seen = Order.objects.visible_to(actor).locked().select_related("buyer")
    order = seen.filter(public_id=public_id).first()
    if order is None or not _may_see(order, actor):
        raise OrderNotFound("No such order")
    return order


def _may_see(order: Order, actor: Actor) -> bool:
    """A point sees the orders that have a task of its own."""
    return actor.point_ids is None or order.tasks.filter(point_id__in=actor.point_ids).exists()


def make_box(
    order: Order, work: OrderWork, task: TaskWork, plan: BoxPlan, *, now: datetime
) -> tuple[ParcelWork, list[Fact]]:
    """Write a box of a locked order, which comes with its buyer, and ask for its label.

    Returns also what to report; the caller settles.
    """
    carrier = plan.carrier or task.carrier or _default_carrier(task)
    wanted = plan.is_labelled or wants_label(task, carrier, is_named=bool(plan.carrier))
    keeps = wanted and plan.carrier in ("", task.carrier)
    box, said = _take_planned(work, task, plan.units, keeps_label=keeps, now=now)
    box = box or _new_box(plan.units)
    described = {"weight_kg": _expected_weight(task, plan.units), **plan.details}
    described |= {"carrier": carrier, "cod_amount": plan.cod}
    said += _write(work, task, box, described, plan.serials, now=now)
    if wanted:
        labelled = replace(labelled_of(work, task, box), carrier=carrier)
        said += label_jobs.ask_for_labels([labelled], now=now)
    point = FulfillmentPoint.objects.get(pk=task.point_id)
    consignments.copy(parcel_id=box.id, order=order, point=point)
    return box, said


def collected(order: Order, wanted: Decimal | None) -> Decimal:
    """What a box collects: as said, or all that no live box of the order collects yet.

    Raises CodExceeded.
    """
    asked = order.total if order.payment_method == PaymentMethod.COD else Decimal(0)
    boxes = Parcel.objects.filter(task__order=order).live()
    so_far = boxes.aggregate(total=Sum("cod_amount"))["total"] or Decimal(0)
    remaining = max(asked - so_far, Decimal(0))
    if wanted is None:
        return remaining
    if wanted > remaining:
        raise CodExceeded(remaining)
    return wanted


def _expected_weight(task: TaskWork, units: Mapping[int, int]) -> Decimal | None:
    """Kilograms of the units, where the weight of every SKU is known."""
    skus = {task.lines[line_id].sku_id for line_id in units}
    grams = dict(Sku.objects.filter(pk__in=skus).values_list("pk", "weight_g"))
    known = [(grams[task.lines[line_id].sku_id], quantity) for line_id, quantity in units.items()]
    if any(weight is None for weight, _ in known):
        return None
    return Decimal(sum((weight or 0) * quantity for weight, quantity in known)) / 1000


def _default_carrier(task: TaskWork) -> str:
    own = task.delivery == DeliveryScenario.OWN_CARRIER
    return registry.SELF if own else registry.PLATFORM


def _described(draft: BoxDraft) -> dict[str, object]:
    said = {name: getattr(draft, name) for name in _DESCRIBED}
    return {name: value for name, value in said.items() if value not in (None, "")}


def _take_planned(
    work: OrderWork, task: TaskWork, units: Mapping[int, int], *, keeps_label: bool, now: datetime
) -> tuple[ParcelWork | None, list[Fact]]:
    """The box planned with the task, with these units in it and no others, and what to report.

    Its label is void unless it is to be kept.
    """
    planned = [box for box in task.parcels.values() if box.status == ParcelStatus.PLANNED]
    if not planned:
        return None, []
    [box, *_] = planned
    said: list[Fact] = []
    if box.label is not None and not keeps_label:
        said = label_jobs.void_labels_of([labelled_of(work, task, box)], now=now)
        Parcel.objects.filter(pk=box.id).update(tracking_number="")
        box.label = None
    ParcelItem.objects.filter(parcel_id=box.id).delete()
    box.items = dict(units)
    ready = box.label == DocumentStatus.READY
    target = ParcelStatus.LABELLED if ready else ParcelStatus.PACKED
    lifecycle.check_parcel(source=box.status, target=target)
    box.status = target
    return box, said


def _new_box(units: Mapping[int, int]) -> ParcelWork:
    [[number]] = sql.rows(_NUMBER, {})
    return ParcelWork(
        id=0,
        number=number,
        status=ParcelStatus.PACKED,
        point_parcel_no=None,
        channel_parcel_no="",
        milestone_at=None,
        packed_at=None,
        shipped_at=None,
        label=None,
        items=dict(units),
    )


def _write(
    work: OrderWork,
    task: TaskWork,
    box: ParcelWork,
    described: Mapping[str, object],
    serials: Mapping[int, Sequence[str]],
    *,
    now: datetime,
) -> list[Fact]:
    """Store the box and what is in it. Returns that it was packed, to be reported."""
    box.packed_at, box.point_parcel_no = now, shown_number(box.number)
    row = {
        **described,
        "status": box.status,
        "point_parcel_no": box.point_parcel_no,
        "packed_at": now,
        "changed_at": now,
    }
    if box.id:
        Parcel.objects.filter(pk=box.id).update(**row)
    else:
        made = Parcel.objects.create(
            number=box.number,
            organization_id=work.order.organization_id,
            task_id=task.id,
            point_id=task.point_id,
            delivery_type=task.delivery_type,
            created_at=now,
            **row,
        )
        box.id = made.pk
        task.parcels[box.id] = box
    ParcelItem.objects.bulk_create(
        ParcelItem(
            parcel_id=box.id,
            task_line_id=line_id,
            quantity=quantity,
            serials=list(serials.get(line_id, ())),
        )
        for line_id, quantity in sorted(box.items.items())
    )
    return packed_facts(work, task, [box])


def wants_label(task: TaskWork, carrier: str, *, is_named: bool) -> bool:
    """Whether a label is made for a box: not where the point, or another, brings carrier and paper.

    Naming one of the known carriers asks for its label also where the point would bring its own.
    """
    if carrier in registry.WITHOUT_LABEL:
        return False
    known = is_named or carrier.lower() in registry.NAMED
    return known or task.delivery != DeliveryScenario.OWN_CARRIER
