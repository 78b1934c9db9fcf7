"""An ordered endpoint hears of each subject in order, whatever fails on the way."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oms.events.choices import DeliveryState
from oms.events.models import Delivery
from oms.events.sending.claiming import claim, release_expired
from tests.factories import NOW
from tests.integration.events.builders import Clock, happen, make_receiving, send, states
from tests.simulators.receiver import Receiver

STATUSES = st.sampled_from([200, 200, 200, 500, 503, 429, 302, 404])


class TestOrderedEndpoints(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        subjects=st.lists(st.integers(1, 4), min_size=1, max_size=25),
        script=st.lists(STATUSES, max_size=40),
        killed=st.sets(st.integers(0, 15), max_size=4),
    )
    def test_each_subjects_news_arrives_in_order(self, subjects, script, killed):
        clock = Clock()
        with Receiver(clock.unix) as receiver:
            endpoint = make_receiving(receiver, is_ordered=True)
            receiver.behaviours["/hooks"].script = list(script)
            for subject in subjects:
                happen(endpoint.organization_id, subject, now=clock())

            for step in range(200):
                if step in killed:  # a worker that claims and is never heard of again
                    claim(now=clock(), most=3)
                send(clock)
                clock.advance(1800)
                release_expired(now=clock())
                if not Delivery.objects.filter(state=DeliveryState.PENDING).exists():
                    break

            assert states() == [DeliveryState.DELIVERED] * len(subjects)
            assert receiver.most_per_subject["/hooks"] <= 1
            received = defaultdict(list)
            for call in receiver.accepted():
                received[call.message["data"]["order"]].append(call.message["sequence"])
            for subject in set(subjects):
                expected = list(range(1, subjects.count(subject) + 1))
                assert received[f"ORD-{subject}"] == expected


@pytest.mark.django_db
def test_another_subject_does_not_wait(clock, receiver):
    endpoint = make_receiving(receiver, is_ordered=True)
    receiver.behaviours["/hooks"].script = [500]
    happen(endpoint.organization_id, 1, 1, 1)
    send(clock)
    happen(endpoint.organization_id, 2)

    send(clock)

    assert [call.message["data"]["order"] for call in receiver.calls] == ["ORD-1", "ORD-2"]
    assert states().count(DeliveryState.PENDING) == 3


@pytest.mark.django_db
def test_what_is_exhausted_no_longer_holds_up_the_next(clock, receiver):
    endpoint = make_receiving(receiver, is_ordered=True)
    receiver.behaviours["/hooks"].script = [500]
    happen(endpoint.organization_id, 1, 1)
    send(clock)
    first = Delivery.objects.order_by("id").first()
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.EXHAUSTED, finished_at=NOW)

    send(clock)

    assert [call.message["sequence"] for call in receiver.calls] == [1, 2]


@pytest.mark.django_db
def test_an_endpoint_that_is_not_ordered_does_not_wait(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].script = [500]
    happen(endpoint.organization_id, 1, 1)

    send(clock)

    assert sorted(states()) == [DeliveryState.DELIVERED, DeliveryState.PENDING]
