"""What may be packed: the inputs of packing and every reason to refuse."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from channels_app.choices import DeliveryScenario
from fulfillment.choices import TaskStatus
from fulfillment.services.work import TaskWork
from oms.kernel import errors


class EmptyParcel(errors.InvalidInput):
    """A call without parcels, or a parcel without lines or without a number."""

    code = "empty_parcel"


class CarrierMissing(errors.InvalidInput):
    """The point brings the carrier, and did not say which."""

    code = "carrier_missing"


class LineNotInTask(errors.NotFound):
    """The task has no such line."""

    code = "line_not_in_task"


class LineCancelled(errors.Conflict):
    """The line was cancelled: it must not be packed."""

    code = "line_cancelled"


class LineAlreadyPacked(errors.Conflict):
    """The line is in another parcel, or twice in this call."""

    code = "line_already_packed"


class ParcelNumberTaken(errors.Conflict):
    """The point used this parcel number before, for something else."""

    code = "parcel_number_taken"


class SplitNotAllowed(errors.Conflict):
    """The task must leave in one parcel."""

    code = "split_not_allowed"


class TaskEnded(errors.Conflict):
    """The task was taken from the point; nothing of it is to be packed."""

    code = "task_ended"


class TaskStopped(TaskEnded):
    """The task is blocked, waits for somebody, or its units wait for another point."""

    code = "task_stopped"


def check_open(task: TaskWork) -> None:
    """Raises TaskEnded, TaskStopped."""
    if task.stored in (TaskStatus.CANCELLED, TaskStatus.PACKED_FOR_REFUND):
        raise TaskEnded("The task was cancelled", task=task.number)
    if task.is_stopped:
        raise TaskStopped(f"The task is {task.stored.label.lower()}", task=task.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedParcel:
    """One box as the point packed it. `line_numbers` are `TaskLine.number`s."""

    point_parcel_no: str
    packed_at: datetime
    line_numbers: tuple[int, ...]
    weight_kg: Decimal | None = None
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    height_cm: Decimal | None = None
    carrier: str = ""
    delivery_type: str = ""
    tracking_number: str = ""
    source_location: str = ""
    delivery_cost: Decimal | None = None
    carrier_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRequest:
    """Everything a point packed of one task, in one call."""

    task_number: str
    parcels: tuple[PackedParcel, ...]
    order_external_id: str | None = None


def check_form(request: PackRequest) -> None:
    if not request.parcels:
        raise EmptyParcel("At least one parcel is needed")
    for packed in request.parcels:
        if not packed.point_parcel_no or not packed.line_numbers:
            raise EmptyParcel("A parcel needs a number and at least one line")
    counts = Counter(packed.point_parcel_no for packed in request.parcels)
    if repeated := sorted(number for number, count in counts.items() if count > 1):
        raise ParcelNumberTaken("A parcel number may appear once per call", parcels=repeated)


def check_carriers(fresh: Sequence[PackedParcel], task: TaskWork) -> None:
    if task.delivery != DeliveryScenario.OWN_CARRIER:
        return
    for packed in fresh:
        if not packed.carrier:
            raise CarrierMissing("Name the carrier", parcel=packed.point_parcel_no)


def lines_of(packed: PackedParcel, task: TaskWork) -> frozenset[int]:
    """Keys of the task lines a parcel names. Raises LineNotInTask."""
    by_number = {line.number: line.id for line in task.lines.values()}
    if unknown := sorted(set(packed.line_numbers) - set(by_number)):
        raise LineNotInTask("The task has no such line", lines=unknown, task=task.number)
    return frozenset(by_number[number] for number in packed.line_numbers)


def is_repeated(
    packed: PackedParcel, task: TaskWork, contents: Mapping[str, frozenset[int]]
) -> bool:
    """Whether the task has this very parcel already. Raises ParcelNumberTaken."""
    for parcel in task.parcels.values():
        if parcel.point_parcel_no == packed.point_parcel_no:
            if parcel.items.keys() == contents[packed.point_parcel_no]:
                return True
            raise ParcelNumberTaken(
                "The parcel was packed with other lines", parcel=packed.point_parcel_no
            )
    return False


def check_lines(
    contents: Mapping[str, frozenset[int]], fresh: Sequence[PackedParcel], task: TaskWork
) -> None:
    taken = {line_id for box in task.boxes() if box.point_parcel_no for line_id in box.items}
    for packed in fresh:
        for line in sorted(contents[packed.point_parcel_no]):
            number = task.lines[line].number
            if not task.lines[line].live:
                raise LineCancelled(f"Line {number} was cancelled", line=number)
            if line in taken:
                raise LineAlreadyPacked(f"Line {number} is in another parcel", line=number)
            taken.add(line)
    check_open(task)


def check_split(fresh: Sequence[PackedParcel], task: TaskWork) -> None:
    named = sum(1 for box in task.boxes() if box.point_parcel_no)
    if not task.allow_split and named + len(fresh) > 1:
        raise SplitNotAllowed("The task must leave in one parcel", task=task.number)
