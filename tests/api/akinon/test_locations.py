"""Stock locations and the stock query: contract 8.4, 8.5, 8.7, 12a.6."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment import services as fulfillment
from fulfillment.models import FulfillmentTask
from oms.events.models import Event
from oms.locations.choices import PointType
from oms.locations.models import FulfillmentPoint
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_channel, make_point, make_sku, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_point(
        code="369",
        name="North",
        type=PointType.STORE,
        priority=10,
        phone="0312",
        email="north@example.com",
        line1="1 High Street",
        postcode="06000",
        country="TR",
        city="Ankara",
        district="Cankaya",
        latitude=Decimal("39.925533"),
        longitude=Decimal("32.866287"),
        tags=["fast"],
        supplier_code="SUP-1",
        conf={"erp": {"code": 7}},
        max_quota=20,
    )


@pytest.fixture
def api(store):
    return Akinon(store.organization)


def change(api, store, body):
    return api.patch(f"stocklocations/{store.number}/", body)


def test_a_location_is_shown_in_full(api, store):
    for kind, key, data in (
        (RemoteKind.COUNTRY, "1", {"pk": 1, "name": "Türkiye", "code": "tr"}),
        (RemoteKind.CITY, "6", {"pk": 6, "name": "Ankara", "country": 1}),
    ):
        RemoteKey.objects.create(
            organization=store.organization,
            kind=kind,
            remote_key=key,
            local_code=data["name"],
            data=data,
        )
    RemoteKey.objects.create(
        organization=store.organization,
        kind=RemoteKind.STORE,
        remote_key="88",
        local_id=store.pk,
    )

    shown = api.get(f"stocklocations/{store.number}").json()

    assert shown == {
        "id": store.number,
        "omnitron_id": 88,
        "name": "North",
        "erp_code": "369",
        "stock_location_type": "store",
        "email": "north@example.com",
        "fax_number": None,
        "daytime_phone": "0312",
        "evening_phone": None,
        "engine": 1,
        "priority": 10,
        "is_active": True,
        "is_fulfillment_center": False,
        "is_pickup_location": False,
        "is_delivery_location": True,
        "is_return_available": False,
        "is_fast_delivery_available": False,
        "tags": ["fast"],
        "conf": {"erp": {"code": 7}, "supplier_code": "SUP-1"},
        "max_quota": 20,
        "quota": 0,
        "created_date": shown["created_date"],
        "modified_date": shown["modified_date"],
        "address": {
            "id": store.number,
            "title": "North",
            "line": "1 High Street",
            "postcode": "06000",
            "notes": None,
            "latitude": "39.925533",
            "longitude": "32.866287",
            "is_active": True,
            "mapping": None,
            "country": {
                "pk": 1,
                "name": "Türkiye",
                "latitude": None,
                "longitude": None,
                "is_active": True,
                "code": "tr",
            },
            "city": {
                "pk": 6,
                "name": "Ankara",
                "latitude": None,
                "longitude": None,
                "is_active": True,
                "country": 1,
            },
            "township": {
                "pk": None,
                "name": "Cankaya",
                "latitude": None,
                "longitude": None,
                "is_active": True,
                "city": 6,
            },
            "district": None,
        },
    }


def test_the_simple_list_has_all_locations_with_ids_of_addresses(api, store):
    for number in range(12):
        make_point(organization=store.organization, code=f"W{number}")

    answer = api.get("stocklocations/list-simple/").json()

    assert answer["count"] == 13
    assert len(answer["results"]) == 13
    assert answer["results"][0]["address"] == store.number
    assert answer["results"][1]["stock_location_type"] == "warehouse"


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("erp_code=369", ["369"]),
        ("erp_code__in=369,412&sort=-erp_code", ["412", "369"]),
        ("stock_location_type=store", ["369"]),
        ("stock_location_type=ship", []),
        ("is_active=false", ["412"]),
        ("tag=fast", ["369"]),
        ("supplier_code=SUP-1", ["369"]),
        ("name__icontains=NOR", ["369"]),
        ("limit=1&page=2", ["412"]),
    ],
)
def test_locations_are_filtered_and_sorted(api, store, query, codes):
    make_point(organization=store.organization, code="412", name="South", is_active=False)

    found = api.results(f"stocklocations/?{query}")

    assert [each["erp_code"] for each in found] == codes


def test_the_quota_counts_open_packages(api, store):
    channel = make_channel(points=[store])
    sku = make_sku(point=store, on_hand=10)
    for _ in range(4):
        place(channel=channel, lines=[(sku, 1)])
    fulfillment.allocate_due(now=NOW)
    tasks = list(FulfillmentTask.objects.order_by("pk"))
    for task, status in zip(tasks, ("CREATED", "PICKED", "PACKED", "CANCELLED"), strict=True):
        FulfillmentTask.objects.filter(pk=task.pk).update(status=status)

    shown = api.get(f"stocklocations/{store.number}").json()

    assert shown["quota"] == 2


def test_the_highest_quota_is_set(api, store):
    answer = change(api, store, {"max_quota": 50})

    assert answer.status_code == 200
    assert answer.json()["max_quota"] == 50
    assert FulfillmentPoint.objects.get(pk=store.pk).max_quota == 50
    event = Event.objects.get(type="point.updated")
    assert event.subject_id == store.pk
    assert event.data["changed"] == ["max_quota"]


def test_no_quota_is_set_by_null(api, store):
    answer = change(api, store, {"max_quota": None})

    assert answer.json()["max_quota"] is None


def test_the_sellers_code_lies_in_conf_whose_other_members_stay(api, store):
    answer = change(api, store, {"conf": {"supplier_code": "SUP-2", "note": "x"}})

    assert answer.json()["conf"] == {
        "erp": {"code": 7},
        "note": "x",
        "supplier_code": "SUP-2",
    }
    row = FulfillmentPoint.objects.get(pk=store.pk)
    assert (row.supplier_code, row.conf) == ("SUP-2", {"erp": {"code": 7}, "note": "x"})


def test_a_sellers_code_belongs_to_one_active_location(api, store):
    make_point(organization=store.organization, supplier_code="SUP-2")

    answer = change(api, store, {"conf": {"supplier_code": "SUP-2"}})

    assert answer.status_code == 400
    assert answer.json() == {
        "supplier_code": ["Another active location has this supplier code."],
        "code": "supplier_code_taken",
    }
    assert FulfillmentPoint.objects.get(pk=store.pk).supplier_code == "SUP-1"


def test_a_change_that_changes_nothing_tells_nothing(api, store):
    answer = change(api, store, {"name": "North", "tags": ["fast"], "quota": 99})

    assert answer.status_code == 200
    assert answer.json()["quota"] == 0
    assert not Event.objects.filter(type="point.updated").exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"max_quota": -1}, "max_quota"),
        ({"max_quota": "many"}, "max_quota"),
        ({"is_active": "yes"}, "is_active"),
        ({"tags": [1]}, "tags"),
        ({"tags": ["x" * 65]}, "tags"),
        ({"conf": []}, "conf"),
        ({"conf": {"supplier_code": 7}}, "conf"),
        ({"name": " "}, "name"),
        ({"priority": True}, "priority"),
    ],
)
def test_what_cannot_be_meant_is_400_by_field(api, store, body, field):
    answer = change(api, store, body)

    assert answer.status_code == 400
    assert set(answer.json()) == {field, "code"}
    assert not Event.objects.filter(type="point.updated").exists()


def test_a_machine_that_may_read_only_changes_nothing(store):
    api = Akinon(store.organization, scopes=["inventory:read"])

    answer = change(api, store, {"max_quota": 1})

    assert answer.status_code == 403
    assert FulfillmentPoint.objects.get(pk=store.pk).max_quota == 20


def test_a_page_costs_the_same_whatever_its_size(api, store):
    api.get("stocklocations/?limit=20")
    with CaptureQueriesContext(connection) as one:
        api.get("stocklocations/?limit=20")
    for number in range(9):
        make_point(organization=store.organization, code=f"W{number}")

    with CaptureQueriesContext(connection) as ten:
        api.get("stocklocations/?limit=20")

    assert len(ten) == len(one)


class TestStockQuery:
    @pytest.fixture
    def shelves(self, store):
        south = make_point(organization=store.organization, code="412", tags=["slow"])
        make_sku(point=store, on_hand=2, code="A")
        make_sku(point=store, on_hand=1, code="B")
        make_sku(point=south, on_hand=5, code="C")
        return south

    @pytest.mark.parametrize(
        ("query", "answer"),
        [
            ("sku=A", {"369": True, "412": False}),
            ("sku=A&sku=A&sku=B", {"369": True, "412": False}),
            ("sku=A&sku=A&sku=A", {"369": False, "412": False}),
            ("sku=A&sku=C", {"369": False, "412": False}),
            ("sku=C&erp_code=412", {"412": True}),
            ("sku=C&tag=slow", {"412": True}),
            ("sku=C&tag=none", {}),
        ],
    )
    def test_every_unit_has_to_come_from_one_location(self, api, shelves, query, answer):
        found = api.get(f"query-stock-availability?{query}")

        assert found.status_code == 200
        assert found.json() == answer

    def test_what_is_reserved_is_not_available(self, api, store, shelves):
        channel = make_channel(points=[store])
        place(channel=channel, lines=[("A", 2)])
        fulfillment.allocate_due(now=NOW)

        found = api.get("query-stock-availability/?sku=A&erp_code=369")

        assert found.json() == {"369": False}

    def test_a_location_that_is_not_active_is_not_asked(self, api, shelves):
        FulfillmentPoint.objects.filter(pk=shelves.pk).update(is_active=False)

        found = api.get("query-stock-availability?sku=C")

        assert found.json() == {"369": False}

    @pytest.mark.parametrize(
        ("query", "status", "message"),
        [
            ("", 400, "sku is required"),
            ("&".join(["sku=A"] * 101), 400, "sku: at most 100"),
            ("sku=A&" + "&".join(f"erp_code={n}" for n in range(51)), 400, "erp_code: at most 50"),
            ("sku=A&" + "&".join(f"tag={n}" for n in range(21)), 400, "tag: at most 20"),
            ("sku=NONE", 422, "Unknown sku: NONE"),
            ("sku=A&erp_code=999", 422, "Unknown erp_code: 999"),
        ],
    )
    def test_its_errors_have_a_body_of_their_own(self, api, shelves, query, status, message):
        answer = api.get(f"query-stock-availability?{query}")

        body = answer.json()
        assert answer.status_code == status
        assert set(body) == {"error", "message", "code", "timestamp"}
        assert (body["code"], body["message"]) == (status, message)

    def test_a_wrong_token_is_told_in_it_as_well(self, api):
        answer = api.get("query-stock-availability?sku=A", authorization="Token x")

        assert answer.status_code == 401
        assert answer.json()["error"] == "Unauthorized"
        assert answer.headers["WWW-Authenticate"] == "Token"
