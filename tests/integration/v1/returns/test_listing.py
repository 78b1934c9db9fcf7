"""GET /v1/returns."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_organization, make_point
from tests.integration.fulfillment.builders import milestone, pack, packed, routed
from tests.integration.returns.builders import expect, receive
from tests.integration.v1.returns.test_announcing import error_of, loc
from tests.v1_client import V1


@pytest.fixture
def returned(case, announce):
    """Three returns, oldest first."""
    _, second = case.skus
    return [
        announce(external_id="A", tracking_number="T-1").json(),
        announce(external_id="B", type="undelivered").json(),
        announce(external_id="C", units=[{"sku": second.code}]).json(),
    ]


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["external_id"] for row in answer.json()["data"]]


def test_lists_the_newest_first(api, returned):
    answer = api.get("/returns")

    assert answer.json() == {
        "data": returned[::-1],
        "page": {"next_cursor": None, "has_more": False},
    }


def test_walks_by_cursor(api, returned):
    first = api.get("/returns?limit=2&sort=created_at")
    rest = api.get(f"/returns?limit=2&sort=created_at&cursor={first.json()['page']['next_cursor']}")

    assert (names(first), names(rest)) == (["A", "B"], ["C"])
    other = api.get(f"/returns?cursor={first.json()['page']['next_cursor']}")
    assert error_of(other)[:2] == (400, "invalid_cursor")


def test_finds_by_every_filter(api, case, order_id, returned):
    api.post(f"/returns/{returned[0]['id']}/receipts", {"tracking_number": "T-1"})
    moment = returned[1]["created_at"]
    asked = {
        "external_id=B": ["B"],
        "tracking_number=T-1": ["A"],
        "type=undelivered": ["B"],
        "status=received": ["A"],
        "status=expected,closed": ["C", "B"],
        "refund_decision=pending": ["C", "B", "A"],
        f"order_id={order_id}": ["C", "B", "A"],
        "order_id=ord_nobody": [],
        f"location_id={loc(case.point)}": ["C", "B", "A"],
        f"location_id={loc(make_point())}": [],
        f"created_at_from={moment}": ["C", "B"],
        f"updated_at_from={moment}&sort=updated_at": ["B", "C", "A"],
        "created_at_to=2020-01-01T00:00:00Z": [],
    }

    assert {query: names(api.get(f"/returns?{query}")) for query in asked} == asked


@pytest.mark.parametrize(
    "query", ["status=gone", "status=", "type=gift", "colour=red", "created_at_from=now", "limit=0"]
)
def test_refuses_parameters_it_does_not_know(api, query):
    assert error_of(api.get(f"/returns?{query}"))[:2] == (400, "invalid_parameter")


def test_shows_everybody_their_own(case, returned):
    desk = make_point(organization=case.point.organization)

    assert names(V1(case.point.organization, point=case.point).get("/returns")) == ["C", "B", "A"]
    assert names(V1(case.point.organization, channel=case.channel).get("/returns")) == [
        "C",
        "B",
        "A",
    ]
    assert names(V1(case.point.organization, point=desk).get("/returns")) == []
    assert names(V1(make_organization()).get("/returns")) == []


def test_needs_as_many_statements_for_ten_as_for_one(api, case):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            api.get("/returns")
        return len(captured)

    receive(expect(case, 1))
    api.get("/returns")
    one = statements()
    many = routed(point=case.point, quantities=(9,))
    pack(many, packed("PK-2", many.lines, carrier="Own Fleet"))
    milestone(many, "SHIPPED", point_parcel_no="PK-2")
    for _ in range(9):
        expect(many, 1)

    assert statements() == one
