"""Documents show whom a parcel goes to: they go when the buyer's data goes."""

from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from fulfillment.choices import DocumentKind, DocumentStatus
from fulfillment.models import Consignment, Document, Parcel, StoredContent
from fulfillment.services.labels import void_labels
from oms.kernel.actors import Actor
from oms.orders import services as orders


@transaction.atomic
def erase_documents(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Void an order's labels and papers and remove their bytes, from the tables and from the files,
    where they came from, and the copies of the recipient.

    The rows stay, with their references and events, and what was invoiced, which names no buyer.
    Doing it again changes nothing.
    Raises OrderNotFound.
    """
    order = orders.lock_order(order_id=order_id)
    void_labels(parcels=list(Parcel.objects.filter(task__order=order)), actor=actor, now=now)
    Consignment.objects.filter(parcel__task__order=order).update(recipient=None)
    documents = Document.objects.filter(Q(parcel__task__order=order) | Q(invoice__order=order))
    papers = documents.exclude(kind=DocumentKind.LABEL)
    papers.update(status=DocumentStatus.VOID, changed_at=now)
    documents.filter(source_url__isnull=False).update(source_url=None, changed_at=now)
    documents = documents.filter(content__isnull=False)
    digests = list(documents.values_list("content_id", flat=True))
    documents.update(content=None, changed_at=now)
    orphans = StoredContent.objects.filter(pk__in=digests, documents__isnull=True)
    for content in orphans:
        transaction.on_commit(partial(default_storage.delete, str(content.file.name)))
    StoredContent.objects.filter(pk__in=[content.pk for content in orphans]).delete()
