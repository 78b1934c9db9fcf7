import itertools

import pytest

from fulfillment import lifecycle
from fulfillment.choices import ParcelStatus as P
from fulfillment.choices import TaskStatus as T


def derived(current, *boxes, live=True, fully=True):
    return lifecycle.task_status(
        current=current, has_live_lines=live, is_fully_packed=fully, parcels=boxes
    )


def test_every_state_has_a_row_in_its_table():
    assert set(lifecycle.TASK_TRANSITIONS) == set(T) == set(lifecycle.TASK_RANK)
    assert set(lifecycle.PARCEL_TRANSITIONS) == set(P) == set(lifecycle.PARCEL_RANK)


def test_nothing_follows_a_cancellation():
    assert lifecycle.TASK_TRANSITIONS[T.CANCELLED] == frozenset()
    assert lifecycle.PARCEL_TRANSITIONS[P.CANCELLED] == frozenset()


@pytest.mark.parametrize("source", sorted(lifecycle.TRAVELLING))
def test_what_has_left_is_never_cancelled(source):
    with pytest.raises(lifecycle.ParcelTransitionRefused):
        lifecycle.check_parcel(source=source, target=P.CANCELLED)


@pytest.mark.parametrize("source", [T.SHIPPED, T.DELIVERED, T.LOST])
def test_a_task_that_left_goes_back_to_no_work(source):
    for target in (T.CREATED, T.PICKED, T.PACKED, T.CANCELLED):
        with pytest.raises(lifecycle.TaskTransitionRefused):
            lifecycle.check_task(source=source, target=target)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([P.PACKED], T.PACKED),
        ([P.LABELLED], T.PACKED),
        ([P.MANIFESTED], T.PACKED),
        ([P.SHIPPED], T.SHIPPED),
        ([P.OUT_FOR_DELIVERY], T.SHIPPED),
        ([P.DELIVERED, P.SHIPPED], T.SHIPPED),
        ([P.DELIVERED, P.LOST], T.DELIVERED),
        ([P.DELIVERED, P.PACKED], T.PACKED),
        ([P.RETURNED_TO_POINT], T.RETURNED_TO_POINT),
        ([P.LOST], T.LOST),
        ([P.SHIPPED, P.CANCELLED, P.PLANNED], T.SHIPPED),
    ],
)
def test_a_packed_task_is_as_far_as_its_least_advanced_box(boxes, expected):
    assert derived(T.PICKED, *boxes) == expected


@pytest.mark.parametrize(
    ("current", "boxes", "expected"),
    [
        (T.CREATED, [], T.CREATED),
        (T.CREATED, [P.PLANNED], T.CREATED),
        (T.CREATED, [P.PACKED], T.PICKING),
        (T.OUT_OF_STOCK, [P.PACKED], T.PICKING),
        (T.PICKED, [P.SHIPPED], T.PICKED),
        (T.PACKED, [], T.PICKED),
        (T.OUT_OF_STOCK, [], T.OUT_OF_STOCK),
    ],
)
def test_a_task_not_fully_packed_is_where_the_work_is(current, boxes, expected):
    assert derived(current, *boxes, fully=False) == expected


@pytest.mark.parametrize("current", sorted(lifecycle.STOPPED))
@pytest.mark.parametrize(
    ("boxes", "fully", "expected"),
    [
        ([], False, None),
        ([P.PLANNED], False, None),
        ([P.PACKED], False, None),
        ([P.PACKED], True, None),
        ([P.SHIPPED], True, T.SHIPPED),
    ],
)
def test_a_stopped_task_stays_until_its_boxes_leave(current, boxes, fully, expected):
    assert derived(current, *boxes, fully=fully) == (expected or current)


@pytest.mark.parametrize(
    ("current", "box", "expected"),
    [
        (T.READY_FOR_PICKUP, P.PACKED, T.READY_FOR_PICKUP),
        (T.READY_FOR_PICKUP, P.DELIVERED, T.DELIVERED),
        (T.ATTEMPTED, P.OUT_FOR_DELIVERY, T.ATTEMPTED),
        (T.DELIVERY_FAILED, P.SHIPPED, T.DELIVERY_FAILED),
        (T.DELIVERY_FAILED, P.DELIVERED, T.DELIVERED),
        (T.ATTEMPTED, P.RETURNED_TO_POINT, T.RETURNED_TO_POINT),
    ],
)
def test_commands_tell_apart_where_boxes_look_the_same(current, box, expected):
    assert derived(current, box) == expected


@pytest.mark.parametrize("live", [True, False])
def test_packed_for_refund_is_an_end(live):
    assert derived(T.PACKED_FOR_REFUND, live=live) == T.PACKED_FOR_REFUND
    assert lifecycle.TASK_TRANSITIONS[T.PACKED_FOR_REFUND] == frozenset()


def test_a_task_without_live_lines_is_cancelled():
    assert derived(T.PICKED, live=False) == T.CANCELLED


def test_deriving_twice_changes_nothing():
    sets = [(), (P.PACKED,), (P.SHIPPED,), (P.DELIVERED, P.LOST), (P.PLANNED,)]
    for current, boxes, fully in itertools.product(T, sets, (True, False)):
        once = derived(current, *boxes, fully=fully)

        assert derived(once, *boxes, fully=fully) == once


def test_what_can_be_derived_is_in_the_table():
    sets = [(), (P.PACKED,), (P.SHIPPED,), (P.DELIVERED,), (P.LOST,)]
    working = [T.CREATED, T.ACCEPTED, T.PICKING, T.PICKED, T.OUT_OF_STOCK, T.PACKED]
    working += [T.READY_FOR_PICKUP, *lifecycle.STOPPED]
    for current, boxes, fully in itertools.product(working, sets, (True, False)):
        target = derived(current, *boxes, fully=fully)
        if target != current:
            lifecycle.check_task(source=current, target=target)
