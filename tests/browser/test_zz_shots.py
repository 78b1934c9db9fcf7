
import datetime as dt
import pathlib
import pytest
from django.urls import reverse
from django.utils import timezone
from oms.backoffice.formats import page_url
from oms.events.models import Delivery, Endpoint, EndpointHealth, EndpointTally, Event
from oms.events.tallies import PLACES, begin_of
from oms.inbox import services
from oms.inbox.models import Entry
from oms.orders.models import OrderLine
from tests import backoffice_builders as build
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.django_db(transaction=True)
OUT = pathlib.Path("/tmp/shots"); OUT.mkdir(exist_ok=True)


def world():
    now = timezone.now()
    organization = build.make_organization(name="Nordwind")
    channel = build.make_channel(organization, name="Web shop")
    dock = build.make_point(channel, name="Warehouse Berlin")
    for n in range(6):
        build.make_order(channel, external_id=f"TH-2604{n:04d}", status="UNALLOCATED", waiting_for=f"Out of stock: TEE-RED-{n}", allocation_due_at=now, ship_by_at=now + dt.timedelta(hours=10 * n - 12))
    unknown = build.make_order(channel, external_id="TH-26045001", status="UNALLOCATED")
    OrderLine.objects.filter(order=unknown).update(sku=None, sku_code="MUG-BLUE-XL")
    build.make_request(build.make_order(channel, external_id="TH-26045002"))
    order = build.make_order(channel, external_id="TH-26045003", status="PACKED", ship_by_at=now)
    build.make_buyer(order)
    task = build.make_task(order, dock)
    build.make_document(build.make_parcel(task), status="FAILED", attempts=5, last_error="The carrier does not serve postcode 99999")
    shorted = build.make_task(build.make_order(channel, external_id="TH-26045004", status="ALLOCATED"), dock, status="OUT_OF_STOCK")
    erp = build.make_endpoint(organization, name="ERP", url="https://erp.nordwind.example/hooks?key=1", words=["order.*"])
    build.make_endpoint(organization, name="Old shop", state="DISABLED", state_reason="Every try of the last five days failed")
    wms = build.make_endpoint(organization, name="Warehouse system", state="PAUSED")
    for endpoint, fails in ((erp, 31), (wms, 0)):
        for k in range(40):
            d = [0] * PLACES; d[4] = 90; d[6] = 10
            EndpointTally.objects.create(endpoint=endpoint, started_at=begin_of(now) - dt.timedelta(minutes=10 * k), attempts=100, failures=fails if k < 3 else 0, durations=d)
    EndpointHealth.objects.filter(endpoint=erp).update(breaker="OPEN", breaker_until=now + dt.timedelta(seconds=50), failing_since=now - dt.timedelta(minutes=40), failures_in_a_row=12, last_error="Answered 503", last_failure_at=now)
    event = build.make_event(order, occurred_at=now, recorded_at=now)
    d = build.make_delivery(erp, event, state="EXHAUSTED", tries=3, last_error="Answered 422", last_status=422)
    build.make_body(d, b'{"type":"order.placed","timestamp":"2026-11-21T04:00:00Z","data":{"order":"TH-26045003","lines":1}}')
    for n, (status, answer) in enumerate(((503, "upstream down"), (503, "upstream down"), (422, '{"error":"unknown article MUG-BLUE-XL"}')), 1):
        build.make_attempt(d, number=n, status=status, error=f"Answered {status}", answer=answer, started_at=now - dt.timedelta(minutes=30 - n), request_headers={"content-type": "application/json", "webhook-id": "evt_1", "webhook-timestamp": "1795234210", "webhook-signature": "v1,***", "x-api-key": "***"})
    for kind, state in (("order.allocated", "DELIVERED"), ("order.packed", "PENDING")):
        build.make_delivery(erp, build.make_event(order, kind, occurred_at=now), state=state, tries=1)
        build.make_delivery(wms, build.make_event(order, kind, occurred_at=now), state="PENDING")
    build.make_event(order, "stock.counted", parked_at=now, attempts=10, last_error="ValueError")
    services.reconcile_due(now=now - dt.timedelta(hours=3))
    anna = build.make_staff(organization)
    Entry.objects.filter(kind="label_failed").update(owner=anna)
    return order, erp, d


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_shots(browse, size):
    order, erp, d = world()
    entry = Entry.objects.get(kind="label_failed")
    with browse(build.make_superuser(), size) as page:
        for name, address in {
            "start": "/admin/", "inbox": reverse("admin:inbox_entry_changelist"), "inbox_kind": reverse("admin:inbox_entry_changelist") + "?kind=no_stock",
            "entry": page_url(entry), "endpoints": reverse("admin:events_endpoint_changelist"), "endpoint": page_url(erp),
            "deliveries": reverse("admin:events_delivery_changelist"), "delivery": page_url(d), "order": page_url(order), "replay": reverse("admin:events_delivery_replay") + f"?endpoint={erp.pk}", "add": reverse("admin:events_endpoint_add"),
        }.items():
            page.goto(address)
            page.screenshot(path=str(OUT / f"{name}_{size[0]}.png"), full_page=True)
