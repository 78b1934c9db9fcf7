"""The feed under writers and relays that run at the same time: nothing is skipped or repeated."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from oms.accounts.models import Organization
from oms.events import outbox, relay
from oms.events.choices import EventType, SubjectType
from oms.events.feed import FeedRequest, read_feed
from oms.events.models import Event
from oms.kernel.actors import SYSTEM, Actor
from tests.factories import NOW, make_organization, relay_everything

WRITERS = 4
EACH = 60
FAR = NOW.replace(year=NOW.year + 10)


def write(organization_id: int, writer: int) -> None:
    """Events whose transactions end in another order than they began."""
    try:
        for number in range(EACH):
            fact = outbox.Fact(
                organization_id=organization_id,
                type=EventType.ORDER_PLACED,
                subject_type=SubjectType.ORDER,
                subject_id=writer * 1000 + number,
                data={},
            )
            with transaction.atomic():
                outbox.record([fact], actor=SYSTEM, now=NOW)
                if number % 7 == writer:
                    time.sleep(0.01)
    finally:
        connection.close()


def relay_until(stopped: threading.Event) -> None:
    try:
        while not stopped.is_set():
            relay.relay_batch(now=FAR, limit=5)
    finally:
        connection.close()


def follow(organization_id: int, stopped: threading.Event) -> list[int]:
    """What a reader sees that polls until the writers are done, and once more."""
    seen: list[int] = []
    actor = Actor(kind="client", ref="erp", organization_id=organization_id)
    after, is_last = None, False
    try:
        while not is_last:
            is_last = stopped.is_set()
            has_more = True
            while has_more:
                request = FeedRequest(types=frozenset(EventType.values), after=after, limit=7)
                page = read_feed(request=request, actor=actor, window=20)
                seen += [event.subject_id for event in page.events]
                after, has_more = page.end, page.has_more
    finally:
        connection.close()
    return seen


@pytest.mark.django_db(transaction=True)
def test_a_reader_skips_nothing_and_sees_nothing_twice():
    organization: Organization = make_organization()
    written, relayed = threading.Event(), threading.Event()

    with ThreadPoolExecutor(WRITERS + 4) as pool:
        readers = [pool.submit(follow, organization.pk, relayed) for _ in range(2)]
        relays = [pool.submit(relay_until, written) for _ in range(2)]
        for done in [pool.submit(write, organization.pk, n) for n in range(WRITERS)]:
            done.result()
        written.set()
        for done in relays:
            done.result()
        relay_everything()
        relayed.set()
        seen = [reader.result() for reader in readers]

    in_order = list(Event.objects.order_by("position").values_list("subject_id", flat=True))
    assert len(in_order) == WRITERS * EACH
    assert seen == [in_order, in_order]
