"""GET /inventory, GET /inventory/{sku} and availability checks."""

import datetime as dt

import pytest

from oms.api.v1.locations.mapping import location_id
from oms.api.v1.road.fields import moment
from oms.inventory.models import StockLevel
from oms.inventory.services import StockCount, count_stock
from oms.kernel.actors import SYSTEM
from tests.factories import NOW, count_units, level_of, make_point, make_sku
from tests.integration.v1.inventory.builders import codes_of, reserve
from tests.statements import count_statements
from tests.v1_client import NO_KEY, V1


@pytest.fixture
def second(point):
    return make_point(organization=point.organization)


def skus_of(answer):
    return [level["sku"] for level in answer.json()["data"]]


def test_shows_a_level_as_it_is(v1, point, tee, place):
    count = StockCount(sku_id=tee.pk, on_hand=40, safety=2, unavailable=3, incoming=10)
    count_stock(point=point, counts=[count], actor=SYSTEM, now=NOW, cause="count")
    reserve(point, tee, 5)

    answer = v1.get("/inventory/TEE-RED-M")

    level = level_of(point, tee)
    assert answer.json() == {
        "sku": "TEE-RED-M",
        "totals": {
            "on_hand": 40,
            "reserved": 5,
            "unavailable": 3,
            "incoming": 10,
            "available": 33,
        },
        "levels": [
            {
                "sku": "TEE-RED-M",
                "location_id": place,
                "on_hand": 40,
                "reserved": 5,
                "unavailable": 3,
                "incoming": 10,
                "safety_stock": 2,
                "available": 33,
                "version": 3,
                "updated_at": moment(level.updated_at),
            }
        ],
    }


def test_a_debt_shows_as_nothing_available_and_takes_from_no_other_level(v1, point, tee, second):
    count_units(point=second, sku=tee, on_hand=4)
    reserve(point, tee, 40)
    count_units(point=point, sku=tee, on_hand=10)

    answer = v1.get("/inventory/TEE-RED-M").json()

    assert [level["available"] for level in answer["levels"]] == [0, 4]
    assert answer["totals"]["available"] == 4


def test_a_sku_without_levels_has_nothing(v1, point):
    make_sku(point=point, code="NEW")

    answer = v1.get("/inventory/NEW")

    assert answer.json()["levels"] == []
    assert set(answer.json()["totals"].values()) == {0}


@pytest.mark.parametrize("code", ["A/B", "a b", "100%", "Ä-1", "x/locations/y/z", "q?x=1#y"])
def test_any_code_can_stand_in_the_path(v1, point, code):
    from urllib.parse import quote

    make_sku(point=point, on_hand=1, code=code)

    answer = v1.get(f"/inventory/{quote(code, safe='')}")

    assert answer.json()["sku"] == code


def test_another_organizations_sku_does_not_exist(v1, tee):
    elsewhere = make_sku(code="THEIRS")

    answers = [v1.get("/inventory/THEIRS"), v1.get("/inventory/NOBODYS")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert elsewhere.organization_id != tee.organization_id


def test_lists_levels_newest_first(v1, point, tee):
    cap = make_sku(point=point, on_hand=1)

    answer = v1.get("/inventory")

    assert skus_of(answer) == [cap.code, tee.code]
    assert answer.json()["page"] == {"next_cursor": None, "has_more": False}


def test_walks_a_list(v1, point, tee):
    others = [make_sku(point=point, on_hand=1).code for _ in range(4)]
    seen, cursor = [], ""
    while cursor is not None:
        page = v1.get(f"/inventory?limit=2&sort=created_at{cursor and '&cursor='}{cursor}")
        seen += skus_of(page)
        cursor = page.json()["page"]["next_cursor"]

    assert seen == [tee.code, *others]


def test_lists_by_the_time_of_the_last_change(v1, point, tee):
    cap = make_sku(point=point, on_hand=1)
    count_units(point=point, sku=tee, on_hand=41, now=NOW + dt.timedelta(days=400))

    answer = v1.get("/inventory?sort=-updated_at&limit=1")

    assert skus_of(answer) == [tee.code]
    cursor = answer.json()["page"]["next_cursor"]
    assert skus_of(v1.get(f"/inventory?sort=-updated_at&limit=1&cursor={cursor}")) == [cap.code]


def test_finds_levels(v1, point, tee, second, place):
    cap, hat = make_sku(point=point, on_hand=2), make_sku(point=second, on_hand=9)
    StockLevel.objects.filter(sku=hat).update(updated_at=NOW + dt.timedelta(days=400))

    found = {
        query: sorted(skus_of(v1.get(f"/inventory?{query}")))
        for query in (
            f"sku={tee.code},{hat.code}",
            f"location_id={place}",
            f"updated_at_from={moment(NOW + dt.timedelta(days=399))}",
            "below_available=3",
            "below_available=0",
            "sku=NOBODYS",
        )
    }

    assert list(found.values()) == [
        sorted([tee.code, hat.code]),
        sorted([tee.code, cap.code]),
        [hat.code],
        [cap.code],
        [],
        [],
    ]


@pytest.mark.parametrize(
    "query",
    [
        "sku=" + ",".join(["X"] * 101),
        "location_id=HCM",
        "below_available=-1",
        "below_available=many",
        "updated_at_from=yesterday",
        "warehouse=1",
        "sort=sku",
        "limit=201",
    ],
)
def test_refuses_parameters_it_does_not_know(v1, query):
    answer = v1.get(f"/inventory?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_a_foreign_location_has_no_levels(v1, tee):
    theirs = location_id(make_point().public_id)

    assert skus_of(v1.get(f"/inventory?location_id={theirs}")) == []


def test_who_serves_a_point_sees_that_one(point, tee, second):
    make_sku(point=second, on_hand=1)
    count_units(point=second, sku=tee, on_hand=7)

    served = V1(point.organization, point=second)

    assert {level["on_hand"] for level in served.get("/inventory").json()["data"]} == {1, 7}
    assert served.get("/inventory/TEE-RED-M").json()["totals"]["on_hand"] == 7


def test_the_work_does_not_grow_with_the_page(v1, point, tee):
    v1.get("/inventory")
    with count_statements() as one:
        v1.get("/inventory")
    for _ in range(9):
        make_sku(point=point, on_hand=1)
    with count_statements() as ten:
        assert len(v1.get("/inventory").json()["data"]) == 10

    assert len(ten) == len(one)


def test_checks_what_could_be_had_at_a_location(v1, point, tee, place):
    make_sku(point=point, code="CAP-01")
    items = [{"sku": "TEE-RED-M", "quantity": 2}, {"sku": "CAP-01", "quantity": 1}]

    answer = v1.post(
        "/inventory/availability-checks", {"location_id": place, "items": items}, key=NO_KEY
    )

    assert answer.json() == {
        "all_available": False,
        "items": [
            {"sku": "TEE-RED-M", "requested": 2, "available": 40, "sufficient": True},
            {"sku": "CAP-01", "requested": 1, "available": 0, "sufficient": False},
        ],
    }


def test_checks_all_open_locations_together(v1, point, tee, second):
    closed = make_point(organization=point.organization, is_active=False)
    for other in (second, closed):
        count_units(point=other, sku=tee, on_hand=5)

    answer = v1.post(
        "/inventory/availability-checks", {"items": [{"sku": tee.code, "quantity": 45}]}
    )

    assert answer.json()["items"][0] == {
        "sku": tee.code,
        "requested": 45,
        "available": 45,
        "sufficient": True,
    }


def test_items_of_one_sku_add_up(v1, tee):
    items = [{"sku": tee.code, "quantity": 30}, {"sku": tee.code, "quantity": 11}]

    answer = v1.post("/inventory/availability-checks", {"items": items})

    assert [item["sufficient"] for item in answer.json()["items"]] == [True, False]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"items": [{"sku": "NO", "quantity": 1}]}, "unknown_sku", "/items/0/sku"),
        (
            {"location_id": "loc_x", "items": [{"sku": "TEE-RED-M", "quantity": 1}]},
            "unknown_location",
            "/location_id",
        ),
        ({"items": [{"sku": "X", "quantity": 0}]}, "validation_failed", "/items/0/quantity"),
        ({"items": [{"sku": "X", "quantity": "1"}]}, "validation_failed", "/items/0/quantity"),
        ({"items": []}, "validation_failed", "/items"),
        ({"items": [{"sku": "X", "quantity": 1}] * 201}, "validation_failed", "/items"),
    ],
)
def test_refuses_checks_of_nothing_known(v1, tee, body, code, pointer):
    answer = v1.post("/inventory/availability-checks", body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [at for at, _ in codes_of(answer)] == [pointer]


@pytest.mark.parametrize("path", ["/inventory", "/inventory/TEE-RED-M", "/locations"])
def test_needs_the_scope_to_read(point, tee, path):
    answer = V1(point.organization, scopes=["orders:read"]).get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
