import datetime as dt

import pytest

from fulfillment import services
from fulfillment.models import FulfillmentTask
from fulfillment.services import WaveDraft
from oms.orders.models import Order
from tests.factories import NOW, make_point, point_actor
from tests.integration.fulfillment.dock.builders import (
    gather,
    hold,
    ids,
    pack_all,
    tasks_on,
    waiting,
)

pytestmark = pytest.mark.django_db


def wave(point, **criteria):
    draft = WaveDraft(point_id=point.pk, **criteria)
    return services.plan_wave(draft=draft, actor=point_actor(point), now=NOW)


def orders_to(cases, **columns):
    for case in cases:
        Order.objects.filter(pk=case.order.pk).update(**columns)


def test_a_wave_takes_what_waits_and_leaves_what_does_not():
    point = make_point()
    free, held, packed, listed = waiting(4, point=point)
    hold(held)
    pack_all(packed)
    gather([listed])

    picklist = wave(point)

    assert tasks_on(picklist) == [free.task]
    assert (picklist.kind, picklist.criteria) == ("WAVE", {})
    assert free.status()[1] == "PICKING"


def test_a_wave_is_of_a_carrier():
    point = make_point()
    ours, theirs = waiting(2, point=point)
    FulfillmentTask.objects.filter(pk=ours.task.pk).update(carrier="Swift")
    FulfillmentTask.objects.filter(pk=theirs.task.pk).update(carrier="Slow")

    picklist = wave(point, carrier="SWIFT")

    assert tasks_on(picklist) == [ours.task]
    assert picklist.criteria == {"carrier": "SWIFT"}


def test_a_wave_is_for_a_cut_off():
    point = make_point()
    today, tomorrow, _whenever = waiting(3, point=point)
    orders_to([today], ship_by_at=NOW + dt.timedelta(hours=2))
    orders_to([tomorrow], ship_by_at=NOW + dt.timedelta(days=1))

    picklist = wave(point, ship_by=NOW + dt.timedelta(hours=2))

    assert tasks_on(picklist) == [today.task]
    assert picklist.criteria == {"ship_by": "2026-01-15T14:00:00+00:00"}


def test_a_wave_is_for_a_zone():
    point = make_point()
    near, far = waiting(2, point=point)
    orders_to([near], postcode="411001")
    orders_to([far], postcode="560001")

    picklist = wave(point, postcodes=("411", "412"))

    assert tasks_on(picklist) == [near.task]
    assert picklist.criteria == {"postcodes": ["411", "412"]}


def test_a_wave_is_of_a_channel():
    point = make_point()
    first, _second = waiting(2, point=point)

    assert tasks_on(wave(point, channel_id=first.channel.pk)) == [first.task]


def test_of_more_than_fit_the_most_urgent_are_taken_and_the_next_wave_takes_the_others():
    point = make_point()
    whenever, later, soon = waiting(3, point=point)
    orders_to([later], ship_by_at=NOW + dt.timedelta(days=2))
    orders_to([soon], ship_by_at=NOW + dt.timedelta(days=1))

    first, second = wave(point, most=2), wave(point, most=2)

    assert {task.pk for task in tasks_on(first)} == set(ids([soon, later]))
    assert tasks_on(second) == [whenever.task]


def test_without_anything_to_pick_there_is_no_wave():
    point = make_point()

    with pytest.raises(services.NothingToPick):
        wave(point)
