"""Deliveries appear with their event, by the trigger."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from oms.events.choices import DeliveryState, EndpointFormat, EndpointState, EventType
from oms.events.models import Delivery, Endpoint
from tests.factories import NOW, make_channel, make_organization, make_sku, place


@pytest.fixture
def channel(db):
    return make_channel()


def make_endpoint(channel, **overrides):
    values = {
        "organization": channel.organization,
        "name": "shop",
        "url": "https://shop.example/hooks",
        "format": EndpointFormat.STANDARD,
        "types": [EventType.ORDER_PLACED],
        "state": EndpointState.ACTIVE,
    }
    return Endpoint.objects.create(**(values | overrides))


def place_one(channel):
    sku = make_sku(organization=channel.organization)
    return place(channel=channel, lines=[(sku, 1)])


def test_a_placed_order_is_for_who_subscribed(channel):
    endpoint = make_endpoint(channel)

    order = place_one(channel)

    [delivery] = Delivery.objects.all()
    assert (delivery.endpoint, delivery.event.type) == (endpoint, EventType.ORDER_PLACED)
    assert (delivery.subject_id, delivery.state) == (order.pk, DeliveryState.PENDING)


@pytest.mark.parametrize(
    "overrides",
    [
        {"types": [EventType.TASK_CREATED]},
        {"types": []},
        {"channel_ref": 0},
        {"point_ref": 1},
        {"removed_at": NOW},
    ],
)
def test_others_hear_nothing(channel, overrides):
    make_endpoint(channel, **overrides)

    place_one(channel)

    assert not Delivery.objects.exists()


def test_another_organization_hears_nothing(channel):
    make_endpoint(channel, organization=make_organization(code="ELSEWHERE"))

    place_one(channel)

    assert not Delivery.objects.exists()


def test_while_disabled_nothing_is_due_but_nothing_is_lost(channel):
    make_endpoint(channel, state=EndpointState.DISABLED)

    place_one(channel)

    [delivery] = Delivery.objects.all()
    assert delivery.state == DeliveryState.SUPPRESSED
    assert delivery.finished_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "SENT", "finished_at": NOW}, "events_delivery_state_known"),
        ({"leased_until": NOW + dt.timedelta(seconds=60)}, "events_delivery_claim_has_lease"),
        ({"state": DeliveryState.DELIVERED}, "events_delivery_final_has_end"),
    ],
)
def test_the_database_refuses(channel, change, constraint):
    make_endpoint(channel)
    place_one(channel)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Delivery.objects.update(**change)
