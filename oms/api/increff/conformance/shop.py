"""The sales channel's side: an external system cannot place orders, so somebody else does.

Speaks the open API (/v1) of the same installation with a key of the organization.
"""

import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .shapes import Document, an_object, objects
from .verdicts import Broken

_TIMEOUT = 30  # seconds
_FIRST_FAILURE = 400
PRICE = "649.00"
_ADDRESS: Document = {
    "full_name": "A Rao",
    "phone": "+919000000001",
    "line1": "4 Lake Rd",
    "province": "Maharashtra",
    "postal_code": "411001",
    "country": "SG",
}


@dataclass(frozen=True, slots=True)
class Access:
    """Where orders are placed, and by whom."""

    url: str
    key: str = field(repr=False)
    channel: str
    currency: str


class Shop:
    """One sales channel, as the open API has it."""

    def __init__(self, access: Access) -> None:
        self.channel = access.channel
        self._access = access
        self._ids: dict[str, str] = {}

    def place(self, order_code: str, units: Mapping[str, int], **changes: object) -> None:
        """Place an order of so many units of each SKU."""
        price = {"amount": PRICE, "currency": self._access.currency}
        lines = [
            {"sku": sku, "quantity": count, "unit_price": price} for sku, count in units.items()
        ]
        order: Document = {
            "external_id": order_code,
            "channel": self.channel,
            "payment_method": "card",
            "payment_status": "paid",
            "currency": self._access.currency,
            "ship_to": _ADDRESS,
            "lines": lines,
            **changes,
        }
        self._ids[order_code] = str(self._call("POST", "/orders", order)["id"])

    def hold(self, order_code: str) -> None:
        """Put a hold on an order."""
        self._patch(order_code, {"hold": {"reason": "address", "note": "conformance"}})

    def release(self, order_code: str) -> None:
        """Take the hold off again."""
        self._patch(order_code, {"hold": None})

    def cancel(self, order_code: str) -> None:
        """The customer does not want it any more."""
        path = f"/orders/{self._ids[order_code]}/cancel"
        self._call("POST", path, {"reason": "customer_request"})

    def announce_return(self, return_code: str, order_code: str, units: Document) -> None:
        """Expect units back: return item code -> SKU."""
        told: Document = {
            "order_id": self._ids[order_code],
            "external_id": return_code,
            "type": "customer_return",
            "carrier_code": "SWIFT",
            "tracking_number": f"RV-{return_code}",
            "units": [
                {"external_id": code, "sku": sku, "reason": "too small"}
                for code, sku in units.items()
            ],
        }
        self._ids[return_code] = str(self._call("POST", "/returns", told)["id"])

    def cancel_return(self, return_code: str) -> None:
        """The parcel will not come."""
        self._call("POST", f"/returns/{self._ids[return_code]}/cancel", {})

    def return_units(self, return_code: str) -> list[Document]:
        """The units of a return as the channel sees them."""
        found = self._call("GET", f"/returns/{self._ids[return_code]}", None)
        return objects(found["units"], "units")

    def line_units(self, order_code: str) -> dict[str, Document]:
        """The lines of an order by SKU, as the channel sees them."""
        found = self._call("GET", f"/orders/{self._ids[order_code]}", None)
        return {str(line["sku"]): line for line in objects(found["lines"], "lines")}

    def _patch(self, order_code: str, members: Document) -> None:
        self._call("PATCH", f"/orders/{self._ids[order_code]}", members)

    def _call(self, method: str, path: str, document: Document | None) -> Document:
        base = urlsplit(self._access.url)
        kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
        connection = kind(base.hostname or "", base.port, timeout=_TIMEOUT)
        headers = {"X-API-Key": self._access.key, "Content-Type": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        body = b"" if document is None else json.dumps(document).encode()
        try:
            connection.request(method, base.path.rstrip("/") + path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as exc:
            raise OSError(type(exc).__name__) from exc
        finally:
            connection.close()
        if answer.status >= _FIRST_FAILURE:
            told = content[:300].decode("utf-8", "replace")
            raise Broken(f"the shop's {method} {path.split('/')[1]}: HTTP {answer.status} {told}")
        return an_object(json.loads(content), "the shop's answer")
