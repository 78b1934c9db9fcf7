"""Shipping without integration: the source has to have the items where they are (contract 9.12)."""

import pytest

from fulfillment import services as fulfillment
from fulfillment.choices import TaskStatus
from fulfillment.models import FulfillmentTask, TransitionRule
from fulfillment.services import commands
from fulfillment.services.commands import Arguments, SourceDisagrees, SourceUnreachable
from oms.kernel.actors import SYSTEM
from tests.factories import make_bundle, make_channel, make_sku, relay_everything
from tests.integration.akinon.builders import Shop, a_basket
from tests.simulators.akinon_wire import Fault
from tests.simulators.omnitron import Sold

SLUG = "ship-without-integration"


def perform(shop: Shop, slug: str) -> None:
    task = FulfillmentTask.objects.get()
    rule = TransitionRule.objects.get(
        organization=shop.organization, family=slug, source=commands.STATE_OF[task.status]
    )
    commands.perform(task_id=task.pk, rule=rule, arguments=Arguments(), actor=SYSTEM, now=shop.now)


def packed(shop: Shop, units: int = 2, sku: str = "SKU-A") -> list[int]:
    """An order of the source's whose package is packed here, and nobody told the source yet."""
    row = shop.books.place(a_basket("1", Sold(sku=sku, quantity=units)))
    shop.pull()
    fulfillment.allocate_due(now=shop.now)
    commands.seed_transitions(shop.organization.pk, now=shop.now)
    perform(shop, "complete-packing")
    return [item["pk"] for item in shop.books.items_of(row["pk"])]


def told(shop: Shop) -> None:
    """The source hears what happened."""
    relay_everything()
    assert shop.push() > 0


def status() -> str:
    return FulfillmentTask.objects.get().status


def test_what_the_source_has_as_packed_is_shipped(shop):
    packed(shop)
    told(shop)

    perform(shop, SLUG)

    assert status() == TaskStatus.SHIPPED


def test_what_the_source_has_as_shipped_already_is_shipped(shop):
    for item in packed(shop):
        shop.books.change_item(item, {"status": "450"})
        shop.books.change_item(item, {"status": "500"})

    perform(shop, SLUG)

    assert status() == TaskStatus.SHIPPED


def test_an_item_the_source_has_elsewhere_stops_the_transition(shop):
    first, second = packed(shop)
    shop.books.change_item(first, {"status": "450"})

    with pytest.raises(SourceDisagrees) as refusal:
        perform(shop, SLUG)

    assert refusal.value.details["items"] == [str(second)]
    assert status() == TaskStatus.PACKED


def test_a_bundle_is_one_item_of_the_source(shop):
    parts = [(make_sku(point=shop.point, on_hand=5), units) for units in (1, 2)]
    make_bundle(parts=parts, code="GIFT")
    [gift] = packed(shop, sku="GIFT", units=1)

    with pytest.raises(SourceDisagrees) as refusal:
        perform(shop, SLUG)
    told(shop)
    perform(shop, SLUG)

    assert refusal.value.details["items"] == [str(gift)]
    assert status() == TaskStatus.SHIPPED


def test_a_source_that_cannot_be_asked_stops_the_transition(shop):
    packed(shop)
    told(shop)
    shop.omnitron.misbehave(Fault(status=503))

    with pytest.raises(SourceUnreachable):
        perform(shop, SLUG)

    assert status() == TaskStatus.PACKED


def test_other_ways_to_ship_ask_nobody(shop):
    packed(shop)
    shop.omnitron.misbehave(Fault(status=503))

    perform(shop, "ship")

    assert status() == TaskStatus.SHIPPED


def test_where_nothing_is_told_nothing_has_to_agree(shop):
    packed(shop)
    shop.set("OMNITRON_SYNC_SETTINGS", {"item_statuses": {"task.packed": "", "task.shipped": ""}})

    perform(shop, SLUG)

    assert status() == TaskStatus.SHIPPED


def test_an_order_from_elsewhere_is_nobodys_to_agree_on(shop):
    packed(shop)
    task = FulfillmentTask.objects.get()
    task.channel = make_channel(organization=shop.organization)
    task.save(update_fields=["channel"])

    perform(shop, SLUG)

    assert status() == TaskStatus.SHIPPED


def test_a_package_that_is_not_packed_is_refused_before_anybody_is_asked(shop):
    packed(shop)
    rule = TransitionRule.objects.get(organization=shop.organization, slug=SLUG)
    perform(shop, "ship")
    before = len(shop.omnitron.calls)

    with pytest.raises(commands.MoveNotAllowed) as refusal:
        commands.perform(
            task_id=FulfillmentTask.objects.get().pk,
            rule=rule,
            arguments=Arguments(),
            actor=SYSTEM,
            now=shop.now,
        )

    assert refusal.value.code == "move_not_allowed"
    assert len(shop.omnitron.calls) == before
