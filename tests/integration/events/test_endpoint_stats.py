import datetime as dt

import pytest

from oms.events import queries
from oms.events.models import Delivery, EndpointTally
from tests.factories import NOW
from tests.integration.events.builders import happen, make_receiving, send

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def test_says_how_sending_to_an_endpoint_goes(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].script = [200, 200, 200, 500]
    happen(endpoint.organization_id, 1, 2, 3, 4)
    send(clock)

    stats = queries.endpoint_stats([endpoint.pk], NOW + 10 * MINUTE)[endpoint.pk]

    waiting = Delivery.objects.get(state="PENDING")
    assert (stats.hour.attempts, stats.hour.failures, stats.hour.share) == (4, 1, 0.75)
    assert stats.day == stats.week == stats.hour
    assert stats.oldest_pending_age == 10 * MINUTE
    assert stats.next_attempt_at == waiting.not_before
    assert (stats.last_error, stats.last_failure_at, stats.last_success_at) == (
        "Answered 500",
        NOW,
        NOW,
    )


def test_counts_each_span_on_its_own(receiver):
    endpoint = make_receiving(receiver)
    for age, failures in ((30, 1), (120, 2), (3000, 4), (20_000, 8)):
        EndpointTally.objects.create(
            endpoint=endpoint,
            started_at=NOW - age * MINUTE,
            attempts=10,
            failures=failures,
            durations=[0, 0, 9, 1, *[0] * 9],
        )

    stats = queries.endpoint_stats([endpoint.pk], NOW)[endpoint.pk]

    assert [rate.failures for rate in (stats.hour, stats.day, stats.week)] == [1, 3, 7]
    assert stats.p95_ms == 50


def test_an_endpoint_that_was_never_sent_to_has_no_figures(receiver):
    endpoint = make_receiving(receiver)

    stats = queries.endpoint_stats([endpoint.pk], NOW)[endpoint.pk]

    assert (stats.week.share, stats.p95_ms) == (None, None)
    assert (stats.oldest_pending_age, stats.next_attempt_at) == (None, None)


def test_takes_four_queries_for_any_number(receiver, django_assert_num_queries):
    first = make_receiving(receiver, "/one")
    second = make_receiving(receiver, "/two", organization_id=first.organization_id)

    with django_assert_num_queries(4):
        stats = queries.endpoint_stats([first.pk, second.pk], NOW)

    assert set(stats) == {first.pk, second.pk}


def test_an_orders_deliveries_and_their_tries(clock, receiver):
    endpoint = make_receiving(receiver)
    receiver.behaviours["/hooks"].script = [500]
    happen(endpoint.organization_id, 1, 2)
    send(clock)

    [delivery] = queries.deliveries_of_order(order_id=1)

    assert (delivery.endpoint, delivery.event.order_ref) == (endpoint, 1)
    assert queries.attempts_of(delivery=delivery).count() == 1
