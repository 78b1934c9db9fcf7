"""The returns desk: what staff see of a return, and what they can have done to it."""

import pytest
from django.urls import reverse

from returns import services
from returns.choices import RefundDecision
from returns.models import ReturnOrder
from tests import backoffice_builders as build
from tests.integration.admin.test_actions import act_url, do, said
from tests.integration.returns.builders import (
    LATER,
    draft_of,
    expect,
    level,
    receive,
    shipped,
    units,
)

INSPECT = {"qc_status": "PASS", "disposition": "RESTOCK", "qc_reason": ""}


@pytest.fixture
def case(db):
    return shipped(quantities=(2,))


@pytest.fixture
def row(case):
    return expect(case, 2, external_id="RMA-9", tracking_number="RV300", note="by the door")


def page_of(browser, row):
    return browser.get(reverse("admin:returns_returnorder_change", args=[row.pk]))


def test_a_return_is_received_inspected_and_refunded(root, case, row):
    received = do(root, [row], "receive")
    inspected = do(root, [row], "inspect", **INSPECT)
    refunded = do(root, [row], "refund", decision="APPROVED")

    row.refresh_from_db()
    assert row.status == "CLOSED"
    assert level(case) == (10, 0)
    assert [said(each)[-1][1] for each in (received, inspected, refunded)] == [
        f"{row.number} has arrived.",
        f"{row.number} was inspected (2 units).",
        f"{row.number} has its refund approved.",
    ]


def test_the_page_shows_units_and_what_happened(root, row):
    receive(row, units(row)[0])

    html = page_of(root, row).content.decode()

    for text in ("RMA-9", "RV300", "by the door", "Units of return", "arrived: 1"):
        assert text in html
    assert page_of(root, row).context["title"] == f"Return {row.number}"


def test_the_page_of_its_order_tells_of_it(root, case, row):
    html = root.get(reverse("admin:orders_order_change", args=[case.order.pk])).content.decode()

    assert f"Return {row.number} is expected" in html


def test_what_did_not_come_is_called_off(root, row):
    receive(row, units(row)[0])

    response = do(root, [row], "cancel")

    assert said(response)[-1] == ("success", f"{row.number} expects 1 units less.")
    assert [unit.status for unit in units(row)] == ["RECEIVED", "CANCELLED"]


def test_all_of_it_is_called_off(root, row):
    do(root, [row], "cancel")

    row.refresh_from_db()
    assert row.status == "CANCELLED"


def test_finds_the_order_of_a_return_that_came_first(root, case):
    draft = draft_of(
        case,
        order_id=None,
        channel_id=case.channel.pk,
        order_external_id="LATE-1",
        point_id=case.point.pk,
    )
    row = services.expect_return(draft=draft, actor=case.actor, now=LATER)
    too_early = do(root, [row], "match")
    case.order.external_id = "LATE-1"
    case.order.save(update_fields=["external_id"])

    found = do(root, [row], "match")

    assert said(too_early)[-1][0] == "warning"
    assert said(found)[-1] == ("success", f"{row.number} belongs to order LATE-1.")
    assert ReturnOrder.objects.get().order == case.order


def test_says_why_not(root, case, row):
    services.decide_refund(
        public_id=row.public_id, decision=RefundDecision.REJECTED, actor=case.actor, now=LATER
    )
    reasons = {}
    for name in ("receive", "inspect", "refund", "match", "cancel"):
        context = root.get(act_url(row, name), {"ids": str(row.pk)}).context
        reasons[name] = [reason for _, reason in context["unable"]]

    assert reasons == {
        "receive": [],
        "inspect": ["nothing that arrived waits for it"],
        "refund": ["its refund is rejected"],
        "match": ["it has its order"],
        "cancel": [],
    }


@pytest.mark.parametrize("term", ["RMA-9", "RV300", "number", "order"])
def test_is_found_by_its_numbers(root, case, row, term):
    other = expect(shipped(), external_id="RMA-8")
    wanted = {"number": row.number.lower(), "order": case.order.external_id}.get(term, term)

    response = root.get(reverse("admin:returns_returnorder_changelist"), {"q": wanted})

    assert [each.pk for each in response.context["cl"].result_list] == [row.pk]
    assert other.pk != row.pk


@pytest.mark.parametrize("name", ["receive", "inspect", "refund", "match", "cancel"])
def test_nobody_acts_without_the_permission(signed_in, row, name):
    viewer = build.make_staff(row.organization, perms=("returns.view_returnorder",))

    response = do(signed_in(viewer), [row], name, **INSPECT, decision="APPROVED")

    assert response.status_code == 403
    row.refresh_from_db()
    assert (row.status, row.refund_decision) == ("EXPECTED", "PENDING")
