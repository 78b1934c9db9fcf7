"""Each statement holds after ordinary work, and finds the one thing that was spoilt."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.models import Listing
from fulfillment.choices import ParcelStatus
from oms.backoffice.invariants import INVARIANTS, ownership, verify
from oms.backoffice.invariants.orders import LINE_STATUS
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.models import Endpoint
from oms.kernel.actors import SYSTEM
from oms.orders import lifecycle
from oms.orders.models import OrderLine
from tests.factories import (
    make_bundle,
    make_channel,
    make_organization,
    make_point,
    make_sku,
    place,
)
from tests.integration.fulfillment.builders import SINGLE, cancel, milestone, pack, routed

CHECKED = [invariant.code for invariant in INVARIANTS if invariant.query]


def broken() -> set[str]:
    return {result.invariant.code for result in map(verify, INVARIANTS) if not result.holds}


def spoil(*statements: str) -> None:
    """Run statements as the owner of the tables, past every guard."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET ROLE NONE")
        for table in ("inventory_stockmovement", "events_event"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def work(db):
    """Orders in all kinds of states: waiting, allocated, packed, delivered, cancelled."""
    allocated = routed(delivery=SINGLE, quantities=(2, 1))
    delivered = routed(quantities=(2,))
    pack(delivered)
    milestone(delivered, ParcelStatus.SHIPPED)
    milestone(delivered, ParcelStatus.DELIVERED, minutes=5)
    packed = routed(quantities=(1, 1))
    pack(packed)
    cancel(packed, packed.order_lines[0])
    ended = routed(delivery=SINGLE)
    cancel(ended)
    place(channel=make_channel(), lines=[("UNKNOWN", 1)])
    return {"allocated": allocated, "delivered": delivered, "packed": packed, "ended": ended}


def test_everything_holds_after_ordinary_work(work):
    assert broken() == set()


def test_i1_finds_a_reservation_that_was_not_covered(work):
    point = work["allocated"].point.pk
    level = f"(SELECT min(id) FROM inventory_stocklevel WHERE point_id = {point})"
    spoil(
        f"UPDATE inventory_stockmovement SET on_hand_delta = 1"
        f" WHERE kind = 'COUNT' AND level_id = {level}",
        "INSERT INTO inventory_stockmovement (organization_id, level_id, kind, on_hand_delta,"
        f" reserved_delta, cause, actor) SELECT organization_id, id, 'COUNT', 9, 0, '', ''"
        f" FROM inventory_stocklevel WHERE id = {level}",
    )

    assert broken() == {"I1"}


@pytest.mark.parametrize("column", ["on_hand", "unavailable", "incoming"])
def test_i2_finds_a_level_that_is_not_its_ledger(work, column):
    spoil(f"UPDATE inventory_stocklevel SET {column} = {column} + 1 WHERE reserved = 0")

    assert broken() == {"I2"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("quantity_packed = 1", "packed differs from the parcels"),
        ("quantity_returned = 1", "more returned than shipped"),
        ("cancelled_by_system = 1", "cancelled is not the sum of its parts"),
        ("quantity_returned = -1", "a quantity is negative"),
        ("quantity_in_progress = 9", "out of order: delivered, shipped, packed, allocated, live"),
    ],
)
def test_i3_finds_quantities_that_do_not_add_up(work, change, problem):
    constraints = OrderLine._meta.constraints
    line = work["allocated"].order_lines[0]
    spoil(
        *(
            f"ALTER TABLE orders_orderline DROP CONSTRAINT {constraint.name}"
            for constraint in constraints
        ),
        "ALTER TABLE orders_orderline DROP CONSTRAINT IF EXISTS"
        " orders_orderline_quantity_returned_check",
        f"UPDATE orders_orderline SET {change} WHERE id = {line}",
    )

    found = {result.invariant.code: result for result in map(verify, INVARIANTS)}

    assert problem in found["I3"].rows[0]["problem"].split("; ")
    assert found["I3"].rows[0]["line_id"] == line
    without_a_return = {"I14"} if "returned" in change else set()
    assert broken() == {"I3", *without_a_return}


def test_i4_finds_an_order_that_is_there_twice(work):
    first, second = work["allocated"].order, work["delivered"].order
    spoil(
        "ALTER TABLE orders_order DROP CONSTRAINT orders_order_external_uniq",
        f"UPDATE orders_order SET external_id = 'TWICE' WHERE id IN ({first.pk}, {second.pk})",
        f"UPDATE orders_order SET (channel_id, organization_id) ="
        f" (SELECT channel_id, organization_id FROM orders_order WHERE id = {first.pk})"
        f" WHERE id = {second.pk}",
    )

    found = {result.invariant.code: result for result in map(verify, INVARIANTS)}

    assert (found["I4"].count, found["I4"].rows[0]["external_id"]) == (1, "TWICE")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events_event WHERE id = (SELECT min(id) FROM events_event)",
        "UPDATE fulfillment_fulfillmenttask SET status = 'PICKED' WHERE status = 'CREATED'",
        (
            "UPDATE fulfillment_cancellationtask SET status = 'OPEN', closed_at = NULL"
            " WHERE id = (SELECT max(id) FROM fulfillment_cancellationtask)"
        ),
        (
            "DELETE FROM events_event WHERE subject_type = 'parcel' AND subject_id ="
            " (SELECT min(id) FROM fulfillment_parcel)"
        ),
    ],
)
def test_i5_finds_missing_events(work, statement):
    spoil(statement)

    assert broken() == {"I5"}


@pytest.fixture
def news(work):
    """The news of the work, told to an endpoint that subscribed an hour before."""
    organization = work["delivered"].point.organization
    endpoint = Endpoint.objects.create(
        organization=organization,
        name="listener",
        url="https://listener.example/",
        format="standard",
        types=["order.paid"],
        state="ACTIVE",
    )
    Endpoint.objects.update(
        types_since=timezone.now() - timedelta(hours=1),
        created_at=timezone.now() - timedelta(hours=1),
    )
    for number in range(1, 4):
        fact = outbox.Fact(
            organization_id=organization.pk,
            type=EventType.ORDER_PAID,
            subject_type=SubjectType.POINT,
            subject_id=-number,
            data={"order": f"ORD-{number}"},
        )
        outbox.record([fact], actor=SYSTEM, now=timezone.now())
    return endpoint


def test_news_that_is_on_its_way_is_in_order(news):
    assert news.deliveries.count() == 3
    assert broken() == set()


def test_i6_finds_an_event_somebody_was_not_told_of(news):
    spoil(f"DELETE FROM events_delivery WHERE id = {news.deliveries.first().pk}")

    assert broken() == {"I6"}


def test_i6_expects_nothing_of_before_the_subscription(news):
    spoil("DELETE FROM events_delivery", "UPDATE events_endpoint SET types_since = now()")

    assert broken() == set()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_delivery SET not_before = now() + interval '50 hours'",
        "UPDATE events_endpoint SET removed_at = now() - interval '1 hour'",
    ],
)
def test_i7_finds_a_delivery_that_does_not_go_on(news, statement):
    spoil(statement)

    assert broken() == {"I7"}


def test_i8_finds_a_delivery_nobody_released(news):
    spoil(
        "UPDATE events_delivery SET claim_id = gen_random_uuid(),"
        " leased_until = now() - interval '121 seconds'"
    )

    assert broken() == {"I8"}


def test_i8_finds_a_lease_nobody_took_over(work):
    spoil(
        "UPDATE fulfillment_document SET attempts = 1, not_before = now() - interval '1 hour'"
        " WHERE status = 'PENDING'"
    )

    assert broken() == {"I8"}


def test_i9_finds_a_second_live_label(work):
    spoil(
        "DROP INDEX fulfillment_document_live_uniq",
        "INSERT INTO fulfillment_document (organization_id, parcel_id, kind, status, carrier,"
        " reference) SELECT organization_id, parcel_id, kind, 'FAILED', carrier, 'again'"
        " FROM fulfillment_document WHERE status = 'PENDING' LIMIT 1",
    )

    assert broken() == {"I9"}


def test_i10_finds_units_reserved_for_nobody(work):
    level = "(SELECT min(id) FROM inventory_stocklevel)"
    spoil(
        f"UPDATE inventory_stocklevel SET reserved = reserved + 1 WHERE id = {level}",
        "INSERT INTO inventory_stockmovement (organization_id, level_id, kind, on_hand_delta,"
        " reserved_delta, cause, actor) SELECT organization_id, id, 'RESERVE', 0, 1, '', ''"
        f" FROM inventory_stocklevel WHERE id = {level}",
    )

    assert broken() == {"I10"}


@pytest.mark.parametrize(
    ("statement", "reference"),
    [
        ("UPDATE catalog_listing SET sku_id = {sku}", "catalog_listing.sku_id"),
        (
            "UPDATE orders_order SET channel_id = {channel} WHERE id = {order}",
            "orders_order.channel_id",
        ),
        (
            "UPDATE orders_orderline SET sku_id = {sku} WHERE order_id = {order}",
            "orders_orderline.sku_id",
        ),
        (
            "UPDATE fulfillment_parcel SET organization_id = {organization}",
            "fulfillment_parcel.task_id",
        ),
        (
            "UPDATE events_event SET organization_id = {organization} WHERE subject_type = 'task'",
            "events_event.subject (task)",
        ),
    ],
)
def test_i11_finds_a_reference_across_organizations(work, statement, reference):
    case, stranger = work["allocated"], make_organization()
    Listing.objects.create(channel=case.channel, channel_sku_code="A", sku=case.skus[0])
    names = {
        "sku": make_sku(organization=stranger).pk,
        "channel": make_channel(organization=stranger).pk,
        "order": case.order.pk,
        "organization": stranger.pk,
    }
    spoil(statement.format(**names))

    found = {result.invariant.code: result for result in map(verify, INVARIANTS)}

    assert reference in {row["reference"] for row in found["I11"].rows}
    assert broken() == {"I11"}


def test_i12_finds_a_delivered_order_that_still_holds_stock(work):
    task, sku = work["delivered"].task.pk, work["delivered"].skus[0].pk
    spoil(
        "INSERT INTO fulfillment_taskline (task_id, order_line_id, sku_id, quantity)"
        " SELECT task_id, order_line_id, sku_id, 1 FROM fulfillment_taskline"
        f" WHERE task_id = {task}",
        f"UPDATE inventory_stocklevel SET reserved = 1 WHERE sku_id = {sku}",
        "INSERT INTO inventory_stockmovement (organization_id, level_id, kind, on_hand_delta,"
        " reserved_delta, cause, actor) SELECT organization_id, id, 'RESERVE', 0, 1, '', ''"
        f" FROM inventory_stocklevel WHERE sku_id = {sku}",
    )

    assert broken() == {"I3", "I12"}  # the line's tasks also have a unit too many


def test_a_state_that_does_not_follow_from_the_lines_is_found(work):
    order = work["allocated"].order.pk
    spoil(
        f"UPDATE orders_order SET status = 'PACKED' WHERE id = {order}",
        "INSERT INTO events_event (organization_id, type, subject_type, subject_id, sequence,"
        " status, data, actor, cause, occurred_at) SELECT organization_id, 'order.packed',"
        " subject_type, subject_id, max(sequence) + 1, 'PACKED', '{}', '', '', now()"
        f" FROM events_event WHERE subject_type = 'order' AND subject_id = {order}"
        " GROUP BY organization_id, subject_type, subject_id",
    )

    assert broken() == {"status"}


def test_every_table_belongs_to_an_organization_or_is_said_to_be_shared():
    ours = {config.label for config in apps.get_app_configs() if not _is_foreign(config)}
    with_tables = {label for label in ours if list(apps.get_app_config(label).get_models())}

    assert with_tables == set(ownership.APPS)
    for model in ownership.owned_models():
        assert ownership._owner(model, "a")[1].endswith("organization_id")


def _is_foreign(config) -> bool:
    return config.name.startswith(
        ("django.", "rest_framework", "django_filters", "drf_spectacular", "oauth2_provider")
    )


def test_the_command_prints_a_line_each(work):
    output = StringIO()

    call_command("verify_invariants", stdout=output)

    lines = output.getvalue().splitlines()
    assert len(lines) == len(INVARIANTS)
    assert lines[0].startswith("I1     holds: no reservation was made without available stock (")
    assert [line for line in lines if "not yet present" in line] == []


def test_the_command_fails_and_shows_at_most_twenty_rows(work):
    point = work["allocated"].point
    for _ in range(25):
        make_sku(point=point, on_hand=1)
    spoil("UPDATE inventory_stocklevel SET on_hand = on_hand + 1 WHERE reserved = 0")
    output = StringIO()

    with pytest.raises(CommandError, match="Does not hold: I2"):
        call_command("verify_invariants", stdout=output)

    lines = output.getvalue().splitlines()
    assert sum(line.startswith("       level_id=") for line in lines) == 20
    count = int(next(line for line in lines if "BROKEN" in line).split("(")[1].split(")")[0])
    assert f"       ... and {count - 20} more" in lines


def test_the_command_answers_as_json(work):
    output = StringIO()

    call_command("verify_invariants", json=True, stdout=output)

    found = json.loads(output.getvalue())
    assert [entry["code"] for entry in found] == [invariant.code for invariant in INVARIANTS]
    assert {entry["holds"] for entry in found if entry["checked"]} == {True}


NAMES = (
    "allocated", "in_progress", "packed", "shipped", "out_for_delivery", "delivered",
    "returned_to_point", "returned", "lost",
)  # fmt: skip


@st.composite
def lines(draw):
    """Quantities of a line as the constraints of its table allow them."""

    def upto(most: int) -> int:
        return draw(st.integers(0, most))

    line = {"ordered": draw(st.integers(1, 4))}
    line["cancelled"] = upto(line["ordered"])
    line["allocated"] = upto(line["ordered"] - line["cancelled"])
    line["in_progress"] = upto(line["allocated"])
    line["packed"] = upto(line["allocated"])
    line["shipped"] = left = upto(line["packed"])
    for name in ("delivered", "out_for_delivery", "returned_to_point", "lost"):
        line[name] = upto(left)
        left -= line[name]
    line["returned"] = upto(line["shipped"])
    return line


class LineStatusTest(TestCase):
    @settings(max_examples=300, deadline=None)
    @given(line=lines(), is_paid=st.booleans(), was_tried=st.booleans())
    def test_sql_and_python_agree_on_the_state_of_a_line(self, line, is_paid, was_tried):
        quantities = {f"quantity_{name}": number for name, number in line.items()}
        columns = ", ".join(f"{number} AS {name}" for name, number in quantities.items())
        tried = "now()" if was_tried else "NULL::timestamptz"
        query = (
            f"SELECT {LINE_STATUS} FROM (SELECT {columns}) l,"
            f" (SELECT {is_paid} AS is_paid, {tried} AS allocation_tried_at) o,"
            f" (SELECT {line['ordered'] - line['cancelled']} AS live) live"
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)
            [in_sql] = cursor.fetchone()

        expected = lifecycle.line_status(
            OrderLine(**quantities), is_paid=is_paid, was_tried=was_tried
        )
        assert in_sql == expected


def test_i23_finds_a_bundle_that_is_not_its_parts(db):
    point = make_point()
    sku, other = make_sku(point=point, on_hand=9), make_sku(point=point, on_hand=9)
    bundle = make_bundle(parts=[(sku, 1), (other, 2)])
    channel = make_channel(points=[point])
    order = place(channel=channel, lines=[(bundle.code, 2)])
    assert broken() == set()
    line = order.lines.get().pk
    spoilt = {
        f"UPDATE orders_orderline SET quantity_allocated = 1 WHERE id = {line}",
        f"UPDATE orders_orderline SET price_share = price_share + 1 WHERE parent_id = {line}",
        f"UPDATE orders_orderline SET quantity_ordered = 3 WHERE parent_id = {line}",
        f"DELETE FROM orders_orderline WHERE parent_id = {line}",
        f"""UPDATE orders_orderline SET cancelled_by_seller = 1, quantity_cancelled = 1
            WHERE parent_id = {line} AND per_set = 1""",
    }

    found = {}
    for statement in spoilt:
        with transaction.atomic():
            spoil("ALTER TABLE orders_orderline DISABLE TRIGGER USER", statement)
            found[statement] = broken()
            transaction.set_rollback(True)

    assert all("I23" in codes for codes in found.values()), found
