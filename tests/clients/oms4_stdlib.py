"""A client of the OMS4 Open API, written from its documentation with the standard library alone.

It shares no code with the server: what it can do, any client can that was written elsewhere.
"""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from urllib.parse import quote, urlsplit


class Oms4Error(Exception):
    """The answer's code was not "200"."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class Oms4Client:
    """One key at one base URL. Keeps its connection, so it is not for several threads."""

    def __init__(
        self,
        base_url: str,
        *,
        tenant_id: str,
        api_key: str,
        secret: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        parts = urlsplit(base_url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._connection = kind(parts.hostname, parts.port, timeout=30)
        self._prefix = parts.path
        self._tenant_id = tenant_id
        self._api_key = api_key
        self._secret = secret
        self._clock = clock

    def post(self, path: str, body: dict) -> object:
        """Call an operation with a JSON body and return its `data`."""
        return self.data(*self.send("POST", path, body=json.dumps(body).encode()))

    def get(self, path: str, query: dict | None = None, body: dict | None = None) -> object:
        """Call an operation with a query, or with a body, and return its `data`."""
        raw = b"" if body is None else json.dumps(body).encode()
        return self.data(*self.send("GET", path, query=query, body=raw))

    def send(
        self, method: str, path: str, *, query: dict | None = None, body: bytes = b""
    ) -> tuple[int, dict]:
        """Sign and send; the HTTP status and the whole answer."""
        pairs = {name: _text(value) for name, value in (query or {}).items()}
        headers = {
            "tenant_id": self._tenant_id,
            "api_key": self._api_key,
            "timestamp": str(int(self._clock() * 1000)),
        }
        signed = "".join(name + value for name, value in sorted({**headers, **pairs}.items()))
        text = (path + signed).encode() + (body if not pairs else b"")
        headers["signature"] = hmac.new(self._secret.encode(), text, hashlib.sha256).hexdigest()
        headers["Content-Type"] = "application/json"
        search = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in pairs.items())
        url = self._prefix + path + (f"?{search}" if search else "")
        status, _, answer = self.exchange(method, url, headers, body)
        return status, json.loads(answer)

    def exchange(
        self, method: str, url: str, headers: dict, body: bytes
    ) -> tuple[int, dict, bytes]:
        """One request over the kept connection: status, headers and body of the answer."""
        self._connection.request(method, url, body=body or None, headers=headers)
        response = self._connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()

    @staticmethod
    def data(_status: int, answer: dict) -> object:
        """The `data` of an answer, or Oms4Error."""
        if answer["code"] != "200":
            raise Oms4Error(answer["code"], answer["message"])
        return answer["data"]

    def close(self) -> None:
        """Drop the connection; the next call opens another."""
        self._connection.close()


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ",".join(str(item) for item in value) + "]"
    return str(value)


class SalesChannel(Oms4Client):
    """The calls of a sales channel."""

    def create_order(self, order: dict) -> None:
        self.post("/rest/sc_api/order/create", order)

    def orders(self, **filters: object) -> list:
        return self.post("/rest/sc_api/order/list", filters)

    def parcels(self, **filters: object) -> list:
        return self.post("/rest/sc_api/parcel/list", filters)

    def track(self, **numbers: object) -> list:
        return self.post("/rest/sc_api/parcel/track_trace", numbers)

    def update_parcel_status(self, **report: object) -> None:
        self.post("/rest/sc_api/parcel/update_status", report)

    def cancel_order(self, **request: object) -> None:
        self.post("/rest/sc_api/order/cancel", request)

    def request_cancel(self, **request: object) -> None:
        self.post("/rest/sc_api/order/request_cancel", request)

    def update_tracking_docs(self, **docs: object) -> None:
        self.post("/rest/sc_api/parcel/update_tracking_docs", docs)

    def update_spu(self, **spu: object) -> None:
        self.post("/rest/sc_api/upstream_spu/update_spu_info", spu)

    def delete_spu(self, **spu: object) -> None:
        self.post("/rest/sc_api/upstream_spu/delete_spu", spu)

    def update_spu_status(self, **status: object) -> None:
        self.post("/rest/sc_api/upstream_spu/update_spu_status", status)


class FulfillmentPoint(Oms4Client):
    """The calls of a fulfillment point."""

    def tasks(self, **filters: object) -> list:
        return self.get("/rest/fp_api/fulfillment_task/get", filters)["ft_list"]

    def tasks_by_no(self, *numbers: str) -> list:
        return self.get("/rest/fp_api/fulfillment_task/get_by_no", {"ft_nos": numbers})

    def shipping_info(self, *numbers: str, **filters: object) -> list:
        query = {"ft_no": numbers, **filters}
        return self.get("/rest/fp_api/fulfillment_task/get_shipping_info", query)

    def update_activity(self, **report: object) -> None:
        self.post("/rest/fp_api/fulfillment_task/update_activity", report)

    def update_parcel_activity(self, **report: object) -> None:
        self.post("/rest/fp_api/fulfillment_task/update_parcel_activity", report)

    def cancellation_tasks(self, **filters: object) -> list:
        return self.get("/rest/fp_api/cancellation_task/get", filters)["ct_list"]

    def cancel_requests(self, *numbers: str) -> list:
        return self.get("/rest/fp_api/cancel_request/get", body={"ft_no": numbers})

    def set_parcel_packed(self, **packing: object) -> None:
        self.post("/rest/fp_api/fulfillment_task/set_parcel_packed", packing)

    def sync_inventory(self, *records: dict) -> int:
        answer = self.post("/rest/fp_api/inventory/sync", {"inventory": list(records)})
        return answer["success_sync_records"]
