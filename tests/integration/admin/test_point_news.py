"""What staff make and change of points is told of, once a change."""

import pytest
from django.urls import reverse

from oms.backoffice.formats import page_url
from oms.events.models import Event
from oms.locations.models import CarrierCutOff, FulfillmentPoint
from tests import backoffice_builders as build
from tests.integration.admin.forms import posted_back


@pytest.fixture
def point(db):
    return build.make_point(build.make_channel(), code="N1")


def told() -> list[tuple[str, object, str]]:
    events = Event.objects.filter(subject_type="point").order_by("pk")
    return [(event.type, event.data.get("changed"), event.actor) for event in events]


def edit(browser, point, **changes):
    page = page_url(point)
    said = posted_back(browser.get(page)) | changes
    response = browser.post(page, said)
    assert response.status_code == 302, response.context["errors"]


def test_a_point_that_is_saved_as_it_was_tells_nothing(point, root):
    edit(root, point)

    assert told() == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"name": "North", "priority": "3"}, ["name", "priority"]),
        ({"opening_hours": "Mon 09:00-18:00", "closed_days": "2026-12-25"}, ["calendar"]),
        (
            {
                "cut_offs-TOTAL_FORMS": "1",
                "cut_offs-0-carrier": "J&T",
                "cut_offs-0-time_of_day": "17:00",
                "cut_offs-0-weekdays": ["1", "2"],
            },
            ["cut_offs"],
        ),
    ],
)
def test_a_change_is_one_fact_that_names_what_is_different(point, root, changes, names):
    edit(root, point, **changes)

    [(kind, changed, actor)] = told()
    assert (kind, changed) == ("point.updated", names)
    assert actor.startswith("staff:")


def test_a_new_point_is_told_once(point, root):
    page = reverse("admin:locations_fulfillmentpoint_add")
    said = posted_back(root.get(page))
    cut_off = {
        "cut_offs-TOTAL_FORMS": "1",
        "cut_offs-0-carrier": "J&T",
        "cut_offs-0-time_of_day": "17:00",
        "cut_offs-0-weekdays": ["1"],
    }

    root.post(
        page, said | cut_off | {"organization": point.organization_id, "code": "N2", "name": "Two"}
    )

    made = FulfillmentPoint.objects.get(code="N2")
    event = Event.objects.get(subject_type="point")
    assert (event.type, event.subject_id) == ("point.created", made.pk)
    assert CarrierCutOff.objects.get().point == made


def test_what_is_refused_is_not_told(point, root):
    page = page_url(point)

    response = root.post(page, posted_back(root.get(page)) | {"latitude": "1.5", "longitude": ""})

    assert response.status_code == 200
    assert told() == []
