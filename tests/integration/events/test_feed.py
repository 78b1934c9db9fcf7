"""The feed: complete, in order, one organization's, and as cheap at its end as at its beginning."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection, transaction

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.feed import FeedPage, FeedPlaceUnknown, FeedRequest, read_feed
from oms.events.models import Event
from oms.kernel.actors import SYSTEM, Actor
from tests.factories import (
    NOW,
    channel_actor,
    make_channel,
    make_organization,
    make_point,
    point_actor,
    relay_everything,
)
from tests.integration.events.builders import explain, happen
from tests.statements import count_statements

pytestmark = pytest.mark.django_db

EVERY = frozenset(EventType.values)
_OLD = """
INSERT INTO events_event (organization_id, type, subject_type, subject_id, sequence, status, data,
                          actor, cause, occurred_at, recorded_at, position)
SELECT %(organization)s::bigint, 'order.placed', 'order', n, 1, '', '{}', 'test:', '', now(),
       now() - make_interval(days => %(days)s::int), nextval('events_position_seq')
FROM generate_series(%(first)s::int, %(last)s::int) n
"""


def read(organization, *, actor=None, window=10_000, **overrides) -> FeedPage:
    actor = actor or Actor(kind="client", ref="erp", organization_id=organization.pk)
    request = FeedRequest(**{"types": EVERY, **overrides})
    return read_feed(request=request, actor=actor, window=window)


def subjects(page: FeedPage) -> list[int]:
    return [event.subject_id for event in page.events]


def write_old(organization, first: int, last: int, *, days: int) -> None:
    values = {"organization": organization.pk, "days": days, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_OLD, values)


def tell(organization, subject: int, **about) -> None:
    fact = outbox.Fact(
        organization_id=organization.pk,
        type=EventType.PARCEL_PACKED,
        subject_type=SubjectType.PARCEL,
        subject_id=subject,
        data={},
        **about,
    )
    with transaction.atomic():
        outbox.record([fact], actor=SYSTEM, now=NOW)


def test_goes_on_from_wherever_one_stopped():
    organization = make_organization()
    happen(organization, 1, 2, 3, 4, 5)
    relay_everything()

    first = read(organization, limit=2)
    second = read(organization, limit=2, after=first.end)
    third = read(organization, limit=2, after=second.end)

    assert [subjects(page) for page in (first, second, third)] == [[1, 2], [3, 4], [5]]
    assert [page.has_more for page in (first, second, third)] == [True, True, False]


def test_an_end_that_was_reached_is_a_place_to_go_on_from():
    organization = make_organization()
    happen(organization, 1)
    relay_everything()
    end = read(organization).end

    nothing_new = read(organization, after=end)
    happen(organization, 2)
    relay_everything()

    assert nothing_new == FeedPage((), end, has_more=False)
    assert subjects(read(organization, after=end)) == [2]


def test_an_organization_without_events_has_no_place_yet():
    assert read(make_organization()) == FeedPage((), None, has_more=False)


def test_what_is_not_relayed_yet_comes_later():
    organization = make_organization()
    happen(organization, 1)
    relay_everything()
    happen(organization, 2)

    before = read(organization)
    relay_everything()

    assert subjects(before) == [1]
    assert subjects(read(organization, after=before.end)) == [2]


def test_waits_behind_an_event_that_has_no_place_yet():
    organization = make_organization()
    happen(organization, 1)
    told = Event.objects.get().public_id

    before = read(organization, after=told)
    relay_everything()
    happen(organization, 2)
    relay_everything()

    assert before == FeedPage((), told, has_more=False)
    assert subjects(read(organization, after=told)) == [2]


def test_nobody_reads_another_organizations_events():
    ours, theirs = make_organization(), make_organization()
    happen(ours, 1)
    happen(theirs, 2)
    relay_everything()
    foreign = Event.objects.get(subject_id=2).public_id

    assert subjects(read(ours)) == [1]
    with pytest.raises(FeedPlaceUnknown):
        read(ours, after=foreign)
    with pytest.raises(FeedPlaceUnknown):
        read(ours, after=uuid4())


def test_the_end_lies_behind_what_was_not_wanted():
    organization = make_organization()
    happen(organization, 1, event_type=EventType.ORDER_PLACED)
    happen(organization, 1, 2, 3, event_type=EventType.ORDER_PAID)
    relay_everything()

    page = read(organization, types={"order.placed"})

    assert [event.type for event in page.events] == ["order.placed"]
    newest = Event.objects.order_by("-position").first()
    assert (page.end, page.has_more) == (newest.public_id, False)


def test_looks_at_so_many_events_for_one_page_and_no_more():
    organization = make_organization()
    happen(organization, *range(1, 8))
    happen(organization, 1, event_type=EventType.ORDER_PAID)
    relay_everything()
    pages, after = [], None

    for _ in range(4):
        page = read(organization, types={"order.paid"}, window=3, after=after)
        pages.append((len(page.events), page.has_more))
        after = page.end

    assert pages == [(0, True), (0, True), (1, False), (0, False)]


def test_reads_one_subject():
    organization = make_organization()
    happen(organization, 1, 2)
    happen(organization, 2, 1, event_type=EventType.ORDER_PAID)
    tell(organization, 2)
    relay_everything()

    first = read(organization, subject=("order", 2), limit=1)
    second = read(organization, subject=("order", 2), after=first.end)

    assert [event.type for event in (*first.events, *second.events)] == [
        "order.placed",
        "order.paid",
    ]
    assert (subjects(first), first.has_more) == ([2], True)
    assert (subjects(second), second.has_more) == ([2], False)


def test_a_machine_of_a_channel_or_a_point_reads_of_that_one():
    point = make_point()
    channel = make_channel(points=[point])
    organization = point.organization
    tell(organization, 1)
    tell(organization, 2, channel_id=channel.pk)
    tell(organization, 3, channel_id=channel.pk, point_id=point.pk)
    tell(organization, 4, channel_id=channel.pk + 1, point_id=point.pk + 1)
    relay_everything()

    assert subjects(read(organization, actor=channel_actor(channel))) == [2, 3]
    assert subjects(read(organization, actor=point_actor(point))) == [3]


def test_goes_back_90_days():
    organization = make_organization()
    write_old(organization, 1, 40, days=91)
    write_old(organization, 41, 43, days=89)
    oldest = Event.objects.order_by("position").first().public_id

    assert subjects(read(organization)) == [41, 42, 43]
    assert subjects(read(organization, after=oldest)) == [41, 42, 43]


def test_nothing_is_left_when_all_is_older():
    organization = make_organization()
    write_old(organization, 1, 5, days=91)

    page = read(organization)

    newest = Event.objects.order_by("-position").first()
    assert (subjects(page), page.end, page.has_more) == ([], newest.public_id, False)


def test_costs_the_same_however_many_events_there_are():
    organization = make_organization()
    write_old(make_organization(), 100_000, 120_000, days=0)
    write_old(organization, 1, 20_000, days=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE none")  # statistics are the owner's to gather
        cursor.execute("ANALYZE events_event")
        cursor.execute("SET LOCAL ROLE oms_app")
    middle = Event.objects.get(subject_id=15_000).public_id

    with count_statements() as statements:
        page = read(organization, after=middle)

    assert subjects(page) == list(range(15_001, 15_051))
    assert len(statements) == 5
    read_page = next(each for each in statements if "seen" in each)
    place = page.events[0].position
    plan = explain(
        read_page,
        {
            "organization_id": organization.pk,
            "start": place,
            "horizon": place + 4_000,
            "window": 10_000,
            "limit": 51,
            "types": sorted(EVERY),
            "channels": None,
            "points": None,
        },
    )
    assert "Index Scan using events_event_feed_idx" in plan
    assert "Sort" not in plan
    assert "rows=51.00 loops=1" in plan.splitlines()[2]


def test_the_database_dates_events_not_the_clock_of_whoever_records():
    organization = make_organization()
    happen(organization, 1, now=NOW - dt.timedelta(days=400))
    relay_everything()

    assert subjects(read(organization)) == [1]
