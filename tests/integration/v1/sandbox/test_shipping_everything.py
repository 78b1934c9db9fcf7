"""`/v1/sandbox/ship-everything`."""

from django.utils import timezone

from fulfillment import services
from oms.kernel.actors import SYSTEM
from tests.integration.v1.orders.world import codes, make_world, vnd

PLAIN = {"payment_method": "bank_transfer"}


def ship(world, **body):
    answer = world.api.post("/sandbox/ship-everything", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_says_what_cannot_be_served_and_why(world):
    held, unpaid = world.place("HELD"), world.place("UNPAID", **PLAIN)
    lines = [{"sku": world.sku.code, "quantity": 99, "unit_price": vnd("1000")}]
    short = world.place("SHORT", lines=lines)
    served = world.place("SERVED")
    world.patch(held, hold={"reason": "fraud_check", "note": ""})

    done = ship(world)

    assert done["orders"] == 1
    assert done["remaining"] == 0
    assert {each["order_id"]: each["reason"] for each in done["not_served"]} == {
        held["id"]: "on_hold",
        unpaid["id"]: "unpaid",
        short["id"]: "not_allocated",
    }
    assert world.read(served)["status"] == "delivered"
    assert [world.read(each)["status"] for each in (held, unpaid, short)] == [
        "on_hold",
        "pending",
        "confirmed",
    ]


def test_a_second_call_has_nothing_left_to_do(world):
    world.place()
    ship(world)

    again = ship(world)

    assert again["orders"] == 0
    assert again["shipments_created"] == 0
    assert again["remaining"] == 0


def test_goes_on_with_shipments_that_were_begun(world):
    order = world.place()
    services.allocate_due(now=timezone.now())
    lines = [{"order_line_id": order["lines"][0]["id"], "quantity": 1}]
    begun = world.api.post(
        "/shipments", {"order_id": order["id"], "carrier_code": "ghn", "lines": lines}
    )
    services.fetch_due_labels(now=timezone.now())

    done = ship(world, until="shipped")

    first = world.api.get(f"/shipments/{begun.json()['id']}").json()
    assert done["shipments_created"] == 1
    assert done["shipments_picked_up"] == 2
    assert first["status"] == "picked_up"
    assert first["label"]["status"] == "ready"
    assert world.read(order)["status"] == "shipped"


def test_leaves_other_organizations_alone(world):
    other = make_world()
    order = other.place()

    ship(world)

    assert other.read(order)["version"] == order["version"]


def test_is_bounded_and_says_what_is_left(world):
    for number in range(3):
        lines = [{"sku": world.sku.code, "quantity": 1, "unit_price": vnd("1000")}]
        world.place(f"WEB-{number}", lines=lines)

    rounds = [
        services.ship_everything(
            organization_id=world.organization.pk,
            is_delivered=True,
            actor=SYSTEM,
            now=timezone.now(),
            limit=2,
        )
        for _ in range(2)
    ]

    assert [(each.orders, each.remaining) for each in rounds] == [(2, 1), (1, 0)]


def test_refuses_other_words(world):
    answer = world.api.post("/sandbox/ship-everything", {"until": "lost"})

    assert answer.status_code == 422
    assert codes(answer) == [("/until", "unknown_value")]
