"""A carrier extension, written from the contract (7.3): shipments, labels, and where they are.

`with CarrierExtension() as carrier:` listens on loopback. It checks who calls and what is sent,
and keeps every call (`book`). `move` says where a shipment is; `label_as` and `labels_after` are
how and when its labels come, `misbehave(Fault(...))` what goes wrong.
"""

import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from uuid import UUID

from tests.simulators.akinon_wire import (
    Answer,
    Fault,
    NotFound,
    Refusal,
    Request,
    Row,
    SimulatedServer,
)

__all__ = ["CarrierExtension", "Fault", "Shipment"]

USERNAME, PASSWORD = "oms", "carrier-secret"
STATUSES = (
    "CREATED", "DELETED", "SHIPPING", "DELIVERED", "NOT_DELIVERED", "ATTEMPTED", "RETURNED",
)  # fmt: skip
PATH = re.compile(r"/(?P<root>[a-z]+)/shipments(/(?P<id>[^/]+)(/(?P<part>label|history|file))?)?")
TEXTS = ("shipmentId", "orderNumber", "locale", "deliveryNote", "type")
TOLD = {"name": str, "surname": str, "tel": str, "zipcode": str, "addressLine": str}
PLACES = {"country": {"id": int, "code": str, "name": str}, "city": {"id": int, "name": str}}
PLACES |= {name: {"id": int, "name": str} for name in ("district", "township")}
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@dataclass
class Shipment:
    """What the carrier has of one shipment."""

    body: Row
    number: str
    status: str = "CREATED"
    history: list[Row] = field(default_factory=list)

    @property
    def label(self) -> bytes:
        return f"%PDF-1.4\n% {self.number}\n%%EOF\n".encode()


class CarrierExtension(SimulatedServer):
    """A context manager. Its accounts are picked by `x-akinon-credentials-identifier`."""

    def __init__(
        self,
        *,
        username: str = USERNAME,
        password: str = PASSWORD,
        accounts: tuple[str, ...] = (),
        prefix: str = "AWB",
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.username, self.password = username, password
        self.accounts: dict[str, dict[str, Shipment]] = {name: {} for name in ("", *accounts)}
        self.label_as = "bytes"
        self.labels_after = 0
        self.refuses: Row | None = None
        self._prefix = prefix
        self._request_ids: set[str] = set()
        self._numbers = 0

    @property
    def base_url(self) -> str:
        """What `conf.base_url` names."""
        return f"{self.origin}/carrier"

    def record(self, **more: object) -> Row:
        """The record of SHIPPING_SETTINGS that leads here; members of `conf` by their names."""
        members = ("name", "erp_code", "shipping_company", "is_active", "omnitron_id")
        named = {name: more.pop(name) for name in members if name in more}
        conf = {
            "base_url": self.base_url,
            "username": self.username,
            "password": self.password,
            **more,
        }
        return {
            "name": "Swift Cargo",
            "erp_code": "SW1",
            "shipping_company": "swift",
            **named,
            "conf": conf,
        }

    @property
    def shipments(self) -> dict[str, Shipment]:
        """Of the default account."""
        return self.accounts[""]

    @property
    def book(self) -> list[str]:
        """Every call, as `POST /shipments 201`; status 0 where nobody answered."""
        return [call.line.replace(" /carrier", " ") for call in list(self.calls)]

    def only(self) -> Shipment:
        """The one shipment there is and was not deleted."""
        [shipment] = [one for one in self.shipments.values() if one.status != "DELETED"]
        return shipment

    def move(self, shipment: Shipment, status: str, *, at: str = "") -> None:
        """The carrier sees a shipment at a status."""
        assert status in STATUSES
        with self.lock:
            shipment.status = status
            shipment.history.append({"status": status, **({"date": at} if at else {})})

    def respond(self, request: Request) -> Answer:
        found = PATH.fullmatch(request.path)
        if found is None or found["root"] != "carrier":
            raise NotFound
        account = self._account(request)
        if found["id"] is None:
            if request.method != "POST":
                raise Refusal(405, {"code": "METHOD", "message": "Method not allowed"})
            return self._make(account, request.document)
        shipment = account.get(found["id"])
        if shipment is None:
            raise Refusal(404, {"code": "SHIPMENT_UNKNOWN", "message": "No such shipment"})
        return self._about(request, shipment, found["part"] or "")

    def _account(self, request: Request) -> dict[str, Shipment]:
        """Whose call it is, and whether it has what every call must have."""
        pair = b64encode(f"{self.username}:{self.password}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            raise Refusal(401, {"code": "UNAUTHORIZED", "message": "Who are you?"})
        if request.headers.get("x-akinon-api-version") != "1.0":
            raise Refusal(400, {"code": "VERSION", "message": "x-akinon-api-version"})
        self._note(request.headers.get("x-akinon-request-id", ""))
        identifier = request.headers.get("x-akinon-credentials-identifier", "")
        if identifier not in self.accounts:
            raise Refusal(403, {"code": "CREDENTIALS", "message": "No such account"})
        return self.accounts[identifier]

    def _note(self, request_id: str) -> None:
        """Each call has an id of its own."""
        try:
            is_new = str(UUID(request_id)) not in self._request_ids
        except ValueError:
            is_new = False
        if not is_new:
            raise Refusal(400, {"code": "REQUEST_ID", "message": "x-akinon-request-id"})
        self._request_ids.add(request_id)

    def _make(self, account: dict[str, Shipment], body: Row) -> Answer:
        check_body(body)
        if self.refuses is not None:
            raise Refusal(422, self.refuses)
        known = account.get(body["shipmentId"])
        if known is not None and known.body != body:
            raise Refusal(409, {"code": "SHIPMENT_EXISTS", "message": "shipmentId is taken"})
        if known is not None:
            return Answer(200, self._shown(known))
        self._numbers += 1
        made = Shipment(body=body, number=f"{self._prefix}{self._numbers:08d}")
        made.history.append({"status": "CREATED"})
        account[body["shipmentId"]] = made
        return Answer(201, self._shown(made))

    def _about(self, request: Request, shipment: Shipment, part: str) -> Answer:
        if request.method == "GET":
            return self._read(request, shipment, part)
        if part or shipment.status not in {"CREATED", "DELETED"}:
            raise Refusal(409, {"code": "SHIPMENT_LEFT", "message": "It has left"})
        if request.method == "DELETE":
            self.move(shipment, "DELETED")
            return Answer(204, None)
        if request.method == "PATCH":
            check_body(request.document)
            shipment.body = request.document
            return Answer(200, self._shown(shipment))
        raise Refusal(405, {"code": "METHOD", "message": "Method not allowed"})

    def _read(self, request: Request, shipment: Shipment, part: str) -> Answer:
        if part == "history":
            return Answer(200, {"history": shipment.history})
        if part == "file":
            return Answer(200, shipment.label)
        if part == "label":
            return self._label(request, shipment)
        return Answer(200, self._shown(shipment))

    def _label(self, request: Request, shipment: Shipment) -> Answer:
        if self.labels_after > 0:
            self.labels_after -= 1
            raise Refusal(404, {"code": "LABEL_LATE", "message": "Not yet"})
        url = f"{self.origin}{request.path.removesuffix('label')}file"
        forms: dict[str, object] = {
            "bytes": shipment.label,
            "base64": {"label": b64encode(shipment.label).decode()},
            "url": {"labelUrl": url},
            "elsewhere": {"labelUrl": "http://127.0.0.1:9/label.pdf"},
            "zpl": f"^XA^FD{shipment.number}^XZ".encode(),
            "html": b"<html>no label</html>",
        }
        return Answer(200, forms[self.label_as])

    def _shown(self, shipment: Shipment) -> Row:
        return {
            "shipmentId": shipment.body["shipmentId"],
            "status": shipment.status,
            "awbNumber": shipment.number,
            "trackingUrl": f"https://swift.example/t/{shipment.number}",
        }


def check_body(body: object) -> None:
    """The fields of the contract, with their types. Refused 400 by the first that is wrong."""
    if not isinstance(body, dict):
        raise _wrong("body")
    for name in TEXTS:
        if not isinstance(body.get(name), str):
            raise _wrong(name)
    if not body["shipmentId"] or not LOCALE.fullmatch(body["locale"]):
        raise _wrong("shipmentId or locale")
    if body["type"] not in {"CUSTOMER", "PICK_UP_LOCATION"}:
        raise _wrong("type")
    _check_destination(body.get("destination"))
    _check_rest(body)


def _check_destination(destination: object) -> None:
    if not isinstance(destination, dict):
        raise _wrong("destination")
    for name, kind in TOLD.items():
        if not isinstance(destination.get(name), kind):
            raise _wrong(f"destination.{name}")
    for name in ("country", "city"):
        if name not in destination:
            raise _wrong(f"destination.{name}")
    for name, members in PLACES.items():
        place = destination.get(name, {"name": ""})
        if not isinstance(place, dict) or not isinstance(place.get("name"), str):
            raise _wrong(f"destination.{name}")
        if any(not isinstance(value, members.get(key, ())) for key, value in place.items()):
            raise _wrong(f"destination.{name}")


def _check_rest(body: Row) -> None:
    products = body.get("products", [])
    if not isinstance(products, list) or not all(isinstance(one, dict) for one in products):
        raise _wrong("products")
    payment = body.get("payment")
    if payment is not None and set(payment) != {"paymentId", "amount", "currency"}:
        raise _wrong("payment")
    if not isinstance(body.get("originId", ""), str):
        raise _wrong("originId")


def _wrong(place: str) -> Refusal:
    return Refusal(400, {"code": "INVALID", "message": place})


def account_of(header: str) -> str:
    """The user name and password of a Basic header."""
    return b64decode(header.removeprefix("Basic ")).decode()


def sent(request: Request) -> Row:
    """The body of a call."""
    return json.loads(request.body)
