"""What Prometheus is told of work that waits."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from prometheus_client import CollectorRegistry

from fulfillment.models import Document, LabelWatch
from oms.backoffice.gauges import Gauges
from oms.events.models import Delivery, EndpointHealth
from oms.inbox.kinds import all_kinds
from tests import backoffice_builders as build
from tests.factories import make_point
from tests.integration.fulfillment.builders import SINGLE, routed

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    registry = CollectorRegistry()
    registry.register(Gauges())
    return lambda name, **labels: registry.get_sample_value(name, labels)


def make_deliveries(endpoint, number: int) -> list[Delivery]:
    order = build.make_order(build.make_channel(endpoint.organization))
    due = timezone.now() - dt.timedelta(minutes=5)
    return [
        build.make_delivery(endpoint, build.make_event(order), not_before=due)
        for _ in range(number)
    ]


def test_news_that_is_due_has_an_age(told):
    make_deliveries(build.make_endpoint(build.make_organization()), 1)

    assert round(told("oms_deliveries_oldest_due_seconds") / 60) == 5


def test_news_that_waits_for_a_person_is_not_due(told):
    make_deliveries(build.make_endpoint(build.make_organization(), state="PAUSED"), 1)

    assert told("oms_deliveries_oldest_due_seconds") == 0


def test_claims_beyond_their_lease_are_counted(told):
    rows = make_deliveries(build.make_endpoint(build.make_organization()), 2)
    now = timezone.now()
    for row, until in zip(rows, (-1, 60), strict=True):
        row.claim_id, row.leased_until = uuid.uuid4(), now + dt.timedelta(seconds=until)
        row.save(update_fields=["claim_id", "leased_until"])

    assert told("oms_deliveries_lease_overdue") == 1


def test_endpoints_and_breakers_are_counted_by_state(told):
    organization = build.make_organization()
    build.make_endpoint(organization)
    broken = build.make_endpoint(organization)
    build.make_endpoint(organization, state="DISABLED")
    build.make_endpoint(organization, removed_at=build.NOW)
    EndpointHealth.objects.filter(endpoint=broken).update(
        breaker="OPEN", breaker_until=timezone.now()
    )

    endpoints = {s: told("oms_endpoints", state=s) for s in ("ACTIVE", "DISABLED", "PAUSED")}
    breakers = {s: told("oms_breakers", state=s) for s in ("CLOSED", "OPEN", "HALF_OPEN")}

    assert endpoints == {"ACTIVE": 2, "DISABLED": 1, "PAUSED": 0}
    assert breakers == {"CLOSED": 2, "OPEN": 1, "HALF_OPEN": 0}


def test_what_is_stuck_is_counted_by_kind(told):
    build.make_entry(build.make_organization(), kind="no_stock")
    build.make_entry(
        build.make_organization(), kind="no_stock", closed_at=build.NOW, closed_how="FIXED"
    )

    found = {kind: told("oms_inbox_open", kind=kind) for kind in all_kinds()}

    assert found == dict.fromkeys(all_kinds(), 0) | {"no_stock": 1}


def test_a_carrier_that_is_to_be_asked_has_an_age(told):
    point = make_point()
    due = timezone.now() - dt.timedelta(minutes=5)
    routed(delivery=SINGLE, point=point)
    label = Document.objects.get()
    LabelWatch.objects.create(
        document=label, organization=point.organization, carrier="extension:1:SW1", due_at=due
    )

    assert round(told("oms_label_watches_oldest_due_seconds") / 60) == 5
