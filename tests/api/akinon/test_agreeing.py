"""What a caller is told when the source of an order does not agree (contract 9.12)."""

import pytest

from channels_app.choices import RemoteKind
from channels_app.models import RemoteKey
from fulfillment.services import commands
from oms.accounts import app_settings
from oms.kernel.actors import SYSTEM
from tests.api.akinon.packages_world import NOW, make_world
from tests.simulators.akinon_wire import Fault
from tests.simulators.omnitron import Basket, Omnitron, Sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def omnitron():
    with Omnitron() as running:
        yield running


@pytest.fixture
def world(omnitron):
    world = make_world()
    app_settings.set_setting(
        organization_id=world.organization.pk,
        key="OMNITRON_CLIENT_SETTINGS",
        value=omnitron.settings(oms_url="https://oms.example/api/v1"),
        actor=SYSTEM,
        now=NOW,
    )
    commands.seed_transitions(world.organization.pk, now=NOW)
    return world


def packed(world, omnitron):
    """A packed package of an order of Omnitron's, and the key of its item there."""
    row = omnitron.books.place(Basket("279209", (Sold("SKU-A"),)))
    [item] = omnitron.books.items_of(row["pk"])
    task = world.task()
    task.order.lines.update(external_id=str(item["pk"]))
    RemoteKey.objects.create(
        organization=world.organization,
        kind=RemoteKind.ORDER,
        remote_key=str(row["pk"]),
        local_id=task.order_id,
    )
    assert world.command(task, "complete-packing").status_code == 204
    return task, item["pk"]


def test_it_is_a_transition_error(world, omnitron):
    task, _ = packed(world, omnitron)

    refused = world.command(task, "ship-without-integration")

    assert refused.status_code == 400
    assert refused.json() == {
        "non_field_errors": ["The order's source has items of the package in another state."],
        "code": "source_disagrees",
    }
    assert world.package(task)["state"]["enum_value"] == "500"


def test_it_ships_once_they_agree(world, omnitron):
    task, item = packed(world, omnitron)
    omnitron.books.change_item(item, {"status": "450"})

    done = world.command(task, "ship-without-integration")

    assert (done.status_code, done.content) == (204, b"")
    assert world.package(task)["state"]["enum_value"] == "600"


def test_a_source_that_is_down_is_a_rule_of_the_service(world, omnitron):
    task, _ = packed(world, omnitron)
    omnitron.misbehave(Fault(status=503))

    refused = world.command(task, "ship-without-integration")

    assert refused.status_code == 406
    assert refused.json()["code"] == "source_unreachable"
    assert world.package(task)["state"]["enum_value"] == "500"
