"""Asking for a package's invoice before a transition (contract 7.2)."""

import json
from collections.abc import Iterator

import pytest

from fulfillment import services as fulfillment
from fulfillment.choices import InvoiceDocument
from oms.api.akinon.sync import invoicing
from oms.orders.models import Order
from tests.integration.akinon.builders import Shop, a_basket
from tests.simulators.akinon_wire import Answer, Fault, Refusal, Request, SimulatedServer

GOOD = {
    "invoice_number": "INV-1",
    "invoice_date": "2026-01-15T12:00:00.000000Z",
    "invoice_url": "https://erp.example/INV-1.pdf",
}
PACKAGE = {"id": 901, "number": "00000901"}


class Erp(SimulatedServer):
    """A brand's invoice service. Checks who calls."""

    answer_document: object = GOOD
    token = "Bearer x"

    def respond(self, request: Request) -> Answer:
        if request.headers.get("authorization") != self.token:
            raise Refusal(401, {"detail": "no"})
        return Answer(200, self.answer_document)


@pytest.fixture
def erp() -> Iterator[Erp]:
    with Erp() as running:
        yield running


def call(erp: Erp, **auth: str) -> dict:
    auth = auth or {"request_type": "token", "token": "x"}
    service = {"remote_url": f"{erp.origin}/invoice", "auth": auth, "generate_invoice_number": True}
    return {"remote_invoice_call": service}


def name_origin(shop: Shop, erp: Erp) -> None:
    """Only origins that an operator named may be inside (contract 12a.1)."""
    conf = {"endpoint": "invoices", "base_url": erp.origin, "auth": {"token": "t"}}
    shop.connect(endpoint_conf=[conf])


def ask(shop: Shop, config: dict, *, order_id: int = 0):
    return invoicing.asked_for(
        config, organization_id=shop.organization.pk, order_id=order_id, package=PACKAGE
    )


def test_the_brands_service_gets_the_package_and_gives_the_invoice(shop, erp):
    name_origin(shop, erp)

    invoice = ask(shop, call(erp))

    [asked] = erp.calls_of("POST", "/invoice")
    assert json.loads(asked.request.body) == {**PACKAGE, "generate_invoice_number": True}
    assert (invoice.number, invoice.kind) == ("INV-1", InvoiceDocument.URL)
    assert invoice.url == GOOD["invoice_url"]


def test_a_user_name_and_password_can_be_asked_for(shop, erp):
    name_origin(shop, erp)
    erp.token = "Basic dTpw"

    invoice = ask(shop, call(erp, request_type="basic_auth", username="u", password="p"))

    assert invoice.number == "INV-1"


@pytest.mark.parametrize(
    ("fault", "document", "said"),
    [
        (Fault(status=500), GOOD, "The invoice service answered HTTP 500"),
        (Fault(count=0), [], "The invoice service did not answer with an object"),
        (Fault(count=0), {}, "The invoice service gave no number, date or address"),
        (
            Fault(count=0),
            {**GOOD, "invoice_date": "soon"},
            "The date of the invoice cannot be read",
        ),
    ],
)
def test_a_failure_stops_the_transition(shop, erp, fault, document, said):
    name_origin(shop, erp)
    erp.misbehave(fault)
    erp.answer_document = document

    with pytest.raises(invoicing.InvoiceCallFailed, match=said):
        ask(shop, call(erp))


def test_a_service_inside_that_no_operator_named_is_not_called(shop, erp):
    with pytest.raises(invoicing.InvoiceCallFailed, match="was not reached"):
        ask(shop, call(erp))

    assert erp.calls == []


def test_the_source_of_the_order_may_have_the_bill(shop):
    more = {
        "invoice_number": "B-7",
        "invoice_date": "2026-01-15T12:00:00.000000Z",
        "e_archive_url": "https://bills.example/B-7",
    }
    shop.books.place(a_basket("1", more=more))
    shop.pull()
    fulfillment.allocate_due(now=shop.now)

    bill = ask(shop, {"remote_bill_fulfillment_call": True}, order_id=Order.objects.get().pk)

    assert (bill.number, bill.url) == ("B-7", "https://bills.example/B-7")


def test_without_a_configuration_nobody_is_asked(shop):
    assert ask(shop, {"sync_remote_order_status": True}) is None
    assert invoicing.is_asked({}) is False
