from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from oms.events import outbox, relay
from oms.events.choices import EventType, SubjectType
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, make_organization, relay_everything

LATER = NOW + timedelta(days=3650)  # events come due by the database's clock


def facts(organization, *numbers, subject=7):
    return [
        outbox.Fact(
            organization_id=organization.pk,
            type=EventType.ORDER_PLACED,
            subject_type=SubjectType.ORDER,
            subject_id=subject,
            data={"number": number},
        )
        for number in numbers
    ]


@pytest.mark.django_db(transaction=True)
def test_refuses_to_write_outside_the_transaction_of_the_fact():
    with pytest.raises(RuntimeError):
        outbox.record(facts(make_organization(), 1), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_numbers_the_facts_of_a_subject_without_a_gap():
    organization = make_organization()
    outbox.record(facts(organization, 1, 2), actor=SYSTEM, now=NOW)
    outbox.record(facts(organization, 3) + facts(organization, 1, subject=8), actor=SYSTEM, now=NOW)

    seen = Event.objects.order_by("id").values_list("subject_id", "sequence", "data__number")
    assert list(seen) == [(7, 1, 1), (7, 2, 2), (7, 3, 3), (8, 1, 1)]


@pytest.mark.django_db
def test_the_database_refuses_a_second_fact_with_one_number():
    organization = make_organization()
    outbox.record(facts(organization, 1), actor=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError, match="events_event_sequence_uniq"), transaction.atomic():
        Event.objects.create(
            organization=organization,
            type="order.placed",
            subject_type="order",
            subject_id=7,
            sequence=1,
            actor="test",
            occurred_at=NOW,
        )


@pytest.mark.django_db
def test_relays_each_event_once_and_gives_it_a_position(settings):
    settings.OMS_SUBSCRIPTIONS = "tests.integration.events.test_outbox.TABLE"
    seen.clear()
    organization = make_organization()
    outbox.record(facts(organization, 1, 2), actor=SYSTEM, now=NOW)

    assert relay_everything() == 2

    assert seen == [1, 2]
    positions = list(Event.objects.order_by("id").values_list("position", flat=True))
    assert positions == sorted(positions)
    assert None not in positions


@pytest.mark.django_db
def test_a_handler_that_fails_holds_up_nobody_else(settings):
    settings.OMS_SUBSCRIPTIONS = "tests.integration.events.test_outbox.FRAGILE"
    seen.clear()
    outbox.record(facts(make_organization(), 1, 2), actor=SYSTEM, now=NOW)

    relay_everything()

    assert seen == [2]
    failed = Event.objects.get(position=None)
    assert (failed.data["number"], failed.attempts, failed.last_error) == (1, 1, "ValueError")


@pytest.mark.django_db
def test_is_parked_after_ten_attempts_and_can_be_relayed_again(settings):
    settings.OMS_SUBSCRIPTIONS = "tests.integration.events.test_outbox.FRAGILE"
    outbox.record(facts(make_organization(), 1), actor=SYSTEM, now=NOW)
    for round_number in range(12):
        relay.relay_batch(now=LATER + timedelta(hours=round_number))

    event = Event.objects.get()
    assert event.attempts == 10
    assert event.parked_at is not None
    assert relay.relay_again(event_id=event.pk, now=LATER) is True
    assert relay.relay_again(event_id=event.pk, now=LATER) is False


seen: list[int] = []


def note(event: Event) -> None:
    seen.append(event.data["number"])


def fail_on_one(event: Event) -> None:
    if event.data["number"] == 1:
        raise ValueError("one")
    note(event)


TABLE = {EventType.ORDER_PLACED: [note]}
FRAGILE = {EventType.ORDER_PLACED: [fail_on_one]}
