"""PUT of a level, and adjustments."""

import pytest

from oms.api.v1.inventory.mapping import REASON_IN, REASON_OUT
from oms.api.v1.locations.mapping import location_id
from oms.api.v1.road.fields import moment
from oms.events.models import Event
from oms.inventory.choices import StockReason
from oms.inventory.models import StockAdjustment, StockLevel, StockMovement
from tests.factories import level_of, make_point, make_sku
from tests.integration.v1.inventory.builders import codes_of, reserve
from tests.v1_client import V1


@pytest.fixture
def path(tee, place):
    return f"/inventory/{tee.code}/locations/{place}"


def count_of(on_hand, **members):
    return {"on_hand": on_hand, "reason": "cycle_count", **members}


def adjustment_of(*items, **members):
    return {"reason": "received", "reference": "PO-77", "items": list(items), **members}


def item(sku, place, delta):
    return {"sku": sku.code, "location_id": place, "delta": delta}


def newest_movement():
    return StockMovement.objects.latest("pk")


def test_every_reason_has_a_word():
    assert set(REASON_OUT) == set(StockReason)
    assert len(REASON_IN) == len(REASON_OUT)


def test_sets_a_level_and_says_why_in_the_ledger(v1, path, tee, place):
    body = count_of(42, expected_version=1, reference="CC-2026-11-20", safety_stock=2)

    answer = v1.put(path, body)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"v2"')
    told = answer.json()
    assert (told["on_hand"], told["safety_stock"], told["available"]) == (42, 2, 40)
    assert (told["sku"], told["location_id"], told["version"]) == (tee.code, place, 2)
    row = newest_movement()
    assert (row.kind, row.on_hand_delta, row.reason, row.reference) == (
        "COUNT",
        2,
        "CYCLE_COUNT",
        "CC-2026-11-20",
    )
    assert row.actor.startswith("client:")
    assert row.cause == f"count {answer.headers['X-Request-Id']}"


def test_makes_a_level_that_was_not_there(v1, point, place):
    sku = make_sku(point=point, code="A/B")

    answer = v1.put(f"/inventory/A%2FB/locations/{place}", count_of(3))

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert level_of(point, sku).on_hand == 3


def test_what_is_not_said_stays(v1, path):
    v1.put(path, count_of(42, safety_stock=2))

    answer = v1.put(path, count_of(43))

    assert answer.json()["safety_stock"] == 2


def test_the_same_count_again_changes_nothing(v1, path):
    first = v1.put(path, count_of(42))

    second = v1.put(path, count_of(42))

    assert second.json() == first.json()
    assert Event.objects.filter(type="stock.counted", cause__startswith="count req").count() <= 1
    assert StockMovement.objects.filter(reason="CYCLE_COUNT").count() == 1


def test_a_count_below_what_is_reserved_is_the_truth(v1, path, point, tee):
    reserve(point, tee, 5)

    answer = v1.put(path, count_of(3))

    assert answer.status_code == 200
    assert (answer.json()["on_hand"], answer.json()["available"]) == (3, 0)
    event = Event.objects.filter(type="stock.counted").latest("id")
    assert event.data["short_sku_ids"] == [tee.pk]


@pytest.mark.parametrize(
    ("headers", "members"),
    [
        ({}, {"expected_version": 2}),
        ({"If-Match": '"v2"'}, {}),
        ({"If-Match": 'W/"v1"'}, {}),
        ({"If-Match": '"1"'}, {}),
        ({"If-Match": '"v1"'}, {"expected_version": 2}),
        ({"If-Match": '"v2"'}, {"expected_version": 1}),
    ],
)
def test_refuses_a_change_of_a_level_that_moved_on(v1, path, point, tee, headers, members):
    answer = v1.put(path, count_of(1, **members), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
    assert level_of(point, tee).on_hand == 40


@pytest.mark.parametrize(
    ("headers", "members"),
    [
        ({"If-Match": '"v1"'}, {}),
        ({"If-Match": "*"}, {}),
        ({"If-Match": '"v1"'}, {"expected_version": 1}),
    ],
)
def test_changes_a_level_that_is_as_it_was_seen(v1, path, headers, members):
    answer = v1.put(path, count_of(1, **members), headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"on_hand": -1}, "/on_hand", "out_of_range"),
        ({"on_hand": 1_000_000_001}, "/on_hand", "out_of_range"),
        ({"on_hand": 1.5}, "/on_hand", "invalid_type"),
        ({"on_hand": True}, "/on_hand", "invalid_type"),
        ({"safety_stock": -1}, "/safety_stock", "out_of_range"),
        ({"reason": "whim"}, "/reason", "unknown_value"),
        ({"reference": "x" * 129}, "/reference", "too_long"),
    ],
)
def test_refuses_counts_that_cannot_be(v1, path, members, pointer, code):
    answer = v1.put(path, count_of(1) | members)

    assert (answer.status_code, codes_of(answer)) == (422, [(pointer, code)])


def test_refuses_members_nobody_knows(v1, path):
    answer = v1.put(path, count_of(1, incoming=4))

    assert (answer.status_code, codes_of(answer)) == (400, [("/incoming", "unknown_field")])


def test_refuses_a_count_without_a_reason(v1, path):
    answer = v1.put(path, {"on_hand": 1})

    assert (answer.status_code, codes_of(answer)) == (422, [("/reason", "required")])


def test_what_is_not_the_callers_does_not_exist(v1, tee, place):
    elsewhere = make_point()
    their_sku = make_sku(point=elsewhere, on_hand=1)
    theirs = location_id(elsewhere.public_id)

    answers = [
        v1.put(f"/inventory/{tee.code}/locations/{theirs}", count_of(1)),
        v1.put(f"/inventory/{their_sku.code}/locations/{place}", count_of(1)),
        v1.put(f"/inventory/{tee.code}/locations/HCM", count_of(1)),
        v1.put(f"/inventory/NOBODYS/locations/{place}", count_of(1)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert level_of(elsewhere, their_sku).on_hand == 1


def test_who_serves_one_point_counts_no_other(point, tee, place):
    second = make_point(organization=point.organization)
    served = V1(point.organization, point=second)
    served_place = location_id(second.public_id)

    refused = served.put(f"/inventory/{tee.code}/locations/{place}", count_of(1))
    accepted = served.put(f"/inventory/{tee.code}/locations/{served_place}", count_of(1))

    assert (refused.status_code, accepted.status_code) == (404, 200)


@pytest.mark.parametrize("scopes", [["inventory:read"], ["orders:write"]])
def test_needs_the_scope_to_write(point, tee, place, scopes):
    reader = V1(point.organization, scopes=scopes)

    answers = [
        reader.put(f"/inventory/{tee.code}/locations/{place}", count_of(1)),
        reader.post("/inventory/adjustments", adjustment_of(item(tee, place, 1))),
        reader.put("/inventory/bulk", {"levels": [], "reason": "sync"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert level_of(point, tee).on_hand == 40


def test_adjusts_levels(v1, tee, place):
    answer = v1.post("/inventory/adjustments", adjustment_of(item(tee, place, 24)))

    assert answer.status_code == 201
    made = StockAdjustment.objects.get()
    told = answer.json()
    assert told == {
        "id": told["id"],
        "reason": "received",
        "reference": "PO-77",
        "items": [{**item(tee, place, 24), "on_hand_after": 64, "version": 2}],
        "created_at": moment(made.made_at),
    }
    row = newest_movement()
    assert (row.kind, row.reason, row.reference) == ("RECEIPT", "RECEIVED", "PO-77")


def test_an_adjustment_can_be_read_again(v1, point, tee, place):
    made = v1.post("/inventory/adjustments", adjustment_of(item(tee, place, 24)))
    path = made.headers["Location"].removeprefix("/v1")

    answers = [
        v1.get(path),
        V1(make_point().organization).get(path),
        V1(point.organization, point=point).get(path),
        v1.get("/inventory/adjustments/adj_x"),
    ]

    assert answers[0].json() == made.json()
    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]


def test_adjusts_all_or_nothing(v1, point, tee, place):
    cap = make_sku(point=point, on_hand=3, code="CAP-01")
    reserve(point, cap, 1)
    items = [item(tee, place, 1), item(cap, place, -4), item(tee, place, -42)]

    answer = v1.post("/inventory/adjustments", adjustment_of(*items))

    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert [
        (error["pointer"], error["on_hand"], error["available"])
        for error in answer.json()["errors"]
    ] == [("/items/1/delta", 3, 2), ("/items/2/delta", 41, 41)]
    assert [level_of(point, sku).on_hand for sku in (tee, cap)] == [40, 3]
    assert StockAdjustment.objects.exists() is False


def test_an_adjustment_may_leave_less_than_is_reserved(v1, point, tee, place):
    reserve(point, tee, 40)

    answer = v1.post(
        "/inventory/adjustments", adjustment_of(item(tee, place, -1), reason="damaged")
    )

    assert answer.json()["items"][0]["on_hand_after"] == 39
    assert v1.get(f"/inventory/{tee.code}").json()["totals"]["available"] == 0


def test_an_adjustment_that_is_repeated_is_made_once(v1, point, tee, place):
    body = adjustment_of(item(tee, place, 1))

    first = v1.post("/inventory/adjustments", body, key="once")
    second = v1.post("/inventory/adjustments", body, key="once")

    assert second.content == first.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert level_of(point, tee).on_hand == 41


def test_more_than_a_level_holds_is_a_question_of_what_is_there(v1, point, tee, place):
    answer = v1.post("/inventory/adjustments", adjustment_of(item(tee, place, 999_999_999)))

    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")
    assert answer.json()["detail"] == "A level holds at most 1000000000 units"
    assert level_of(point, tee).on_hand == 40


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"sku": "NO"}, 422, "unknown_sku", "/items/1/sku"),
        ({"location_id": "loc_x"}, 422, "unknown_location", "/items/1/location_id"),
        ({"delta": 0}, 422, "validation_failed", "/items/1/delta"),
        ({"delta": 1_000_000_001}, 422, "validation_failed", "/items/1/delta"),
        ({"kind": "x"}, 400, "unknown_field", "/items/1/kind"),
    ],
)
def test_refuses_adjustments_that_cannot_be(v1, point, tee, place, change, status, code, pointer):
    items = [item(tee, place, 1), item(tee, place, 1) | change]

    answer = v1.post("/inventory/adjustments", adjustment_of(*items))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [at for at, _ in codes_of(answer)] == [pointer]
    assert level_of(point, tee).on_hand == 40


@pytest.mark.parametrize("number", [0, 501])
def test_an_adjustment_has_1_to_500_items(v1, tee, place, number):
    items = [item(tee, place, 1)] * number

    answer = v1.post("/inventory/adjustments", adjustment_of(*items))

    assert (answer.status_code, codes_of(answer)[0][0]) == (422, "/items")


def test_five_hundred_items_are_one_adjustment(v1, point, place):
    skus = [make_sku(point=point) for _ in range(500)]

    answer = v1.post(
        "/inventory/adjustments", adjustment_of(*(item(sku, place, 2) for sku in skus))
    )

    assert answer.status_code == 201
    assert len(answer.json()["items"]) == 500
    assert StockLevel.objects.filter(on_hand=2).count() == 500
