import gzip
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Sku
from fulfillment import services as fulfillment
from oms.backoffice.imports import MAPPINGS, Importer
from oms.backoffice.imports.base import Target
from oms.backoffice.invariants import INVARIANTS, verify
from oms.backoffice.models import ImportedCancellation, OrderImport
from oms.kernel.actors import SYSTEM
from oms.orders.models import Order, OrderLine
from tests.factories import NOW, count_units, make_bundle, make_channel, make_point, make_sku
from tests.integration.backoffice.builders import invoice_rows, read_rows, write_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return make_channel(points=[make_point()], code="UK")


@pytest.fixture
def load(tmp_path, channel):
    """Import rows, or a file; returns the printed lines without their spaces."""

    def run(rows, *, name="in.csv", refused="refused.csv", mapping="online_retail", **options):
        path = write_rows(tmp_path / name, rows) if isinstance(rows, list) else rows
        output = StringIO()
        call_command(
            "import_orders",
            str(path),
            channel="UK",
            mapping=mapping,
            refused=tmp_path / refused,
            stdout=output,
            **options,
        )
        return [" ".join(line.split()) for line in output.getvalue().splitlines()]

    return run


def cancelled() -> dict[str, list[int]]:
    """Cancelled units of each line, by order number."""
    found: dict[str, list[int]] = {}
    for line in OrderLine.objects.select_related("order").order_by("order_id", "position"):
        found.setdefault(line.order.external_id, []).append(line.quantity_cancelled)
    return found


def test_orders_come_in_with_a_summary_that_adds_up(load, tmp_path):
    rows = [
        *invoice_rows("1", ("A", 6, "2.55"), ("POST", 1, "18"), ("a", 2, "2.55")),
        *invoice_rows("2", ("B", 1, "0"), customer=""),
        *invoice_rows("C3", ("A", -2, "2.55")),
        *invoice_rows("4", ("A", -9, "0"), customer=""),
    ]

    lines = load(rows, create_skus=True)

    assert lines == [
        "Rows read 6",
        "order lines 3",
        "charges 1",
        "cancellations 1",
        "refused 1",
        "stock correction: 1",
        "Orders 2",
        "placed 2, updated 0, there before 0",
        "Units ordered 9",
        "Units cancelled 2",
        "SKUs created 2",
        f"Refused rows are in {tmp_path / 'refused.csv'}",
    ]
    assert list(Sku.objects.order_by("code").values_list("code", "name")) == [
        ("A", "NAME A"),
        ("B", "NAME B"),
    ]
    assert OrderLine.objects.filter(sku__code="A").count() == 2
    assert cancelled() == {"1": [0, 2], "2": [0]}
    assert [row["StockCode"] for row in read_rows(tmp_path / "refused.csv")] == ["A"]


def test_no_sku_is_made_of_a_bundles_code(load, channel):
    make_bundle(parts=[(make_sku(organization=channel.organization, code="B"), 2)], code="A")

    lines = load(invoice_rows("1", ("A", 6, "2.55"), ("C", 1, "2")), create_skus=True)

    assert "SKUs created 1" in lines
    assert list(OrderLine.goods.order_by("pk").values_list("sku__code", "quantity_ordered")) == [
        ("C", 1),
        ("B", 12),
    ]


def test_unknown_skus_do_not_keep_an_order_out(load):
    load(invoice_rows("1", ("A", 6, "2.55")))

    assert OrderLine.objects.get().sku is None


def test_a_cancellation_takes_the_latest_orders_first(load):
    early, late = "2010-12-01T08:00:00", "2010-12-02T08:00:00"
    rows = [
        *invoice_rows("1", ("A", 5, "2"), at=early),
        *invoice_rows("2", ("A", 3, "2"), ("A", 4, "9"), at=late),
        *invoice_rows("C3", ("A", -6, "2"), at="2010-12-03T08:00:00"),
        *invoice_rows("4", ("A", 7, "2"), at="2010-12-04T08:00:00"),
    ]

    load(rows)

    assert cancelled() == {"1": [3], "2": [3, 0], "4": [0]}
    reasons = ImportedCancellation.objects.order_by("pk").values_list(
        "reference", "row", "quantity"
    )
    assert sorted(reasons) == [("C3", 1, 3), ("C3", 1, 3)]


@pytest.mark.parametrize(
    "item",
    [("A", -1, "3"), ("B", -1, "2")],
    ids=["other price", "other code"],
)
def test_a_cancellation_that_matches_nothing_is_reported(load, tmp_path, item):
    load([*invoice_rows("1", ("A", 5, "2")), *invoice_rows("C2", item)])

    [row] = read_rows(tmp_path / "refused.csv")
    assert (row["InvoiceNo"], row["import_reason"]) == ("C2", "cancellation matches no order")
    assert cancelled() == {"1": [0]}


def test_another_customers_order_is_not_cancelled(load, tmp_path):
    load([*invoice_rows("1", ("A", 5, "2")), *invoice_rows("C2", ("A", -1, "2"), customer="8")])

    assert cancelled() == {"1": [0]}
    assert len(read_rows(tmp_path / "refused.csv")) == 1


def test_too_few_units_are_cancelled_and_the_rest_is_reported(load, tmp_path):
    load([*invoice_rows("1", ("A", 5, "2")), *invoice_rows("C2", ("A", -12, "2"))])

    [row] = read_rows(tmp_path / "refused.csv")
    assert row["import_reason"] == "cancellation only partly matched"
    assert row["import_detail"] == "5 of 12 units were cancelled"
    assert row["Quantity"] == "-12"
    assert Order.objects.get().status == "CANCELLED"


def test_a_refused_row_loaded_again_cancels_only_what_is_left(load, tmp_path):
    load([*invoice_rows("1", ("A", 5, "2")), *invoice_rows("C2", ("B", -1, "2"), ("A", -7, "2"))])
    load(invoice_rows("0", ("A", 9, "2"), at="2010-11-30T08:00:00"), name="more.csv", refused="r2")

    lines = load(tmp_path / "refused.csv", refused="again.csv")

    assert cancelled() == {"1": [5], "0": [2]}
    assert "cancellations 1" in lines
    assert "and in an earlier run 5" in lines
    assert [row["StockCode"] for row in read_rows(tmp_path / "again.csv")] == ["B"]


def test_units_given_to_a_task_are_cancelled_as_a_whole_line_only(load, tmp_path, channel):
    load(invoice_rows("1", ("A", 5, "2"), ("B", 4, "2")), create_skus=True)
    for sku in Sku.objects.all():
        count_units(point=channel.points.get(), sku=sku, on_hand=10)
    fulfillment.allocate_due(now=datetime(2030, 1, 1, tzinfo=UTC))

    load(invoice_rows("C2", ("A", -5, "2"), ("B", -1, "2")), name="c.csv")

    assert cancelled() == {"1": [5, 0]}
    [row] = read_rows(tmp_path / "refused.csv")
    assert (row["StockCode"], row["import_reason"]) == (
        "B",
        "cancellation of a part of a line that is in work",
    )
    assert {
        result.invariant.code for result in map(verify, INVARIANTS) if not result.holds
    } == set()


def test_the_same_file_again_changes_nothing(load):
    rows = [*invoice_rows("1", ("A", 5, "2"), ("B", 1, "2")), *invoice_rows("C2", ("A", -2, "2"))]
    first = load(rows)

    quick, whole = load(rows), load(rows, restart=True)

    assert quick == first
    assert "placed 0, updated 0, there before 1" in whole
    assert "Units cancelled 0" in whole
    assert cancelled() == {"1": [2, 0]}
    assert OrderLine.objects.count() == 2


class Killed(Exception):
    pass


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.parametrize("before_checkpoint", [True, False])
def test_a_killed_import_goes_on_without_doubles(load, tmp_path, channel, after, before_checkpoint):
    rows = [
        *invoice_rows("1", ("A", 5, "2")),
        *invoice_rows("C2", ("A", -2, "2"), ("Z", -1, "2")),
        *invoice_rows("3", ("A", 4, "2")),
        *invoice_rows("4", ("A", -1, "2")),
        *invoice_rows("C5", ("A", -5, "2")),
    ]
    path = write_rows(tmp_path / "in.csv", rows)
    importer = make_importer(path, channel, tmp_path / "refused.csv")
    calls = {"left": after}

    def stop(*_args, **_kwargs):
        calls["left"] -= 1
        if not calls["left"]:
            raise Killed

    class Dying(Importer):
        def _save(self, *args, **kwargs):
            if before_checkpoint:
                stop()
            super()._save(*args, **kwargs)

    dying = Dying(**{name: getattr(importer, name) for name in Importer.__dataclass_fields__})
    with pytest.raises(Killed):
        dying.run((lambda _offset: None) if before_checkpoint else stop)

    lines = load(path, batch=1)

    assert cancelled() == {"1": [3], "3": [4]}
    refused = [
        (row["InvoiceNo"], row["import_reason"]) for row in read_rows(tmp_path / "refused.csv")
    ]
    assert refused == [("C2", "cancellation matches no order"), ("4", "stock correction")]
    assert lines[:5] == [
        "Rows read 6", "order lines 2", "charges 0", "cancellations 2", "refused 2",
    ]  # fmt: skip


def make_importer(path, channel, refused, **overrides):
    target = Target(
        organization_id=channel.organization_id,
        channel_id=channel.pk,
        currency="GBP",
        zone=ZoneInfo("Europe/London"),
    )
    defaults = {
        "path": path,
        "mapping": MAPPINGS["online_retail"],
        "target": target,
        "refused_path": refused,
        "actor": SYSTEM,
        "clock": lambda: NOW,
        "batch_size": 1,
    }
    return Importer(**{**defaults, **overrides})


def test_a_mended_order_is_loaded_from_the_refused_file(load, tmp_path):
    load(invoice_rows("1", ("A", 5, "2"), ("B", "x", "2"), ("POST", 1, "3")))
    rows = read_rows(tmp_path / "refused.csv")
    rows[1]["Quantity"] = "7"

    load(write_rows(tmp_path / "mended.csv", rows), refused="again.csv")

    lines = OrderLine.objects.order_by("position").values_list("external_id", "quantity_ordered")
    assert list(lines) == [("1", 5), ("2", 7)]
    assert (tmp_path / "again.csv").exists() is False


def test_an_order_that_is_there_with_other_lines_is_refused(load, tmp_path):
    load([*invoice_rows("1", ("A", 5, "2")), *invoice_rows("C2", ("A", -5, "2"))])

    load(invoice_rows("1", ("A", 5, "2"), ("B", 1, "2")), name="other.csv")

    rows = read_rows(tmp_path / "refused.csv")
    assert [row["import_reason"] for row in rows] == ["order exists with other lines"] * 2
    assert OrderLine.objects.count() == 1


def test_a_compressed_file_is_read_as_it_is(load, tmp_path):
    plain = write_rows(tmp_path / "in.csv", invoice_rows("1", ("A", 5, "2")))
    packed = tmp_path / "in.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    load(packed)

    assert Order.objects.get().external_id == "1"
    assert OrderImport.objects.get().finished_at is not None


def test_simple_files_come_in_too(load):
    rows = [
        {"order_number": "A-1", "placed_at": "2026-01-05T09:00:00", "sku": "X", "quantity": "2"},
        {"order_number": "A-2", "placed_at": "2026-01-05T09:00:00", "sku": "X", "quantity": "0"},
    ]

    lines = load(rows, mapping="simple")

    assert "placed 1, updated 0, there before 0" in lines
    assert "unreadable: 1" in lines


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "has no column InvoiceNo"),
        (b"InvoiceNo,StockCode\n1,A\n", "has no column Description"),
        (b"\xff\xfe", "say which encoding it has with --encoding"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused(load, tmp_path, content, problem):
    path = tmp_path / "in.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=problem):
        load(path)


def test_a_missing_file_and_an_unknown_channel_are_refused(load, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        load(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="There is no channel US"):
        call_command("import_orders", "x", channel="US", mapping="simple")


def test_a_channel_code_of_two_organizations_needs_the_organization(load, channel):
    make_channel(code="UK")
    rows = invoice_rows("1", ("A", 5, "2"))

    with pytest.raises(CommandError, match="add --organization"):
        load(rows)
    load(rows, organization=channel.organization.code)

    assert Order.objects.get().channel == channel


def test_one_import_into_a_channel_at_a_time(load, channel):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            lock = "SELECT pg_advisory_lock(hashtext('oms.import'), %s::int)"
            cursor.execute(lock, [channel.pk])

        with pytest.raises(CommandError, match="Another import into this channel is running"):
            load(invoice_rows("1", ("A", 5, "2")))
        with other.cursor() as cursor:  # closing alone frees it when the server gets to it
            cursor.execute(
                "SELECT pg_advisory_unlock(hashtext('oms.import'), %s::int)", [channel.pk]
            )
    finally:
        other.close()
    load(invoice_rows("1", ("A", 5, "2")))

    assert Order.objects.count() == 1
