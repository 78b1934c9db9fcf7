"""What a call leaves in logs, metrics and traces: enough to find it, nothing of the buyer."""

import io
import json
import logging

import pytest
from django.db import connection
from prometheus_client import generate_latest

from oms.api.base.watching import HEADER
from oms.backoffice.gauges import Gauges
from oms.events import sending
from oms.events.models import Delivery, Event
from oms.inbox import services as inbox
from oms.inbox.models import Entry
from oms.kernel import logs, metrics, tracing
from oms.kernel.http import Answer
from oms.orders.models import Order
from tests import backoffice_builders as build
from tests.clients.oms4_stdlib import Oms4Error
from tests.simulators.collector import collecting

CANARY = "Kanarienvogel"
PATH = "/rest/sc_api/order/create"


def with_canaries(world):
    """An order whose buyer is a canary wherever a buyer can be."""
    body = world.order(customer_name=CANARY, customer_email=f"{CANARY}@example.com")
    body["shipping_info"] |= {
        name: f"{CANARY} {name}" for name in ("state", "city", "district", "address", "name")
    }
    body["shipping_info"] |= {"postcode": CANARY, "phone": f"+65{CANARY}"}
    return body


@pytest.fixture
def lines():
    """What production would have logged."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.fixture
def broken(world):
    """A database that refuses the order and quotes the whole row in its complaint."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE oms_owner")
        cursor.execute(
            "ALTER TABLE orders_order ADD CONSTRAINT no_such_luck"
            " CHECK (external_id = '') NOT VALID"
        )
        cursor.execute("SET ROLE oms_app")
    return world


def test_the_lines_of_a_failing_call_carry_its_id_and_order_and_no_buyer(broken, lines):
    with pytest.raises(Oms4Error) as failure:
        broken.shop.create_order(with_canaries(broken))

    [line] = [each for each in lines() if each["logger"].startswith("oms.api")]
    assert {each["request_id"] for each in lines()} == {line["request_id"]}
    assert failure.value.code == "500"
    assert line["order"] == "WEB-10045"
    assert line["request_id"] in line["message"]
    assert line["exception"]["type"] == "IntegrityError"
    assert line["exception"]["cause"]["constraint"] == "no_such_luck"
    assert CANARY not in json.dumps(lines())


def test_the_answer_and_the_lines_name_the_same_request(client, lines, db):
    response = client.get("/nowhere/?q=" + CANARY)

    [line] = lines()
    assert line["message"] == "Not Found: /nowhere/"
    assert line["request_id"] == response.headers[HEADER]
    assert CANARY not in json.dumps(lines())


def test_calls_are_counted_and_timed_by_operation_and_class(world):
    world.shop.create_order(world.order())
    with pytest.raises(Oms4Error):
        world.shop.create_order({})

    told = generate_latest(metrics.registry()).decode()

    labels = 'facade="oms4",operation="CreateOrder"'
    assert f'oms_requests_total{{code="2xx",{labels}}}' in told
    assert f'oms_requests_total{{code="4xx",{labels}}}' in told
    assert f"oms_request_seconds_count{{{labels}}}" in told


def test_no_buyer_is_in_metrics_events_or_the_inbox(world):
    world.shop.create_order(with_canaries(world))
    Order.objects.update(waiting_for="Out of stock: A")
    inbox.reconcile_due(now=build.NOW)
    registry = metrics.registry()
    registry.register(Gauges())

    told = generate_latest(registry).decode()

    assert 'oms_inbox_open{kind="no_stock"} 1.0' in told
    assert CANARY not in told
    assert CANARY not in str(list(Entry.objects.values()))
    assert CANARY not in str(list(Event.objects.values()))


@pytest.fixture
def collector(settings, monkeypatch):
    """Tracing is on, and spans arrive here."""
    with collecting() as running:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running.url)
        settings.OMS_TRACES_ENDPOINT = running.url
        for made in (tracing.provider, tracing._tracer):
            made.cache_clear()
        yield running
        tracing.provider().shutdown()
        for made in (tracing.provider, tracing._tracer):
            made.cache_clear()


class Receiver:
    """A transport that reaches a receiver out of order."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def send(self, request):
        return Answer(status=503, headers={}, body=b"down", is_truncated=False, seconds=0.1)


def test_a_trace_leads_from_the_call_over_the_event_to_the_delivery(world, collector):
    build.make_endpoint(world.organization, name="ERP")

    world.shop.create_order(with_canaries(world))
    sending.deliver(transport=Receiver, pace=sending.Pace(watch=0))
    tracing.provider().force_flush()

    request, call = collector.named("HTTP POST"), collector.named("CreateOrder")
    delivery = collector.named("deliver order.placed")
    event = Event.objects.get(type="order.placed")
    assert event.trace[:-2] == f"00-{call.trace}-{call.id}-"
    assert call.parent == request.id
    assert (delivery.trace, delivery.parent) == (call.trace, call.id)
    assert delivery.failed == "REFUSED"
    assert (delivery.attributes["endpoint"], delivery.attributes["status"]) == ("ERP", 503)
    assert call.attributes["code"] == "200"
    assert Delivery.objects.get().last_outcome == "REFUSED"
    assert CANARY.encode() not in b"".join(collector.raw)


def test_a_span_that_failed_says_how_and_not_with_what(collector):
    with pytest.raises(ValueError), tracing.span("work"):
        raise ValueError(CANARY)
    tracing.provider().force_flush()

    assert collector.named("work").failed == "ValueError"
    assert CANARY.encode() not in b"".join(collector.raw)


def test_without_a_collector_nothing_is_traced(world):
    world.shop.create_order(world.order())

    assert tracing.current() is None
    assert Event.objects.get(type="order.placed").trace is None


def test_attempts_are_counted_by_format_and_outcome(world):
    build.make_endpoint(world.organization)
    world.shop.create_order(world.order())

    sending.deliver(transport=Receiver, pace=sending.Pace(watch=0))

    told = generate_latest(metrics.registry()).decode()
    assert 'oms_delivery_attempts_total{format="standard",outcome="REFUSED"}' in told
    assert 'oms_delivery_attempt_seconds_count{format="standard"}' in told
