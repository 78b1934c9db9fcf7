import pytest

from fulfillment.choices import DocumentStatus, ParcelStatus, TaskStatus
from oms.backoffice.formats import TONES, page_url
from oms.backoffice.timeline import SENTENCES
from oms.events.choices import EventType
from oms.orders.choices import OrderStatus
from tests import backoffice_builders as build
from tests.statements import count_statements


@pytest.fixture
def order(db):
    order = build.make_order(lines=2)
    build.make_buyer(order)
    return order


def page_of(browser, order):
    return browser.get(page_url(order)).content.decode()


def test_shows_the_buyer_to_people_with_the_permission(order, signed_in):
    perms = ("orders.view_order", "orders.view_buyer_data")

    html = page_of(signed_in(build.make_staff(order.organization, perms=perms)), order)

    assert "Ada Lovelace" in html
    assert "ada@example.com" in html


def test_masks_the_buyer_for_everybody_else(order, signed_in):
    html = page_of(
        signed_in(build.make_staff(order.organization, perms=("orders.view_order",))), order
    )

    assert "Ada" not in html
    assert "ada@example.com" not in html
    assert "Seeing it needs the permission" in html


def test_says_that_the_buyer_was_erased(order, root):
    order.buyer.__class__.objects.update(
        contact=None, raw_body=None, email_hash=None, phone_hash=None, erased_at=build.NOW
    )

    html = page_of(root, order)

    assert "Erased on" in html
    assert "Ada" not in html


def test_says_when_the_seal_does_not_open(order, root):
    order.buyer.__class__.objects.update(contact=b"v1.k1.nonsense")

    assert "The seal does not open" in page_of(root, order)


def test_shows_every_quantity_of_a_line(order, root):
    line = order.lines.first()
    line.__class__.objects.filter(pk=line.pk).update(
        quantity_ordered=9,
        quantity_cancelled=1,
        cancelled_by_seller=1,
        quantity_allocated=7,
        quantity_in_progress=6,
        quantity_packed=5,
        quantity_shipped=4,
        quantity_delivered=2,
        quantity_returned=1,
    )

    response = root.get(page_url(order))

    rows = dict(response.context["quantities"]["rows"][0][1])
    assert rows == {
        "Ordered": 9,
        "Cancelled": 1,
        "Allocated": 7,
        "In progress": 6,
        "Packed": 5,
        "Shipped": 4,
        "Delivered": 2,
        "Returned": 1,
    }


def test_explains_routing_in_words(order, root):
    point = build.make_point(order.channel, name="Bangna DC")
    build.make_decision(order, point, repeated=2)

    html = page_of(root, order)

    assert "left out: the point is closed" in html
    assert "not enough stock (SKU-1: 2 wanted, 1 available)" in html
    assert "Bangna DC</span> ships everything" in html
    assert "The same answer 2 more times" in html


def test_tells_the_story_newest_last_in_the_organizations_time(order, root):
    build.make_event(order)
    build.make_event(
        order,
        "order.held",
        actor="staff:anna",
        occurred_at=build.later(hours=1),
        data={"order": order.external_id, "reason": "FRAUD"},
    )

    entries = root.get(page_url(order)).context["timeline"]["entries"]

    assert [(e.sentence, e.who) for e in entries] == [
        (f"Order {order.external_id} came in", "the system"),
        ("Held: Risk of fraud", "anna"),
    ]
    assert "16 Mar 2026, 11:30" in page_of(root, order)


def test_costs_the_same_for_a_small_and_for_a_big_order(order, root):
    def grow():
        task = build.make_task(order)
        for _ in range(2):
            build.make_document(build.make_parcel(task))
        build.make_cancellation(task)
        build.make_activity(task)
        build.make_decision(order, task.point)
        build.make_event(order)
        build.make_hold(order, holder=f"h{build.next_number()}")
        build.make_request(order, order.lines.first())

    grow()
    root.get(page_url(order))
    with count_statements() as small:
        assert root.get(page_url(order)).status_code == 200
    for _ in range(4):
        build.make_line(order, position=build.next_number())
        grow()

    with count_statements() as big:
        assert root.get(page_url(order)).status_code == 200
    assert (len(small), len(big)) == (23, 23)


def test_shows_every_number_ready_to_be_copied(order, root):
    parcel = build.make_parcel(build.make_task(order))

    html = page_of(root, order)

    for number in (
        order.external_id,
        order.public_id,
        parcel.task.number,
        parcel.number,
        parcel.point_parcel_no,
        parcel.tracking_number,
    ):
        assert f'data-copy="{number}"' in html


def test_buttons_that_would_be_refused_say_why(order, root):
    order.__class__.objects.update(status="CANCELLED")

    html = page_of(root, order)

    assert 'title="Not possible: it is cancelled already"' in html


def test_every_event_has_a_sentence_and_every_status_a_colour():
    assert set(SENTENCES) == set(EventType)
    for states in (OrderStatus, TaskStatus, ParcelStatus, DocumentStatus):
        assert set(states.values) <= set(TONES)
