"""The pick and pack bench, without a browser."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from fulfillment import services
from fulfillment.models import Invoice, Parcel, TaskLine
from oms.backoffice.models import BenchScan, PackingSession
from oms.kernel.actors import SYSTEM
from oms.orders.choices import CancelParty
from tests import backoffice_builders as build
from tests.factories import NOW, make_point, make_sku
from tests.integration.admin.desk_builders import begin, floor, pack, scan, session_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall():
    return floor(2, 1)


@pytest.fixture
def browser(signed_in, hall):
    return signed_in(hall.person())


def contents(parcel):
    return sorted(parcel.items.values_list("task_line__sku__code", "quantity"))


def test_an_order_is_packed_with_scans_alone(browser, hall):
    first, second = hall.skus
    session = begin(browser, hall)

    said = [
        scan(browser, hall, session, text)
        for text in (first.barcodes[0], first.code.lower(), second.barcodes[0], "*DONE*")
    ]

    parcel = Parcel.objects.get(task=hall.task)
    assert said == [
        ("RIGHT", f"1 of 2 {first.code} {first.name}"),
        ("RIGHT", f"2 of 2 {first.code} {first.name}"),
        ("RIGHT", "Everything is here: scan *DONE*"),
        ("RIGHT", "Packed"),
    ]
    assert (session.end, session.parcel) == ("PACKED", parcel)
    assert contents(parcel) == sorted([(first.code, 2), (second.code, 1)])
    assert Invoice.objects.get().parcel == parcel
    hall.task.refresh_from_db()
    assert hall.task.status == "PACKED"


@pytest.mark.parametrize("scans", [["2*{0}"], ["2*", "{0}"], ["02*{0}"]])
def test_a_number_before_a_scan_counts_it_so_often(browser, hall, scans):
    session = begin(browser, hall)

    for text in scans:
        said = scan(browser, hall, session, text.format(hall.skus[0].barcodes[0]))

    assert said == ("RIGHT", f"2 of 2 {hall.skus[0].code} {hall.skus[0].name}")


def test_a_wrong_article_is_named_and_changes_nothing(browser, hall):
    stranger = make_sku(organization=hall.point.organization, name="Stranger")
    session = begin(browser, hall)

    known = scan(browser, hall, session, stranger.code)
    unknown = scan(browser, hall, session, "4711")

    assert known == ("WRONG", f"{stranger.code} Stranger does not belong here")
    assert unknown == ("WRONG", "Nobody knows 4711")
    assert BenchScan.objects.exclude(units=0).count() == 0


def test_one_too_many_is_refused_as_a_whole(browser, hall):
    session = begin(browser, hall)
    code = hall.skus[0].code

    too_many = scan(browser, hall, session, f"3*{code}")
    scan(browser, hall, session, f"2*{code}")
    complete = scan(browser, hall, session, code)

    assert too_many == ("WRONG", f"3 are too many: 2 more of {code} {hall.skus[0].name}")
    assert complete == ("WRONG", f"{code} {hall.skus[0].name} is complete: put this one back")


def test_the_same_scan_sent_twice_counts_once(browser, hall):
    session = begin(browser, hall)
    token = str(uuid4())

    for _ in range(2):
        said = scan(browser, hall, session, hall.skus[0].code, token)

    assert said == ("RIGHT", f"1 of 2 {hall.skus[0].code} {hall.skus[0].name}")


def test_a_reload_shows_everything_that_was_scanned(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, hall.skus[0].code)

    context = browser.get(session_url(hall, session)).context

    assert [(line.counted, line.wanted) for line in context["board"].lines] == [(1, 2), (0, 1)]


def test_nothing_is_packed_while_something_is_missing(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, hall.skus[0].code)

    said = scan(browser, hall, session, "*DONE*")

    first, second = hall.skus
    missing = f"1 of {first.code} {first.name}, 1 of {second.code} {second.name}"
    assert said == ("WRONG", f"Still missing: {missing}")
    assert Parcel.objects.exclude(packed_at=None).count() == 0


def test_the_last_scan_is_taken_back(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, hall.skus[1].code)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")

    once = scan(browser, hall, session, "*UNDO*")
    twice = scan(browser, hall, session, "*UNDO*")
    nothing = scan(browser, hall, session, "*UNDO*")

    assert once == ("RIGHT", f"Took 2 of {hall.skus[0].code} back out")
    assert twice == ("RIGHT", f"Took 1 of {hall.skus[1].code} back out")
    assert nothing == ("WRONG", "Nothing to take back")


def test_what_is_not_found_is_reported_once_it_is_confirmed(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")

    asked = scan(browser, hall, session, "*SHORT*")
    before = TaskLine.objects.get(task=hall.task, sku=hall.skus[1]).quantity_short
    told = scan(browser, hall, session, "*YES*")
    packed = scan(browser, hall, session, "*DONE*")

    missing = f"1 of {hall.skus[1].code} {hall.skus[1].name}"
    assert asked == ("ASK", f"Not to be found: {missing}? Scan *YES* or *NO*")
    assert before == 0
    assert told == ("RIGHT", "Reported: scan *DONE* to pack the rest")
    assert packed == ("RIGHT", "Packed")
    assert TaskLine.objects.get(task=hall.task, sku=hall.skus[1]).quantity_short == 1
    assert contents(session.parcel) == [(hall.skus[0].code, 2)]


def test_a_no_reports_nothing(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, "*SHORT*")

    said = scan(browser, hall, session, "*NO*")
    late = scan(browser, hall, session, "*YES*")

    assert (said, late) == (("CALM", "Go on"), ("WRONG", "Nothing was asked"))
    assert TaskLine.objects.filter(quantity_short__gt=0).count() == 0


def test_a_task_of_which_nothing_is_found_is_left(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, "*SHORT*")

    scan(browser, hall, session, "*YES*")

    hall.task.refresh_from_db()
    assert (session.end, hall.task.status) == ("LEFT", "CANCELLED")


def test_what_was_cancelled_meanwhile_has_to_be_put_back(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")
    scan(browser, hall, session, hall.skus[1].code)
    line = hall.order.lines.get(sku=hall.skus[1])
    request = services.CancelOrder(
        order_id=hall.order.pk, party=CancelParty.SELLER, line_ids=(line.pk,)
    )
    services.cancel_order(request=request, actor=SYSTEM, now=NOW)

    asked = scan(browser, hall, session, "*DONE*")
    back = scan(browser, hall, session, "*YES*")
    packed = scan(browser, hall, session, "*DONE*")

    gone = f"1 of {hall.skus[1].code} {hall.skus[1].name}"
    assert asked == ("ASK", f"Cancelled meanwhile: put back {gone}, then scan *YES*")
    assert (back, packed) == (("RIGHT", "Put back: scan *DONE*"), ("RIGHT", "Packed"))
    assert contents(session.parcel) == [(hall.skus[0].code, 2)]


def test_two_equal_boxes_of_one_order_are_two_boxes(signed_in):
    hall = floor(2, allow_split=True)
    anna = signed_in(hall.person())
    session = begin(anna, hall)
    scan(anna, hall, session, hall.skus[0].code)
    first = scan(anna, hall, session, "*BOX*")
    again = begin(anna, hall)
    scan(anna, hall, again, hall.skus[0].code)

    second = scan(anna, hall, again, "*DONE*")

    assert (first, second) == (("RIGHT", "Packed"), ("RIGHT", "Packed"))
    assert session.parcel != again.parcel
    assert [contents(each) for each in Parcel.objects.order_by("pk")] == [
        [(hall.skus[0].code, 1)],
        [(hall.skus[0].code, 1)],
    ]


def test_a_box_whose_record_was_lost_is_found_again(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")
    scan(browser, hall, session, hall.skus[1].code)
    PackingSession.objects.filter(pk=session.pk).update(
        packing_until=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        opened_at=NOW - dt.timedelta(hours=1),
    )
    parcel = pack(hall)

    said = scan(browser, hall, session, "*DONE*")

    assert said == ("RIGHT", "It was packed already")
    assert session.parcel == parcel
    assert Parcel.objects.filter(task=hall.task).count() == 1


def test_nobody_packs_while_somebody_does(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")
    scan(browser, hall, session, hall.skus[1].code)
    PackingSession.objects.update(packing_until=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))

    browser.post(session_url(hall, session), {"scan": "*DONE*"})

    session.refresh_from_db()
    assert session.said == "It is being packed: wait a moment"
    assert Parcel.objects.filter(task=hall.task).count() == 0


def test_the_papers_are_one_file(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")
    scan(browser, hall, session, hall.skus[1].code)
    scan(browser, hall, session, "*DONE*")

    response = browser.get(reverse("admin:bench_papers", args=[hall.point.pk, session.parcel_id]))

    assert response["Content-Type"] == "application/pdf"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response.content.startswith(b"%PDF-")


def test_after_packing_the_next_task_is_a_scan_away(browser, hall):
    other = floor(1, point=hall.point)
    session = begin(browser, hall, hall.task.number)
    scan(browser, hall, session, f"2*{hall.skus[0].code}")
    scan(browser, hall, session, hall.skus[1].code)
    scan(browser, hall, session, "*DONE*")

    response = browser.post(session_url(hall, session), {"scan": "*NEXT*"})

    opened = PackingSession.objects.get(ended_at=None)
    assert opened.task == other.task
    assert response.url == session_url(other, opened)


def test_a_picklist_leads_to_its_tasks_in_its_order(browser, hall):
    other = floor(1, point=hall.point)
    draft = services.PicklistDraft(
        point_id=hall.point.pk, channel_id=None, task_ids=[other.task.pk, hall.task.pk]
    )
    picklist = services.create_picklist(draft=draft, actor=SYSTEM, now=NOW)
    first = picklist.entries.order_by("position").first().task

    session = begin(browser, hall, f"pl-{picklist.number}")

    assert (session.task, session.picklist) == (first, picklist)


def test_a_colleagues_task_is_taken_over_by_scanning_it_twice(signed_in, hall):
    anna, bert = hall.person(), hall.person()
    session = begin(signed_in(anna), hall)
    scan(signed_in(anna), hall, session, hall.skus[0].code)
    browser = signed_in(bert)
    number = hall.order.external_id

    refused = browser.post(hall.url, {"scan": number})
    taken = browser.post(hall.url, {"scan": number, "again": number})

    assert refused.status_code == 409
    assert f"{anna.username} packs {hall.task}" in refused.content.decode()
    assert taken.url == session_url(hall, session)
    session.refresh_from_db()
    assert (session.person, session.scans.filter(units=1).count()) == (bert.username, 1)


def test_what_is_packed_is_offered_for_printing_again(browser, hall):
    parcel = pack(hall)

    response = browser.post(hall.url, {"scan": hall.order.external_id})

    html = response.content.decode()
    assert f"{hall.task} of order {hall.order} is packed already" in html
    assert reverse("admin:bench_papers", args=[hall.point.pk, parcel.pk]) in html


def test_an_order_on_hold_stays_where_it_is(browser, hall):
    build.make_hold(hall.order)

    response = browser.post(hall.url, {"scan": hall.order.external_id})

    assert f"Order {hall.order} is on hold" in response.content.decode()
    assert PackingSession.objects.count() == 0


@pytest.mark.parametrize("text", ["", "*DONE*", "NOBODYS"])
def test_nothing_is_opened_by_what_names_nothing(browser, hall, text):
    response = browser.post(hall.url, {"scan": text})

    assert response.status_code == 409
    assert PackingSession.objects.count() == 0


def test_another_points_order_is_not_found(browser, hall):
    elsewhere = floor(1, point=make_point(organization=hall.point.organization))

    response = browser.post(hall.url, {"scan": elsewhere.order.external_id})

    assert response.status_code == 409
    assert (
        browser.get(
            reverse(
                "admin:bench_session", args=[hall.point.pk, begin_elsewhere(browser, elsewhere)]
            )
        ).status_code
        == 404
    )


def begin_elsewhere(browser, elsewhere):
    return begin(browser, elsewhere).pk


def test_leaving_frees_the_task(browser, hall):
    session = begin(browser, hall)
    scan(browser, hall, session, "*LEAVE*")

    response = browser.post(session_url(hall, session), {"scan": "*YES*"})

    session.refresh_from_db()
    assert (response.url, session.end) == (hall.url, "LEFT")
    assert begin(browser, hall).pk != session.pk


def test_the_weight_is_told(browser, hall):
    session = begin(browser, hall)
    said = scan(browser, hall, session, "*g420*")
    scan(browser, hall, session, f"2*{hall.skus[0].code}")
    scan(browser, hall, session, hall.skus[1].code)

    scan(browser, hall, session, "*DONE*")

    assert said == ("RIGHT", "It weighs 420 g")
    assert f"{session.parcel.weight_kg.normalize():f}" == "0.42"


@pytest.mark.parametrize("name", ["bench", "dock", "returns_desk"])
def test_desks_need_their_permission_and_their_organization(signed_in, hall, name):
    stranger = build.make_staff(build.make_organization(), perms=("orders.view_order",))
    foreign = floor(1).person()
    own = hall.person()

    codes = [
        signed_in(who).get(reverse(f"admin:{name}_point", args=[hall.point.pk])).status_code
        for who in (stranger, foreign, own)
    ]

    assert codes == [403, 404, 200]


def test_whoever_has_one_point_need_not_choose(signed_in, hall):
    browser = signed_in(hall.person())

    alone = browser.get(reverse("admin:bench"))
    make_point(organization=hall.point.organization, type="EXTERNAL", name="A")
    among = browser.get(reverse("admin:bench"))

    assert alone.url == hall.url
    assert [point.name for point, _ in among.context["points"]] == ["Berlin", "A"]


def test_the_commands_are_printed_as_bar_codes(browser, hall):
    response = browser.get(reverse("admin:bench_commands"))

    assert response.content.startswith(b"%PDF-")
    assert browser.get(reverse("admin:bench_commands")).content == response.content
