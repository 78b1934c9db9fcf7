"""Taking tasks to the bench."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from fulfillment import services as fulfillment
from fulfillment.choices import PicklistStatus, TaskMilestone, TaskStatus
from fulfillment.models import FulfillmentTask, Parcel, Picklist
from oms.backoffice import search
from oms.backoffice.desk.board import OPEN
from oms.backoffice.desk.work import Work
from oms.backoffice.models import PackingSession
from oms.kernel import errors

# What is short waits for staff; nobody is sent to look for it without asking for it.
_OFFERED = OPEN - {TaskStatus.OUT_OF_STOCK}
_PICKLIST = "PL-"
_DIGITS = 9  # of the numbers of picklists at most


class NothingFound(errors.NotFound):
    """No order, task or picklist of this point has the number."""

    code = "bench_nothing_found"


class NothingWaits(errors.NotFound):
    """No task waits to be packed, or all that do are with somebody."""

    code = "bench_nothing_waits"


class NothingToPack(errors.Conflict):
    """The task is packed already, or has ended. `parcels` are those it has."""

    code = "bench_nothing_to_pack"

    def __init__(self, message: str, *, parcels: tuple[Parcel, ...] = ()) -> None:
        super().__init__(message)
        self.parcels = parcels


class WithColleague(errors.Conflict):
    """Somebody else packs the task."""

    code = "bench_with_colleague"


class OrderOnHold(errors.Conflict):
    """Nothing of the order may be packed now."""

    code = "bench_order_on_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A task to pack, and the picklist it was come upon by."""

    task: FulfillmentTask
    picklist: Picklist | None = None


def find(text: str, *, work: Work) -> Wanted:
    """The task of this point a number leads to: a task's, picklist's, order's or parcel's.

    Raises NothingFound, NothingWaits, NothingToPack.
    """
    if (picklist := _picklist(text, work=work)) is not None:
        return Wanted(task=_next_task(work=work, picklist=picklist), picklist=picklist)
    seen = FulfillmentTask.objects.visible_to(work.actor).filter(pk__in=search.find_tasks(text))
    found = list(seen.select_related("order").order_by("pk"))
    if not found:
        raise NothingFound(f"Nothing here has the number {text}")
    still_open = [task for task in found if task.status in OPEN]
    if not still_open:
        raise _nothing_to_pack(found[-1])
    return Wanted(task=still_open[0])


def open_task(wanted: Wanted, *, work: Work, takes_over: bool = False) -> PackingSession:
    """Take a task to the bench, or go on with it; its picking has begun with this.

    A colleague's is taken over with all that was scanned, if `takes_over`.
    Raises NothingToPack, OrderOnHold, WithColleague.
    """
    task = wanted.task
    if task.status not in OPEN:
        raise _nothing_to_pack(task)
    if task.order.holds.filter(released_at__isnull=True).exists():
        raise OrderOnHold(f"Order {task.order} is on hold")
    session = _claim(wanted, work=work, takes_over=takes_over)
    if task.status not in {TaskStatus.PICKING, TaskStatus.PICKED}:
        report = fulfillment.ActivityReport(
            task_number=task.number,
            milestone=TaskMilestone.PICKING,
            description="Picked at the bench",
            occurred_at=work.now,
        )
        fulfillment.report_activity(report=report, actor=work.actor, now=work.now)
    return session


def take_next(*, work: Work, picklist: Picklist | None = None) -> PackingSession:
    """Take the most urgent task nobody has: of the picklist in its order, then of the point.

    Raises NothingWaits.
    """
    for task in _waiting(work=work, picklist=picklist)[:20]:
        try:
            return open_task(Wanted(task=task, picklist=picklist), work=work)
        except (WithColleague, OrderOnHold, NothingToPack):
            continue  # somebody was faster
    if picklist is not None:
        return take_next(work=work)
    raise NothingWaits("No task waits")


def open_sessions(*, work: Work) -> list[PackingSession]:
    """What the person has begun at this point and not ended, oldest first."""
    own = PackingSession.objects.filter(person=work.person, ended_at__isnull=True)
    here = own.filter(task__point=work.point).select_related("task__order")
    return list(here.order_by("pk"))


def waiting_tasks(*, work: Work) -> QuerySet[FulfillmentTask]:
    """Tasks of the point nobody has at the bench, the most urgent first."""
    return _waiting(work=work, picklist=None)


def _claim(wanted: Wanted, *, work: Work, takes_over: bool) -> PackingSession:
    """The open session of the task, made or found."""
    try:
        with transaction.atomic():
            return PackingSession.objects.create(
                task=wanted.task,
                picklist=wanted.picklist,
                person=work.person,
                opened_at=work.now,
                changed_at=work.now,
            )
    except IntegrityError:
        return _join(wanted.task, work=work, takes_over=takes_over)


@transaction.atomic
def _join(task: FulfillmentTask, *, work: Work, takes_over: bool) -> PackingSession:
    held = PackingSession.objects.select_for_update().filter(task=task, ended_at__isnull=True)
    session = held.first()
    if session is None:
        raise NothingToPack(f"Task {task} was just packed")
    if session.person != work.person:
        if not takes_over:
            raise WithColleague(f"{session.person} packs {task}")
        session.person, session.changed_at = work.person, work.now
        session.save(update_fields=["person", "changed_at"])
    return session


def _picklist(text: str, *, work: Work) -> Picklist | None:
    seen = Picklist.objects.visible_to(work.actor)
    number = text.upper().removeprefix(_PICKLIST)
    if text.upper().startswith(_PICKLIST) and number.isdecimal() and len(number) <= _DIGITS:
        return seen.filter(number=int(number)).first()
    return seen.filter(external_code=text).order_by("-pk").first() if text else None


def _next_task(*, work: Work, picklist: Picklist) -> FulfillmentTask:
    task = _waiting(work=work, picklist=picklist).first()
    if task is None:
        state = "closed" if picklist.status == PicklistStatus.CLOSED else "with somebody"
        raise NothingWaits(f"Everything on {picklist} is {state}")
    return task


def _waiting(*, work: Work, picklist: Picklist | None) -> QuerySet[FulfillmentTask]:
    taken = PackingSession.objects.filter(ended_at__isnull=True).values("task_id")
    held = {"order__holds__isnull": False, "order__holds__released_at__isnull": True}
    tasks = FulfillmentTask.objects.visible_to(work.actor).filter(status__in=_OFFERED)
    tasks = tasks.exclude(pk__in=taken).exclude(**held).select_related("order")
    if picklist is not None:
        on_list = tasks.filter(picklist_entries__picklist=picklist)
        return on_list.order_by("picklist_entries__position")
    return tasks.order_by(F("order__ship_by_at").asc(nulls_last=True), "created_at", "pk")


def _nothing_to_pack(task: FulfillmentTask) -> NothingToPack:
    parcels = tuple(task.parcels.live().packed().order_by("pk"))
    state = TaskStatus(task.status).label.lower()
    return NothingToPack(f"{task} of order {task.order} is {state} already", parcels=parcels)
