import pytest

from fulfillment import services
from fulfillment.models import Picklist, PicklistEntry, ShelfPlace
from oms.events.models import Event
from tests.factories import NOW, channel_actor, make_point, point_actor, relay_everything
from tests.integration.fulfillment.builders import cancel, facts, routed
from tests.integration.fulfillment.dock.builders import (
    gather,
    hold,
    ids,
    pack_all,
    reasons,
    tasks_on,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_a_list_begins_the_picking_of_its_tasks():
    cases = waiting(2)

    picklist = gather(cases)

    assert [task.pk for task in tasks_on(picklist)] == ids(cases)
    assert [case.status() for case in cases] == [("IN_FULFILLMENT", "PICKING")] * 2
    assert facts(cases[0].task) == ["task.created", "task.received", "task.picking"]
    event = Event.objects.get(type="picklist.created")
    assert (event.subject_id, event.point_ref) == (picklist.pk, cases[0].point.pk)
    assert event.data["picklist"] == picklist.number
    assert event.data["tasks"] == 2


def test_its_number_fits_32_bits():
    assert 0 < gather(waiting(1)).number < 2**31


def test_tasks_are_walked_to_by_shelf_and_those_without_come_last():
    cases = waiting(3)
    nowhere, far, near = cases
    for case, shelf in ((far, "A-10"), (near, "A-2")):
        ShelfPlace.objects.create(
            organization=case.point.organization, point=case.point, sku=case.skus[0], shelf=shelf
        )

    picklist = gather(cases)

    assert tasks_on(picklist) == [near.task, far.task, nowhere.task]


def test_the_same_code_with_the_same_tasks_is_the_same_list():
    cases = waiting(2)
    first = gather(cases, code="PK-31")

    again = gather(cases, code="PK-31")

    assert (again.pk, again.number) == (first.pk, first.number)
    assert Event.objects.filter(type="picklist.created").count() == 1


def test_a_repeat_is_known_also_when_tasks_were_added_and_all_is_packed():
    first, second = waiting(2)
    picklist = gather([first], code="PK-31")
    actor = point_actor(first.point)
    services.add_to_picklist(
        picklist_id=picklist.pk, task_ids=[second.task.pk], actor=actor, now=NOW
    )
    pack_all(first)
    pack_all(second)
    relay_everything()

    again = gather([first], code="PK-31")

    assert (again.pk, again.status) == (picklist.pk, "CLOSED")


def test_the_same_code_with_other_tasks_is_refused():
    first, second = waiting(2)
    gather([first], code="PK-31")

    with pytest.raises(services.PicklistCodeTaken):
        gather([second], code="PK-31")

    assert second.status() == ("ALLOCATED", "CREATED")


def test_a_code_is_another_channels_own():
    point = make_point()
    first, second = waiting(2, point=point)
    one = gather([first], code="PK-31", channel=first.channel)

    other = gather([second], code="PK-31", channel=second.channel)

    assert one.pk != other.pk


def test_every_task_that_does_not_allow_it_is_named_and_nothing_is_done():
    point = make_point()
    fine, gone, held, packed, listed = cases = waiting(5, point=point)
    elsewhere = routed()
    cancel(gone)
    hold(held)
    pack_all(packed)
    gather([listed])
    fine_before = fine.status()
    events = Event.objects.count()

    with pytest.raises(services.TasksUnfit) as refusal:
        gather(cases, task_ids=[*ids(cases), elsewhere.task.pk])

    assert reasons(refusal.value) == {
        gone.task.number: "cancelled",
        held.task.number: "on_hold",
        packed.task.number: "packed",
        listed.task.number: "on_picklist",
        str(elsewhere.task.pk): "not_found",
    }
    assert fine.status() == fine_before
    assert Event.objects.count() == events


def test_tasks_of_another_channel_do_not_go_on_a_channels_list():
    first, second = waiting(2)

    with pytest.raises(services.TasksUnfit) as refusal:
        gather([first, second], channel=first.channel)

    assert reasons(refusal.value) == {second.task.number: "other_channel"}


def test_a_point_of_somebody_else_does_not_exist():
    case = routed()

    with pytest.raises(services.PointUnknown):
        gather([case], actor=point_actor(make_point()))


def test_nothing_named_is_refused():
    with pytest.raises(services.NoTasksNamed):
        gather(waiting(1), task_ids=[])


def test_added_tasks_come_after_those_on_the_list_and_those_on_it_are_skipped():
    first, second = waiting(2)
    picklist = gather([first])
    actor = point_actor(first.point)

    for _ in range(2):
        services.add_to_picklist(
            picklist_id=picklist.pk, task_ids=ids([first, second]), actor=actor, now=NOW
        )

    assert tasks_on(picklist) == [first.task, second.task]
    assert second.status() == ("IN_FULFILLMENT", "PICKING")
    originals = PicklistEntry.objects.filter(picklist=picklist).order_by("position")
    assert list(originals.values_list("is_original", flat=True)) == [True, False]


def test_nothing_is_added_to_a_list_that_is_done_but_a_repeat_is_no_addition():
    first, second = waiting(2)
    picklist = gather([first])
    pack_all(first)
    actor = point_actor(first.point)

    with pytest.raises(services.PicklistClosed):
        services.add_to_picklist(
            picklist_id=picklist.pk, task_ids=ids([second]), actor=actor, now=NOW
        )
    again = services.add_to_picklist(
        picklist_id=picklist.pk, task_ids=ids([first]), actor=actor, now=NOW
    )

    assert again.pk == picklist.pk
    assert second.status() == ("ALLOCATED", "CREATED")


def test_a_channels_list_takes_that_channels_tasks_only():
    first, second = waiting(2)
    picklist = gather([first], channel=first.channel)

    with pytest.raises(services.TasksUnfit) as refusal:
        services.add_to_picklist(
            picklist_id=picklist.pk,
            task_ids=ids([second]),
            actor=point_actor(first.point),
            now=NOW,
        )

    assert reasons(refusal.value) == {second.task.number: "other_channel"}


def test_another_points_list_does_not_exist():
    picklist = gather(waiting(1))
    [stranger] = waiting(1)

    with pytest.raises(services.PicklistNotFound):
        services.add_to_picklist(
            picklist_id=picklist.pk,
            task_ids=ids([stranger]),
            actor=point_actor(stranger.point),
            now=NOW,
        )


def test_it_closes_with_its_last_task_whether_packed_or_cancelled():
    first, second = waiting(2)
    picklist = gather([first, second])

    pack_all(first)
    relay_everything()
    picklist.refresh_from_db()
    assert picklist.status == "OPEN"
    cancel(second)
    relay_everything()

    picklist.refresh_from_db()
    assert picklist.status == "CLOSED"
    assert picklist.closed_at == NOW
    assert PicklistEntry.objects.filter(is_active=True).exists() is False
    closed = Event.objects.filter(subject_type="picklist").order_by("sequence")
    assert list(closed.values_list("type", "status")) == [
        ("picklist.created", "OPEN"),
        ("picklist.closed", "CLOSED"),
    ]


def test_closing_twice_is_once():
    [case] = waiting(1)
    gather([case])
    pack_all(case)

    did = [
        services.close_finished_picklist(task_id=case.task.pk, actor=case.actor, now=NOW)
        for _ in range(2)
    ]

    assert did == [True, False]


def test_a_machine_of_a_channel_sees_the_lists_of_that_channel():
    first, second = waiting(2)
    own = gather([first], channel=first.channel)
    gather([second], channel=second.channel)
    gather(waiting(1))

    seen = Picklist.objects.visible_to(channel_actor(first.channel))

    assert list(seen) == [own]
