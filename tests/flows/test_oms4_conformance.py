"""The conformance kit against the web server of the Procfile, as anybody else would run it."""

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from channels_app.choices import DeliveryScenario
from fulfillment import services as fulfillment
from fulfillment.models import Document
from oms.events import relay
from tests.api.oms4.world import SECRET, World

ROOT = Path(__file__).parent.parent.parent
PATIENCE = "20"
PUSHES = {"6.1", "6.3", "6.4"}
# What a channel's setting leaves out: these lines of the table belong to the other scenarios.
ELSEWHERE = {
    DeliveryScenario.CHANNEL_CARRIER_SINGLE: 4,
    DeliveryScenario.CHANNEL_CARRIER_MULTI: 4,
    DeliveryScenario.OWN_CARRIER: 4,
}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_documents"),
]


@contextlib.contextmanager
def worker():
    """Does what is due, as the workers of an installation do."""
    stop = threading.Event()
    faults = []

    def work():
        try:
            while not stop.wait(0.05):
                now = timezone.now()
                fulfillment.allocate_due(now=now)
                relay.relay_batch(now=now)
                for number in Document.objects.filter(status="PENDING").values_list(
                    "pk", flat=True
                ):
                    fulfillment.fetch_label(document_id=number, now=now)
        except Exception as fault:  # noqa: BLE001 told by the test, in its own thread
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert faults == []


def run(*arguments, module="conformance", cwd=ROOT / "oms" / "api" / "oms4"):
    """The kit by itself: of this product it sees its own folder, and no installed library."""
    return subprocess.run(
        [sys.executable, "-S", "-m", module, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def checked(live, world, *more):
    """The kit's exit code and its lines: section, verdict, and the rest."""
    outcome = run(
        f"{live.url}/openapi/",
        "--tenant",
        world.organization.code,
        "--channel-key",
        world.shop._api_key,
        "--channel-secret",
        SECRET,
        "--point-key",
        world.warehouse._api_key,
        "--point-secret",
        SECRET,
        "--sku-brand",
        world.sku.brand_code,
        "--sku-code",
        world.sku.brand_sku_code,
        "--seller-sku",
        world.sku.code,
        "--patience",
        PATIENCE,
        *more,
    )
    assert outcome.stderr == ""
    *table, _ = outcome.stdout.splitlines()
    return outcome.returncode, [line.split(maxsplit=2) for line in table]


@pytest.mark.parametrize("delivery", DeliveryScenario)
def test_this_installation_keeps_the_contract(live, transactional_db, delivery):
    world = World.build(delivery=delivery)

    with worker():
        code, lines = checked(live, world)

    assert [line for line in lines if line[1] == "FAIL"] == []
    skipped = [line for line in lines if line[1] == "SKIPPED" and line[0] not in PUSHES]
    assert len(skipped) == ELSEWHERE[delivery]
    assert code == 0


def test_an_installation_that_refuses_the_key_fails(live, transactional_db):
    world = World.build()
    world.shop._api_key = "9999"

    code, lines = checked(live, world, "--patience", "0")

    assert code == 1
    assert ["1.4", "FAIL"] in [line[:2] for line in lines]


def test_it_tells_which_world_it_needs():
    outcome = run("--help")

    assert outcome.returncode == 0
    assert "It needs a world made for tests:" in outcome.stdout
