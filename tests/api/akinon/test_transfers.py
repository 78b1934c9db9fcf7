"""Transfer orders and their commands: contract 3.7, 9.13."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fulfillment.choices import TransferStatus
from fulfillment.models import TransferOrder
from fulfillment.services import commands
from oms.events.models import Event
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_organization
from tests.integration.fulfillment.builders import Case, routed
from tests.integration.fulfillment.commands.stages import bring

pytestmark = pytest.mark.django_db

NOT_ALLOWED = {
    "non_field_errors": ["The transition is not allowed from the present state."],
    "code": "move_not_allowed",
}


@dataclass
class Road:
    """A package that waits for goods from another point."""

    case: Case
    api: Akinon
    transfer: TransferOrder

    @property
    def path(self) -> str:
        return f"transfer_orders/{self.transfer.public_number}/"

    @property
    def state(self) -> str:
        return self.shown()["state"]["enum_value"]

    def shown(self) -> dict:
        answer = self.api.get(self.path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def package(self) -> dict:
        return self.api.get(f"packages/{self.package_id}/").json()

    @property
    def package_id(self) -> int:
        return int(self.case.task.number.removeprefix("FT"))

    def do(self, slug: str, **fields):
        body = {"transfer": self.transfer.public_number, "slug": slug, **fields}
        return self.api.post(f"{self.path}command/", body)


def make_road() -> Road:
    case = routed(quantities=(1,), external_id="279209")
    organization = case.point.organization
    commands.seed_transitions(organization.pk, now=NOW)
    transfer = bring(case)
    transfer.refresh_from_db()
    return Road(case=case, api=Akinon(organization), transfer=transfer)


@pytest.fixture
def road():
    return make_road()


NUMBERS = {"tracking_number": "TRK1", "shipping_company": "ups"}
WAYS = {
    "waiting": [],
    "ready_to_shipment": ["transfer-ready"],
    "in_transit": ["transfer-dispatch"],
    "transferred": ["transfer-dispatch", "transfer-delivered"],
    "cancelled": ["transfer-not-found"],
}
MOVES = {
    ("transfer-ready", "waiting"): "ready_to_shipment",
    ("transfer-dispatch", "waiting"): "in_transit",
    ("transfer-dispatch", "ready_to_shipment"): "in_transit",
    ("transfer-delivered", "in_transit"): "transferred",
    ("transfer-not-found", "waiting"): "cancelled",
}
SLUGS = ["transfer-ready", "transfer-dispatch", "transfer-delivered", "transfer-not-found"]


def fields_of(slug: str) -> dict:
    return NUMBERS if slug == "transfer-ready" else {}


def test_a_transfer_is_shown_as_the_contract_says(road):
    shown = road.shown()

    line = road.case.task.lines.get()
    assert shown["id"] == road.transfer.public_number
    assert shown["number"] == road.transfer.number
    assert shown["state"]["enum_class"] == "TransferStatus"
    assert shown["state"]["enum_value"] == "waiting"
    assert shown["state"]["name"] == "Waiting for transfer"
    assert (shown["state"]["id"], shown["state"]["content_type"]) == (63, 27)
    assert shown["order"] == road.case.order.number
    assert shown["package"] == road.package_id
    assert shown["source"]["erp_code"] == road.transfer.source.code
    assert shown["destination"]["erp_code"] == road.case.point.code
    assert shown["extra_information"] == {}
    assert shown["transferitem_set"] == [
        {
            "package_item": line.number,
            "order_item": line.order_line.number,
            "quantity": 1,
        }
    ]
    assert [each["slug"] for each in shown["commands"]] == [
        "transfer-ready",
        "transfer-dispatch",
        "transfer-not-found",
    ]
    assert road.package()["state"]["enum_value"] == "300"


@pytest.mark.parametrize("source", list(WAYS))
@pytest.mark.parametrize("slug", SLUGS)
def test_a_command_leads_where_its_transition_says_or_is_refused(road, slug, source):
    for step in WAYS[source]:
        assert road.do(step, **fields_of(step)).status_code == 204
    events = Event.objects.count()

    answer = road.do(slug, **fields_of(slug))

    if (slug, source) in MOVES:
        assert (answer.status_code, answer.content) == (204, b"")
        assert road.state == MOVES[slug, source]
    else:
        assert (answer.status_code, answer.json()) == (400, NOT_ALLOWED)
        assert road.state == source
        assert Event.objects.count() == events


def test_a_complete_transfer_brings_its_package_to_waiting(road):
    road.do("transfer-dispatch")
    before = road.package()["state"]["enum_value"]

    road.do("transfer-delivered")

    assert before == "300"
    assert road.package()["state"]["enum_value"] == "100"


def test_numbers_from_outside_are_kept_and_shown(road):
    road.do("transfer-ready", **NUMBERS)

    shown = road.shown()
    assert (shown["shipping_company"], shown["tracking_number"]) == ("ups", "TRK1")


@pytest.mark.parametrize(
    ("slug", "fields", "field", "text", "code"),
    [
        ("transfer-ready", {"shipping_company": "ups"}, "tracking_number",
         "This field is required.", "required"),
        ("transfer-not-found", {"reason": "eaten"}, "reason",
         '"eaten" is not a valid choice.', "invalid_choice"),
        ("transfer-dispatch", {"transfer": 5}, "transfer",
         "It is not the transfer of the path.", "mismatch"),
    ],
)  # fmt: skip
def test_fields_are_checked(road, slug, fields, field, text, code):
    answer = road.do(slug, **fields)

    assert answer.status_code == 400
    assert answer.json() == {field: [text], "code": code}
    assert road.state == "waiting"


def test_a_transition_of_packages_is_none_of_transfers(road):
    answer = road.do("start-preparing")

    assert answer.status_code == 400
    assert answer.json()["code"] == "rule_misplaced"


def test_the_short_list_has_codes_instead_of_objects(road):
    assert road.api.results("transfer_orders/short/") == [
        {
            "id": road.transfer.public_number,
            "number": road.transfer.number,
            "state": "waiting",
            "order": road.case.order.number,
            "package": road.package_id,
            "source_erp_code": road.transfer.source.code,
            "destination_erp_code": road.case.point.code,
            "transferitem_count": 1,
        }
    ]


FOUND = [
    "state=63",
    "state__enum_value=waiting",
    "order={order}",
    "order__number=279209",
    "order__channel={channel}",
    "order__date_placed__gte=2026-01-01",
    "package={package}",
    "package_number={package}",
    "product_sku={sku}",
    "source__erp_code={source}",
    "destination__erp_code={destination}",
    "destination__country=sg",
    "erp_code={source}",
    "erp_code={destination}",
    "pk__in={id},9999999",
    "id__gte={id}",
    "id__lte={id}",
]
MISSED = [
    "state=64",
    "state=41",
    "state__enum_value=transferred",
    "order=1",
    "order__number=1",
    "order__channel=999999",
    "order__date_placed__lt=2026-01-01",
    "package=999999",
    "package_number=999999",
    "product_sku=none",
    "product_barcode=none",
    "source__erp_code={destination}",
    "destination__erp_code={source}",
    "destination__country=tr",
    "retail_store__erp_code={source}",
    "package__shipment__cargo_company=ups",
    "erp_code=none",
    "pk__in=9999999",
    "id__gt={id}",
    "id__lt={id}",
]


def filled(query: str, road: Road) -> str:
    road.case.channel.refresh_from_db()
    return query.format(
        id=road.transfer.public_number,
        order=road.case.order.number,
        channel=road.case.channel.number,
        package=road.package_id,
        sku=road.case.skus[0].code,
        source=road.transfer.source.code,
        destination=road.case.point.code,
    )


@pytest.mark.parametrize("query", FOUND)
def test_a_filter_finds_what_fits(road, query):
    rows = road.api.results(f"transfer_orders/?{filled(query, road)}")

    assert [row["id"] for row in rows] == [road.transfer.public_number]


@pytest.mark.parametrize("query", MISSED)
def test_a_filter_leaves_out_what_does_not_fit(road, query):
    assert road.api.results(f"transfer_orders/?{filled(query, road)}") == []


@pytest.mark.parametrize("path", ["transfer_orders/", "transfer_orders/short/"])
def test_a_page_of_three_takes_as_many_statements_as_one_of_one(road, path):
    organization = road.case.point.organization
    for place in range(2, 4):
        TransferOrder.objects.create(
            number=f"{road.transfer.number}{place}",
            organization=organization,
            task=road.case.task,
            source=road.transfer.source,
            destination=road.transfer.destination,
            status=TransferStatus.CANCELLED,
        )
    road.api.get(f"{path}?limit=1")

    with CaptureQueriesContext(connection) as one:
        road.api.get(f"{path}?limit=1")
    with CaptureQueriesContext(connection) as three:
        answer = road.api.get(f"{path}?limit=3")

    assert len(answer.json()["results"]) == 3
    assert len(three) == len(one)


def test_a_source_sees_what_it_sends_and_may_dispatch_it(road):
    source = Akinon(road.case.point.organization, point=road.transfer.source)
    body = {"transfer": road.transfer.public_number, "slug": "transfer-dispatch"}

    rows = source.results("transfer_orders/")
    answer = source.post(f"{road.path}command/", body)

    assert [row["id"] for row in rows] == [road.transfer.public_number]
    assert answer.status_code == 204
    assert road.state == "in_transit"


def test_somebody_elses_transfer_is_not_there(road):
    stranger = Akinon(make_organization())
    body = {"transfer": road.transfer.public_number, "slug": "transfer-dispatch"}

    assert stranger.results("transfer_orders/") == []
    assert stranger.get(road.path).status_code == 404
    assert stranger.post(f"{road.path}command/", body).status_code == 404
    assert road.state == "waiting"
