from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from oms.backoffice.imports import MAPPINGS
from oms.backoffice.imports.base import Row, Target
from tests.integration.backoffice.builders import invoice_rows

TARGET = Target(organization_id=1, channel_id=2, currency="SGD", zone=ZoneInfo("Asia/Singapore"))


def read(rows, mapping="online_retail"):
    numbered = [Row(position, values) for position, values in enumerate(rows, 1)]
    chosen = MAPPINGS[mapping]
    return chosen.read(chosen.number_of(numbered[0]), numbered, TARGET)


def reasons(document) -> list[str]:
    return [refused.reason for refused in document.refused]


def test_an_invoice_is_one_order_and_a_row_one_line():
    document = read(invoice_rows("536365", ("85123a", 6, "2.55"), ("85123A", 2, "0")))

    draft = document.order
    assert (draft.external_id, draft.currency, draft.country) == ("536365", "GBP", "United Kingdom")
    assert (draft.is_paid, draft.customer_id) == (True, "17850")
    assert draft.placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert [(line.external_id, line.sku_code, line.quantity) for line in draft.lines] == [
        ("1", "85123a", 6),
        ("2", "85123A", 2),
    ]
    assert [line.sku_codes for line in draft.lines] == [("85123A", "85123a"), ("85123A",)]
    assert draft.lines[1].unit_price == Decimal(0)
    assert draft.raw_body.startswith(b"InvoiceNo,StockCode")
    assert document.refused == []


def test_charges_stay_with_the_order_as_charges():
    document = read(invoice_rows("1", ("A", 1, "2"), ("POST", 2, "18.00"), ("m", 1, "5")))

    assert [line.external_id for line in document.order.lines] == ["1"]
    charges = document.order.payment["charges"]
    assert [(charge["code"], charge["amount"]) for charge in charges] == [
        ("POST", "36.00"),
        ("m", "5"),
    ]
    assert len(document.charge_rows) == 2


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (invoice_rows("1", ("A", -5, "0")), "stock correction"),
        (invoice_rows("1", ("A", 0, "1")), "stock correction"),
        (invoice_rows("1", ("POST", 1, "9"), ("DOT", 1, "9")), "charges only"),
        (invoice_rows("C1", ("POST", -1, "9")), "credited charge"),
        (invoice_rows("C1", ("A", -1, "9"), customer=""), "cancellation without customer"),
        (invoice_rows("C1", ("A", 1, "9")), "cancellation with a positive quantity"),
        (invoice_rows("1", ("A", "six", "9")), "unreadable"),
        (invoice_rows("1", ("A", 1, "-9")), "unreadable"),
        (invoice_rows("1", ("A", 1, "1e99")), "unreadable"),
        (invoice_rows("1", ("A", 1, "9"), at="yesterday"), "unreadable"),
        (invoice_rows("1", ("", 1, "9")), "unreadable"),
        (invoice_rows("1", ("A" * 129, 1, "9")), "unreadable"),
    ],
)
def test_what_is_no_order_is_refused_with_the_reason(rows, reason):
    document = read(rows)

    assert reasons(document) == [reason] * len(rows)
    assert (document.order, document.cancellation) == (None, None)


def test_one_unreadable_row_refuses_the_whole_invoice():
    document = read(invoice_rows("1", ("A", 1, "9"), ("B", "x", "9")))

    assert reasons(document) == ["invoice has an unreadable row", "unreadable"]
    assert document.refused[1].detail == "Quantity is not a whole number: 'x'"


def test_a_cancellation_names_customer_code_price_and_units():
    document = read(invoice_rows("C7", ("A", -3, "9.5"), ("POST", -1, "1")))

    cancellation = document.cancellation
    assert (cancellation.reference, cancellation.customer_id) == ("C7", "17850")
    [row] = cancellation.rows
    assert (row.sku_code, row.unit_price, row.quantity) == ("A", Decimal("9.5"), 3)
    assert reasons(document) == ["credited charge"]


def simple(**overrides):
    values = {
        "order_number": "A-1",
        "placed_at": "2026-01-05T09:00:00",
        "sku": "X",
        "quantity": "2",
    }
    return {**values, **overrides}


def test_simple_reads_what_is_there_and_defaults_the_rest():
    document = read(
        [simple(), simple(sku="Y", line_id="77", unit_price="1.25", name="Thing")], "simple"
    )

    draft = document.order
    assert (draft.currency, draft.is_paid, draft.order_type) == ("SGD", True, "NORMAL")
    assert draft.placed_at == datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    assert [(line.external_id, line.sku_codes, line.unit_price) for line in draft.lines] == [
        ("1", ("X",), None),
        ("77", ("Y",), Decimal("1.25")),
    ]


def test_simple_reads_buyer_and_delivery():
    row = simple(customer_id="B1", recipient="A. Sample", city="Jurong", country="SG", paid="false")

    draft = read([row], "simple").order

    assert (draft.customer_id, draft.country, draft.is_paid) == ("B1", "SG", False)
    assert (draft.contact.name, draft.contact.city) == ("A. Sample", "Jurong")


@pytest.mark.parametrize(
    ("overrides", "detail"),
    [
        ({"quantity": "0"}, "quantity is less than one"),
        ({"sku": ""}, "sku is empty"),
        ({"placed_at": "soon"}, "placed_at is not a date-time: 'soon'"),
        ({"paid": "maybe"}, "paid is neither true nor false: 'maybe'"),
        ({"line_id": "1"}, "line_id 1 stands twice in the order"),
        ({"order_number": "A-1", "currency": "EURO"}, "currency is longer than 3 characters"),
    ],
)
def test_simple_refuses_the_order_with_the_reason(overrides, detail):
    rows = [simple(), simple(**overrides)] if "line_id" in overrides else [simple(**overrides)]

    document = read(rows, "simple")

    assert document.order is None
    assert detail in [refused.detail for refused in document.refused]
