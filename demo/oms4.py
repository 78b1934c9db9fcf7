"""A small client of the OMS4 Open API: signs, retries, and knows the operations of both families.

Every operation is safe to repeat, so a call is repeated until it is answered.
"""

import time
from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

import msgspec

from demo import messages
from demo.channel import Answer
from demo.messages import Envelope
from demo.signing import Credentials, sign
from demo.wire import Request, Wire

SUCCESS = "200"
PAGE = 50
LABELS_A_CALL = 5
COUNTS_A_CALL = 200
FAULT_CODES = (b'"code":"500"', b'"code":"503"', b'"code": "500"', b'"code": "503"')

Result = TypeVar("Result")
Decoder = msgspec.json.Decoder

NOTHING = Decoder(Envelope[object])
ORDERS = Decoder(Envelope[list[messages.Order]])
PARCELS = Decoder(Envelope[list[messages.Parcel]])
TASK_PAGE = Decoder(Envelope[messages.TaskPage])
TASKS = Decoder(Envelope[list[messages.Task]])
SHIPPING = Decoder(Envelope[list[messages.Shipping]])
CANCELLATIONS = Decoder(Envelope[messages.CancellationPage])
SYNCED = Decoder(Envelope[messages.Synced])


class RefusedError(Exception):
    """The server understood and said no."""

    def __init__(self, code: str, message: str, path: str) -> None:
        super().__init__(f"{path}: {code} {message}")
        self.code = code


def now_ms() -> int:
    """The time in the unit of the API."""
    return time.time_ns() // 1_000_000


class Caller:
    """One set of credentials on one wire."""

    def __init__(self, wire: Wire, credentials: Credentials) -> None:
        self._wire = wire
        self._credentials = credentials

    def post(self, path: str, body: object, decoder: Decoder[Envelope[Result]]) -> Result | None:
        """Send a JSON body; the `data` of the answer. Raises RefusedError."""
        return self._call("POST", path, {}, msgspec.json.encode(body), decoder)

    def get(
        self, path: str, query: Mapping[str, str], decoder: Decoder[Envelope[Result]]
    ) -> Result | None:
        """Ask with a query string; the `data` of the answer. Raises RefusedError."""
        return self._call("GET", path, query, b"", decoder)

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes,
        decoder: Decoder[Envelope[Result]],
    ) -> Result | None:
        pairs = list(query.items())
        search = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
        target = f"{self._wire.prefix}{path}{'?' if search else ''}{search}"

        def prepare() -> Request:
            """Signed anew for each try, because the signature ages."""
            timestamp = now_ms()
            headers = {
                "tenant_id": self._credentials.tenant_id,
                "api_key": self._credentials.api_key,
                "timestamp": str(timestamp),
                "signature": sign(path, self._credentials, timestamp, query=pairs, body=body),
                "Content-Type": "application/json",
            }
            return Request(method, target, headers, body)

        answer = self._wire.call(prepare, _is_fault)
        envelope = _decode(answer, path, decoder)
        if envelope.code != SUCCESS:
            raise RefusedError(envelope.code, envelope.message, path)
        return envelope.data


def _is_fault(answer: Answer) -> bool:
    """A fault may come with HTTP 200 and tell itself in the envelope only."""
    head = answer.body[:200]
    return any(code in head for code in FAULT_CODES)


def _decode(answer: Answer, path: str, decoder: Decoder[Envelope[Result]]) -> Envelope[Result]:
    """The envelope; of a failure only code and message, as its `data` may be anything."""
    try:
        return decoder.decode(answer.body)
    except msgspec.DecodeError as error:
        text = answer.body[:300].decode("utf-8", "replace")
        raise RefusedError(
            str(answer.status), f"unreadable answer ({error}): {text}", path
        ) from error


def _listed(words: Sequence[str]) -> str:
    return f"[{','.join(words)}]"


def _query(**members: str | int | None) -> dict[str, str]:
    return {name: str(value) for name, value in members.items() if value is not None}


class ChannelApi(Caller):
    """What a sales channel may call."""

    def create_order(self, order: Mapping[str, object]) -> None:
        self.post("/rest/sc_api/order/create", order, NOTHING)

    def orders(
        self,
        *,
        order_no: Sequence[str] = (),
        statuses: Sequence[str] = (),
        date_from: int | None = None,
        offset: int = 0,
    ) -> list[messages.Order]:
        """One page of Get Orders."""
        body: dict[str, object] = {"offset": offset, "limit": PAGE}
        body |= {"order_no": order_no} if order_no else {}
        body |= {"order_status": statuses} if statuses else {}
        body |= {"order_date_from": date_from} if date_from is not None else {}
        return self.post("/rest/sc_api/order/list", body, ORDERS) or []

    def parcels(self, *, order_no: Sequence[str], offset: int = 0) -> list[messages.Parcel]:
        """One page of Get Parcels."""
        body = {"order_no": order_no, "offset": offset, "limit": PAGE}
        return self.post("/rest/sc_api/parcel/list", body, PARCELS) or []

    def parcels_of(self, order_no: Sequence[str]) -> list[messages.Parcel]:
        """All parcels of up to 50 orders."""
        found: list[messages.Parcel] = []
        while True:
            page = self.parcels(order_no=order_no, offset=len(found))
            found += page
            if len(page) < PAGE:
                return found

    def update_parcel(
        self, parcel: messages.Parcel, *, us_parcel_no: str, status: str, event_time: int
    ) -> None:
        body = {
            "order_no": parcel.order_no,
            "us_parcel_no": us_parcel_no,
            "parcel_id": str(parcel.parcel_id),
            "status": status,
            "event_time": event_time,
        }
        self.post("/rest/sc_api/parcel/update_status", body, NOTHING)

    def cancel_order(self, order_no: str, *, reason: str, items: Sequence[str] = ()) -> None:
        """Cancel the whole order, or only the items named."""
        body: dict[str, object] = {
            "order_no": order_no,
            "cancelled_by": "Buyer",
            "cancelled_reason": reason,
            "cancelled_time": now_ms(),
        }
        body |= {"items": [{"orig_order_item_id": item} for item in items]} if items else {}
        self.post("/rest/sc_api/order/cancel", body, NOTHING)

    def request_cancel(self, order_no: str, *, reason: str) -> None:
        body = {"order_no": order_no, "requested_reason": reason, "requested_time": now_ms()}
        self.post("/rest/sc_api/order/request_cancel", body, NOTHING)


class PointApi(Caller):
    """What a fulfillment point may call."""

    def tasks(
        self,
        *,
        status: str | None = None,
        created_from: int | None = None,
        updated_from: int | None = None,
        offset: int = 0,
    ) -> messages.TaskPage:
        """One page of Get Fulfillment Tasks, oldest first."""
        query = _query(
            status=status, created_from=created_from, updated_from=updated_from, offset=offset,
            limit=PAGE,
        )  # fmt: skip
        page = self.get("/rest/fp_api/fulfillment_task/get", query, TASK_PAGE)
        return page or messages.TaskPage(0, 0, [])

    def tasks_by_no(self, ft_nos: Sequence[str]) -> list[messages.Task]:
        """Up to five tasks."""
        query = {"ft_nos": _listed(ft_nos)}
        path = "/rest/fp_api/fulfillment_task/get_by_no"
        return self.get(path, query, TASKS) or []

    def shipping(self, ft_nos: Sequence[str]) -> list[messages.Shipping]:
        """Parcels and labels of up to five tasks."""
        query = {"ft_no": _listed(ft_nos)}
        path = "/rest/fp_api/fulfillment_task/get_shipping_info"
        return self.get(path, query, SHIPPING) or []

    def report_activity(
        self, ft_no: str, *, milestone: str, description: str, event_time: int
    ) -> None:
        body = {
            "ft_no": ft_no,
            "milestone": milestone,
            "description": description,
            "event_time": event_time,
        }
        self.post("/rest/fp_api/fulfillment_task/update_activity", body, NOTHING)

    def pack(self, ft_no: str, *, order_no: str, parcels: Sequence[Mapping[str, object]]) -> None:
        body = {"ft_no": ft_no, "order_no": order_no, "parcels": parcels}
        self.post("/rest/fp_api/fulfillment_task/set_parcel_packed", body, NOTHING)

    def report_parcel(
        self, ft_no: str, fp_parcel_no: str, *, milestone: str, description: str, event_time: int
    ) -> None:
        body = {
            "ft_no": ft_no,
            "fp_parcel_no": fp_parcel_no,
            "milestone": milestone,
            "description": description,
            "event_time": event_time,
        }
        self.post("/rest/fp_api/fulfillment_task/update_parcel_activity", body, NOTHING)

    def cancellations(
        self, *, updated_from: int | None = None, status: str | None = None,
        ft_no: str | None = None, offset: int = 0,
    ) -> messages.CancellationPage:  # fmt: skip
        """One page of Get Cancellation Tasks, oldest first."""
        query = _query(
            updated_from=updated_from, status=status, ft_no=ft_no, offset=offset, limit=PAGE
        )
        path = "/rest/fp_api/cancellation_task/get"
        page = self.get(path, query, CANCELLATIONS)
        return page or messages.CancellationPage(0, 0, [])

    def sync_inventory(self, counts: Sequence[Mapping[str, object]]) -> int:
        """Absolute stock of up to 200 SKUs; how many records were stored."""
        body = {"inventory": counts}
        synced = self.post("/rest/fp_api/inventory/sync", body, SYNCED)
        return synced.success_sync_records if synced else 0
