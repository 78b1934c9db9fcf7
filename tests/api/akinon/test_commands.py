"""Every command of contract 9 through HTTP: where it leads, and what refuses it."""

import base64
from dataclasses import dataclass

import pytest

from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.choices import TaskStatus as T
from fulfillment.models import (
    Discrepancy,
    Document,
    FulfillmentTask,
    Parcel,
    TaskDenial,
    TaskInvoice,
    TransitionRule,
)
from fulfillment.services import commands
from fulfillment.services.commands import OF_TRANSFERS, SEEDS
from oms.events.models import Event
from oms.orders.choices import CancelParty, HoldReason
from oms.orders.models import CancelRequest, Hold
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_organization, make_point
from tests.integration.fulfillment.builders import Case
from tests.integration.fulfillment.commands.stages import STATES, case_at, reason_of

pytestmark = pytest.mark.django_db

OF_PACKAGES = [seed for seed in SEEDS if seed.command not in OF_TRANSFERS]
STATE_OF = {status: commands.STATE_OF[status] for status in STATES}
NOT_ALLOWED = {
    "non_field_errors": ["The transition is not allowed from the present state."],
    "code": "move_not_allowed",
}
# What is planned anew stays where it is until routing has found another point.
STAYS = {"reschedule"}
MOVES = [(seed.slug, source, target) for seed in OF_PACKAGES for source, target in seed.moves]
# Of several ways out of one state, a slug leads where the work really was.
DIRECT = [move for move in MOVES if move[0] != "unblock"] + [("unblock", "1000", "100")]


NOT_THIS = "It is not the package of the path."


@dataclass
class Desk:
    """One package, and whoever works on it."""

    case: Case
    api: Akinon

    @property
    def number(self) -> int:
        return int(self.case.task.number.removeprefix("FT"))

    @property
    def path(self) -> str:
        return f"packages/{self.number}/"

    @property
    def state(self) -> str:
        return self.shown()["state"]["enum_value"]

    def shown(self) -> dict:
        answer = self.api.get(self.path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, **body):
        return self.api.post(f"{self.path}command/", body)

    def do(self, slug: str, **fields):
        return self.send(package=self.number, slug=slug, **fields)


def desk_at(status: T, **overrides) -> Desk:
    case = case_at(status, **{"quantities": (1,), **overrides})
    organization = case.point.organization
    commands.seed_transitions(organization.pk, now=NOW)
    return Desk(case=case, api=Akinon(organization))


def fields_of(slug: str, case: Case) -> dict[str, object]:
    """What each command needs to be told."""
    told = {
        "refuse": {"denial_reason": reason_of(case).public_number},
        "product-not-found": {"package_items": case.lines},
        "product-not-found-advanced": {"package_items": case.lines},
        "manual-planning": {
            "assignment_groups": [
                {"packageitem_set": case.lines, "stock_location": case.point.code}
            ]
        },
        "update-invoice": {
            "invoice_number": "A-1",
            "invoice_date": "2026-01-15T10:00:00Z",
            "document_type": "url",
            "document_content": "https://erp.example/A-1",
        },
        "ship-advanced": {"tracking_number": "TRK1", "shipping_company": "ups"},
        "update-shipment-info": {"tracking_number": "TRK2", "shipping_company": "dpd"},
    }
    return told.get(slug, {})


def one_status_of(state: str) -> T:
    return next(status for status, value in STATE_OF.items() if value == state)


@pytest.mark.parametrize(("slug", "source", "target"), DIRECT)
def test_a_command_leads_where_its_transition_says(slug, source, target):
    desk = desk_at(one_status_of(source))

    answer = desk.do(slug, **fields_of(slug, desk.case))

    assert (answer.status_code, answer.content) == (204, b"")
    assert desk.state == (source if slug in STAYS else target)


@pytest.mark.parametrize("status", STATES)
def test_any_other_command_is_refused_and_changes_nothing(status):
    desk = desk_at(status)
    before, events = desk.shown(), Event.objects.count()
    others = [
        seed.slug
        for seed in OF_PACKAGES
        if STATE_OF[status] not in {source for source, _ in seed.moves}
    ]

    answers = {slug: desk.do(slug, **fields_of(slug, desk.case)) for slug in others}

    assert {answer.status_code for answer in answers.values()} == {400}
    assert {slug: answer.json() for slug, answer in answers.items()} == dict.fromkeys(
        others, NOT_ALLOWED
    )
    assert desk.shown() == before
    assert Event.objects.count() == events


def test_a_wish_to_cancel_stops_every_command():
    desk = desk_at(T.CREATED)
    CancelRequest.objects.create(
        order=desk.case.order, requested_at=NOW, party=CancelParty.CUSTOMER
    )

    answer = desk.do("start-preparing")

    assert (answer.status_code, answer.json()) == (400, NOT_ALLOWED)
    assert desk.state == "800"
    assert desk.shown()["commands"] == []


@pytest.mark.parametrize("before", [T.CREATED, T.ACCEPTED, T.PICKED])
def test_unblocking_leads_where_the_package_was(before):
    desk = desk_at(before)
    desk.do("block", user="7", token="secret")

    answer = desk.do("unblock")

    assert answer.status_code == 204
    assert desk.state == STATE_OF[before]


def test_an_unblocking_that_leads_elsewhere_is_refused():
    desk = desk_at(T.BLOCKED)

    answer = desk.do("unblock-to-200")

    assert (answer.status_code, answer.json()) == (400, NOT_ALLOWED)
    assert desk.state == "1000"


def test_a_transition_may_be_named_by_its_id():
    desk = desk_at(T.CREATED)
    rule = TransitionRule.objects.get(
        organization=desk.case.point.organization, slug="start-preparing"
    )

    answer = desk.send(package=desk.number, transition=rule.public_number)

    assert answer.status_code == 204
    assert desk.state == "200"


def test_commands_that_may_run_are_shown_with_what_they_take():
    desk = desk_at(T.CREATED)

    shown = {each["slug"]: each for each in desk.shown()["commands"]}

    rule = TransitionRule.objects.get(organization=desk.case.point.organization, slug="refuse")
    here = {seed.slug for seed in OF_PACKAGES if "100" in {source for source, _ in seed.moves}}
    assert set(shown) == here
    assert shown["refuse"] == {
        "id": rule.public_number,
        "name": "Refuse",
        "slug": "refuse",
        "command": "PackageRefuseWithDenialReasonCommand",
        "source_state": "100",
        "destination_state": "910",
        "visibility": True,
        "parameters": [
            {"name": "denial_reason", "required": True},
            {"name": "description", "required": False},
        ],
    }


def test_a_hidden_transition_is_not_offered_and_still_runs():
    desk = desk_at(T.CREATED)
    TransitionRule.objects.filter(slug="start-preparing").update(is_visible=False)

    offered = [each["slug"] for each in desk.shown()["commands"]]
    answer = desk.do("start-preparing")

    assert "start-preparing" not in offered
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("body", "field", "text", "code"),
    [
        ({"slug": "ship"}, "package", "This field is required.", "required"),
        ({"package": "x", "slug": "ship"}, "package", "A valid integer is required.", "invalid"),
        ({"package": True, "slug": "ship"}, "package", "A valid integer is required.", "invalid"),
        (
            {"package": 5, "slug": "ship"},
            "package",
            "It is not the package of the path.",
            "mismatch",
        ),
        ({}, "transition", "Either transition or slug is required.", "required"),
        ({"transition": "x"}, "transition", "A valid integer is required.", "invalid"),
        ({"transition": 999999}, "transition", "No such state transition.", "does_not_exist"),
        ({"slug": "nothing"}, "slug", "No such state transition.", "does_not_exist"),
        ({"slug": 5}, "slug", "Not a valid string.", "invalid"),
    ],
)
def test_what_all_commands_have_is_checked_by_field(body, field, text, code):
    desk = desk_at(T.CREATED)
    named = {} if "package" in body or body == {"slug": "ship"} else {"package": desk.number}

    answer = desk.send(**named, **body)

    assert answer.status_code == 400
    assert answer.json() == {field: [text], "code": code}
    assert desk.state == "100"


def test_id_and_slug_have_to_name_the_same_transition():
    desk = desk_at(T.CREATED)
    rule = TransitionRule.objects.get(slug="block")

    same = desk.send(package=desk.number, transition=rule.public_number, slug="refuse")
    answer = desk.send(package=desk.number, transition=rule.public_number, slug="block")

    assert same.status_code == 400
    assert same.json() == {"slug": ["It names another state transition."], "code": "mismatch"}
    assert answer.status_code == 204


REQUIRED = "This field is required."
WRONG = [
    ("refuse", {}, "denial_reason", [REQUIRED], "required"),
    ("refuse", {"denial_reason": 999999}, "denial_reason", ["No such reason to refuse"],
     "denial_reason_unknown"),
    ("refuse", {"denial_reason": "x"}, "denial_reason",
     ["A valid integer is required."], "invalid"),
    ("product-not-found", {}, "package_items", [REQUIRED], "required"),
    ("product-not-found", {"package_items": []}, "package_items",
     ["This list may not be empty."], "empty"),
    ("product-not-found", {"package_items": [999999]}, "package_items",
     ["The task has no such line"], "line_not_in_task"),
    ("product-not-found", {"package_items": [1], "reason": "eaten"}, "reason",
     ['"eaten" is not a valid choice.'], "invalid_choice"),
    ("manual-planning", {}, "assignment_groups", [REQUIRED], "required"),
    ("manual-planning", {"assignment_groups": [{"packageitem_set": [999999],
     "stock_location": "369"}]}, "assignment_groups",
     ["Each item has to be in one group"], "groups_incomplete"),
    ("manual-planning", {"assignment_groups": [{"packageitem_set": [1]}]}, "assignment_groups",
     [REQUIRED], "required"),
    ("complete-packing-with-shipment", {"parcel_count": 0}, "parcel_count",
     ["Ensure this value is greater than or equal to 1."], "min_value"),
    ("complete-packing-with-shipment", {"parcel_count": 2}, "parcel_count",
     ["A box needs at least one unit"], "parcels_too_many"),
    ("complete-packing-with-shipment", {"weight": "heavy"}, "weight",
     ["A valid number is required."], "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "fields", "field", "texts", "code"), WRONG)
def test_the_fields_of_a_command_are_checked_by_field(slug, fields, field, texts, code):
    desk = desk_at(T.CREATED)

    answer = desk.do(slug, **fields)

    assert answer.status_code == 400
    assert answer.json() == {field: texts, "code": code}
    assert desk.state == "100"


WRONG_WHEN_PACKED = [
    ("ship-advanced", {"shipping_company": "ups"}, "tracking_number", [REQUIRED], "required"),
    ("ship-advanced", {"tracking_number": "T1"}, "shipping_company", [REQUIRED], "required"),
    ("update-shipment-info", {"tracking_number": "T1"}, "shipping_company", [REQUIRED], "required"),
    ("update-invoice", {"document_type": "png"}, "document_type",
     ['"png" is not a valid choice.'], "invalid_choice"),
    ("update-invoice", {"invoice_date": "soon"}, "invoice_date", None, "invalid"),
    ("update-invoice", {"document_type": "pdf", "document_content": "*"}, "document_content",
     ["Not valid base64."], "invalid"),
    ("update-invoice", {"document_type": "pdf", "document_content": "aGk="}, "document_content",
     ["The document is no PDF"], "invoice_document_unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "fields", "field", "texts", "code"), WRONG_WHEN_PACKED)
def test_the_fields_of_commands_on_packed_ones_are_checked(slug, fields, field, texts, code):
    desk = desk_at(T.PACKED)
    sent = {**fields_of(slug, desk.case), **fields} if slug == "update-invoice" else fields

    answer = desk.do(slug, **sent)

    assert answer.status_code == 400
    assert list(answer.json()) == [field, "code"]
    assert answer.json()["code"] == code
    assert texts is None or answer.json()[field] == texts
    assert desk.state == "500"


def test_a_rule_of_the_service_is_406_with_a_text():
    desk = desk_at(T.CREATED)
    Hold.objects.create(
        order=desk.case.order, reason=HoldReason.FRAUD, holder="staff:ann", placed_at=NOW
    )

    answer = desk.do("complete-packing")

    assert answer.status_code == 406
    assert answer.json() == {"code": "order_on_hold", "en": "The order is on hold"}
    assert desk.state == "100"


def test_a_point_without_stock_cannot_be_given_the_items():
    desk = desk_at(T.CREATED)
    empty = make_point(organization=desk.case.point.organization, code="EMPTY")

    answer = desk.do(
        "manual-planning",
        assignment_groups=[{"packageitem_set": desk.case.lines, "stock_location": empty.code}],
    )

    assert answer.status_code == 406
    assert answer.json()["code"] == "stock_shortage"
    assert desk.state == "100"


def test_an_unknown_location_is_told_of_the_groups():
    desk = desk_at(T.CREATED)

    answer = desk.do(
        "manual-planning",
        assignment_groups=[{"packageitem_set": desk.case.lines, "stock_location": "MOON"}],
    )

    assert answer.status_code == 400
    assert answer.json() == {
        "assignment_groups": ["No such point"],
        "code": "group_point_unknown",
    }


def test_refusing_keeps_the_reason_and_shows_it():
    desk = desk_at(T.CREATED)

    desk.do("refuse", denial_reason=reason_of(desk.case).public_number, description="Flooded")

    denial = TaskDenial.objects.get(task=desk.case.task)
    assert (denial.title, denial.note) == ("Too busy", "Flooded")
    assert desk.shown()["denial_reason"] == "Too busy"


def test_missing_items_leave_and_the_rest_stays():
    desk = desk_at(T.CREATED, quantities=(1, 1))
    gone, kept = desk.case.lines

    answer = desk.do("product-not-found-advanced", package_items=[gone], reason="wrong_product")

    assert answer.status_code == 204
    assert desk.state == "100"
    assert [item["id"] for item in desk.shown()["packageitem_set"]] == [kept]
    assert Discrepancy.objects.get().reason == "WRONG_PRODUCT"
    item = desk.api.get(f"packages/package-items/{gone}/").json()
    assert item["state"]["enum_value"] == "900"
    assert item["discrepancies"] == [
        {
            "reason": "wrong_product",
            "stock_location_erp_code": desk.case.point.code,
            "created_date": item["discrepancies"][0]["created_date"],
        }
    ]


def test_manual_planning_makes_a_package_per_group():
    desk = desk_at(T.CREATED, quantities=(1, 1))
    one, two = desk.case.lines
    point = desk.case.point.code

    desk.do(
        "manual-planning",
        assignment_groups=[
            {"packageitem_set": [one], "stock_location": point},
            {"packageitem_set": [two], "stock_location": point},
        ],
    )

    rows = desk.api.results("packages/?sort=id")
    assert [row["state"]["enum_value"] for row in rows] == ["900", "100", "100"]
    assert [len(row["packageitem_set"]) for row in rows] == [2, 1, 1]


def test_packing_with_a_shipment_shows_carrier_number_and_label():
    desk = desk_at(T.CREATED)

    answer = desk.do(
        "complete-packing-with-shipment", shipping_company="ups", parcel_count=1, weight="1.5"
    )

    assert answer.status_code == 204
    shown = desk.shown()
    box = Parcel.objects.get(task=desk.case.task)
    label = Document.objects.get(parcel=box, kind=DocumentKind.LABEL)
    assert label.status == DocumentStatus.READY
    assert shown["state"]["enum_value"] == "500"
    assert shown["shipment"]["id"] == box.number
    assert shown["shipment"]["shipping_company"] == "ups"
    assert shown["shipment"]["awb_number"] == box.tracking_number
    assert shown["shipping_label"] == shown["shipment"]["label_url"]
    assert shown["shipping_label"].endswith(".pdf")


def test_packing_without_a_shipment_shows_none():
    desk = desk_at(T.CREATED)

    desk.do("complete-packing")

    shown = desk.shown()
    assert shown["state"]["enum_value"] == "500"
    assert (shown["shipment"], shown["shipping_label"], shown["tracking_number"]) == (
        None,
        None,
        None,
    )


def test_numbers_from_outside_are_shown_with_the_shipment():
    desk = desk_at(T.PACKED)

    desk.do("ship-advanced", tracking_number="TRK1", shipping_company="ups")

    shown = desk.shown()
    assert shown["state"]["enum_value"] == "600"
    assert shown["shipment"]["awb_number"] == shown["tracking_number"] == "TRK1"
    assert shown["shipping_company"] == "ups"
    assert shown["shipment_date"] is not None


def test_other_numbers_replace_those_before():
    desk = desk_at(T.PACKED)
    desk.do("ship-advanced", tracking_number="TRK1", shipping_company="ups")

    desk.do(
        "update-shipment-info", tracking_number="TRK2", shipping_company="dpd", query_number="Q1"
    )

    shown = desk.shown()
    assert (shown["tracking_number"], shown["shipping_company"]) == ("TRK2", "dpd")
    assert shown["state"]["enum_value"] == "600"


@pytest.mark.parametrize(
    ("kind", "content", "url"),
    [
        ("url", "https://erp.example/A-1", "https://erp.example/A-1"),
        ("pdf", base64.b64encode(b"%PDF-1.4 invoice").decode(), None),
        ("html", base64.b64encode(b"<p>invoice</p>").decode(), None),
    ],
)
def test_an_invoice_somebody_else_wrote_is_kept_and_shown(kind, content, url):
    desk = desk_at(T.PACKED)

    answer = desk.do(
        "update-invoice",
        invoice_number="A-1",
        invoice_date="2026-01-15T10:00:00Z",
        document_type=kind,
        document_content=content,
    )

    assert answer.status_code == 204
    assert TaskInvoice.objects.get(task=desk.case.task).kind == kind.upper()
    shown = desk.shown()
    assert (shown["invoice_number"], shown["invoice_date"], shown["e_archive_url"]) == (
        "A-1",
        "2026-01-15T10:00:00.000000Z",
        url,
    )


@pytest.mark.parametrize(
    ("status", "slug"),
    [(T.CREATED, "complete-packing"), (T.PACKED, "update-invoice"), (T.PACKED, "ship")],
)
def test_an_invoice_service_that_fails_stops_the_transition(status, slug):
    desk = desk_at(status)
    nowhere = {"remote_url": "https://127.0.0.1/invoice", "auth": {"request_type": "anonymous"}}
    rule = TransitionRule.objects.filter(family=slug, source=STATE_OF[status]).get()
    path = f"state-transitions/{rule.public_number}/"
    changed = desk.api.patch(path, {"config": {"remote_invoice_call": nowhere}})
    assert changed.status_code == 200

    answer = desk.do(slug)

    assert answer.status_code == 406
    assert answer.json()["code"] == "remote_invoice_call_failed"
    assert desk.state == STATE_OF[status]


def test_items_packed_for_a_refund_say_so():
    desk = desk_at(T.CREATED)

    desk.do("packed-for-refund")

    [item] = desk.shown()["packageitem_set"]
    assert item["state"]["enum_value"] == "1100"
    found = desk.api.results("packages/package-items/?state__enum_value=1100")
    assert [each["id"] for each in found] == [item["id"]]


def test_somebody_elses_package_cannot_be_commanded():
    desk = desk_at(T.CREATED)
    stranger = Akinon(make_organization())

    answer = stranger.post(
        f"{desk.path}command/", {"package": desk.number, "slug": "start-preparing"}
    )

    assert answer.status_code == 404
    assert desk.state == "100"


def test_a_transition_of_transfers_is_none_of_packages():
    desk = desk_at(T.CREATED)

    answer = desk.do("transfer-dispatch")

    assert answer.status_code == 400
    assert answer.json()["code"] == "rule_misplaced"


def test_a_client_that_may_only_read_is_refused():
    desk = desk_at(T.CREATED)
    reader = Akinon(desk.case.point.organization, scopes=["shipments:read"])

    answer = reader.post(
        f"{desk.path}command/", {"package": desk.number, "slug": "start-preparing"}
    )

    assert answer.status_code == 403
    assert FulfillmentTask.objects.get(pk=desk.case.task.pk).status == T.CREATED


def test_the_path_works_without_the_slash_and_with_a_bad_body():
    desk = desk_at(T.CREATED)

    broken = desk.api.post(f"{desk.path}command/", b"{")
    answer = desk.api.post(
        f"{desk.path}command", {"package": desk.number, "slug": "start-preparing"}
    )

    assert broken.status_code == 400
    assert answer.status_code == 204
