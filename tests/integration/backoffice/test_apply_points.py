"""Points of a world file are told of as those that come another way (docs/adr/0027)."""

import pytest

from oms.backoffice.world import apply_world
from oms.events.models import Event
from oms.locations.models import FulfillmentPoint
from tests.factories import NOW
from tests.integration.backoffice.builders import WORLD, apply, write

pytestmark = pytest.mark.django_db

POINT = "fulfillment_points:\n  - {code: WH-1, organization: '1001', "
CALENDAR = '{hours: {"1": [["09:00", "18:00"]]}, closed_days: []}'


def told() -> list[tuple[str, object, str]]:
    events = Event.objects.filter(type__startswith="point.").order_by("pk")
    return [(event.type, event.data.get("changed"), event.actor) for event in events]


def test_a_new_point_is_told_once(tmp_path):
    apply(tmp_path, WORLD)

    point, event = FulfillmentPoint.objects.get(), Event.objects.get(type__startswith="point.")
    assert (event.type, event.data) == (
        "point.created",
        {"point": "WH-1", "point_id": point.pk},
    )
    assert (event.subject_id, event.point_ref, event.organization_id) == (
        point.pk,
        point.pk,
        point.organization_id,
    )
    assert event.occurred_at == NOW


def test_a_file_that_changes_nothing_tells_nothing(tmp_path):
    apply(tmp_path, WORLD)

    apply(tmp_path, WORLD)

    assert told() == [("point.created", None, "world:apply")]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("priority: 20}", ["priority"]),
        ("priority: 10, address: {city: Jurong}, tags: [cold]}", ["city", "tags"]),
        (f"calendar: {CALENDAR}}}", ["calendar"]),
        (f"is_active: false, calendar: {CALENDAR}}}", ["calendar", "is_active"]),
    ],
)
def test_a_change_is_one_fact_that_names_what_is_different(tmp_path, said, names):
    apply(tmp_path, WORLD)

    apply(tmp_path, POINT + said)

    assert told()[1:] == [("point.updated", names, "world:apply")]


def test_a_new_point_with_a_calendar_is_one_fact(tmp_path):
    more = POINT.replace("WH-1", "WH-2") + f"name: Two, calendar: {CALENDAR}}}"

    apply(tmp_path, WORLD, more)

    assert [kind for kind, *_ in told()] == ["point.created", "point.created"]


def test_a_dry_run_tells_nothing(tmp_path):
    apply_world(paths=[write(tmp_path / "world.yaml", WORLD)], now=NOW, dry_run=True)

    assert told() == []
