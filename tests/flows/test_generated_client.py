"""A client that a generator made from the document, against the web server of the Procfile."""

import importlib
import subprocess
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from fulfillment import services as fulfillment
from oms.accounts import queries as accounts
from tests.integration.v1.orders.world import ADDRESS, make_world

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
GENERATOR = Path(sys.executable).with_name("openapi-python-client")
# The only kind of body it has no name for; the same calls take JSON.
LEFT_OUT = {"Unsupported content type application/x-ndjson"}


@pytest.fixture(scope="module")
def generated(live, tmp_path_factory):
    """The package, and what the generator said."""
    if not GENERATOR.exists():
        pytest.skip("openapi-python-client is not installed")
    place = tmp_path_factory.mktemp("client")
    made = subprocess.run(
        [
            GENERATOR,
            *("generate", "--url", f"{live.url}/v1/openapi.json"),
            *("--config", ROOT / "clients" / "python.yaml"),
            *("--meta", "none", "--output-path", place / "oms_v1"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    sys.path.insert(0, str(place))
    yield made.stdout + made.stderr
    sys.path.remove(str(place))


class Generated:
    """The generated functions by their operations, called as a user of the package does."""

    def __init__(self, client):
        self.models = importlib.import_module("oms_v1.models")
        self._client = client

    def call(self, operation, *path, **arguments):
        tag, name = operation.split(".")
        module = importlib.import_module(f"oms_v1.api.{tag}.{name}")
        answer = module.sync_detailed(*path, client=self._client, **arguments)
        return SimpleNamespace(status=answer.status_code, body=answer.parsed)

    def once(self, operation, *path, body):
        return self.call(operation, *path, body=body, idempotency_key=str(uuid.uuid4()))


@pytest.fixture
def world(transactional_db):
    accounts.forget_machines()
    return make_world(on_hand=10)


@pytest.fixture
def client(live, generated, world):
    made = importlib.import_module("oms_v1").AuthenticatedClient(
        base_url=live.url, token=world.api.api_key, prefix="", auth_header_name="X-API-Key"
    )
    with made:
        yield Generated(made)


def test_nothing_of_the_document_is_left_out(generated):
    warned = {line for line in generated.splitlines() if line.startswith(("Cannot", "Unsupp"))}

    assert warned == LEFT_OUT


def test_a_whole_order_goes_through_it(client, world):
    models = client.models

    order = placed(client)
    fulfillment.allocate_due(now=timezone.now())
    allocated = client.call("orders.get_order", order.id).body
    shipment = client.once(
        "shipments.create_shipment",
        body=models.ShipmentInput(
            order_id=order.id, carrier_code=models.ShipmentInputCarrierCode.SELF
        ),
    )
    reports = [report(client, shipment.body.id, word) for word in ("picked_up", "delivered")]
    delivered = client.call("orders.get_order", order.id).body
    expected = client.once(
        "returns.create_return",
        body=models.ReturnInput(
            order_id=order.id,
            units=[models.ReturnUnitInput(order_line_id=order.lines[0].id, reason="too small")],
        ),
    )
    unit = expected.body.units[0].id
    received = client.once(
        "returns.receive_return", expected.body.id, body=models.ReceiptInput(units=[unit])
    )
    inspected = client.once(
        "returns.inspect_return",
        expected.body.id,
        body=models.InspectionInput(
            units=[
                models.InspectedUnitInput(
                    id=unit,
                    qc_status=models.InspectedUnitInputQcStatus.PASS,
                    disposition=models.InspectedUnitInputDisposition.RESTOCK,
                )
            ]
        ),
    )
    stock = client.call("inventory.get_inventory", world.sku.code).body

    assert (order.status, order.total.amount) == ("confirmed", "270000")
    assert allocated.status == "allocated"
    assert (shipment.status, shipment.body.status) == (201, "ready_to_ship")
    assert reports == [(201, "picked_up"), (201, "delivered")]
    assert delivered.status == "delivered"
    assert (expected.status, expected.body.status) == (201, "expected")
    assert received.body.status == "received"
    assert inspected.body.status in {"inspected", "closed"}
    assert (stock.totals.on_hand, stock.totals.reserved) == (9, 0)


def test_a_refusal_is_a_problem_with_its_code(client):
    placed(client)

    again = client.once("orders.create_order", body=order_of(client))

    assert (again.status, again.body.code) == (409, "duplicate_external_id")


def test_a_list_is_filtered_by_several_words(client):
    order = placed(client)
    words = client.models.ListOrdersStatusItem

    found = client.call("orders.list_orders", status=[words.CONFIRMED, words.ALLOCATED]).body
    others = client.call("orders.list_orders", status=[words.SHIPPED, words.DELIVERED]).body

    assert [each.id for each in found.data] == [order.id]
    assert others.data == []


def order_of(client):
    models = client.models
    return models.OrderInput(
        external_id="WEB-1001",
        channel="web",
        payment_method=models.OrderInputPaymentMethod.COD,
        currency="VND",
        ship_to=models.AddressInput(**ADDRESS),
        lines=[
            models.LineInput(
                sku="TEE-RED-M",
                quantity=2,
                unit_price=models.MoneyInput(amount="125000", currency="VND"),
            )
        ],
        shipping_fee=models.MoneyInput(amount="20000", currency="VND"),
    )


def placed(client):
    answer = client.once("orders.create_order", body=order_of(client))
    assert answer.status == 201
    return answer.body


def report(client, shipment_id, word):
    """What a report answers: its status, and the shipment's."""
    answer = client.once(
        "shipments.report_shipment_status",
        shipment_id,
        body=client.models.StatusUpdateInput(
            status=client.models.StatusUpdateInputStatus(word), occurred_at=timezone.now()
        ),
    )
    return answer.status, answer.body.shipment_status
