"""The conformance kit and a warehouse system against the web server of the Procfile."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from demo.efs import scenery, stored
from demo.efs.scenery import SECRET, Tenant
from oms.accounts import queries as accounts
from oms.accounts.keys import new_key
from oms.accounts.models import Organization
from oms.backoffice.invariants import INVARIANTS, verify
from oms.events.models import Endpoint
from tests import factories
from tests.flows.workers import Worker
from tests.live import test_database_url as database_url
from tests.simulators.receivers import closed_port
from tests.simulators.wms import Habits, Product, Wms
from tests.simulators.wms_books import differences
from tests.simulators.wms_wire import EfsClient

ROOT = Path(__file__).parent.parent.parent
BESIDE_THE_SERVER = ROOT / "oms" / "api" / "increff"
HEADER = ("X-Kit-Tenant", "north")
SKUS = [("TEE-RED-M", "Tee red M"), ("TEE-BLUE-M", "Tee blue M"), ("MUG-01", "Mug")]
ORDERS = 24
_serial = itertools.count(1)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_documents"),
]


def made(tmp_path, mailroom, **changes):
    """An organization of its own for each test: the server remembers keys for some seconds."""
    tenant = Tenant(
        code=f"N{next(_serial)}",
        currency="SGD",
        country="SG",
        timezone="Asia/Singapore",
        mailroom=mailroom,
        api_key=new_key(is_test=False).text,
        **changes,
    )
    scenery.write(tmp_path / "world.yaml", [(tenant, SKUS)])
    call_command("apply", str(tmp_path / "world.yaml"), verbosity=0)
    accounts.forget_machines()
    return tenant


def endpoints_of(tenant):
    return list(
        Endpoint.objects.filter(organization__code=tenant.code).values_list("pk", flat=True)
    )


def run(*arguments):
    """The kit by itself: of this product it sees its own folder, and no installed library."""
    return subprocess.run(
        [sys.executable, "-S", "-m", "conformance", *arguments],
        cwd=BESIDE_THE_SERVER,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def checked(live, tenant, *more):
    """The kit's exit code and its lines."""
    skus = [
        f"{scenery.efs_code(code)}:{scenery.barcode(place)}:{code}"
        for place, (code, _) in enumerate(SKUS[:2], 1)
    ]
    outcome = run(
        live.url,
        *("--user", tenant.user, "--password", SECRET, "--location", tenant.location),
        *("--closed-location", tenant.closed_location, "--currency", tenant.currency),
        *("--channel", tenant.shop, "--shop-url", f"{live.url}/v1", "--shop-key", tenant.api_key),
        *("--header", "=".join(HEADER), "--sku", skus[0], "--sku", skus[1]),
        *more,
    )
    assert outcome.stderr == ""
    *table, _ = outcome.stdout.splitlines()
    return outcome.returncode, table


def test_this_installation_keeps_the_contract(live, transactional_db, tmp_path):
    port = closed_port()
    tenant = made(tmp_path, f"http://127.0.0.1:{port}", static_headers=(HEADER,))

    with Worker(endpoints_of(tenant)):
        code, lines = checked(live, tenant, "--quick", "--listen", f"127.0.0.1:{port}")

    assert [line for line in lines if " FAIL " in line] == []
    # What --quick leaves out: the silence with its two judgements, and the rate.
    skipped = [line.split(maxsplit=1)[0] for line in lines if " SKIPPED " in line]
    assert skipped == ["1.10", "7", "1.10", "7"]
    assert code == 0


def test_a_login_with_another_password_fails(live, transactional_db, tmp_path):
    tenant = made(tmp_path, f"http://127.0.0.1:{closed_port()}")

    code, lines = checked(live, tenant, "--quick", "--password", "another", "--patience", "0")

    assert code == 1
    [listed] = [line for line in lines if "a listing without toleranceDays" in line]
    assert listed.startswith("7")
    assert "(HTTP 401 instead of 200" in listed


def test_it_tells_which_world_it_needs():
    outcome = run("--help")

    assert outcome.returncode == 0
    assert "It needs a world made for tests:" in outcome.stdout


def placed(tenant):
    """Orders of one to three lines."""
    organization = Organization.objects.get(code=tenant.code)
    channel = organization.channels.get(code=tenant.shop)
    skus = list(organization.skus.order_by("pk"))
    return [
        factories.place(
            channel=channel,
            lines=[(sku, 1 + number % 3) for sku in skus[: 1 + number % len(skus)]],
            external_id=f"WS-{number:03d}",
            now=timezone.now(),
        )
        for number in range(ORDERS)
    ]


def test_a_warehouse_system_brings_orders_to_their_end(live, transactional_db, tmp_path):
    wms = Wms(
        EfsClient(live.url, "", SECRET),
        location="",
        habits=Habits(cancelled_lines=0.3, split_orders=0.3, wave=8, threads=2),
    )
    with wms.receiving() as mailroom:
        tenant = made(tmp_path, mailroom)
        wms.client.user, wms.location = tenant.user, tenant.location
        with Worker(endpoints_of(tenant)):
            wms.stock(
                Product(scenery.efs_code(code), scenery.barcode(place), 200)
                for place, (code, _) in enumerate(SKUS, 1)
            )
            placed(tenant)

            is_done = wms.work_until(
                lambda: len(wms.books.consignments) == ORDERS and not list(wms.books.problems()),
                seconds=180,
            )

    assert wms.problems == []
    assert list(wms.books.problems()) == []
    assert is_done
    assert list(differences(wms.books, stored.read(database_url(), tenant.code))) == []
    assert wms.books.totals()["units cancelled by us"] > 0
    assert stored.gaps(database_url()) == []
    assert [each.code for each in INVARIANTS if not verify(each).holds] == []
