"""Workers that deliver at the same instant, and one that comes back too late."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from oms.events import services
from oms.events.choices import AttemptOutcome, BreakerState, DeliveryState
from oms.events.leases import LEASE
from oms.events.models import Delivery, DeliveryAttempt, Endpoint, EndpointHealth
from oms.events.sending.claiming import Claim, claim, release_expired, release_orphaned
from oms.events.sending.letters import Try
from oms.events.sending.receivers import Receivers
from oms.events.sending.recording import record
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, make_organization
from tests.integration.events.builders import happen

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = dt.timedelta(seconds=1)


def at_once(*works):
    """Run works at the same instant, each on a connection of its own."""
    start = Barrier(len(works))

    def run(work):
        connection.ensure_connection()
        start.wait(timeout=10)
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


def make_endpoints(number: int, **overrides) -> list[Endpoint]:
    organization = make_organization()
    made = []
    for place in range(number):
        values = {"rate": 0.0, "max_in_flight": 10, "allow_private_network": True}
        draft = services.EndpointDraft(
            organization_id=organization.pk,
            name=f"endpoint {place}",
            url="http://127.0.0.1:1/",
            format="standard",
            **(values | overrides),
        )
        made.append(services.register_endpoint(draft=draft, actor=SYSTEM, now=NOW).endpoint)
    return made


def widen(window: int = 10) -> None:
    EndpointHealth.objects.update(window=window)


def result(taken: Claim, place: int = 0, outcome=AttemptOutcome.DELIVERED, **values) -> Try:
    claimed = taken.deliveries[place]
    receivers = Receivers().of([claimed.endpoint_id], now=NOW)
    return Try(
        claim_id=taken.claim_id,
        claimed=claimed,
        receiver=receivers[claimed.endpoint_id],
        started_at=NOW,
        outcome=outcome,
        request_headers={},
        **values,
    )


def test_claimers_never_overlap():
    endpoints = make_endpoints(6)
    widen()
    happen(endpoints[0].organization_id, *range(1, 41))

    for _ in range(8):
        claims = at_once(*[lambda: claim(now=NOW, most=25)] * 4)
        ids = [each.delivery_id for taken in claims for each in taken.deliveries]
        flying = Counter(each.endpoint_id for taken in claims for each in taken.deliveries)
        assert len(ids) == len(set(ids))
        assert max(flying.values(), default=0) <= 10
        Delivery.objects.filter(pk__in=ids).update(
            state=DeliveryState.DELIVERED, claim_id=None, leased_until=None, finished_at=NOW
        )


def test_rivals_together_keep_within_the_window():
    [endpoint] = make_endpoints(1)
    widen(7)
    happen(endpoint.organization_id, *range(1, 41))

    for _ in range(10):
        claims = at_once(*[lambda: claim(now=NOW, most=25)] * 4)
        assert sum(len(taken.deliveries) for taken in claims) == 7
        Delivery.objects.filter(claim_id__isnull=False).update(claim_id=None, leased_until=None)


def test_rivals_together_send_one_on_probation():
    [endpoint] = make_endpoints(1)
    happen(endpoint.organization_id, 1, 2, 3)

    for _ in range(10):
        EndpointHealth.objects.update(breaker=BreakerState.OPEN, breaker_until=NOW)
        claims = at_once(*[lambda: claim(now=NOW, most=25)] * 4)
        assert sum(len(taken.deliveries) for taken in claims) == 1
        assert EndpointHealth.objects.get().breaker == BreakerState.HALF_OPEN
        Delivery.objects.filter(claim_id__isnull=False).update(claim_id=None, leased_until=None)


def test_rivals_together_keep_to_the_rate():
    [endpoint] = make_endpoints(1, rate=50.0)
    widen()
    happen(endpoint.organization_id, *range(1, 41))
    EndpointHealth.objects.update(tokens=0, tokens_at=NOW)

    claims = at_once(*[lambda: claim(now=NOW + SECOND, most=25)] * 4)

    assert sum(len(taken.deliveries) for taken in claims) == 5


def test_a_late_result_changes_nothing_but_is_kept():
    [endpoint] = make_endpoints(1)
    happen(endpoint.organization_id, 1)
    first = claim(now=NOW, most=5)
    release_expired(now=NOW + LEASE)
    second = claim(now=NOW + LEASE + SECOND, most=5)

    late = record([result(first, outcome=AttemptOutcome.TIMEOUT)], now=NOW + LEASE + 2 * SECOND)
    delivery = Delivery.objects.get()

    assert (late.counted, late.late) == (0, 1)
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    assert delivery.claim_id == second.claim_id
    assert EndpointHealth.objects.get().failures_in_a_row == 0
    assert DeliveryAttempt.objects.get().is_late is True
    assert record([result(second)], now=NOW + LEASE + 3 * SECOND).counted == 1


def test_what_a_dead_worker_held_is_free_for_the_next_one_in_its_slot():
    [endpoint] = make_endpoints(1)
    happen(endpoint.organization_id, 1, 2, 3, 4)
    widen()
    EndpointHealth.objects.update(window=2)
    of_the_dead = claim(now=NOW, most=5, slot=0)
    EndpointHealth.objects.update(window=3)
    of_the_living = claim(now=NOW, most=5, slot=1)

    freed = release_orphaned(slots=[0])
    again = claim(now=NOW, most=5, slot=0)

    assert freed == 2
    assert {each.delivery_id for each in again.deliveries} == {
        each.delivery_id for each in of_the_dead.deliveries
    }
    assert len(of_the_living.deliveries) == 1
    assert record([result(of_the_dead)], now=NOW + SECOND).counted == 0


def test_a_lease_that_lasts_is_not_released():
    [endpoint] = make_endpoints(1)
    happen(endpoint.organization_id, 1)
    taken = claim(now=NOW, most=5)

    release_expired(now=NOW + LEASE - SECOND)

    assert Delivery.objects.get().claim_id == taken.claim_id
    assert claim(now=NOW + LEASE - SECOND, most=5).deliveries == ()


def test_a_foreign_claim_in_a_batch_does_not_undo_its_siblings():
    [endpoint] = make_endpoints(1)
    happen(endpoint.organization_id, 1, 2)
    taken = claim(now=NOW, most=5)
    stolen = Claim(uuid4(), taken.deliveries)

    done = record([result(stolen, 0), result(taken, 1)], now=NOW)

    assert (done.counted, done.late) == (1, 1)
    found = dict(Delivery.objects.values_list("pk", "state"))
    assert found[taken.deliveries[0].delivery_id] == DeliveryState.PENDING
    assert found[taken.deliveries[1].delivery_id] == DeliveryState.DELIVERED


def test_recording_and_disabling_at_once_lose_nothing():
    for number in range(6):
        [endpoint] = make_endpoints(1)
        happen(endpoint.organization_id, *range(10 * number + 1, 10 * number + 9))
        taken = claim(now=NOW, most=5)
        tries = [result(taken, 0), result(taken, 1, outcome=AttemptOutcome.REFUSED, status=500)]

        at_once(
            lambda t=tries: record(t, now=NOW),
            lambda pk=endpoint.pk: services.disable_endpoint(
                endpoint_id=pk, reason="test", actor=SYSTEM, now=NOW
            ),
        )
        services.purge(now=NOW)

        counted = Counter(endpoint.deliveries.values_list("state", flat=True))
        assert counted == {DeliveryState.DELIVERED: 1, DeliveryState.SUPPRESSED: 7}


def test_a_locked_endpoint_is_left_to_who_holds_it():
    first, second = make_endpoints(2)
    happen(first.organization_id, 1)

    with transaction.atomic():
        EndpointHealth.objects.select_for_update().get(pk=first.pk)
        [taken] = at_once(lambda: claim(now=NOW, most=5))

    assert [each.endpoint_id for each in taken.deliveries] == [second.pk]
