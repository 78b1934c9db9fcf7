"""The calls of an extension, and what its answers mean. Nothing is repeated here (contract 7.3)."""

import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fulfillment.carriers.base import CarrierError
from oms.api.akinon.carriers import refusals
from oms.api.akinon.carriers.records import Record
from oms.kernel import http
from oms.kernel.http import urls

VERSION = "1.0"
CONNECT = 5.0  # seconds
LONG, SHORT = 20.0, 10.0  # seconds for a call that makes something, and for any other
MOST_BYTES = 8 * 1024 * 1024  # a label of the most we keep, as text
MISSING, TAKEN = frozenset({404, 410}), 409
_REFUSED_ACCOUNT = frozenset({401, 403})
_BUSY = frozenset({408, 425, 429})
_BROKEN = 499


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is neither trouble nor a refusal: good, missing, or taken already."""

    status: int
    body: bytes

    @property
    def is_missing(self) -> bool:
        return self.status in MISSING

    @property
    def is_taken(self) -> bool:
        return self.status == TAKEN

    @property
    def document(self) -> Mapping[str, Any]:
        """The object it is, or holds as `data`; empty for anything else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        inner = found.get("data") if isinstance(found, dict) else None
        if isinstance(inner, dict):
            return inner
        return found if isinstance(found, dict) else {}


class Extension:
    """One carrier's service. Raises CarrierError, which names the carrier and the status only."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def make(self, body: Mapping[str, Any]) -> Reply:
        """`POST /shipments`; taken when it knows the id already."""
        return self._call("POST", "shipments", body=body, allowed={TAKEN})

    def change(self, reference: str, body: Mapping[str, Any]) -> Reply:
        """`PATCH`; missing where it does not know the shipment."""
        return self._call("PATCH", _path(reference), body=body, allowed=MISSING)

    def query(self, reference: str) -> Reply:
        """The shipment; missing where it knows of none."""
        return self._call("GET", _path(reference), allowed=MISSING)

    def history(self, reference: str) -> Reply:
        """How the shipment came where it is."""
        return self._call("GET", f"{_path(reference)}/history", allowed=MISSING)

    def label(self, reference: str) -> Reply:
        """The label, or where it is; missing until there is one."""
        asked = f"?format={quote(self.record.label_format)}" if self.record.label_format else ""
        return self._call("GET", f"{_path(reference)}/label{asked}", allowed=MISSING)

    def delete(self, reference: str) -> Reply:
        """Take a shipment back; missing where it knows of none."""
        return self._call("DELETE", _path(reference), allowed=MISSING)

    def file_at(self, url: str) -> Reply:
        """A file the extension named: with our account at its own address, else a public one."""
        is_own = _origin(url) == _origin(self.record.base_url)
        return self._send(
            "GET",
            url,
            headers=self._headers() if is_own else {},
            is_private=is_own,
            allowed=MISSING,
        )

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        allowed: Collection[int],
    ) -> Reply:
        url = f"{self.record.base_url}/{path}"
        return self._send(method, url, headers=self._headers(), body=body, allowed=allowed)

    def _send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        allowed: Collection[int],
        body: Mapping[str, Any] | None = None,
        is_private: bool = True,  # an operator named the extension's address
    ) -> Reply:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            request = http.Request(
                method=method,
                url=url,
                headers={**headers, **({"Content-Type": "application/json"} if content else {})},
                body=content,
                allow_private=is_private,
                deadline=LONG if content else SHORT,
                connect_within=CONNECT,
                most_bytes=MOST_BYTES,
            )
            answer = http.fetch(request)
        except http.HeaderRefused:
            at = "conf.credentials_identifier"
            raise self._error(f"{at} of SHIPPING_SETTINGS cannot be sent as a header") from None
        except http.HttpError as error:
            is_address = error.failure == http.HttpFailure.ADDRESS
            raise self._error(str(error), is_temporary=not is_address) from None
        return self._reply(answer, allowed=allowed, body=body)

    def _reply(
        self, answer: http.Answer, *, allowed: Collection[int], body: Mapping[str, Any] | None
    ) -> Reply:
        status = answer.status
        if answer.is_truncated:
            raise self._error(f"the answer has more than {MOST_BYTES} bytes")
        if 200 <= status < 300 or status in allowed:  # noqa: PLR2004 - the protocol's
            return Reply(status=status, body=answer.body)
        if status in _BUSY or status >= _BROKEN:
            raise self._error(f"it answered HTTP {status}", is_temporary=True)
        if status in _REFUSED_ACCOUNT:
            raise self._error(
                f"it does not accept the account (HTTP {status}); look at conf.username, "
                "conf.password and conf.credentials_identifier in SHIPPING_SETTINGS"
            )
        private = refusals.private_words(body.get("destination")) if body else None
        code, text = refusals.told(answer.body, private=private)
        said = text or code
        raise self._error(f"it answered HTTP {status}{': ' if said else ''}{said}", code=code)

    def _headers(self) -> dict[str, str]:
        record = self.record
        pair = f"{record.username}:{record.password}".encode()
        headers = {
            "Accept": "application/json, application/pdf, image/png, application/zpl",
            "Authorization": f"Basic {b64encode(pair).decode()}",
            "x-akinon-request-id": str(uuid4()),
            "x-akinon-api-version": VERSION,
        }
        if record.credentials:
            headers["x-akinon-credentials-identifier"] = record.credentials
        return headers

    def _error(self, said: str, *, is_temporary: bool = False, code: str = "") -> CarrierError:
        text = f"Carrier extension {self.record.erp_code}: {said}"
        return CarrierError(text, temporary=is_temporary, code=code)


def _path(reference: str) -> str:
    return f"shipments/{quote(reference, safe='')}"


def _origin(url: str) -> tuple[str, str, int] | None:
    """None for what is no address that can be called."""
    try:
        target = urls.read(url, allow_private=True)
    except http.UrlRefused:
        return None
    return target.scheme, target.host, target.port
