"""The conformance kit against the web server of the Procfile, as anybody else would run it."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from channels_app.choices import DeliveryScenario
from oms.accounts.models import ApiClient
from oms.events import services as events
from oms.kernel.actors import SYSTEM
from tests.api.oms4.world import SECRET, World
from tests.flows.workers import Worker
from tests.simulators.receivers import closed_port

ROOT = Path(__file__).parent.parent.parent
BESIDE_THE_SERVER = ROOT / "oms" / "api" / "oms4"
_serial = itertools.count(1)
# Lines that belong to the other scenarios, and one that waits for a person's decision.
ELSEWHERE = {
    DeliveryScenario.CHANNEL_CARRIER_SINGLE: ["5.7", "5.7", "5.3", "4.3", "6.4"],
    DeliveryScenario.CHANNEL_CARRIER_MULTI: ["7a.2", "5.7", "5.7", "4.3", "6.4"],
    DeliveryScenario.OWN_CARRIER: ["7a.2", "5.7", "5.3", "6.4"],
}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_documents"),
]


def registered(world, url):
    """Both keys' push URLs, as an operator enters them."""
    return [
        events.register_endpoint(
            draft=events.EndpointDraft(
                organization_id=world.organization.pk,
                name=str(bound),
                url=url,
                format="oms4",
                client_id=ApiClient.objects.get(**bound).pk,
                allow_private_network=True,
            ),
            actor=SYSTEM,
            now=timezone.now(),
        ).endpoint.pk
        for bound in ({"channel": world.channel}, {"point": world.point})
    ]


def run(*arguments):
    """The kit by itself: of this product it sees its own folder, and no installed library."""
    return subprocess.run(
        [sys.executable, "-S", "-m", "conformance", *arguments],
        cwd=BESIDE_THE_SERVER,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def checked(live, world, *more):
    """The kit's exit code and its lines: section, verdict, and the rest."""
    named = {
        "--tenant": world.organization.code,
        "--channel-key": world.shop._api_key,
        "--channel-secret": world.shop._secret,
        "--point-key": world.warehouse._api_key,
        "--point-secret": SECRET,
        "--sku-brand": world.sku.brand_code,
        "--sku-code": world.sku.brand_sku_code,
        "--seller-sku": world.sku.code,
    }
    outcome = run(f"{live.url}/openapi/", *itertools.chain(*named.items()), *more)
    assert outcome.stderr == ""
    *table, _ = outcome.stdout.splitlines()
    return outcome.returncode, [line.split(maxsplit=2) for line in table]


def built(delivery=DeliveryScenario.OWN_CARRIER):
    """Keys of its own for each test: the server remembers them for some seconds."""
    return World.build(prefix=f"C{next(_serial)}-", delivery=delivery)


@pytest.mark.parametrize("delivery", DeliveryScenario)
def test_this_installation_keeps_the_contract(live, transactional_db, delivery):
    world, port = built(delivery), closed_port()
    endpoints = registered(world, f"http://127.0.0.1:{port}/")

    with Worker(endpoints):
        code, lines = checked(live, world, "--listen", f"127.0.0.1:{port}")

    assert [line for line in lines if line[1] == "FAIL"] == []
    assert [line[0] for line in lines if line[1] == "SKIPPED"] == ELSEWHERE[delivery]
    assert code == 0


def test_an_installation_that_takes_another_secret_fails(live, transactional_db):
    world = built()
    world.shop._secret = "another"

    code, lines = checked(live, world, "--patience", "0")

    assert code == 1
    [taken] = [line for line in lines if line[2].startswith("a paid order is taken")]
    assert taken[:2] == ["4.1", "FAIL"]
    assert "(code 401 " in taken[2]


def test_it_tells_which_world_it_needs():
    outcome = run("--help")

    assert outcome.returncode == 0
    assert "It needs a world made for tests:" in outcome.stdout
