"""What is known of a packed task besides its state: numbers of the carrier, and the invoice."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from fulfillment.choices import InvoiceDocument, TaskStatus
from fulfillment.models import FulfillmentTask, Parcel, StoredContent, TaskInvoice
from fulfillment.services import facts, label_jobs, voiding
from fulfillment.services.commands.scene import Asked, Scene, open_scene
from fulfillment.services.contents import MOST_BYTES, DocumentTooLarge, StoredBytes, store_content
from fulfillment.services.unit_packing import wants_label
from oms.events import outbox
from oms.events.choices import EventType
from oms.events.outbox import Fact
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried

_MEDIA = {InvoiceDocument.PDF: "application/pdf", InvoiceDocument.HTML: "text/html"}


class InvoiceDocumentUnreadable(errors.InvalidInput):
    """No bytes of the kind that was said, or no http address."""

    code = "invoice_document_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentNumbers:
    """Who carries a task, and under which numbers; what is empty stays as it is.

    `query_number` is what the carrier is asked by, where that is not the tracking number.
    """

    carrier: str = ""
    tracking_number: str = ""
    query_number: str = ""

    @property
    def is_told(self) -> bool:
        return bool(self.carrier or self.tracking_number or self.query_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """An invoice somebody else wrote: its document is bytes, or an address."""

    number: str
    issued_at: datetime
    kind: InvoiceDocument
    content: bytes = b""
    url: str = ""


@retried
@transaction.atomic
def change_shipment(
    *,
    task_id: int,
    numbers: ShipmentNumbers,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """Keep another carrier and other numbers with every box of a task; no move.

    Of a PACKED task whose carrier changes the labels are made anew. For PACKED, SHIPPED, ATTEMPTED
    and DELIVERED tasks. Raises TaskNotFound, MoveNotAllowed.
    """
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(TaskStatus.PACKED, TaskStatus.SHIPPED, TaskStatus.ATTEMPTED, TaskStatus.DELIVERED)
    carrier = numbers.carrier
    is_other = bool(carrier) and carrier != scene.task.carrier
    said = tell_shipment(scene, numbers)
    if is_other and scene.task.stored == TaskStatus.PACKED:
        said += _label_again(scene, carrier)
    outbox.record(said, actor=actor, now=now)


def tell_shipment(scene: Scene, numbers: ShipmentNumbers) -> list[Fact]:
    """Store the numbers with the task and its boxes. Returns what to report."""
    told = {
        "carrier": numbers.carrier,
        "tracking_number": numbers.tracking_number,
        "external_id": numbers.query_number,
    }
    fresh = {name: value for name, value in told.items() if value}
    Parcel.objects.filter(pk__in=[box.id for box in scene.task.boxes()]).update(
        **fresh, changed_at=scene.now
    )
    task = scene.task
    task.carrier = numbers.carrier or task.carrier
    FulfillmentTask.objects.filter(pk=task.id).update(carrier=task.carrier, changed_at=scene.now)
    return [
        facts.task_fact(
            EventType.TASK_SHIPMENT_CHANGED,
            order=scene.work.order,
            task=task,
            status=task.stored,
            carrier=task.carrier,
            tracking_number=numbers.tracking_number,
        )
    ]


def _label_again(scene: Scene, carrier: str) -> list[Fact]:
    labelled = [
        replace(voiding.labelled_of(scene.work, scene.task, box), carrier=carrier)
        for box in scene.task.boxes()
    ]
    said = label_jobs.void_labels_of(labelled, now=scene.now)
    if wants_label(scene.task, carrier, is_named=True):
        said += label_jobs.ask_for_labels(labelled, now=scene.now)
    return said


def change_invoice(
    *,
    task_id: int,
    invoice: InvoiceDraft,
    actor: Actor,
    now: datetime,
    asked: Asked | None = None,
) -> None:
    """Keep the invoice of a task that somebody else wrote, in place of an earlier one; no move.

    From PACKED on. Raises TaskNotFound, MoveNotAllowed, InvoiceDocumentUnreadable,
    contents.DocumentTooLarge.
    """
    stored = _on_file(invoice)
    _keep_invoice(task_id, invoice, stored, actor=actor, now=now, asked=asked)


def _on_file(invoice: InvoiceDraft) -> StoredBytes | None:
    """The document's bytes on file; None where there is only an address."""
    if invoice.kind == InvoiceDocument.URL:
        if not invoice.url.startswith(("https://", "http://")):
            raise InvoiceDocumentUnreadable("The address of the invoice is no http address")
        return None
    if len(invoice.content) > MOST_BYTES:
        raise DocumentTooLarge(f"The document has more than {MOST_BYTES} bytes")
    is_pdf = invoice.content.lstrip().startswith(b"%PDF-")
    if not invoice.content or is_pdf != (invoice.kind == InvoiceDocument.PDF):
        raise InvoiceDocumentUnreadable(f"The document is no {invoice.kind}")
    return store_content(invoice.content, media_type=_MEDIA[invoice.kind])


@retried
@transaction.atomic
def _keep_invoice(
    task_id: int,
    invoice: InvoiceDraft,
    stored: StoredBytes | None,
    *,
    actor: Actor,
    now: datetime,
    asked: Asked | None,
) -> None:
    scene = open_scene(task_id=task_id, actor=actor, now=now, asked=asked)
    scene.check(
        TaskStatus.PACKED,
        TaskStatus.READY_FOR_PICKUP,
        TaskStatus.SHIPPED,
        TaskStatus.ATTEMPTED,
        TaskStatus.DELIVERY_FAILED,
        TaskStatus.DELIVERED,
    )
    TaskInvoice.objects.update_or_create(
        task_id=task_id,
        defaults={
            "number": invoice.number,
            "issued_at": invoice.issued_at,
            "kind": invoice.kind,
            "url": invoice.url if stored is None else "",
            "content": None if stored is None else _content(stored),
            "changed_at": now,
        },
    )
    FulfillmentTask.objects.filter(pk=task_id).update(changed_at=now)
    changed = facts.task_fact(
        EventType.TASK_INVOICE_CHANGED,
        order=scene.work.order,
        task=scene.task,
        status=scene.task.stored,
        invoice=invoice.number,
    )
    outbox.record([changed], actor=actor, now=now)


def _content(stored: StoredBytes) -> StoredContent:
    row = StoredContent(
        sha256=stored.sha256, media_type=stored.media_type, size=stored.size, file=stored.name
    )
    StoredContent.objects.bulk_create([row], ignore_conflicts=True)
    return row
