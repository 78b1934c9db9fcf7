"""Carriers that make the shipments themselves: asked over HTTP, followed, and taken back from."""

import datetime as dt
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

import pytest

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment import queries, services
from fulfillment.carriers import registry
from fulfillment.models import Document, LabelWatch, Parcel, ParcelMilestone
from fulfillment.services import CarrierRefused, ParcelChange, cancel_parcel, commands
from fulfillment.services.commands import CarrierFailed, WholePacking
from oms.accounts import app_settings
from oms.accounts import queries as accounts
from oms.api.akinon.carriers.client import SHORT
from oms.api.akinon.hooks import words
from oms.events.choices import EventType
from oms.events.models import Event
from oms.kernel.actors import SYSTEM
from oms.orders.choices import PaymentMethod
from oms.orders.drafts import ContactDraft
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_point
from tests.integration.fulfillment.builders import (
    MULTI,
    SINGLE,
    Case,
    cancel,
    disagreements,
    routed,
)
from tests.simulators.carrier_extension import PASSWORD, CarrierExtension, Fault, sent
from tests.statements import count_statements

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
BUYER = ContactDraft(
    customer_name="Ayse Kaya",
    name="Ayse Kaya",
    phone="+905551234567",
    address="Bahariye Cd. 5",
    city="Istanbul",
    district="Kadikoy",
    postcode="34710",
    shipping_description="Ring twice",
)
SWIFT = WholePacking(with_shipment=True, carrier="swift")


@pytest.fixture
def carrier() -> Iterator[CarrierExtension]:
    with CarrierExtension() as running:
        yield running


@dataclass
class Desk:
    """A package of one organization, and whoever works on it."""

    case: Case

    @property
    def organization_id(self) -> int:
        return self.case.point.organization_id

    def connect(self, *records: dict) -> None:
        connect(self.organization_id, *records)

    def pack(self, packing: WholePacking = SWIFT) -> None:
        actor = replace(self.case.actor, point_ids=None)
        commands.pack_whole(task_id=self.case.task.pk, packing=packing, actor=actor, now=NOW)

    def box(self) -> Parcel:
        return Parcel.objects.live().get(task=self.case.task)

    def label(self) -> Document:
        return Document.objects.exclude(status="VOID").get(parcel__task=self.case.task)

    def status(self) -> str:
        self.case.task.refresh_from_db()
        return self.case.task.status


def connect(organization_id: int, *records: dict) -> None:
    app_settings.set_setting(
        organization_id=organization_id,
        key="SHIPPING_SETTINGS",
        value=list(records),
        actor=SYSTEM,
        now=NOW,
    )


def desk_for(*carriers: CarrierExtension, **order) -> Desk:
    """Connected before anything is routed. J&T is who routing chooses."""
    point = make_point()
    connect(
        point.organization_id,
        *(carrier.record(name="J&T", omnitron_id=None) for carrier in carriers),
    )
    return Desk(routed(point=point, **{"contact": BUYER, "country": "TR", **order}))


def follow(after: dt.timedelta = HOUR) -> int:
    return services.follow_due_labels(now=NOW + after)


def test_packing_with_shipment_makes_one_at_the_carrier(carrier):
    accounts.forget_machines()
    desk = desk_for(carrier, delivery=MULTI)
    commands.seed_transitions(desk.organization_id, now=NOW)
    api = Akinon(desk.case.point.organization)
    number = int(desk.case.task.number.removeprefix("FT"))

    answer = api.post(
        f"packages/{number}/command/",
        {"package": number, "slug": "complete-packing-with-shipment", "shipping_company": "SW1"},
    )

    assert (answer.status_code, answer.content) == (204, b"")
    shipment, label = carrier.only(), desk.label()
    shown = api.get(f"packages/{number}/").json()
    assert shown["state"]["enum_value"] == "500"
    assert shown["shipment"]["awb_number"] == shown["tracking_number"] == shipment.number
    assert shown["tracking_url"] == f"https://swift.example/t/{shipment.number}"
    assert label.carrier == f"extension:{desk.organization_id}:SW1"
    assert queries.label_bytes(label) == shipment.label
    assert carrier.book == [
        "POST /shipments 201",
        f"GET /shipments/{label.reference}/label 200",
    ]


def test_the_carrier_is_told_what_the_contract_names(carrier):
    desk = desk_for(carrier, quantities=(1, 2), payment={"language_code": "tr-tr"})
    keys = {
        "country": RemoteKey(kind=RemoteKind.COUNTRY, remote_key="1", local_code="Turkiye"),
        "city": RemoteKey(kind=RemoteKind.CITY, remote_key="34", local_code="Istanbul"),
        "elsewhere": RemoteKey(kind=RemoteKind.TOWNSHIP, remote_key="8", local_code="Kadikoy"),
        "township": RemoteKey(kind=RemoteKind.TOWNSHIP, remote_key="471", local_code="Kadikoy"),
    }
    keys["country"].data = {"pk": 1, "name": "Turkiye", "code": "tr"}
    keys["city"].data = {"pk": 34, "name": "Istanbul", "country": 1}
    keys["elsewhere"].data = {"pk": 8, "name": "Kadikoy", "city": 35}
    keys["township"].data = {"pk": 471, "name": "Kadikoy", "city": 34}
    for key in keys.values():
        key.organization_id = desk.organization_id
        key.save()

    desk.pack()

    [call] = carrier.calls_of("POST", "/shipments")
    assert sent(call.request) == {
        "shipmentId": desk.label().reference,
        "orderNumber": desk.case.order.external_id,
        "locale": "tr-TR",
        "deliveryNote": "Ring twice",
        "type": "CUSTOMER",
        "destination": {
            "name": "Ayse",
            "surname": "Kaya",
            "tel": "+905551234567",
            "country": {"id": 1, "code": "TR", "name": "Turkiye"},
            "city": {"id": 34, "name": "Istanbul"},
            "zipcode": "34710",
            "addressLine": "Bahariye Cd. 5",
            "township": {"id": 471, "name": "Kadikoy"},
        },
        "products": [
            {"sku": sku.code, "name": sku.name, "quantity": units}
            for sku, units in zip(desk.case.skus, (1, 2), strict=True)
        ],
    }


def test_news_are_the_shipment_and_its_number(carrier):
    desk = desk_for(carrier)

    desk.pack()

    ready = Event.objects.get(type=EventType.LABEL_READY)
    assert ready.data["tracking_number"] == carrier.only().number
    told = {words.word_for(ready, [word]) for word in words.WORDS}
    assert told == {"shipment.created", "package.shipment.awb_number", None}


@pytest.mark.parametrize(("form", "media"), [
    ("bytes", "application/pdf"), ("base64", "application/pdf"), ("url", "application/pdf"),
    ("zpl", "application/zpl"),
])  # fmt: skip
def test_labels_come_in_several_forms(carrier, form, media):
    desk = desk_for(carrier)
    carrier.label_as = form

    desk.pack()

    assert desk.label().content.media_type == media


@pytest.mark.parametrize("form", ["elsewhere", "html"])
def test_what_is_no_label_or_lies_inside_our_network_is_not_taken(carrier, form):
    desk = desk_for(carrier)
    carrier.label_as = form

    with pytest.raises(CarrierFailed):
        desk.pack()

    assert [one.status for one in carrier.shipments.values()] == ["DELETED"]


def test_a_failure_changes_nothing_and_is_406(carrier):
    accounts.forget_machines()
    desk = desk_for(carrier, delivery=MULTI)
    commands.seed_transitions(desk.organization_id, now=NOW)
    api = Akinon(desk.case.point.organization)
    number = int(desk.case.task.number.removeprefix("FT"))
    carrier.refuses = {"code": "ZIP", "message": "Out of area"}
    before = desk.case.status()

    answer = api.post(
        f"packages/{number}/command/",
        {"package": number, "slug": "complete-packing-with-shipment", "shipping_company": "swift"},
    )

    assert (answer.status_code, answer.json()["code"]) == (406, "carrier_failed")
    assert desk.case.status() == before
    assert desk.case.stock() == [(10, 1)]
    assert not Parcel.objects.live().exists()
    assert list(disagreements()) == []
    failed = Document.objects.get()
    assert (failed.error_code, failed.last_error) == (
        "ZIP",
        "Carrier extension SW1: it answered HTTP 422: Out of area",
    )


def test_a_lost_answer_leaves_no_second_shipment(carrier):
    desk = desk_for(carrier)
    carrier.misbehave(Fault(method="POST", is_lost=True))

    with pytest.raises(CarrierFailed):
        desk.pack()
    desk.pack()

    statuses = [one.status for one in carrier.shipments.values()]
    assert statuses == ["DELETED", "CREATED"]
    assert desk.box().tracking_number == carrier.only().number


def test_a_label_asked_for_again_is_found_not_bought(carrier):
    desk = desk_for(carrier, delivery=SINGLE)
    carrier.misbehave(Fault(method="POST", is_lost=True))

    services.fetch_due_labels(now=NOW)
    services.fetch_due_labels(now=NOW + dt.timedelta(seconds=6))

    reference = desk.label().reference
    assert carrier.book == [
        "POST /shipments 0",
        f"GET /shipments/{reference} 200",
        f"GET /shipments/{reference}/label 200",
    ]
    assert (desk.label().status, desk.box().tracking_number) == ("READY", "AWB00000001")


def test_a_label_that_is_late_comes_with_a_later_try(carrier):
    desk = desk_for(carrier, delivery=SINGLE)
    carrier.labels_after = 1

    services.fetch_due_labels(now=NOW)
    late = desk.label().last_error
    services.fetch_due_labels(now=NOW + dt.timedelta(seconds=6))

    assert late == "Carrier extension SW1: the label is not there yet"
    assert desk.label().status == "READY"
    assert len(carrier.calls_of("POST", "/shipments")) == 1


def test_a_shipment_that_is_there_with_other_contents_is_changed(carrier):
    desk = desk_for(carrier, delivery=SINGLE)
    reference = desk.label().reference
    extension = registry.followed(desk.label().carrier)
    carrier.misbehave(Fault(path="/label", status=503, count=1))
    services.fetch_due_labels(now=NOW)
    carrier.shipments[reference].body["deliveryNote"] = "Older"
    carrier.misbehave(Fault(method="GET", path=reference, status=404, count=1))

    services.fetch_due_labels(now=NOW + dt.timedelta(seconds=6))

    assert extension.find_label(reference) is not None
    assert carrier.shipments[reference].body["deliveryNote"] == "Ring twice"
    assert "PATCH" in " ".join(carrier.book)
    assert desk.label().status == "READY"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "it does not accept the account (HTTP 401); look at conf.username, conf.password"),
        (500, "it answered HTTP 500"),
        (302, "it answered HTTP 302"),
    ],
)
def test_staff_are_told_what_to_look_at(carrier, status, said):
    desk = desk_for(carrier, delivery=SINGLE)
    carrier.misbehave(Fault(status=status))

    services.fetch_due_labels(now=NOW)

    label = desk.label()
    assert label.last_error.startswith(f"Carrier extension SW1: {said}")
    assert label.status == ("PENDING" if status == 500 else "FAILED")


def test_neither_secrets_nor_the_buyer_are_logged_or_kept(carrier, caplog):
    desk = desk_for(carrier, delivery=SINGLE)
    carrier.refuses = {"code": "PHONE", "message": "Ayse Kaya, 05551234567: no such number"}

    with caplog.at_level(logging.DEBUG):
        services.fetch_due_labels(now=NOW)

    said = json.dumps([event.data for event in Event.objects.all()]) + desk.label().last_error
    for secret in (PASSWORD, "Kaya", "5551234567", "Bahariye"):
        assert secret not in caplog.text
        assert secret not in said
    assert desk.label().last_error == "Carrier extension SW1: it answered HTTP 422: PHONE"


def test_pay_on_delivery_is_collected_with_the_first_box(carrier):
    desk = desk_for(quantities=(2,), payment_method=PaymentMethod.COD)
    desk.connect(carrier.record(with_payment=True))

    desk.pack(replace(SWIFT, parcel_count=2))

    calls = carrier.calls_of("POST", "/shipments")
    bodies = sorted((sent(call.request) for call in calls), key=itemgetter("shipmentId"))
    assert [body.get("payment") for body in bodies] == [
        {"paymentId": bodies[0]["shipmentId"], "amount": 19.8, "currency": "SGD"},
        None,
    ]
    boxes = Parcel.objects.live().order_by("pk")
    assert [box.cod_amount for box in boxes] == [Decimal("19.80"), 0]


def test_a_new_label_brings_its_own_number(carrier):
    desk = desk_for()
    desk.connect(carrier.record(), carrier.record(erp_code="SW2", shipping_company="slow"))
    desk.pack()
    change = ParcelChange(parcel_id=desk.box().pk, values={"carrier": "slow"})
    Document.objects.update(status="FAILED")

    services.change_parcel(change=change, actor=SYSTEM, now=NOW)
    services.fetch_due_labels(now=NOW)
    services.follow_due_labels(now=NOW + dt.timedelta(minutes=3))

    assert [one.status for one in carrier.shipments.values()] == ["DELETED", "CREATED"]
    assert desk.box().tracking_number == "AWB00000002"


def test_an_account_is_picked_by_its_identifier():
    with CarrierExtension(accounts=("north",)) as carrier:
        desk = desk_for()
        desk.connect(carrier.record(credentials_identifier="north"))

        desk.pack()

        assert (len(carrier.accounts["north"]), len(carrier.shipments)) == (1, 0)


def test_carriers_of_two_organizations_do_not_mix(carrier):
    with CarrierExtension(prefix="OTHER") as other:
        ours, theirs = desk_for(carrier), desk_for(other)

        ours.pack()
        theirs.pack()

        assert (ours.box().tracking_number, theirs.box().tracking_number) == (
            "AWB00000001",
            "OTHER00000001",
        )
        assert (len(carrier.shipments), len(other.shipments)) == (1, 1)


@pytest.mark.parametrize("name", ["swift", "SW1", "sw1 ", "J&T"])
def test_a_record_is_found_by_carrier_code_or_name(carrier, name):
    desk = desk_for(carrier)

    code = registry.code_for(name, organization_id=desk.organization_id)

    assert code == f"extension:{desk.organization_id}:SW1"


def test_labels_of_carriers_without_an_active_extension_are_ours(carrier):
    desk = desk_for()
    desk.connect(carrier.record(is_active=False), {**carrier.record(erp_code="B"), "conf": {}})

    desk.pack()

    assert (desk.label().carrier, carrier.book) == ("oms", [])


def test_names_cost_one_statement_and_a_change_is_noticed_at_once(carrier):
    desk = desk_for()
    other = desk_for()

    with count_statements() as first:
        unknown = registry.code_for("swift", organization_id=desk.organization_id)
        registry.code_for("ups", organization_id=desk.organization_id)
    desk.connect(carrier.record())
    known = registry.code_for("swift", organization_id=desk.organization_id)
    with count_statements() as later:
        registry.code_for("swift", organization_id=desk.organization_id)
        registry.code_for("swift", organization_id=other.organization_id)

    assert (unknown, known) == ("oms", f"extension:{desk.organization_id}:SW1")
    assert (len(first) <= 1, len(later) <= 1) == (True, True)


def test_an_address_that_is_none_is_refused_by_the_setting(carrier):
    accounts.forget_machines()
    api = Akinon(make_point().organization)

    answer = api.post(
        "settings/application_settings/",
        {"key": "SHIPPING_SETTINGS", "json_value": [carrier.record(base_url="ftp://swift")]},
    )

    assert answer.status_code == 400
    assert "0.conf.base_url" in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "task", "stage", "goes_on"),
    [
        (["CREATED"], "PACKED", "", True),
        (["SHIPPING"], "SHIPPED", "", True),
        (["AT_DEPOT"], "PACKED", "", True),
        (["SHIPPING", "NOT_DELIVERED"], "ATTEMPTED", "DELIVERY_FAILED", True),
        (["ATTEMPTED", "SHIPPING"], "ATTEMPTED", "DELIVERY_FAILED", True),
        (["ATTEMPTED", "DELIVERED"], "DELIVERED", "", False),
        (["DELIVERED"], "DELIVERED", "", False),
        (["SHIPPING", "RETURNED"], "DELIVERY_FAILED", "DELIVERY_FAILED", False),
        (["ATTEMPTED", "RETURNED"], "DELIVERY_FAILED", "DELIVERY_FAILED", False),
        (["DELETED"], "PACKED", "", False),
    ],
)
def test_packages_go_where_the_carrier_says(carrier, said, task, stage, goes_on):
    desk = desk_for(carrier)
    desk.pack()
    for hour, status in enumerate(said, 1):
        carrier.only().status = status

        assert follow(hour * HOUR) == 1

    assert (desk.status(), desk.box().stage) == (task, stage)
    assert (LabelWatch.objects.get().due_at is not None) == goes_on
    assert follow(len(said) * HOUR) == 0
    assert list(disagreements()) == []


def test_the_history_says_when_it_left(carrier):
    desk = desk_for(carrier)
    desk.pack()
    carrier.move(carrier.only(), "SHIPPING", at="2026-01-15T12:20:00Z")

    follow()

    [milestone] = ParcelMilestone.objects.all()
    assert (milestone.milestone, milestone.description) == ("SHIPPED", "Told by the carrier")
    assert milestone.occurred_at == NOW + dt.timedelta(minutes=20)


def test_nothing_is_asked_before_the_interval_is_over(carrier):
    desk = desk_for()
    desk.connect(carrier.record(query_interval_minutes=15))
    desk.pack()

    early = follow(dt.timedelta(minutes=14))
    due = follow(dt.timedelta(minutes=15))
    again = follow(dt.timedelta(minutes=29))

    assert (early, due, again) == (0, 1, 0)


def test_a_carrier_that_is_down_waits_alone(carrier):
    with CarrierExtension() as other:
        down, well = desk_for(carrier), desk_for(other)
        for desk in (down, well):
            desk.pack()
        other.move(other.only(), "SHIPPING")
        carrier.go_down()

        follow()
        follow()
        rest = follow()

        assert rest == 0
        assert (down.status(), well.status()) == ("PACKED", "SHIPPED")
        watch = LabelWatch.objects.get(document=down.label())
        assert (watch.failures, watch.due_at) == (1, NOW + HOUR + dt.timedelta(minutes=5))


def test_a_carrier_that_hangs_costs_the_others_one_call(carrier):
    with CarrierExtension() as other:
        hanging, well = desk_for(carrier, quantities=(2,)), desk_for(other)
        hanging.pack(replace(SWIFT, parcel_count=2))
        well.pack()
        other.move(other.only(), "SHIPPING")
        before = len(carrier.book)
        carrier.misbehave(Fault(method="GET", seconds=SHORT + 0.5, count=2))

        follow()
        follow()

        assert (hanging.status(), well.status()) == ("PACKED", "SHIPPED")
        assert len(carrier.book) - before <= 1  # the other box was not asked about
        errors = LabelWatch.objects.exclude(last_error="").values_list("last_error", flat=True)
        assert list(errors) == ["Carrier extension SW1: The receiver took too long."]


def test_a_voided_parcel_is_taken_back(carrier):
    desk = desk_for(carrier)
    desk.pack()
    shipment, box = carrier.only(), desk.box()

    cancel_parcel(parcel_id=box.pk, reason="Wrong box", actor=SYSTEM, now=NOW)

    assert shipment.status == "DELETED"
    assert len(carrier.calls_of("DELETE", "/shipments/")) == 1


def test_a_parcel_that_is_on_its_way_is_not_taken_back(carrier):
    desk = desk_for(carrier)
    desk.pack()
    shipment, box = carrier.only(), desk.box()
    carrier.move(shipment, "SHIPPING")

    with pytest.raises(CarrierRefused) as refused:
        cancel_parcel(parcel_id=box.pk, reason="Wrong box", actor=SYSTEM, now=NOW)

    assert refused.value.carrier_code == "SHIPPING"
    assert desk.box() == box
    assert carrier.calls_of("DELETE", "/shipments/") == []


def test_a_shipment_of_a_cancelled_order_is_taken_back_in_the_background(carrier):
    desk = desk_for(carrier)
    desk.pack()
    shipment = carrier.only()

    cancel(desk.case, *desk.case.order_lines)
    at_once = follow(dt.timedelta())
    later = follow(dt.timedelta(minutes=3))

    assert (at_once, later, shipment.status) == (0, 1, "DELETED")
    assert LabelWatch.objects.get().due_at is None


def test_a_shipment_whose_answer_and_taking_back_were_lost_is_taken_back_later(carrier):
    desk = desk_for(carrier)
    carrier.misbehave(Fault(method="POST", is_lost=True))
    carrier.misbehave(Fault(method="GET", status=503))
    with pytest.raises(CarrierFailed):
        desk.pack()
    [shipment] = carrier.shipments.values()
    before = shipment.status

    follow(dt.timedelta(minutes=3))

    assert (before, shipment.status) == ("CREATED", "DELETED")


def test_a_label_that_nobody_asked_the_carrier_for_costs_no_call(carrier):
    desk = desk_for(carrier, delivery=SINGLE)
    cancel(desk.case, *desk.case.order_lines)

    follow(dt.timedelta(minutes=3))

    assert (carrier.book, LabelWatch.objects.get().due_at) == ([], None)
