import pytest

from fulfillment import queries, services
from tests.factories import NOW, channel_actor, make_channel, make_point, point_actor
from tests.integration.fulfillment.builders import SINGLE, cancel, pack, routed
from tests.statements import count_statements

pytestmark = pytest.mark.django_db


def strangers(case):
    organization = case.point.organization
    return [
        point_actor(make_point(organization=organization)),
        channel_actor(make_channel(organization=organization)),
        point_actor(make_point()),
    ]


def test_tasks_are_seen_by_their_point_and_channel_only():
    case = routed()

    for actor in (case.actor, channel_actor(case.channel)):
        assert queries.get_task(number=case.task.number, actor=actor) == case.task
    for actor in strangers(case):
        assert queries.tasks_feed(actor=actor).exists() is False
        with pytest.raises(queries.TaskNotFound):
            queries.get_task(number=case.task.number, actor=actor)


def test_parcels_are_seen_by_their_point_and_channel_only():
    case = routed()
    [parcel] = pack(case)

    for actor in (case.actor, channel_actor(case.channel)):
        assert queries.get_parcel(number=parcel.number, actor=actor) == parcel
    for actor in strangers(case):
        with pytest.raises(queries.ParcelNotFound):
            queries.get_parcel(number=parcel.number, actor=actor)


def test_cancellations_are_seen_by_their_point_only():
    case = routed()
    cancel(case)

    assert [ct.task for ct in queries.cancellations_feed(actor=case.actor)] == [case.task]
    assert queries.cancellations_feed(actor=strangers(case)[0]).exists() is False


@pytest.mark.parametrize(
    ("feed", "touch"),
    [
        (
            queries.tasks_feed,
            lambda task: (
                [(line.sku.code, line.order_line.external_id) for line in task.lines.all()]
                + [task.order.buyer, task.channel.name, task.point.name]
            ),
        ),
        (
            queries.parcels_feed,
            lambda parcel: (
                [item.task_line.order_line.external_id for item in parcel.items.all()]
                + [parcel.task.order.external_id, queries.label_of(parcel).content]
            ),
        ),
    ],
)
def test_a_feed_costs_the_same_for_one_and_for_ten(feed, touch):
    point = make_point()

    def statements():
        with count_statements() as seen:
            for row in feed(actor=point_actor(point)):
                touch(row)
        return len(seen)

    routed(point=point, delivery=SINGLE, quantities=(1, 1))
    one = statements()
    for _ in range(9):
        routed(point=point, delivery=SINGLE, quantities=(1, 1))
    services.fetch_due_labels(now=NOW)

    assert statements() == one


def test_a_voided_label_is_no_label():
    case = routed(delivery=SINGLE)
    cancel(case)

    [parcel] = queries.parcels_feed(actor=case.actor)

    assert queries.label_of(parcel) is None
