"""PUT /inventory/bulk."""

import json

import pytest

from oms.api.v1.locations.mapping import location_id
from oms.events.models import Event
from oms.inventory.models import StockLevel, StockMovement
from tests.factories import level_of, make_point, make_sku
from tests.integration.v1.inventory.builders import codes_of
from tests.statements import count_statements

NDJSON = {"Content-Type": "application/x-ndjson"}
PATH = "/inventory/bulk"


def row(sku, place, on_hand, **members):
    return {"sku": sku.code, "location_id": place, "on_hand": on_hand, **members}


def body_of(*rows, **members):
    return {"levels": list(rows), "reason": "sync", **members}


def lines_of(*rows):
    return "\n".join(json.dumps(each) for each in rows).encode()


def counts_of(answer):
    told = answer.json()
    return [told[name] for name in ("received", "changed", "unchanged", "failed")]


@pytest.fixture
def second(point):
    return make_point(organization=point.organization)


def test_sets_levels_at_several_locations(v1, point, tee, place, second):
    other = location_id(second.public_id)
    cap = make_sku(point=point)

    answer = v1.put(
        PATH, body_of(row(tee, place, 41), row(cap, other, 3, safety_stock=1), reference="R-1")
    )

    assert (answer.status_code, counts_of(answer)) == (200, [2, 2, 0, 0])
    assert level_of(point, tee).on_hand == 41
    assert (level_of(second, cap).on_hand, level_of(second, cap).safety) == (3, 1)
    written = StockMovement.objects.filter(reason="SYNC", reference="R-1")
    assert written.count() == 2
    assert Event.objects.filter(type="stock.counted", cause__startswith="count ").count() == 2


def test_writes_only_what_differs(v1, tee, place):
    before = StockMovement.objects.count()

    answer = v1.put(PATH, body_of(row(tee, place, 40)))

    assert counts_of(answer) == [1, 0, 1, 0]
    assert StockMovement.objects.count() == before


def test_names_the_rows_it_could_not_place(v1, tee, place):
    theirs = location_id(make_point().public_id)
    rows = [
        row(tee, place, 41),
        {"sku": "NO", "location_id": place, "on_hand": 1},
        row(tee, theirs, 1),
        row(tee, "HCM", 1),
    ]

    answer = v1.put(PATH, body_of(*rows))

    assert counts_of(answer) == [4, 1, 0, 3]
    assert answer.json()["failures"] == [
        {"index": 1, "sku": "NO", "location_id": place, "code": "unknown_sku"},
        {"index": 2, "sku": tee.code, "location_id": theirs, "code": "unknown_location"},
        {"index": 3, "sku": tee.code, "location_id": "HCM", "code": "unknown_location"},
    ]


def test_the_last_row_of_a_level_counts(v1, point, tee, place):
    answer = v1.put(PATH, body_of(row(tee, place, 1), row(tee, place, 2)))

    assert counts_of(answer) == [2, 1, 1, 0]
    assert level_of(point, tee).on_hand == 2


def test_reads_a_level_a_line(v1, point, tee, place):
    body = lines_of(row(tee, place, 7)) + b"\n\n"

    answer = v1.put(f"{PATH}?reason=correction&reference=R-2", body=body, headers=NDJSON)

    assert counts_of(answer) == [1, 1, 0, 0]
    written = StockMovement.objects.latest("pk")
    assert (written.reason, written.reference, written.on_hand_delta) == (
        "CORRECTION",
        "R-2",
        -33,
    )


def test_lines_without_a_reason_are_a_synchronisation(v1, tee, place):
    v1.put(PATH, body=lines_of(row(tee, place, 7)), headers=NDJSON)

    assert StockMovement.objects.latest("pk").reason == "SYNC"


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"),
    [
        ({"on_hand": -1}, 422, "/levels/1/on_hand", "out_of_range"),
        ({"on_hand": 1_000_000_001}, 422, "/levels/1/on_hand", "out_of_range"),
        ({"on_hand": "1"}, 422, "/levels/1/on_hand", "invalid_type"),
        ({"on_hand": True}, 422, "/levels/1/on_hand", "invalid_type"),
        ({"safety_stock": None}, 422, "/levels/1/safety_stock", "invalid_type"),
        ({"sku": ""}, 422, "/levels/1/sku", "out_of_range"),
        ({"sku": "x" * 129}, 422, "/levels/1/sku", "too_long"),
        ({"sku": "a\0"}, 422, "/levels/1/sku", "invalid_format"),
        ({"a/b": 1}, 400, "/levels/1/a~1b", "unknown_field"),
    ],
)
def test_a_row_that_cannot_be_refuses_the_call(
    v1, point, tee, place, change, status, pointer, code
):
    rows = [row(tee, place, 1), row(tee, place, 1) | change]

    answer = v1.put(PATH, body_of(*rows))

    assert (answer.status_code, codes_of(answer)) == (status, [(pointer, code)])
    assert level_of(point, tee).on_hand == 40


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"reason": "whim"}, "/reason", "unknown_value"),
        ({"reference": "x" * 129}, "/reference", "too_long"),
        ({"levels": []}, "/levels", "out_of_range"),
    ],
)
def test_refuses_bodies_that_cannot_be(v1, tee, place, change, pointer, code):
    answer = v1.put(PATH, body_of(row(tee, place, 1)) | change)

    assert (answer.status_code, codes_of(answer)) == (422, [(pointer, code)])


def test_a_line_that_cannot_be_is_named(v1, point, tee, place):
    body = lines_of(row(tee, place, 1), {"sku": tee.code, "on_hand": 1})

    answer = v1.put(PATH, body=body, headers=NDJSON)

    assert (answer.status_code, codes_of(answer)) == (422, [("/1/location_id", "required")])
    assert level_of(point, tee).on_hand == 40


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "malformed_json"),
        (b"{}\nno", NDJSON, 422, "validation_failed"),
        (b"no", NDJSON, 400, "malformed_json"),
        (b"\n", NDJSON, 422, "validation_failed"),
        (b"x", {"Content-Type": "text/csv"}, 415, "unsupported_media_type"),
        (b" " * (5 * 1024 * 1024 + 1), {}, 413, "payload_too_large"),
    ],
)
def test_refuses_what_it_cannot_read(v1, tee, body, headers, status, code):
    answer = v1.put(PATH, body=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_query_says_why_only_where_the_body_cannot(v1, tee, place):
    answers = [
        v1.put(f"{PATH}?reason=sync", body_of(row(tee, place, 1))),
        v1.put(f"{PATH}?reason=whim", body=lines_of(row(tee, place, 1)), headers=NDJSON),
    ]

    assert [answer.json()["code"] for answer in answers] == ["invalid_parameter"] * 2


@pytest.mark.parametrize("form", ["json", "lines"])
def test_more_than_five_thousand_levels_are_too_many(v1, tee, place, form):
    rows = [row(tee, place, 1)] * 5_001
    body, headers = (
        (lines_of(*rows), NDJSON) if form == "lines" else (json.dumps(body_of(*rows)).encode(), {})
    )

    answer = v1.put(PATH, body=body, headers=headers)

    pointer = "" if form == "lines" else "/levels"
    assert (answer.status_code, codes_of(answer)) == (422, [(pointer, "too_many")])


def test_the_work_does_not_grow_with_the_rows(v1, point, place):
    skus = [make_sku(point=point) for _ in range(50)]
    v1.put(PATH, body_of(row(skus[0], place, 1)))
    with count_statements() as one:
        v1.put(PATH, body_of(row(skus[0], place, 2)))
    with count_statements() as fifty:
        v1.put(PATH, body_of(*(row(sku, place, 3) for sku in skus)))

    assert len(fifty) == len(one)
    assert StockLevel.objects.filter(on_hand=3).count() == 50
