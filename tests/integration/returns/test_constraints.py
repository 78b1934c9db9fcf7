"""What must never be stored is refused by the database, whoever writes it."""

import pytest
from django.db import IntegrityError, connection, transaction

from returns.models import ReturnOrder, ReturnUnit
from tests.factories import NOW
from tests.integration.returns.builders import expect, shipped, units

ROW = [
    ("status = 'GONE'", "returns_return_status_known"),
    ("type = 'GIFT'", "returns_return_type_known"),
    ("order_external_id = ''", "returns_return_names_its_order"),
    ("external_id = ''", "returns_return_external_not_empty"),
    ("refund_decision = 'APPROVED'", "returns_return_refund_has_time"),
    ("refund_decided_at = now()", "returns_return_refund_has_time"),
    ("status = 'RECEIVED'", "returns_return_received_has_time"),
    ("status = 'INSPECTED', received_at = now()", "returns_return_inspected_has_time"),
    (
        "status = 'CLOSED', received_at = now(), inspected_at = now(), closed_at = now()",
        "returns_return_closed_is_decided",
    ),
    ("status = 'CANCELLED'", "returns_return_cancelled_never_came"),
    (
        "status = 'CANCELLED', cancelled_at = now(), received_at = now()",
        "returns_return_cancelled_never_came",
    ),
]
UNIT = [
    ("status = 'GONE'", "returns_unit_"),
    ("external_id = ''", "returns_unit_external_not_empty"),
    ("status = 'RECEIVED'", "returns_unit_received_somewhere"),
    ("received_at = now()", "returns_unit_received_somewhere"),
    ("qc_status = 'PASS'", "returns_unit_inspected_has_result"),
    ("qc_status = 'MAYBE'", "returns_unit_inspected_has_result"),
    ("disposition = 'RESTOCK'", "returns_unit_inspected_has_result"),
    ("disposition = 'SELL'", "returns_unit_"),
]


@pytest.fixture
def row(db):
    return expect(shipped(quantities=(2,)), 2, external_id="RMA-1")


def refuses(model, pk, change):
    query = f"UPDATE {model._meta.db_table} SET {change} WHERE id = %s"
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        connection.cursor().execute(query, [pk])
    return str(refusal.value)


@pytest.mark.parametrize(("change", "name"), ROW)
def test_of_returns(row, change, name):
    assert name in refuses(ReturnOrder, row.pk, change)


@pytest.mark.parametrize(("change", "name"), UNIT)
def test_of_units(row, change, name):
    assert name in refuses(ReturnUnit, units(row)[0].pk, change)


def test_numbers_are_unique(row):
    with pytest.raises(IntegrityError, match="returns_return_external_uniq"), transaction.atomic():
        ReturnOrder.objects.create(
            organization_id=row.organization_id,
            channel_id=row.channel_id,
            order_external_id="X",
            external_id="RMA-1",
            point_id=row.point_id,
            created_at=NOW,
            changed_at=NOW,
        )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"position": 1}, "returns_unit_position_uniq"),
        ({"position": 9, "external_id": "U-1"}, "returns_unit_external_uniq"),
    ],
)
def test_units_are_told_apart(row, values, name):
    first = units(row)[0]
    ReturnUnit.objects.filter(pk=first.pk).update(external_id="U-1")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ReturnUnit.objects.create(return_order=row, sku_id=first.sku_id, **values)


def test_the_database_counts_the_versions(row):
    ReturnOrder.objects.filter(pk=row.pk).update(note="a", version=70)

    row.refresh_from_db()
    assert row.version == 2
