"""Packing with an invoice against everything else at the same instant."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from fulfillment import services
from fulfillment.models import Invoice, InvoiceSeries
from oms.backoffice.invariants import INVARIANTS, verify
from tests.factories import NOW
from tests.integration.fulfillment.builders import cancel, disagreements, routed
from tests.integration.fulfillment.papers.shipments import draft
from tests.races.test_packing_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("OMS_RACE_ROUNDS", "40"))  # 500 for the record
PACKERS = 32


def pack(case, wanted=None):
    return services.pack_shipment(draft=wanted or draft(case), actor=case.actor, now=NOW)


def numbers() -> list[int]:
    return list(Invoice.objects.order_by("number").values_list("number", flat=True))


def broken() -> list[str]:
    return [each.code for each in INVARIANTS if not verify(each).holds]


def test_of_packing_and_cancelling_exactly_one_wins():
    cases = [routed(quantities=(2,), on_hand=2) for _ in range(ROUNDS)]
    won = {"pack": 0, "cancel": 0}

    for case in cases:
        wanted = draft(case)
        packing, cancelling = at_once(lambda c=case, w=wanted: pack(c, w), lambda c=case: cancel(c))
        if cancelling is None:
            won["cancel"] += 1
            assert isinstance(packing, services.TaskEnded)
            assert (case.status(), case.stock()) == (("CANCELLED", "CANCELLED"), [(2, 0)])
            assert Invoice.objects.filter(order=case.order).exists() is False
        else:
            won["pack"] += 1
            assert isinstance(cancelling, services.LineInvoiced)
            assert (case.status(), case.stock()) == (("PACKED", "PACKED"), [(2, 2)])
            assert Invoice.objects.live().filter(order=case.order).count() == 1

    assert sum(won.values()) == ROUNDS
    assert list(disagreements()) == []
    assert broken() == []
    print(f"\n{ROUNDS} rounds: packed {won['pack']}, cancelled {won['cancel']}")


def test_one_shipment_many_times_is_one_invoice():
    case = routed(quantities=(2,))
    wanted = draft(case)

    told = at_once(*[lambda: services.pack_shipment(draft=wanted, actor=case.actor, now=NOW)] * 6)

    assert sorted(made.is_repeat for made in told) == [False] + [True] * 5
    assert len({(made.parcel.pk, made.invoice.code) for made in told}) == 1
    assert {made.invoice_paper.status for made in told} == {"READY"}
    assert {made.invoice_paper.attempts for made in told} == {1}
    assert {made.label.status for made in told} == {"READY"}


def test_parallel_packs_draw_numbers_without_gaps():
    first = routed()
    cases = [first, *(routed(point=first.point) for _ in range(PACKERS - 1))]

    told = at_once(*[lambda c=case: pack(c) for case in cases])

    assert [type(each).__name__ for each in told if isinstance(each, Exception)] == []
    assert numbers() == list(range(1, PACKERS + 1))
    assert InvoiceSeries.objects.get().last_number == PACKERS
    assert broken() == []


_KILLED = """
import datetime as dt, os, signal, sys
import django
django.setup()
from django.db import transaction
from fulfillment.services import invoicing
with transaction.atomic():
    now = dt.datetime.fromisoformat(sys.argv[2])
    drawn = invoicing.draw_number(
        organization_id=int(sys.argv[1]), seller=None, kind="INVOICE", now=now)
    print(drawn.number, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("_", range(3))
def test_a_crash_between_number_and_commit_leaves_no_gap(_):
    before = routed()
    after = routed(point=before.point)
    pack(before)

    crashed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(before.order.organization_id), NOW.isoformat()],
        env=environment_of_the_test(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    pack(after)

    assert (crashed.stdout.strip(), crashed.returncode) == ("2", -signal.SIGKILL), crashed.stderr
    assert numbers() == [1, 2]
    assert broken() == []


def environment_of_the_test() -> dict[str, str]:
    """For a process of its own on the test's database."""
    url = urlsplit(os.environ["OMS_DATABASE_URL"])
    own = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    settings = {"DJANGO_SETTINGS_MODULE": "oms.settings.test", "OMS_DATABASE_URL": own}
    return {**os.environ, **settings}
