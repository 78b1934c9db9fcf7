"""Which words there are, and which of our events they tell of (contract 3.1)."""

from uuid import UUID

import pytest

from oms.api.akinon import states
from oms.api.akinon.hooks import numbers
from oms.api.akinon.hooks.words import (
    WORDS,
    message_uuid,
    possible_events,
    stored,
    types_of,
    word_for,
)
from oms.events.choices import EventType, SubjectType
from oms.events.formats import UnknownWord
from oms.events.models import Event

UUID_OF_EVENT = UUID("4f0a5b0e9d0c4f0b8c1d2e3f4a5b6c7d")


def event(kind: EventType, status: str = "", **data) -> Event:
    return Event(
        type=kind,
        subject_type=SubjectType.TASK,
        status=status,
        data=data,
        public_id=UUID_OF_EVENT,
    )


def test_the_contract_s_words_are_there():
    assert set(WORDS) == {
        "package.created",
        "package.status.transitioned",
        "package.refused",
        "package.shipment.awb_number",
        "shipment.created",
        "shipment.status.updated",
        "shipment.cancelled",
        "transfer.status.created",
        "transfer.status.transitioned",
        "transfer.status.ready_to_shipment",
        "transfer.status.in_transit",
        "transfer.status.transferred",
        "transfer.status.cancelled",
        "stock_location.created",
        "stock_location.updated",
        "order.fulfillment.multiple_packages",
        *(f"package.status.{state.slug}" for state in states.PACKAGE_STATES.values()),
    }


def test_there_are_ids_for_all_of_them():
    assert len(WORDS) == 33
    assert len(WORDS) <= numbers.MOST_WORDS


def test_a_hyphen_is_taken_for_a_dot():
    assert stored("package-created") == "package.created"
    assert stored("package.status.out_of_stock") == "package.status.out_of_stock"


@pytest.mark.parametrize(
    ("kind", "before", "after", "word"),
    [
        (EventType.TASK_ACCEPTED, "CREATED", "ACCEPTED", "package.status.preparing"),
        (EventType.TASK_PICKING, "CREATED", "PICKING", "package.status.preparing"),
        (EventType.TASK_PICKED, "PICKING", "PICKED", "package.status.ready_for_packaging"),
        (EventType.TASK_PACKED, "PICKED", "PACKED", "package.status.packed"),
        (EventType.TASK_READY_FOR_PICKUP, "PACKED", "READY_FOR_PICKUP",
         "package.status.ready_for_pickup"),
        (EventType.TASK_SHIPPED, "PACKED", "SHIPPED", "package.status.shipped"),
        (EventType.TASK_ATTEMPTED, "SHIPPED", "ATTEMPTED", "package.status.attempted_delivery"),
        (EventType.TASK_DELIVERED, "SHIPPED", "DELIVERED", "package.status.delivered"),
        (EventType.TASK_DELIVERY_FAILED, "SHIPPED", "DELIVERY_FAILED",
         "package.status.delivery_failed"),
        (EventType.TASK_LOST, "SHIPPED", "LOST", "package.status.delivery_failed"),
        (EventType.TASK_CANCELLED, "CREATED", "CANCELLED", "package.status.cancelled"),
        (EventType.TASK_HOPPED, "CREATED", "CANCELLED", "package.status.cancelled"),
        (EventType.TASK_NEEDS_REPLANNING, "CREATED", "NEEDS_REPLANNING",
         "package.status.needs_rescheduling"),
        (EventType.TASK_OUT_OF_STOCK, "CREATED", "OUT_OF_STOCK", "package.status.out_of_stock"),
        (EventType.TASK_BLOCKED, "PICKED", "BLOCKED", "package.status.blocked"),
        (EventType.TASK_UNBLOCKED, "BLOCKED", "PICKED", "package.status.ready_for_packaging"),
        (EventType.TASK_REOPENED, "OUT_OF_STOCK", "CREATED", "package.status.waiting"),
        (EventType.TASK_PACKED_FOR_REFUND, "CREATED", "PACKED_FOR_REFUND",
         "package.status.packed_for_refund"),
    ],
)  # fmt: skip
def test_a_change_of_state_is_told_by_its_word_and_as_a_transition(kind, before, after, word):
    changed = event(kind, after, before=before)
    statuses = [name for name in WORDS if name.startswith("package.status.")]

    told = [name for name in statuses if word_for(changed, [name])]

    assert sorted(told) == sorted([word, "package.status.transitioned"])


def test_a_state_that_stays_the_same_for_the_other_side_is_not_told():
    changed = event(EventType.TASK_PICKING, "PICKING", before="ACCEPTED")

    assert word_for(changed, list(WORDS)) is None


def test_a_wish_to_cancel_is_a_state_of_its_own():
    wished = event(EventType.TASK_CANCEL_REQUESTED, "PICKING")

    assert word_for(wished, ["package.status.cancellation_waiting"])
    assert word_for(wished, ["package.status.preparing"]) is None


def test_an_air_waybill_number_is_told_once_there_is_one():
    without = event(EventType.LABEL_READY, tracking_number="")
    with_one = event(EventType.LABEL_READY, tracking_number="AWB1")
    edited = event(EventType.PARCEL_EDITED, changed=["tracking_number"])

    word = ["package.shipment.awb_number"]
    assert [word_for(each, word) for each in (without, with_one, edited)] == [None, *word, *word]


def test_two_words_that_may_tell_of_one_fact_are_no_endpoint():
    with pytest.raises(UnknownWord):
        types_of(["package.status.packed", "package.status.transitioned"])


def test_words_of_different_states_are_one_endpoint():
    types = types_of(["package.status.preparing", "package.status.packed"])

    assert types == {
        "task.reopened", "task.unblocked", "task.accepted", "task.picking", "task.packed",
        "news.published",
    }  # fmt: skip


@pytest.mark.parametrize("words", [[], ["package.eaten"], ["package-created"]])
def test_an_endpoint_needs_words_that_are_there(words):
    with pytest.raises(UnknownWord):
        types_of(words)


def test_the_uuid_of_a_message_is_the_event_s_own():
    packed = event(EventType.TASK_PACKED, "PACKED", before="PICKED")

    assert message_uuid(packed, "package.status.packed") == UUID_OF_EVENT


def test_a_second_message_of_the_event_has_another_that_leads_back():
    packed = event(EventType.TASK_PACKED, "PACKED", before="PICKED")

    second = message_uuid(packed, "package.status.transitioned")

    assert second != UUID_OF_EVENT
    assert UUID_OF_EVENT in possible_events(second)
