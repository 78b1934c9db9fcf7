"""What may go into an invoiced shipment of a task: the input, and every refusal."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fulfillment.choices import Completeness
from fulfillment.models import Document, Invoice, Parcel
from fulfillment.services import packing_rules
from fulfillment.services.work import TaskWork
from oms.kernel import errors
from oms.orders.models import Order


class OrderOnHold(errors.Conflict):
    """Somebody holds the order: nothing of it is packed until they let go."""

    code = "order_on_hold"


class ShipmentEmpty(errors.InvalidInput):
    """No units at all, a line without units, or a line the task does not have."""

    code = "shipment_empty"


class ShipmentIncomplete(errors.InvalidInput):
    """All open units must be in it. `missing` are numbers of task lines."""

    code = "shipment_incomplete"


class OpenUnitsExceeded(errors.Conflict):
    """More units of a line than are open. `task_line_id` is the line."""

    code = "open_units_exceeded"

    def __init__(self, *, task_line_id: int, remaining: int) -> None:
        super().__init__(f"At most {remaining} units are open", remaining=remaining)
        self.task_line_id = task_line_id
        self.remaining = remaining


class AlreadyInvoiced(errors.Conflict):
    """Everything of the task is packed and invoiced, in other shipments than this one."""

    code = "already_invoiced"


class SerialsMiscounted(errors.InvalidInput):
    """Serials of a line were told, and are not as many as its units."""

    code = "serials_miscounted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDraft:
    """One box of a task, to be invoiced. `units` and `serials` are by primary key of TaskLine.

    Grams and centimetres; None where nobody measured. `other_parcels` are boxes the caller knows
    this is none of, so that equal contents do not make it a repeat of theirs.
    """

    task_id: int
    units: Mapping[int, int]
    completeness: Completeness = Completeness.BLOCK_COMPLETE
    weight_g: Decimal | int | None = None
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    height_cm: Decimal | None = None
    package_sku: str = ""
    serials: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    other_parcels: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedShipment:
    """What packing gave. A document without content failed, or is late: see its status.

    `label` is None where none is made. `is_repeat`: it was there before this call.
    """

    parcel: Parcel
    invoice: Invoice
    label: Document | None
    invoice_paper: Document
    is_repeat: bool


def check_form(draft: ShipmentDraft, task: TaskWork) -> None:
    """Raises ShipmentEmpty, SerialsMiscounted."""
    if not draft.units or any(count < 1 for count in draft.units.values()):
        raise ShipmentEmpty("A shipment needs units of every line it names")
    if draft.units.keys() - task.lines.keys():
        raise ShipmentEmpty("The task has no such line", task=task.number)
    for line_id, serials in draft.serials.items():
        if serials and len(serials) != draft.units.get(line_id):
            raise SerialsMiscounted("As many serials as units are needed", task=task.number)


def check_open(order: Order, draft: ShipmentDraft, task: TaskWork) -> dict[int, int]:
    """Units by task line that stay open without this shipment.

    Raises TaskEnded, TaskStopped, OrderOnHold, AlreadyInvoiced, OpenUnitsExceeded,
    ShipmentIncomplete.
    """
    packing_rules.check_open(task)
    if order.holds.filter(released_at__isnull=True).exists():
        raise OrderOnHold("The order is on hold", task=task.number)
    packed = task.packed_units()
    left = Counter({line.id: line.live - packed.get(line.id, 0) for line in task.lines.values()})
    if not +left:
        raise AlreadyInvoiced("Everything is packed and invoiced", task=task.number)
    for line_id, units in draft.units.items():
        if units > left[line_id]:
            raise OpenUnitsExceeded(task_line_id=line_id, remaining=max(left[line_id], 0))
    left.subtract(draft.units)
    remaining = dict(+left)
    if remaining and draft.completeness == Completeness.BLOCK_COMPLETE:
        missing = [task.lines[line_id].number for line_id in remaining]
        raise ShipmentIncomplete("All open units must be in it", missing=missing)
    return remaining


def is_same(draft: ShipmentDraft, task: TaskWork, parcel: Parcel) -> bool:
    """Whether a box has what the draft asks for: units by SKU, and for shipments that may follow
    each other also sizes and serials. The parcel comes with its items.
    """
    wanted, there = Counter[int](), Counter[int]()
    for line_id, units in draft.units.items():
        wanted[task.lines[line_id].sku_id] += units
    for item in parcel.items.all():
        there[task.lines[item.task_line_id].sku_id] += item.quantity
    if wanted != there or draft.completeness != Completeness.MULTI_PARTIAL:
        return wanted == there
    sizes = (draft.length_cm, draft.width_cm, draft.height_cm)
    told = sorted(serial for serials in draft.serials.values() for serial in serials)
    kept = sorted(serial for item in parcel.items.all() for serial in item.serials)
    return sizes == (parcel.length_cm, parcel.width_cm, parcel.height_cm) and told == kept
