"""GET /locations."""

import pytest

from oms.api.v1.locations.mapping import TYPE_OUT, location_id
from oms.locations.choices import PointType
from tests.factories import make_point
from tests.v1_client import V1


def test_every_type_has_a_word():
    assert set(TYPE_OUT) == set(PointType)


def test_shows_a_location(v1, point, place):
    answer = v1.get(f"/locations/{place}")

    assert answer.json() == {
        "id": place,
        "code": "HCM",
        "name": point.name,
        "type": "warehouse",
        "address": {
            "full_name": point.name,
            "line1": "1 Dock Road",
            "ward": "Bến Nghé",
            "province": "Hồ Chí Minh",
            "country": "VN",
        },
        "active": True,
    }


def test_a_city_within_a_state_stands_where_its_district_would(v1, point):
    point.city, point.state = "Austin", "TX"
    point.save()

    [told] = v1.get("/locations").json()["data"]

    assert (told["address"]["district"], told["address"]["province"]) == ("Austin", "TX")


def test_lists_locations_closed_ones_too(v1, point):
    store = make_point(organization=point.organization, type=PointType.STORE, is_active=False)
    make_point()

    answer = v1.get("/locations?sort=created_at")

    assert [(each["code"], each["type"], each["active"]) for each in answer.json()["data"]] == [
        ("HCM", "warehouse", True),
        (store.code, "store", False),
    ]


@pytest.mark.parametrize("text", ["HCM", "loc_", "loc_0", "ord_01K9GZ1QK8EZ0V8Y4T2M6N3P5R"])
def test_what_is_no_location_does_not_exist(v1, text):
    assert v1.get(f"/locations/{text}").status_code == 404


def test_anothers_location_does_not_exist(v1):
    theirs = location_id(make_point().public_id)

    assert v1.get(f"/locations/{theirs}").status_code == 404


def test_who_serves_a_point_sees_that_one(point, place):
    other = make_point(organization=point.organization)
    served = V1(point.organization, point=other)

    codes = [each["code"] for each in served.get("/locations").json()["data"]]

    assert codes == [other.code]
    assert served.get(f"/locations/{place}").status_code == 404
