import pytest

from catalog import services as catalog_services  # noqa: F401 - likewise
from catalog.choices import ListingStatus
from channels_app.choices import ChannelType
from fulfillment import services as fulfillment_services  # noqa: F401 - its refusals must exist
from fulfillment.choices import CancellationStatus, ParcelStatus, TaskMilestone, TaskStatus
from oms.api.base.errors import answer_for
from oms.api.oms4 import errors, mapping
from oms.kernel.errors import DomainError
from oms.orders.choices import CancelDecision, CancelParty, CancelRequestStatus, OrderStatus

CODES = {"400", "403", "404", "409"}


def descendants(cls):
    for child in cls.__subclasses__():
        yield child
        yield from descendants(child)


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (mapping.ORDER_STATUS, OrderStatus),
        (mapping.PARCEL_STATUS, ParcelStatus),
        (mapping.TASK_STATUS, TaskStatus),
        (mapping.CANCELLATION_STATUS, CancellationStatus),
        (mapping.CHANNEL_TYPE, ChannelType),
        (mapping.CANCEL_REQUEST_STATUS, CancelRequestStatus),
        (mapping.CANCEL_DECISION, ["", *CancelDecision]),
        (mapping.LISTING_STATUS, ListingStatus),
    ],
)
def test_every_state_has_a_word_and_every_word_leads_back(table, states):
    assert set(table) == set(states)
    led_back = [state for word in mapping.words(table) for state in mapping.ours(table, [word])]
    assert sorted(led_back) == sorted(states)


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (mapping.ACTIVITY_IN, TaskMilestone),
        (mapping.CANCELLED_BY_IN, CancelParty),
        (mapping.LISTING_STATUS_IN, ListingStatus),
    ],
)
def test_every_word_that_comes_in_means_one_of_ours(table, states):
    assert set(table.values()) == set(states)


def test_a_milestone_reads_back_as_it_was_reported():
    for word, status in mapping.MILESTONE_IN.items():
        assert mapping.PARCEL_STATUS[status] == word


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("seller", CancelParty.SELLER),
        (" Upstream_System ", CancelParty.SYSTEM),
        ("Buyer", CancelParty.CUSTOMER),
        ("A. Tan", CancelParty.CUSTOMER),
    ],
)
def test_a_name_that_is_no_word_is_a_buyers(name, party):
    assert mapping.cancel_party(name) == party


def test_a_task_reads_received_once_its_point_has_it():
    assert mapping.task_status(TaskStatus.CREATED, was_received=False) == "CREATED"
    assert mapping.task_status(TaskStatus.CREATED, was_received=True) == "RECEIVED"
    assert mapping.task_status(TaskStatus.PACKED, was_received=True) == "PACKED"


@pytest.mark.parametrize("refusal", [DomainError, *descendants(DomainError)])
def test_every_refusal_has_an_answer(refusal):
    assert answer_for(errors.TABLE, refusal.__new__(refusal)).code in CODES
