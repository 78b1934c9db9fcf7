import pytest

from fulfillment import services as fulfillment
from oms.kernel.actors import SYSTEM
from oms.orders.models import Order
from tests import factories
from tests.factories import NOW
from tests.integration.v1.orders.world import vnd
from tests.v1_client import V1


def numbers(world, query=""):
    answer = world.api.get(f"/orders{query}")
    assert answer.status_code == 200, answer.content
    return [row["external_id"] for row in answer.json()["data"]]


def test_a_list_shows_orders_as_they_are_read_alone(world):
    first, second = world.place("A"), world.place("B")

    listed = world.api.get("/orders?sort=created_at").json()

    assert listed == {
        "data": [world.read(first), world.read(second)],
        "page": {"next_cursor": None, "has_more": False},
    }


def test_pages_follow_each_other(world):
    for number in "ABC":
        world.place(number)

    first = world.api.get("/orders?limit=2").json()
    rest = world.api.get(f"/orders?limit=2&cursor={first['page']['next_cursor']}").json()

    found = [row["external_id"] for row in first["data"] + rest["data"]]
    assert (found, rest["page"]["has_more"]) == (["C", "B", "A"], False)


FILTERS = [
    ("external_id=A", ["A"]),
    ("channel=WEB", ["B", "A"]),
    ("channel=pos", []),
    ("payment_status=paid", ["B"]),
    ("tag=vip", ["A"]),
    ("sku=CAP-01", ["B"]),
    ("sku=NO-SUCH", []),
    ("status=pending", ["A"]),
    ("status=pending,confirmed", ["B", "A"]),
    ("customer_id=cus_01JD7ZZZZZZZZZZZZZZZZZZZZZ", []),
    ("customer_id=nonsense", []),
    ("created_at_from=2020-01-01T00:00:00Z&created_at_to=2021-01-01T00:00:00Z", []),
    ("updated_at_from=2020-01-01T00:00:00Z&sort=updated_at", ["A", "B"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters_leave_what_fits(world, query, expected):
    factories.make_sku(organization=world.organization, code="CAP-01")
    world.place("A", tags=["vip"], payment_method="card")
    world.place(
        "B",
        payment_status="paid",
        lines=[{"sku": "CAP-01", "quantity": 1, "unit_price": vnd("1")}],
    )

    assert numbers(world, f"?{query}") == expected


@pytest.mark.parametrize(
    "query", ["status=lost", "payment_status=maybe", "colour=red", "created_at_from=now", "limit=0"]
)
def test_bad_parameters_are_refused(world, query):
    answer = world.api.get(f"/orders?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_every_status_is_found_under_its_own_word(world):
    held, allocated, cancelled = (world.place(number) for number in ("H", "A", "C"))
    world.place("P", payment_method="card")
    world.place("W")
    world.patch(held, hold={"reason": "other"})
    row = Order.objects.get(external_id="A")
    fulfillment.allocate_orders(order_ids=[row.pk], actor=SYSTEM, now=NOW)
    world.api.post(f"/orders/{cancelled['id']}/cancel", {"reason": "fraud"})

    found = {
        word: numbers(world, f"?status={word}")
        for word in ("pending", "confirmed", "on_hold", "allocated", "processing",
                     "partially_shipped", "shipped", "delivered", "completed", "cancelled",
                     "returned")
    }  # fmt: skip

    assert {word: rows for word, rows in found.items() if rows} == {
        "pending": ["P"],
        "confirmed": ["W"],
        "on_hold": ["H"],
        "allocated": ["A"],
        "cancelled": ["C"],
    }
    assert world.read(allocated)["status"] == "allocated"


def test_another_organizations_order_does_not_exist(world):
    order = world.place()
    stranger = V1(factories.make_organization())

    paths = [f"/orders/{order['id']}", f"/orders/{order['id']}/cancellation-requests"]

    assert [stranger.get(path).status_code for path in paths] == [404, 404]
    assert stranger.patch(paths[0], {"note": "x"}).status_code == 404
    assert stranger.post(f"{paths[0]}/cancel", {"reason": "other"}).status_code == 404
    assert stranger.get("/orders").json()["data"] == []


@pytest.mark.parametrize("text", ["ord_1", "nonsense", "ORD_01JD7ZZZZZZZZZZZZZZZZZZZZZ"])
def test_what_is_no_id_is_not_found(world, text):
    assert world.api.get(f"/orders/{text}").status_code == 404


def test_a_page_costs_the_same_however_many_orders_it_shows(world, django_assert_max_num_queries):
    for number in range(6):
        world.place(f"N{number}")
    world.api.get("/orders?limit=1")

    with django_assert_max_num_queries(12):
        found = numbers(world)

    assert len(found) == 6
