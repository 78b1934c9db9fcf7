import pytest

from fulfillment import services as fulfillment
from oms.events.choices import EventType
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders import queries, services
from oms.orders.choices import HoldReason
from oms.orders.models import Order
from tests import factories
from tests.factories import NOW
from tests.integration.v1.orders.world import ADDRESS, codes, vnd


def allocate(order) -> None:
    row = Order.objects.get(external_id=order["external_id"])
    fulfillment.allocate_orders(order_ids=[row.pk], actor=SYSTEM, now=NOW)


def test_what_is_not_named_stays_and_null_clears(world):
    order = world.place(note="first", tags=["vip"])

    body = world.patch(order, note=None, packaging_note="two layers").json()

    changed = {name for name in body if body[name] != order[name]}
    assert changed == {"note", "packaging_note", "version", "updated_at"}
    assert (body["note"], body["packaging_note"]) == (None, "two layers")
    assert body["version"] > order["version"]


def test_news_of_an_edit_names_members_and_tells_nothing(world):
    order = world.place()

    world.patch(order, ship_to=ADDRESS | {"full_name": "Somebody Else"}, tags=["vip"])

    event = Event.objects.get(type=EventType.ORDER_EDITED)
    assert event.data == {"order": "WEB-1001", "changed": ["ship_to", "tags"]}


def test_a_new_address_is_what_other_languages_read_too(world):
    order = world.place()
    moved = ADDRESS | {"line1": "2 Lê Lợi", "postal_code": "70000", "email": "lan@example.com"}

    body = world.patch(order, ship_to=moved).json()

    assert body["ship_to"] == moved
    row = Order.objects.select_related("buyer").get()
    assert (row.city, row.postcode, row.country) == ("Hồ Chí Minh", "70000", "VN")
    contact = queries.contact_of(row)
    assert (contact.address, contact.email) == ("2 Lê Lợi, Bến Nghé", "lan@example.com")


def test_lines_are_replaced_and_those_with_an_id_stay_the_same(world):
    order = world.place()
    cap = factories.make_sku(organization=world.organization, code="CAP-01", name="Cap")
    kept = {"id": order["lines"][0]["id"], "sku": "TEE-RED-M", "quantity": 5}
    lines = [
        {"sku": cap.code, "quantity": 1, "unit_price": vnd("70000"), "external_line_id": "x"},
        kept | {"unit_price": vnd("100")},
    ]

    body = world.patch(order, lines=lines).json()

    assert [(line["sku"], line["quantity"]) for line in body["lines"]] == [
        ("CAP-01", 1),
        ("TEE-RED-M", 5),
    ]
    assert body["lines"][1]["id"] == kept["id"] != body["lines"][0]["id"]
    assert (body["subtotal"], body["total"]) == (vnd("70500"), vnd("90500"))


def test_a_line_of_another_order_is_no_line_of_this_one(world):
    order, other = world.place("A"), world.place("B")
    line = {"id": other["lines"][0]["id"], "sku": "TEE-RED-M", "quantity": 1}

    answer = world.patch(order, lines=[line | {"unit_price": vnd("1")}])

    assert (answer.status_code, codes(answer)) == (422, [("/lines/0/id", "unknown_value")])


def test_lines_are_frozen_once_something_is_allocated(world):
    order = world.place()
    allocate(order)

    answer = world.patch(order, lines=[{"sku": "TEE-RED-M", "quantity": 1, "unit_price": vnd("1")}])

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")
    assert answer.json()["current_status"] == "allocated"
    assert answer.json()["allowed"] == ["processing", "on_hold", "cancelled"]


def test_the_address_can_still_change_then(world):
    order = world.place()
    allocate(order)

    answer = world.patch(order, ship_to=ADDRESS | {"line1": "3 Lê Lợi"}, shipping_fee=vnd("1"))

    assert answer.status_code == 200
    assert answer.json()["total"] == vnd("250001")


@pytest.mark.parametrize("member", ["external_id", "channel", "currency", "status", "customer_id"])
def test_members_that_never_change_are_not_allowed(world, member):
    order = world.place()

    answer = world.patch(order, **{member: "other"})

    assert (answer.status_code, codes(answer)) == (422, [(f"/{member}", "not_allowed")])


def test_an_order_that_somebody_changed_meanwhile_is_left_alone(world):
    order = world.place()
    world.patch(order, note="theirs")

    answer = world.api.patch(
        f"/orders/{order['id']}", {"note": "mine"}, headers={"If-Match": '"v1"'}
    )

    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
    assert world.read(order)["note"] == "theirs"


def test_becoming_paid_confirms_and_routes(world):
    order = world.place(payment_method="card")

    body = world.patch(order, payment_status="paid").json()

    assert (order["status"], body["status"]) == ("pending", "confirmed")
    assert fulfillment.allocate_due(now=Order.objects.get().changed_at) == 1
    assert world.read(order)["status"] == "allocated"


def test_a_discount_cannot_be_larger_than_the_order(world):
    order = world.place()

    answer = world.patch(order, order_discount=vnd("270001"))

    assert (answer.status_code, codes(answer)) == (422, [("/order_discount", "out_of_range")])


def test_a_hold_stops_an_order_and_clearing_it_lets_it_go_on(world):
    order = world.place()

    held = world.patch(order, hold={"reason": "address", "note": "ward missing"}).json()
    allocate(order)
    still = world.read(order)["status"]
    free = world.patch(order, hold=None).json()

    assert (held["status"], held["hold"]) == (
        "on_hold",
        {"reason": "address", "note": "ward missing"},
    )
    assert held["version"] > order["version"]
    assert (still, free["status"], free["hold"]) == ("on_hold", "confirmed", None)


def test_another_reason_takes_the_place_of_the_first(world):
    order = world.place()
    world.patch(order, hold={"reason": "address"})

    world.patch(order, hold={"reason": "stock"})

    assert world.read(order)["hold"] == {"reason": "stock", "note": None}
    assert world.patch(order, hold=None).json()["status"] == "confirmed"


def test_a_persons_hold_is_not_cleared_by_a_machine(world):
    order = world.place()
    services.hold_order(
        order_id=Order.objects.get().pk,
        reason=HoldReason.FRAUD,
        note="",
        holder="staff:anna",
        expires_at=None,
        actor=SYSTEM,
        now=NOW,
    )

    answer = world.patch(order, hold=None)

    assert (answer.status_code, answer.json()["current_status"]) == (409, "on_hold")
    assert answer.json()["allowed"] == ["confirmed", "cancelled"]
    assert world.read(order)["status"] == "on_hold"


def test_nothing_is_changed_when_one_member_is_refused(world):
    order = world.place()
    allocate(order)

    answer = world.patch(order, note="new", location_id=None)

    assert answer.status_code == 409
    assert world.read(order)["note"] is None
