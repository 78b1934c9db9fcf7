"""A carrier extension as a carrier (contract 7.3, docs/adr/0032)."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable
from urllib.parse import urljoin

from fulfillment.carriers.base import (
    CarrierError,
    Destination,
    Journey,
    LabelDocument,
    LabelRequest,
    Progress,
)
from fulfillment.services.contents import DocumentKindUnknown, DocumentTooLarge, check_document
from oms.api.akinon.carriers import documents
from oms.api.akinon.carriers.client import Extension, Reply
from oms.api.akinon.carriers.documents import Places, Shipment
from oms.api.akinon.carriers.records import Record

_FETCHED_LABEL = ("labelUrl", "label_url", "url")


class ExtensionCarrier:
    """One record's carrier. `places` looks up the other side's keys of a destination."""

    def __init__(self, record: Record, places: Callable[[Destination], Places]) -> None:
        self._record = record
        self._extension = Extension(record)
        self._places = places

    @property
    def ask_every(self) -> dt.timedelta:
        return self._record.ask_every

    def buy_label(self, request: LabelRequest) -> LabelDocument:
        """Make the shipment and fetch its label; one that is there already is made the same."""
        if request.details is None:
            raise self._error("the parcel was told without its details")
        body = documents.shipment_body(
            request,
            request.details,
            record=self._record,
            places=self._places(request.details.destination),
        )
        made = self._extension.make(body)
        if made.is_taken:
            return self._labelled(request.reference, self._renewed(request.reference, body))
        return self._labelled(request.reference, documents.read_shipment(made.document))

    def find_label(self, reference: str) -> LabelDocument | None:
        """The label of the shipment of this id, unless it is unknown or deleted there."""
        shipment = self._shipment(reference)
        if shipment is None or shipment.status == documents.DELETED:
            return None
        return self._labelled(reference, shipment)

    def void_label(self, reference: str) -> None:
        """Delete the shipment while it waits; one that has left is refused, under its status."""
        shipment = self._shipment(reference)
        if shipment is None or shipment.status == documents.DELETED:
            return
        if shipment.journey != Journey.WAITING:
            said = f"the shipment is {shipment.status} and is not taken back"
            raise self._error(said, code=shipment.status)
        self._extension.delete(reference)

    def progress_of(self, reference: str, *, known: str) -> Progress | None:
        """How far it is; the history is read where the status is another than the known one."""
        shipment = self._shipment(reference)
        if shipment is None:
            return None
        is_news = shipment.journey != Journey.WAITING and shipment.status != known
        return Progress(
            journey=shipment.journey,
            said=shipment.status,
            occurred_at=self._instant(reference, shipment.status) if is_news else None,
            tracking_url=shipment.url,
        )

    def _shipment(self, reference: str) -> Shipment | None:
        reply = self._extension.query(reference)
        return None if reply.is_missing else documents.read_shipment(reply.document)

    def _renewed(self, reference: str, body: dict[str, object]) -> Shipment:
        """A shipment that is there under our id, with what we would send today."""
        shipment = self._shipment(reference)
        if shipment is None or shipment.status == documents.DELETED:
            raise self._error("the shipment's id is taken, and the shipment is not there")
        if shipment.journey == Journey.WAITING:
            self._change(reference, body)
        return shipment

    def _change(self, reference: str, body: dict[str, object]) -> None:
        """An extension that changes nothing keeps what it was told first."""
        try:
            self._extension.change(reference, body)
        except CarrierError as error:
            if error.temporary:
                raise

    def _instant(self, reference: str, status: str) -> dt.datetime | None:
        """When it came to be so; None where the extension keeps no history."""
        try:
            reply = self._extension.history(reference)
            return documents.read_instant(json.loads(reply.body), status)
        except (CarrierError, ValueError):
            return None

    def _labelled(self, reference: str, shipment: Shipment) -> LabelDocument:
        if not shipment.number:
            shipment = self._shipment(reference) or shipment
        if not shipment.number:
            raise self._error("the shipment has no number yet", is_temporary=True)
        content = self._content(self._extension.label(reference))
        return LabelDocument(
            content=content,
            media_type=self._media_type(content),
            tracking_number=shipment.number,
            tracking_url=shipment.url,
            carrier=self._record.company,
            ask_after=self._record.ask_every,
        )

    def _content(self, reply: Reply) -> bytes:
        """The label's bytes: the answer, what stands in it, or what lies where it says."""
        if reply.is_missing or not reply.body:
            raise self._error("the label is not there yet", is_temporary=True)
        if not reply.body.lstrip().startswith(b"{"):
            return reply.body
        document = reply.document
        inside = document.get("label")
        if isinstance(inside, str) and inside:
            return self._decoded(inside)
        for member in _FETCHED_LABEL:
            if isinstance(url := document.get(member), str) and url:
                found = self._extension.file_at(urljoin(f"{self._record.base_url}/", url))
                return found.body
        raise self._error("the label is not there yet", is_temporary=True)

    def _decoded(self, text: str) -> bytes:
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            raise self._error("the label is no base64") from None

    def _media_type(self, content: bytes) -> str:
        try:
            return check_document(content)
        except DocumentKindUnknown:
            raise self._error("the label is no PDF, PNG, JPEG or ZPL") from None
        except DocumentTooLarge:
            raise self._error("the label is too large") from None

    def _error(self, said: str, *, is_temporary: bool = False, code: str = "") -> CarrierError:
        text = f"Carrier extension {self._record.erp_code}: {said}"
        return CarrierError(text, temporary=is_temporary, code=code)
