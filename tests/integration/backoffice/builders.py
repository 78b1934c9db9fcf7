"""World files and CSV files written by tests."""

import csv
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from oms.backoffice.world import apply_world
from tests.factories import NOW

WORLD = """
organizations:
  - {code: "1001", name: Acme, currency: SGD, country: SG, timezone: Asia/Singapore}
fulfillment_points:
  - code: WH-1
    organization: "1001"
    name: Main Warehouse
    type: GENERAL
    address: {line1: 1 Dock Road, city: Singapore, postcode: "018956", country: SG}
    timezone: null
    priority: 10
    carriers: [J&T, SELF]
    accept_within: null
    capacity: {max_quota: null}
    supplier_code: null
channels:
  - code: WEB
    organization: "1001"
    name: My Web Shop
    type: GENERAL
    fulfillment_points: [WH-1]
    location_codes: {WH-1: L-001}
    stock_policy: ACCEPT
    delivery: CHANNEL_CARRIER_SINGLE
    connector: {region: NO, retries: 3, ratio: 1.5, zip: 018956, on: true}
sellers:
  - {code: S-1, organization: "1001", name: Seller One, supplier_code: SUP-1}
skus:
  - {organization: "1001", code: TEE-RED-M, name: T-shirt red M, brand_code: BR1,
     brand_sku_code: BR1-TEE-RED-M, barcodes: ["8901230070017"], weight_g: 200}
listings:
  - {channel: WEB, sku: TEE-RED-M, channel_sku_code: SKU-7-RED, channel_serial_no: null}
stock:
  - {fulfillment_point: WH-1, sku: TEE-RED-M, on_hand: 100, safety: 0}
clients:
  - name: web shop
    organization: "1001"
    channel: WEB
    scopes: []
    rate_limit: null
    credentials:
      - {kind: oms4, key: "2001", secret: demo-secret}
      - {kind: increff, username: EFS-1, password: demo-password, domain: null}
      - {kind: token, token: demo-token}
      - {kind: login, username: oms, password: demo-password}
      - {kind: api_key, key: oms_test_webshop1_00000000000000000000000000000000000000000004L0TNg}
      - {kind: oauth2, client_id: demo, client_secret: demo-secret}
scenarios:
  - code: EU
    organization: "1001"
    name: Europe
    rules: {filters: {channels: [WEB], countries: [NO], min_value: 10.50}, split: always}
users:
  - {username: admin, password: admin, superuser: true}
"""

HEADER = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def apply(tmp_path: Path, *texts: str, **options) -> list[str]:
    """Apply texts as world files. Returns the lines of the changes."""
    paths = [write(tmp_path / f"world-{n}.yaml", text) for n, text in enumerate(texts)]
    return list(apply_world(paths=paths, now=NOW, **options).lines)


def exported(tmp_path: Path, **options) -> Path:
    output = StringIO()
    call_command("export", stdout=output, **options)
    return write(tmp_path / "exported.yaml", output.getvalue())


def invoice_rows(number: str, *items, customer="17850", at="2010-12-01T08:26:00") -> list[dict]:
    """Rows of an invoice; an item is stock code, quantity and price."""
    rows = []
    for code, quantity, price in items:
        values = (
            number,
            code,
            f"NAME {code}",
            str(quantity),
            at,
            price,
            customer,
            "United Kingdom",
        )
        rows.append(dict(zip(HEADER, values, strict=True)))
    return rows


def write_rows(path: Path, rows: list[dict]) -> Path:
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return write(path, text.getvalue())


def read_rows(path: Path) -> list[dict]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
