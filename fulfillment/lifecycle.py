"""The state machines of tasks and parcels: tables and questions. No database, no clock."""

from collections.abc import Collection

from fulfillment.choices import DocumentStatus, Station
from fulfillment.choices import ParcelStatus as P
from fulfillment.choices import TaskStatus as T
from oms.kernel import errors

# Work at the point, from least to most advanced; then what the parcels say.
TASK_RANK: dict[T, int] = {
    status: rank
    for rank, status in enumerate(
        (
            T.OUT_OF_STOCK,
            T.NEEDS_REPLANNING,
            T.WAITING_TRANSFER,
            T.WAITING_REMOTE,
            T.BLOCKED,
            T.CREATED,
            T.ACCEPTED,
            T.PICKING,
            T.PICKED,
            T.PACKED,
            T.READY_FOR_PICKUP,
            T.SHIPPED,
            T.ATTEMPTED,
            T.DELIVERY_FAILED,
            T.DELIVERED,
            T.RETURNED_TO_POINT,
            T.LOST,
            T.PACKED_FOR_REFUND,
            T.CANCELLED,
        )
    )
}
PARCEL_RANK: dict[P, int] = {status: rank for rank, status in enumerate(P)}

# Parcels travel by dated facts that come late and out of order, so any station may follow any.
_ON_THE_ROAD = frozenset(
    {T.SHIPPED, T.ATTEMPTED, T.DELIVERY_FAILED, T.DELIVERED, T.RETURNED_TO_POINT, T.LOST}
)
_FROM_PACKED = _ON_THE_ROAD | {T.CANCELLED}
_FROM_PICKED = _FROM_PACKED | {T.PACKED}
_FROM_PICKING = _FROM_PICKED | {T.PICKED}
_ASIDE = frozenset({T.OUT_OF_STOCK, T.NEEDS_REPLANNING, T.BLOCKED})

TASK_TRANSITIONS: dict[T, frozenset[T]] = {
    T.CREATED: _FROM_PICKING | _ASIDE | {T.ACCEPTED, T.PICKING, T.PACKED_FOR_REFUND},
    T.WAITING_REMOTE: _FROM_PACKED | _ASIDE | {T.CREATED, T.ACCEPTED},
    T.WAITING_TRANSFER: _FROM_PACKED | {T.CREATED, T.OUT_OF_STOCK},
    T.ACCEPTED: _FROM_PICKING | _ASIDE | {T.PICKING},
    T.PICKING: _FROM_PICKING | _ASIDE,
    T.PICKED: _FROM_PICKED | (_ASIDE - {T.NEEDS_REPLANNING}),
    # Back, where a packed line was cancelled: its parcel is void.
    T.PACKED: _FROM_PACKED | {T.PICKED, T.READY_FOR_PICKUP},
    T.READY_FOR_PICKUP: _FROM_PACKED | {T.PICKED, T.PACKED},
    T.OUT_OF_STOCK: _FROM_PICKING | {T.CREATED, T.ACCEPTED, T.PICKING, T.PACKED_FOR_REFUND},
    T.NEEDS_REPLANNING: _FROM_PACKED | {T.OUT_OF_STOCK},
    T.BLOCKED: _FROM_PICKED | {T.CREATED, T.WAITING_REMOTE, T.ACCEPTED, T.PICKING, T.PICKED},
    **{status: _ON_THE_ROAD - {status} for status in _ON_THE_ROAD},
    T.PACKED_FOR_REFUND: frozenset(),
    T.CANCELLED: frozenset(),
}

# No work is done on it: nothing is accepted, picked, packed or put on a list.
STOPPED = frozenset({T.WAITING_REMOTE, T.WAITING_TRANSFER, T.NEEDS_REPLANNING, T.BLOCKED})
# Where a task may have been when it was blocked.
UNBLOCKED = frozenset({T.CREATED, T.WAITING_REMOTE, T.ACCEPTED, T.PICKING, T.PICKED})
# States that commands tell apart where boxes look the same.
_FINER: dict[T, frozenset[T]] = {
    T.PACKED: frozenset({T.READY_FOR_PICKUP}),
    T.SHIPPED: frozenset({T.ATTEMPTED, T.DELIVERY_FAILED}),
}

AT_THE_DOCK = frozenset({P.PACKED, P.LABELLED, P.MANIFESTED})
TRAVELLING = frozenset({P.SHIPPED, P.OUT_FOR_DELIVERY, P.DELIVERED, P.RETURNED_TO_POINT, P.LOST})

PARCEL_TRANSITIONS: dict[P, frozenset[P]] = {
    P.PLANNED: TRAVELLING | {P.PACKED, P.LABELLED, P.CANCELLED},
    P.PACKED: TRAVELLING | {P.LABELLED, P.MANIFESTED, P.CANCELLED},
    P.LABELLED: TRAVELLING | {P.MANIFESTED, P.CANCELLED},
    P.MANIFESTED: TRAVELLING | {P.CANCELLED},
    **{status: TRAVELLING - {status} for status in TRAVELLING},
    P.CANCELLED: frozenset(),
}

# Reports that are told in order have to follow this table; milestones of points need not.
_ENDS = frozenset(
    {Station.DELIVERED, Station.RETURNED_TO_POINT, Station.LOST, Station.DAMAGED, Station.CANCELLED}
)
_FROM_IN_TRANSIT = frozenset(
    {
        Station.OUT_FOR_DELIVERY,
        Station.DELIVERED,
        Station.DELIVERY_FAILED,
        Station.RETURNING,
        Station.LOST,
        Station.DAMAGED,
    }
)
STATION_TRANSITIONS: dict[Station, frozenset[Station]] = {
    Station.CREATED: frozenset({Station.LABEL_PENDING, Station.READY, Station.CANCELLED}),
    Station.LABEL_PENDING: frozenset({Station.READY, Station.LABEL_FAILED, Station.CANCELLED}),
    Station.LABEL_FAILED: frozenset({Station.LABEL_PENDING, Station.CANCELLED}),
    Station.READY: frozenset({Station.SHIPPED, Station.PICKUP_FAILED, Station.CANCELLED}),
    Station.PICKUP_FAILED: frozenset({Station.READY, Station.SHIPPED, Station.CANCELLED}),
    Station.SHIPPED: _FROM_IN_TRANSIT | {Station.IN_TRANSIT},
    Station.IN_TRANSIT: _FROM_IN_TRANSIT,
    Station.OUT_FOR_DELIVERY: frozenset(
        {Station.DELIVERED, Station.DELIVERY_FAILED, Station.LOST, Station.DAMAGED}
    ),
    Station.DELIVERY_FAILED: frozenset(
        {
            Station.OUT_FOR_DELIVERY,
            Station.IN_TRANSIT,
            Station.RETURNING,
            Station.DELIVERED,
            Station.LOST,
        }
    ),
    Station.RETURNING: frozenset({Station.RETURNED_TO_POINT, Station.LOST, Station.DAMAGED}),
    **{end: frozenset() for end in _ENDS},
}

STATUS_AT: dict[Station, P] = {
    Station.SHIPPED: P.SHIPPED,
    Station.IN_TRANSIT: P.SHIPPED,
    Station.DELIVERY_FAILED: P.SHIPPED,
    Station.RETURNING: P.SHIPPED,
    Station.OUT_FOR_DELIVERY: P.OUT_FOR_DELIVERY,
    Station.DELIVERED: P.DELIVERED,
    Station.RETURNED_TO_POINT: P.RETURNED_TO_POINT,
    Station.LOST: P.LOST,
    Station.DAMAGED: P.LOST,
}
STAGES = frozenset(
    {
        Station.PICKUP_FAILED,
        Station.IN_TRANSIT,
        Station.DELIVERY_FAILED,
        Station.RETURNING,
        Station.DAMAGED,
    }
)
NOT_LEFT = frozenset(
    {
        Station.CREATED,
        Station.LABEL_PENDING,
        Station.LABEL_FAILED,
        Station.READY,
        Station.PICKUP_FAILED,
    }
)
# What to report next of a box that is leaving, whatever became of its label.
WAY_OUT: dict[Station, Station] = {
    Station.LABEL_FAILED: Station.LABEL_PENDING,
    Station.LABEL_PENDING: Station.READY,
    Station.READY: Station.SHIPPED,
    Station.PICKUP_FAILED: Station.SHIPPED,
}
_BY_LABEL = {
    DocumentStatus.PENDING: Station.LABEL_PENDING,
    DocumentStatus.FAILED: Station.LABEL_FAILED,
}

TASK_ENDED = frozenset({T.DELIVERED, T.RETURNED_TO_POINT, T.LOST, T.PACKED_FOR_REFUND, T.CANCELLED})
TASK_BEGUN = frozenset({T.PICKING, T.PICKED, T.PACKED, T.READY_FOR_PICKUP}) | _ON_THE_ROAD
TASK_LEFT = _ON_THE_ROAD

_TASK_OF_PARCEL: dict[P, T] = {
    P.PACKED: T.PACKED,
    P.LABELLED: T.PACKED,
    P.MANIFESTED: T.PACKED,
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


class StationRefused(errors.Conflict):
    """A parcel cannot go from where it is to the station reported."""

    code = "station_refused"

    def __init__(self, *, source: Station, target: Station) -> None:
        super().__init__(f"A {source} parcel cannot become {target}")
        self.source = source
        self.target = target
        self.allowed = STATION_TRANSITIONS[source]


def station_of(*, status: P, stage: str, label: str | None) -> Station:
    """Where a parcel is, by its status, stage and the status of its live label, if it has one.

    What has left its point is where it is, whatever became of the label.
    """
    if stage:
        return Station(stage)
    if status == P.PLANNED:
        return Station.CREATED
    if status in AT_THE_DOCK:
        return _BY_LABEL.get(DocumentStatus(label), Station.READY) if label else Station.READY
    return Station(status)


def check_station(*, source: Station, target: Station) -> None:
    """Raise StationRefused unless the table has it."""
    if target not in STATION_TRANSITIONS[source]:
        raise StationRefused(source=source, target=target)


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

    With every live line in a box it is as far as its least advanced box, or where a command put
    it meanwhile: ready for pickup, or with a delivery that did not succeed. Before that it stays
    where the point's work put it, which is at least PICKING once a first box exists, and at most
    PICKED when a box it had is no more. What a command put aside stays there until a command takes
    it back, its boxes leave, or its last line goes; packed for refund, it ended.
    """
    if current == T.PACKED_FOR_REFUND:
        return current
    if not has_live_lines:
        return T.CANCELLED
    boxes = [_TASK_OF_PARCEL[parcel] for parcel in parcels if is_packed(parcel)]
    if is_fully_packed and boxes:
        return _by_boxes(current, min(boxes, key=TASK_RANK.__getitem__))
    return current if current in STOPPED else _by_work(current, has_boxes=bool(boxes))


def _by_boxes(current: T, reached: T) -> T:
    """Where a task is whose live lines are all in boxes, the least advanced one at `reached`."""
    if current in STOPPED and reached not in _ON_THE_ROAD:
        return current
    return current if current in _FINER.get(reached, ()) else reached


def _by_work(current: T, *, has_boxes: bool) -> T:
    if TASK_RANK[current] > TASK_RANK[T.PICKED]:
        return T.PICKED
    if has_boxes and TASK_RANK[current] < TASK_RANK[T.PICKING]:
        return T.PICKING
    return current
