"""All seventeen push messages, from what clients did, to clients that check each signature."""

import base64
import datetime as dt
import io
import itertools

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog import services as catalog
from channels_app.choices import DeliveryScenario
from fulfillment import services as fulfillment
from oms.accounts.models import ApiClient
from oms.events import sending
from oms.events import services as events
from oms.events.models import Delivery
from oms.events.sending import Pace
from oms.inventory import services as inventory
from oms.kernel.actors import SYSTEM
from oms.orders.choices import CancelDecision
from oms.orders.models import CancelRequest
from tests.api.oms4.test_products import SPU
from tests.api.oms4.world import SECRET, World
from tests.factories import relay_everything
from tests.simulators.oms4_client import oms4_inbox

pytestmark = pytest.mark.django_db(transaction=True)

POINT_MESSAGES = {
    "ping",
    "new_ft",
    "generated_shipping_label",
    "new_ct",
    "shipping_label_updated",
    "cancel_request",
}
CHANNEL_MESSAGES = {
    "ping",
    "new_order",
    "handle_buyer_cancellation",
    "cancle_order",
    "ft_received_by_fp",
    "parcel_packed",
    "parcel_status_updated",
    "spu_stock_update",
    "spu_price_update",
    "spu_status_update",
    "request_spu_info",
}
_serial = itertools.count(1)


class Play:
    """A world whose shop and warehouse both have a callback URL."""

    def __init__(self, world, shop_inbox, warehouse_inbox):
        self.world = world
        self.shop_inbox = shop_inbox
        self.warehouse_inbox = warehouse_inbox
        self.endpoints = [
            self._register("shop", shop_inbox.url, channel=world.channel),
            self._register("warehouse", warehouse_inbox.url, point=world.point),
        ]

    def _register(self, name, url, **bound):
        draft = events.EndpointDraft(
            organization_id=self.world.organization.pk,
            name=name,
            url=url,
            format="oms4",
            client_id=ApiClient.objects.get(**bound).pk,
            allow_private_network=True,
        )
        return events.register_endpoint(draft=draft, actor=SYSTEM, now=timezone.now()).endpoint

    def verify(self):
        return [
            events.verify_endpoint(endpoint_id=each.pk, actor=SYSTEM, now=timezone.now())
            for each in self.endpoints
        ]

    def deliver(self):
        """What the workers do once their messages are due."""
        relay_everything()
        sending.deliver(pace=Pace(watch=0.05))

    def docs(self, content):
        [parcel] = self.world.shop.parcels()
        self.world.shop.update_tracking_docs(
            order_no="WEB-10045",
            parcel_id=str(parcel["parcel_id"]),
            waybill=base64.b64encode(content).decode(),
        )


@pytest.fixture
def play():
    prefix = f"N{next(_serial)}-"
    world = World.build(prefix=prefix, delivery=DeliveryScenario.OWN_CARRIER)
    with (
        oms4_inbox(api_key=f"{prefix}3001", secret=SECRET) as shop,
        oms4_inbox(api_key=f"{prefix}2001", secret=SECRET) as warehouse,
    ):
        yield Play(world, shop, warehouse)
    call_command("verify_invariants", stdout=io.StringIO())


def test_all_seventeen_messages_arrive(play):
    world = play.world
    assert play.verify() == [True, True]

    # Products: new, at another price, inactive, asked for.
    spu = SPU | {"skus": [SPU["skus"][0] | {"seller_sku_code": world.sku.code}]}
    world.shop.update_spu(**spu)
    inventory.announce_due(now=timezone.now())
    world.shop.update_spu(**spu | {"skus": [spu["skus"][0] | {"current_price": 19.9}]})
    world.shop.update_spu_status(spu_id="SPU-7", upstream_status="INACTIVE")
    catalog.request_spus(
        channel_id=world.channel.pk, external_ids=[], actor=SYSTEM, now=timezone.now()
    )

    # One order is packed, labelled twice and shipped.
    task = world.packed()
    world.warehouse.tasks_by_no(task.number)
    play.docs(b"%PDF-1")
    play.docs(b"%PDF-2")
    world.warehouse.update_parcel_activity(
        ft_no=task.number,
        fp_parcel_no="PK-1",
        milestone="SHIPPING",
        description="gone",
        event_time=1727360000000,
    )

    # Another is asked to be cancelled, and is.
    world.tasked(order_no="WEB-2")
    world.shop.request_cancel(order_no="WEB-2")
    play.deliver()
    fulfillment.decide_cancel_request(
        request_id=CancelRequest.objects.get().pk,
        decision=CancelDecision.ACCEPT,
        comment="",
        actor=SYSTEM,
        now=timezone.now(),
    )
    play.deliver()

    assert set(play.warehouse_inbox.messages) == POINT_MESSAGES
    assert set(play.shop_inbox.messages) == CHANNEL_MESSAGES
    assert (play.shop_inbox.refused, play.warehouse_inbox.refused) == ([], [])
    assert not Delivery.objects.exclude(state="DELIVERED").exists()
    [decided] = play.shop_inbox.messages["handle_buyer_cancellation"]
    assert (decided["api_key"], decided["webhook_type"]) == (play.shop_inbox.api_key, "SC")
    assert [each["data"]["order_no"] for each in play.shop_inbox.messages["new_order"]] == [
        "WEB-10045",
        "WEB-2",
    ]


def test_nothing_is_sent_to_a_url_that_did_not_answer_the_ping(play):
    play.shop_inbox.is_down = True
    assert play.verify() == [False, True]

    play.world.placed()
    play.deliver()

    assert len(play.shop_inbox.bodies) == 1
    play.shop_inbox.is_down = False
    assert play.verify()[0] is True
    play.deliver()
    assert set(play.shop_inbox.messages) == {"ping", "new_order"}


def test_a_failed_message_is_tried_again_after_a_minute_with_the_same_bytes(play):
    play.verify()
    play.shop_inbox.is_down = True
    play.world.placed()

    play.deliver()

    delivery = Delivery.objects.get(endpoint=play.endpoints[0])
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("PENDING", 1, 500)
    tried = delivery.tried.get()
    waits = delivery.not_before - tried.started_at
    assert dt.timedelta(seconds=60) <= waits < dt.timedelta(seconds=63)

    play.shop_inbox.is_down = False
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now())
    play.deliver()

    _, first, second = play.shop_inbox.bodies
    assert first == second
    assert len(play.shop_inbox.messages["new_order"]) == 1
