"""The world of the contract's examples, and a client whose every answer is checked."""

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import jsonschema
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from catalog.models import Sku
from channels_app.models import Channel
from fulfillment import services as fulfillment
from fulfillment.choices import Station
from fulfillment.models import Parcel
from oms.accounts.models import Organization
from oms.accounts.scopes import V1 as ALL_SCOPES
from oms.api.nandh.schema_urls import SETTINGS
from oms.kernel.actors import SYSTEM
from oms.locations.models import ChannelPoint, FulfillmentPoint
from oms.orders.models import Order
from tests import factories

GOLDEN = Path(__file__).parent / "golden"
PREFIX = "/api/v1/public"
JSON = "application/json"
ENVELOPE = ["data", "error", "error_code", "log_id", "messages", "status_code", "total"]


def example(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


@functools.cache
def document() -> dict:
    with patched_settings(SETTINGS):
        generator = SchemaGenerator(urlconf="oms.api.nandh.schema_urls")
        return generator.get_schema(request=None, public=True)


class Nandh:
    """Calls of one machine. Every answer is held against the envelope and the document."""

    def __init__(self, organization: Organization, *, scopes=ALL_SCOPES, **bound):
        self.machine = factories.make_api_client(organization, scopes=sorted(scopes), **bound)
        self.key = factories.make_api_key(self.machine)
        self._http = Client(raise_request_exception=False)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.call("POST", path, body=json.dumps(body).encode(), **options)

    def call(self, method, path, *, body=b"", key=None, content_type=JSON, **headers):
        sent = {"Authorization": self.key if key is None else key} | headers
        answer = self._http.generic(
            method, f"{PREFIX}{path}", body, content_type=content_type, headers=sent
        )
        check(answer, method, f"{PREFIX}{path}".partition("?")[0])
        return answer

    def data(self, path):
        """What a read answers."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["data"]


def check(answer, method: str, path: str) -> None:
    """Whether an answer is what the contract and the document promise."""
    if answer.headers["Content-Type"].startswith("application/pdf"):
        return
    body = answer.json()
    assert sorted(body) == ENVELOPE
    assert body["status_code"] == answer.status_code
    assert body["error"] is (answer.status_code >= 400)
    assert (body["error_code"] is None) is (answer.status_code < 400)
    assert (body["log_id"] is None) is (answer.status_code < 400)
    if (declared := _declared(method, path)) is not None:
        schema = declared[str(answer.status_code)]["content"][JSON]["schema"]
        whole = {**schema, "components": document()["components"]}
        jsonschema.Draft202012Validator(whole).validate(body)


def _declared(method: str, path: str) -> dict | None:
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if method.lower() in item and re.fullmatch(pattern, path):
            return item[method.lower()]["responses"]
    return None


@dataclass
class World:
    organization: Organization
    channel: Channel
    point: FulfillmentPoint
    sku: Sku
    api: Nandh

    @classmethod
    def build(cls, *, channel_id: int | None = None, sku_id: int | None = None) -> "World":
        organization = factories.make_organization(currency="VND", country="VN")
        point = factories.make_point(organization=organization, code="NH_WH_HCM")
        named = {} if channel_id is None else {"pk": channel_id}
        channel = factories.make_channel(organization=organization, code="web", **named)
        ChannelPoint.objects.create(channel=channel, point=point, location_code="7")
        numbered = {} if sku_id is None else {"pk": sku_id}
        sku = factories.make_sku(
            point=point, on_hand=40, code="TEE-RED-M", name="Tee red M", **numbered
        )
        return cls(organization, channel, point, sku, Nandh(organization))

    def order(self, **changes) -> dict:
        """The order of the contract for this world's store; `None` takes a member out."""
        body = example("create_order")["request"] | {"store_id": self.channel.pk}
        for name, value in changes.items():
            is_part = isinstance(value, dict) and isinstance(body.get(name), dict)
            body[name] = body[name] | value if is_part else value
        return {name: value for name, value in body.items() if value is not None}

    def place(self, **changes) -> Order:
        answer = self.api.post("/orders/create", self.order(**changes))
        assert answer.status_code == 200, answer.content
        return Order.objects.get(number=answer.json()["data"]["order_id"])

    def packed(self, order: Order) -> Parcel:
        """The box in which the point packed all of an order; its label is there."""
        fulfillment.allocate_due(now=timezone.now())
        box = fulfillment.pack_units(
            draft=fulfillment.BoxDraft(order=order.public_id, carrier="GHN"),
            actor=SYSTEM,
            now=timezone.now(),
        )
        fulfillment.fetch_due_labels(now=timezone.now())
        return Parcel.objects.get(pk=box.pk)

    def allocate(self) -> None:
        """Give every order that is due to a point."""
        fulfillment.allocate_due(now=timezone.now())

    def packed_units(self, order: Order, quantity: int) -> None:
        """So many units of the order's first line are in a box of their own now."""
        self.allocate()
        line = order.lines.order_by("position").values_list("number", flat=True)[0]
        draft = fulfillment.BoxDraft(order=order.public_id, units={line: quantity}, carrier="GHN")
        fulfillment.pack_units(draft=draft, actor=SYSTEM, now=timezone.now())

    def report(self, box: Parcel, station: Station) -> None:
        """The box was seen there now."""
        report = fulfillment.StationReport(
            parcel_id=box.pk, station=station, occurred_at=timezone.now()
        )
        fulfillment.report_station(report=report, actor=SYSTEM, now=timezone.now())

    def shipped(self, **changes) -> Order:
        """An order whose every unit has left."""
        order = self.place(**changes)
        self.report(self.packed(order), Station.SHIPPED)
        return Order.objects.get(pk=order.pk)
