"""Reasons to refuse packages: contract 9.5."""

import pytest

from fulfillment.models import DenialReason
from tests.api.akinon.caller import Akinon
from tests.factories import make_organization

pytestmark = pytest.mark.django_db

PATHS = ["package-denial-reason/", "packages/package_denial_reason/"]


@pytest.fixture
def api():
    return Akinon(make_organization())


def make_reason(api: Akinon, title: str, **overrides) -> DenialReason:
    reason = DenialReason.objects.create(organization=api.organization, title=title, **overrides)
    reason.refresh_from_db()
    return reason


@pytest.mark.parametrize("path", PATHS)
def test_a_reason_is_made_and_listed_at_both_paths(api, path):
    answer = api.post(path, {"title": "Flooded", "remote_id": "7", "priority": 1})

    made = DenialReason.objects.get(organization=api.organization)
    assert answer.status_code == 201
    assert answer.json()["id"] == made.public_number
    assert {name: answer.json()[name] for name in ("title", "remote_id", "priority")} == {
        "title": "Flooded",
        "remote_id": "7",
        "priority": 1,
    }
    assert answer.json()["is_active"] is True
    for other in PATHS:
        assert api.results(other) == [answer.json()]
        assert api.get(f"{other}{made.public_number}/").json() == answer.json()


def test_what_is_not_told_is_null(api):
    answer = api.post(PATHS[0], {"title": "Flooded", "remote_id": None})

    assert (answer.json()["remote_id"], answer.json()["priority"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "field", "text", "code"),
    [
        ({}, "title", "This field is required.", "required"),
        ({"title": ""}, "title", "This field may not be blank.", "blank"),
        (
            {"title": "x" * 256},
            "title",
            "Ensure this field has no more than 255 characters.",
            "max_length",
        ),
        (
            {"title": "x", "priority": -1},
            "priority",
            "Ensure this value is greater than or equal to 0.",
            "min_value",
        ),
        (
            {"title": "x", "remote_id": "9" * 101},
            "remote_id",
            "Ensure this field has no more than 100 characters.",
            "max_length",
        ),
    ],
)
def test_fields_are_checked(api, body, field, text, code):
    answer = api.post(PATHS[0], body)

    assert answer.status_code == 400
    assert answer.json() == {field: [text], "code": code}
    assert not DenialReason.objects.exists()


def test_a_title_is_unique_within_an_organization(api):
    make_reason(api, "Flooded")
    other = Akinon(make_organization())

    again = api.post(PATHS[0], {"title": "Flooded"})
    elsewhere = other.post(PATHS[0], {"title": "Flooded"})

    assert again.status_code == 400
    assert again.json() == {
        "title": ["A denial reason with this title exists already."],
        "code": "unique",
    }
    assert elsewhere.status_code == 201


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Flooded", "Too busy"]),
        ("is_active=True", ["Flooded"]),
        ("is_active=false", ["Too busy"]),
        ("title=flood", ["Flooded"]),
        ("priority=2", ["Too busy"]),
        ("remote_id=7", ["Flooded"]),
        ("sort=-title", ["Too busy", "Flooded"]),
        ("limit=1&page=2", ["Too busy"]),
    ],
)
def test_reasons_are_found(api, query, titles):
    make_reason(api, "Flooded", remote_id="7", priority=1)
    make_reason(api, "Too busy", priority=2, is_active=False)

    rows = api.results(f"{PATHS[1]}?{query}")

    assert [row["title"] for row in rows] == titles


def test_somebody_elses_reasons_are_not_there(api):
    reason = make_reason(api, "Flooded")
    stranger = Akinon(make_organization())

    assert stranger.results(PATHS[0]) == []
    assert stranger.get(f"{PATHS[0]}{reason.public_number}/").status_code == 404


def test_who_may_only_read_makes_none(api):
    reader = Akinon(api.organization, scopes=["shipments:read"])

    answer = reader.post(PATHS[0], {"title": "Flooded"})

    assert answer.status_code == 403
    assert not DenialReason.objects.exists()
