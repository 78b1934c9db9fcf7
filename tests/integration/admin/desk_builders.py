"""Orders at a point whose people work at the bench."""

import re
from dataclasses import dataclass
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from catalog.models import Sku
from channels_app.choices import DeliveryScenario
from fulfillment import services
from fulfillment.models import FulfillmentTask
from fulfillment.services import ShipmentDraft
from oms.backoffice.models import PackingSession
from oms.kernel.actors import SYSTEM
from oms.locations.models import FulfillmentPoint
from oms.orders.models import Order
from tests import backoffice_builders as build
from tests.factories import NOW, make_channel, make_point, make_sku, place

PERMS = ("backoffice.pack_at_bench", "fulfillment.work_at_dock", "returns.receive_return")


@dataclass
class Floor:
    """A point, one order given to it, and a browser of somebody who works there."""

    point: FulfillmentPoint
    skus: list[Sku]
    order: Order
    task: FulfillmentTask

    @property
    def url(self) -> str:
        return reverse("admin:bench_point", args=[self.point.pk])

    @property
    def dock_url(self) -> str:
        return reverse("admin:dock_point", args=[self.point.pk])

    def person(self, *perms: str):
        return build.make_staff(self.point.organization, perms=perms or PERMS)


def floor(
    *quantities: int, point: FulfillmentPoint | None = None, carrier: str = "", **overrides
) -> Floor:
    """An order with these many units of so many articles; each has a bar code."""
    point = point or make_point(name="Berlin", timezone="Europe/Berlin")
    skus = [
        make_sku(point=point, on_hand=20, barcodes=[f"40{uuid4().int % 10**11:011d}"])
        for _ in quantities or (1,)
    ]
    channel = make_channel(
        points=[point], delivery=DeliveryScenario.OWN_CARRIER, organization=point.organization
    )
    lines = list(zip(skus, quantities or (1,), strict=True))
    order = place(channel=channel, lines=lines, **overrides)
    services.allocate_due(now=NOW)
    task = FulfillmentTask.objects.get(order=order)
    if carrier:
        task.carrier = carrier
        task.save(update_fields=["carrier"])
    return Floor(point=point, skus=skus, order=order, task=task)


def pack(hall: Floor):
    """Everything of the order in one box; the parcel."""
    units = {line.pk: line.quantity for line in hall.task.lines.all()}
    draft = ShipmentDraft(task_id=hall.task.pk, units=units)
    return services.pack_shipment(draft=draft, actor=SYSTEM, now=NOW).parcel


def begin(browser: Client, hall: Floor, text: str | None = None) -> PackingSession:
    """Take the order to the bench."""
    response = browser.post(hall.url, {"scan": text or hall.order.external_id})
    assert response.status_code == 302, response.content.decode()
    return PackingSession.objects.get(pk=int(re.findall(r"(\d+)/$", response.url)[0]))


def session_url(hall: Floor, session: PackingSession) -> str:
    return reverse("admin:bench_session", args=[hall.point.pk, session.pk])


def scan(
    browser: Client, hall: Floor, session: PackingSession, text: str, token: str = ""
) -> tuple[str, str]:
    """Scan something; how the bench answers."""
    browser.post(session_url(hall, session), {"scan": text, "token": token or str(uuid4())})
    session.refresh_from_db()
    return session.tone, session.said
