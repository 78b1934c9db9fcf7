"""Every event is told under one name or named as silent; patterns; the contract's vector."""

import datetime as dt

import pytest

from fulfillment.choices import ParcelStatus, Station
from oms.api.v1.news import former
from oms.api.v1.news.format import V1Format
from oms.api.v1.news.outputs import MESSAGES, WEBHOOKS
from oms.api.v1.news.words import NAMES, SILENT, WORDS, name_of, types_of
from oms.events import formats
from oms.events.choices import EventType
from oms.events.formats import Letter, UnknownWord
from oms.events.models import Endpoint, Event
from oms.events.standard import signature
from oms.orders.choices import OrderStatus

V1 = V1Format()
# Section 4.12, row by row.
CONTRACT = {
    "order.created",
    "order.updated",
    "order.status_changed",
    "order.cancelled",
    "inventory.level_changed",
    "shipment.created",
    "shipment.label_ready",
    "shipment.label_failed",
    "shipment.status_changed",
    "shipment.cancelled",
    "customer.created",
    "customer.updated",
}


def test_every_event_is_told_or_named_as_silent():
    assert set(WORDS) | SILENT == set(EventType)
    assert set(WORDS) & SILENT == set()


def test_the_contracts_types_are_all_there():
    assert set(NAMES) >= CONTRACT


def test_every_type_has_a_schema():
    assert set(MESSAGES) == set(NAMES)
    assert [webhook.name for webhook in WEBHOOKS] == list(NAMES)


def test_every_state_that_an_event_may_name_has_a_word():
    assert set(former.ORDER) == set(OrderStatus)
    assert set(former.SHIPMENT) == {*Station.values, *ParcelStatus.values}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["order.created"], {"order.placed"}),
        (["shipment.label_ready"], {"label.ready", "label.updated"}),
        (["return.*"], {name for name in EventType.values if name.startswith("return.")}),
        (["webhook_endpoint.*"], {"endpoint.state_changed", "endpoint.warned"}),
    ],
)
def test_patterns_are_of_the_contracts_types(patterns, expected):
    assert types_of(patterns) == expected


@pytest.mark.parametrize("patterns", [["*"], []])
def test_everything_is_all_but_what_is_asked_for_by_name(patterns):
    every = {str(each) for each in WORDS}

    assert types_of(patterns) == every - {"endpoint.state_changed", "endpoint.warned"}


@pytest.mark.parametrize("pattern", ["order", "order.placed", "task.*", "order.*.x", ""])
def test_a_pattern_that_matches_nothing_is_refused(pattern):
    with pytest.raises(UnknownWord):
        types_of(["order.created", pattern])


def test_knows_what_an_event_is_called():
    assert name_of("order.placed") == "order.created"
    assert name_of("task.created") is None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("PAID", "ALLOCATED", {"status": "confirmed"}),
        ("SHIPPED", "OUT_FOR_DELIVERY", None),
        ("PAID", "UNALLOCATED", None),
    ],
)
def test_a_change_of_state_that_nobody_sees_is_not_told(before, after, told):
    event = Event(status=after, data={"before": before})

    assert former.status_of_order(event) == told


def test_stations_are_told_where_they_are_finer_than_states():
    event = Event(
        status="SHIPPED",
        data={"before": "SHIPPED", "station_before": "SHIPPED", "station": "IN_TRANSIT"},
    )

    assert former.status_of_shipment(event) == {"status": "picked_up"}


def test_signs_the_contracts_vector():
    secret = "whsec_bmgtdGVzdC13ZWJob29rLXNlY3JldC0wMDAwMDAwMDE="
    body = b'{"id":"evt_01","type":"order.created"}'
    expected = "v1,i+LqHMdb881R/N7O5IQbXQwz6osAjXucYQtxeV+WGP4="

    letter = Letter(
        message_id="evt_01",
        type="order.created",
        body=body,
        number=1,
        is_replay=False,
        sent_at=dt.datetime.fromtimestamp(1763600000, tz=dt.UTC),
    )

    assert signature(secret, "evt_01", 1763600000, body) == expected
    headers = V1.headers(letter, endpoint=Endpoint(), keys=[secret])
    assert headers["webhook-signature"] == expected
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("evt_01", "1763600000")


def test_waits_ten_seconds_and_retries_as_the_standard_does():
    assert V1.schedule.deadline == dt.timedelta(seconds=10)
    assert [delay.total_seconds() for delay in V1.schedule.delays] == [
        5,
        300,
        1_800,
        7_200,
        18_000,
        36_000,
        50_400,
        72_000,
        86_400,
    ]


def test_is_offered_to_endpoints():
    assert isinstance(formats.format_of("v1"), V1Format)
