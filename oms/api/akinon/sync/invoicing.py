"""Asking for a package's invoice before a transition: the brand's service, or the source (7.2).

The calls are made outside any transaction, and a failure stops the transition: nothing has changed
by then.
"""

import datetime as dt
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from channels_app.choices import RemoteKind
from channels_app.connectors.base import ConnectorError
from channels_app.connectors.omnitron import Client
from channels_app.models import RemoteKey
from fulfillment.choices import InvoiceDocument
from fulfillment.services.commands import InvoiceDraft
from oms.api.akinon.hooks.origins import leads_inside
from oms.api.akinon.sync import words
from oms.api.akinon.sync.configuration import client_settings
from oms.api.akinon.sync.words import DocumentUnreadable, Row
from oms.kernel import errors, http

READ, CONNECT = 10.0, 60.0  # seconds, as documented
MOST_SECONDS = 90.0
_FLAGS = ("generate_invoice_number", "generate_invoice_url")
_MOST_BYTES = 1024 * 1024


class InvoiceCallFailed(errors.Conflict):
    """Whoever has the invoice did not give it. The package is where it was."""

    code = "remote_invoice_call_failed"


def is_asked(config: Mapping[str, Any]) -> bool:
    """Whether a transition wants an invoice from somebody else."""
    has_service = isinstance(config.get("remote_invoice_call"), dict)
    return has_service or config.get("remote_bill_fulfillment_call") is True


def asked_for(
    config: Mapping[str, Any], *, organization_id: int, order_id: int, package: Row
) -> InvoiceDraft | None:
    """The invoice that a transition's configuration asks for; None where it asks for none.

    From the brand's service if one is named, else from the source of the order, which need not
    have one yet. Raises InvoiceCallFailed.
    """
    call = config.get("remote_invoice_call")
    if isinstance(call, dict):
        return _from_service(call, organization_id=organization_id, package=package)
    if config.get("remote_bill_fulfillment_call") is True:
        return _from_source(organization_id=organization_id, order_id=order_id)
    return None


def _from_service(call: Row, *, organization_id: int, package: Row) -> InvoiceDraft:
    url = str(call.get("remote_url", ""))
    timeouts = words.object_of(call.get("timeouts")) or {}
    read, connect = float(timeouts.get("read", READ)), float(timeouts.get("connect", CONNECT))
    body = {**package, **{name: call[name] for name in _FLAGS if name in call}}
    try:
        answer = http.fetch(
            http.Request(
                method="POST",
                url=url,
                headers={"Content-Type": "application/json", **_authorization(call)},
                body=json.dumps(body).encode(),
                allow_private=leads_inside([url], organization_id=organization_id),
                deadline=min(read + connect, MOST_SECONDS),
                connect_within=min(connect, MOST_SECONDS),
                most_bytes=_MOST_BYTES,
            )
        )
    except (http.HttpError, http.HeaderRefused, http.UrlRefused) as error:
        raise InvoiceCallFailed(f"The invoice service was not reached: {error}") from None
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the protocol's
        raise InvoiceCallFailed(f"The invoice service answered HTTP {answer.status}")
    found = _invoice(_object(answer.body), url_member="invoice_url")
    if found is None:
        raise InvoiceCallFailed("The invoice service gave no number, date or address")
    return found


def _authorization(call: Row) -> dict[str, str]:
    auth = words.object_of(call.get("auth")) or {}
    if auth.get("request_type") == "basic_auth":
        pair = f"{auth.get('username', '')}:{auth.get('password', '')}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}
    if auth.get("request_type") == "token":
        prefix = auth.get("token_prefix", "Bearer")
        return {"Authorization": f"{prefix} {auth.get('token', '')}".strip()}
    return {}


def _from_source(*, organization_id: int, order_id: int) -> InvoiceDraft | None:
    held = RemoteKey.objects.filter(
        organization_id=organization_id, kind=RemoteKind.ORDER, local_id=order_id
    ).first()
    if held is None:
        return None
    try:
        with Client(client_settings(organization_id)) as client:
            order = client.one("orders", held.remote_key)
    except ConnectorError as error:
        raise InvoiceCallFailed(f"The source of the order was not asked: {error}") from None
    return _invoice(order or {}, url_member="e_archive_url")


def _invoice(said: Row, *, url_member: str) -> InvoiceDraft | None:
    """Number, date and address; None where one of them is not told."""
    number, url = (
        words.text(said.get("invoice_number"), 128),
        words.text(said.get(url_member), 2048),
    )
    if not number or not url or not said.get("invoice_date"):
        return None
    return InvoiceDraft(number=number, issued_at=_date(said), kind=InvoiceDocument.URL, url=url)


def _date(said: Row) -> dt.datetime:
    try:
        return words.instant(said["invoice_date"], "invoice_date")
    except DocumentUnreadable:
        raise InvoiceCallFailed("The date of the invoice cannot be read") from None


def _object(body: bytes) -> Row:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise InvoiceCallFailed("The invoice service did not answer with an object")
    return document
