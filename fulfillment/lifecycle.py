"""The state machines of tasks and parcels: tables and questions. No database, no clock."""

from collections.abc import Collection

from fulfillment.choices import ParcelStatus as P
from fulfillment.choices import TaskStatus as T
from oms.kernel import errors

# Work at the point, from least to most advanced; then what the parcels say.
TASK_RANK: dict[T, int] = {
    status: rank
    for rank, status in enumerate(
        (
            T.OUT_OF_STOCK,
            T.CREATED,
            T.ACCEPTED,
            T.PICKING,
            T.PICKED,
            T.PACKED,
            T.SHIPPED,
            T.ATTEMPTED,
            T.DELIVERED,
            T.RETURNED_TO_POINT,
            T.LOST,
            T.CANCELLED,
        )
    )
}
PARCEL_RANK: dict[P, int] = {status: rank for rank, status in enumerate(P)}

# Parcels travel by dated facts that come late and out of order, so any station may follow any.
_ON_THE_ROAD = frozenset({T.SHIPPED, T.ATTEMPTED, T.DELIVERED, T.RETURNED_TO_POINT, T.LOST})
_FROM_PACKED = _ON_THE_ROAD | {T.CANCELLED}
_FROM_PICKED = _FROM_PACKED | {T.PACKED}
_FROM_PICKING = _FROM_PICKED | {T.PICKED}

TASK_TRANSITIONS: dict[T, frozenset[T]] = {
    T.CREATED: _FROM_PICKING | {T.ACCEPTED, T.PICKING, T.OUT_OF_STOCK},
    T.ACCEPTED: _FROM_PICKING | {T.PICKING, T.OUT_OF_STOCK},
    T.PICKING: _FROM_PICKING,
    T.PICKED: _FROM_PICKED,
    T.PACKED: _FROM_PACKED | {T.PICKED},  # a packed line was cancelled: its parcel is void
    T.OUT_OF_STOCK: _FROM_PICKING | {T.CREATED, T.ACCEPTED, T.PICKING},
    **{status: _ON_THE_ROAD - {status} for status in _ON_THE_ROAD},
    T.CANCELLED: frozenset(),
}

TRAVELLING = frozenset({P.SHIPPED, P.OUT_FOR_DELIVERY, P.DELIVERED, P.RETURNED_TO_POINT, P.LOST})

PARCEL_TRANSITIONS: dict[P, frozenset[P]] = {
    P.PLANNED: TRAVELLING | {P.PACKED, P.LABELLED, P.CANCELLED},
    P.PACKED: TRAVELLING | {P.LABELLED, P.CANCELLED},
    P.LABELLED: TRAVELLING | {P.CANCELLED},
    **{status: TRAVELLING - {status} for status in TRAVELLING},
    P.CANCELLED: frozenset(),
}

TASK_ENDED = frozenset({T.DELIVERED, T.RETURNED_TO_POINT, T.LOST, T.CANCELLED})
TASK_BEGUN = frozenset({T.PICKING, T.PICKED, T.PACKED}) | _ON_THE_ROAD

_TASK_OF_PARCEL: dict[P, T] = {
    P.PACKED: T.PACKED,
    P.LABELLED: T.PACKED,
    P.SHIPPED: T.SHIPPED,
    P.OUT_FOR_DELIVERY: T.SHIPPED,
    P.DELIVERED: T.DELIVERED,
    P.RETURNED_TO_POINT: T.RETURNED_TO_POINT,
    P.LOST: T.LOST,
}


class TaskTransitionRefused(errors.Conflict):
    """A task cannot go from the one state to the other."""

    code = "task_transition_refused"


class ParcelTransitionRefused(errors.Conflict):
    """A parcel cannot go from the one state to the other."""

    code = "parcel_transition_refused"


def check_task(*, source: str, target: T) -> None:
    """Raise TaskTransitionRefused unless the table has it."""
    if target not in TASK_TRANSITIONS[T(source)]:
        raise TaskTransitionRefused(f"A {source} task cannot become {target}", source=source)


def check_parcel(*, source: str, target: P) -> None:
    """Raise ParcelTransitionRefused unless the table has it."""
    if target not in PARCEL_TRANSITIONS[P(source)]:
        raise ParcelTransitionRefused(f"A {source} parcel cannot become {target}", source=source)


def is_packed(parcel: P) -> bool:
    """Whether the box exists: planned and voided ones do not."""
    return parcel not in (P.PLANNED, P.CANCELLED)


def task_status(
    *, current: T, has_live_lines: bool, is_fully_packed: bool, parcels: Collection[P]
) -> T:
    """What a task's state is, given its lines and the boxes that exist.

    With every live line in a box it is as far as its least advanced box. Before that it stays
    where the point's work put it, which is at least PICKING once a first box exists, and at most
    PICKED when a box it had is no more.
    """
    if not has_live_lines:
        return T.CANCELLED
    boxes = [_TASK_OF_PARCEL[parcel] for parcel in parcels if is_packed(parcel)]
    if is_fully_packed and boxes:
        return min(boxes, key=TASK_RANK.__getitem__)
    if TASK_RANK[current] > TASK_RANK[T.PICKED]:
        return T.PICKED
    if boxes and TASK_RANK[current] < TASK_RANK[T.PICKING]:
        return T.PICKING
    return current
