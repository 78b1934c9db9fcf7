from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from channels_app.models import Seller
from fulfillment import services
from fulfillment.models import Invoice, InvoiceLine, InvoiceSeries, PaperSettings
from oms.events.models import Event
from oms.orders.models import OrderLine
from tests.factories import NOW, make_organization, make_point
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.papers.shipments import MULTI_PARTIAL, priced, ship

pytestmark = pytest.mark.django_db


def amounts(row) -> tuple[Decimal, Decimal, Decimal]:
    return row.net_total, row.tax_total, row.gross_total


def give_back(case, invoice, units=None, **more) -> Invoice:
    correction = services.Correction(invoice_id=invoice.pk, units=units or {}, **more)
    return services.correct_invoice(correction=correction, actor=case.actor, now=NOW)


def test_it_names_the_tax_of_the_order_line():
    case = routed(quantities=(1,))
    priced(case, price="649.00", tax="30.90")

    made = ship(case)

    line = made.invoice.lines.get()
    expected = (Decimal("618.10"), Decimal("30.90"), Decimal("649.00"))
    assert amounts(made.invoice) == amounts(line) == expected
    assert (line.unit_net, line.unit_tax, line.unit_gross) == expected
    assert line.taxes == [{"type": "VAT", "rate": "5", "tax_per_unit": "30.9", "tax_total": "30.9"}]


def test_a_line_without_tax_has_the_organizations_rate_within_its_price():
    case = routed(quantities=(2,))
    PaperSettings.objects.create(
        organization=case.order.organization, tax_type="GST", tax_rate=Decimal(9)
    )
    priced(case, price="10.90")

    made = ship(case)

    assert amounts(made.invoice) == (Decimal("20.00"), Decimal("1.80"), Decimal("21.80"))
    assert made.invoice.lines.get().taxes == [
        {"type": "GST", "rate": "9", "tax_per_unit": "0.9", "tax_total": "1.8"}
    ]


def test_without_any_setting_no_tax_is_named():
    case = routed()

    made = ship(case)

    assert amounts(made.invoice) == (Decimal("9.90"), Decimal(0), Decimal("9.90"))
    assert made.invoice.lines.get().taxes[0]["rate"] == "0"


def test_line_discounts_count():
    case = routed(quantities=(3,))
    priced(case, price="100.00", tax="20.00")
    OrderLine.objects.filter(order=case.order).update(line_discount=Decimal("50.00"))

    made = ship(case)

    assert amounts(made.invoice) == (Decimal(230), Decimal(20), Decimal(250))
    assert made.invoice.lines.get().unit_gross == Decimal("83.3333")


def test_invoices_of_parts_add_up_to_the_line():
    case = routed(quantities=(3,))
    priced(case, price="33.33", tax="10.00")
    OrderLine.objects.filter(order=case.order).update(line_discount=Decimal("0.01"))

    made = [ship(case, {0: 1}, completeness=MULTI_PARTIAL, length_cm=Decimal(n)) for n in (1, 2, 3)]

    assert [each.invoice.gross_total for each in made] == [
        Decimal("33.33"),
        Decimal("33.32"),
        Decimal("33.33"),
    ]
    assert [each.invoice.tax_total for each in made] == [
        Decimal("3.33"),
        Decimal("3.34"),
        Decimal("3.33"),
    ]


def test_currencies_without_decimals_have_none():
    case = routed(quantities=(3,))
    priced(case, price="10000", tax="2222", currency="VND")

    first, rest = (
        ship(case, {0: 1}, completeness=MULTI_PARTIAL),
        ship(case, {0: 2}, completeness=MULTI_PARTIAL),
    )

    assert amounts(first.invoice) == (Decimal(9259), Decimal(741), Decimal(10000))
    assert amounts(rest.invoice) == (Decimal(18519), Decimal(1481), Decimal(20000))


def test_numbers_belong_to_the_year_where_the_organization_is():
    at_home = make_organization(timezone="Asia/Ho_Chi_Minh")
    case = routed(point=make_point(organization=at_home))

    made = ship(case, now=datetime(2025, 12, 31, 17, 30, tzinfo=UTC))

    assert made.invoice.code == "INV-2026-000001"
    assert InvoiceSeries.objects.get().year == 2026


def test_each_seller_has_numbers_of_its_own():
    own = routed()
    seller = Seller.objects.create(
        organization=own.order.organization, code="ACME", name="Acme", supplier_code="S-1"
    )
    point = make_point(organization=own.order.organization, supplier_code="S-1")
    theirs = routed(point=point)

    codes = [ship(case).invoice.code for case in (own, theirs)]

    assert codes == ["INV-2026-000001", "INV-ACME-2026-000001"]
    assert Invoice.objects.get(code=codes[1]).seller == seller


def test_a_refused_transaction_gives_its_number_back():
    case = routed()
    with transaction.atomic():
        lost = ship(case)
        transaction.set_rollback(True)

    made = ship(case)

    assert (lost.invoice.number, made.invoice.number) == (1, 1)


def test_it_is_told_without_the_buyer():
    case = routed()

    made = ship(case)

    event = Event.objects.get(type="invoice.issued")
    assert (event.subject_type, event.subject_id) == ("invoice", made.invoice.pk)
    assert event.data == {
        "order": case.order.external_id,
        "task": case.task.number,
        "parcel": made.parcel.number,
        "invoice": "INV-2026-000001",
        "currency": "SGD",
        "net_total": "9.9",
        "tax_total": "0",
        "gross_total": "9.9",
    }


def test_units_that_come_back_are_credited_in_parts():
    case = routed(quantities=(3,))
    priced(case, price="33.33", tax="10.00")
    made = ship(case)
    [line] = case.order_lines

    first = give_back(case, made.invoice, {line: 1}, reason="Too small")
    second = give_back(case, made.invoice)

    made.invoice.refresh_from_db()
    assert [first.code, second.code] == ["CN-2026-000001", "CN-2026-000002"]
    assert amounts(first) == (Decimal("30.00"), Decimal("3.33"), Decimal("33.33"))
    assert amounts(second) == (Decimal("59.99"), Decimal("6.67"), Decimal("66.66"))
    assert made.invoice.voided_at == NOW
    assert first.documents.get().kind == "CREDIT_NOTE"
    assert Event.objects.filter(type="invoice.corrected").count() == 2


def test_one_cause_gives_one_note():
    case = routed(quantities=(2,))
    made = ship(case)
    [line] = case.order_lines

    notes = [give_back(case, made.invoice, {line: 1}, cause="RT-1") for _ in range(2)]

    assert notes[0] == notes[1]
    assert Invoice.objects.filter(kind="CREDIT_NOTE").count() == 1


@pytest.mark.parametrize("units", [3, 0])
def test_no_more_is_credited_than_what_is_left(units):
    case = routed(quantities=(2,))
    made = ship(case)
    [line] = case.order_lines

    with pytest.raises(services.CorrectionExceeded):
        give_back(case, made.invoice, {line: units})


def test_nothing_is_left_of_an_invoice_taken_back():
    case = routed()
    made = ship(case)
    give_back(case, made.invoice)

    with pytest.raises(services.CorrectionExceeded):
        give_back(case, made.invoice)


def test_lines_that_were_not_invoiced_are_not_credited():
    case, stranger = routed(), routed()
    made = ship(case)

    with pytest.raises(services.LineNotInvoiced):
        give_back(case, made.invoice, {stranger.order_lines[0]: 1})


def test_others_invoices_and_credit_notes_cannot_be_corrected():
    case, stranger = routed(), routed()
    made = ship(case)
    note = give_back(case, made.invoice)

    for actor_case, invoice in ((stranger, made.invoice), (case, note)):
        with pytest.raises(services.InvoiceNotFound):
            give_back(actor_case, invoice)


def test_the_database_refuses_a_number_twice():
    case = routed()
    made = ship(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.create(
            organization=case.order.organization, series=made.invoice.series, number=1,
            code="X", kind="CREDIT_NOTE", parcel=made.parcel, order=case.order, issued_at=NOW,
            currency="SGD", net_total=0, tax_total=0, gross_total=0, corrects=made.invoice,
        )  # fmt: skip


def test_the_database_refuses_lines_that_do_not_add_up():
    case = routed()
    ship(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceLine.objects.update(tax_total=1)
