import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.v1_client import V1


def ids(answer) -> list[str]:
    return [row["id"] for row in answer.json()["data"]]


@pytest.fixture
def three(yard):
    """By GHN with its label asked for, by its own carrier and on the road, and cancelled."""
    first = yard.shipped(yard.order("A"))
    second = yard.shipped(yard.order("B"), carrier_code="self", tracking_number="T2")
    yard.report(second, "picked_up")
    third = yard.shipped(yard.order("C"), carrier_code="other")
    yard.report(third, "cancelled")
    return [first["id"], second["id"], third["id"]]


def test_the_newest_come_first(yard, three):
    assert ids(yard.api.get("/shipments")) == three[::-1]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("status=label_pending", [0]),
        ("status=label_pending,picked_up", [1, 0]),
        ("status=cancelled", [2]),
        ("status=created", []),
        ("carrier_code=ghn", [0]),
        ("carrier_code=self,other", [2, 1]),
        ("tracking_number=T2", [1]),
        ("created_at_from=2000-01-01T00:00:00Z", [2, 1, 0]),
        ("created_at_to=2000-01-01T00:00:00Z", []),
        ("updated_at_from=2000-01-01T00:00:00Z&sort=created_at", [0, 1, 2]),
        ("updated_at_to=2000-01-01T00:00:00Z", []),
        ("order_id=nothing", []),
        ("location_id=nothing", []),
    ],
)
def test_filters_leave_what_fits(yard, three, query, places):
    assert ids(yard.api.get(f"/shipments?{query}")) == [three[place] for place in places]


def test_shipments_of_one_order_and_location(yard, three):
    first = yard.api.get(f"/shipments/{three[0]}").json()

    of_order = yard.api.get(f"/shipments?order_id={first['order_id']}")
    of_location = yard.api.get(f"/shipments?location_id={first['location_id']}")

    assert ids(of_order) == [three[0]]
    assert ids(of_location) == three[::-1]


@pytest.mark.parametrize("query", ["status=flying", "carrier_code=dhl", "colour=red", "limit=0"])
def test_a_bad_parameter_is_refused(yard, query):
    answer = yard.api.get(f"/shipments?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_pages_follow_each_other(yard, three):
    first = yard.api.get("/shipments?limit=2")
    cursor = first.json()["page"]["next_cursor"]

    second = yard.api.get(f"/shipments?limit=2&cursor={cursor}")

    assert ids(first) + ids(second) == three[::-1]
    assert second.json()["page"] == {"next_cursor": None, "has_more": False}


def test_planned_boxes_are_no_shipments(yard):
    yard.order()

    assert ids(yard.api.get("/shipments")) == []


def test_another_organizations_shipments_are_not_listed(yard, three):
    stranger = V1(factories.make_organization())

    assert ids(stranger.get("/shipments")) == []


def test_a_page_takes_the_same_queries_however_long(yard, three):
    yard.api.get("/shipments")
    with CaptureQueriesContext(
        connection,
    ) as one:
        yard.api.get("/shipments?limit=1")
    with CaptureQueriesContext(connection) as all_of_them:
        yard.api.get("/shipments")

    assert len(all_of_them) == len(one)
