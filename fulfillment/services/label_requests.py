"""What a carrier is told about a parcel."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from fulfillment.carriers.base import Address, LabelRequest
from fulfillment.models import Document, Parcel, ParcelItem
from fulfillment.services import consignments
from oms.orders import queries as orders
from oms.orders.addresses import Address as PostalAddress
from oms.orders.models import Order


def load(document_ids: Sequence[int]) -> list[Document]:
    """Label jobs with everything a request needs, in one query."""
    jobs = Document.objects.filter(pk__in=document_ids)
    joined = jobs.select_related(
        "parcel__task__order__buyer", "parcel__point", "parcel__consignment"
    )
    return list(joined.order_by("pk"))


def expected_weights(jobs: Sequence[Document]) -> dict[int, Decimal]:
    """Kilograms by parcel that was not weighed yet, where the SKUs' weights are known."""
    unweighed = [job.box.pk for job in jobs if job.box.weight_kg is None]
    if not unweighed:
        return {}
    totals = (
        ParcelItem.objects.filter(parcel_id__in=unweighed)
        .values("parcel_id")
        .annotate(
            grams=Sum(F("quantity") * F("task_line__sku__weight_g")),
            unknown=Count("pk", filter=Q(task_line__sku__weight_g=None)),
        )
        .filter(unknown=0)
    )
    return {total["parcel_id"]: Decimal(total["grams"]) / 1000 for total in totals}


def label_request(job: Document, weights: Mapping[int, Decimal]) -> LabelRequest:
    """The same job gives the same request as long as nobody changes its parcel or order."""
    parcel = job.box
    order = parcel.task.order
    return LabelRequest(
        reference=job.reference,
        parcel_number=parcel.number,
        order_number=order.external_id,
        task_number=parcel.task.number,
        sender=_sender(parcel),
        recipient=_recipient(parcel, order),
        carrier=parcel.carrier or parcel.task.carrier,
        delivery_type=parcel.delivery_type or parcel.task.delivery_type,
        tracking_number=parcel.tracking_number,
        weight_kg=parcel.weight_kg if parcel.weight_kg is not None else weights.get(parcel.pk),
    )


def _sender(parcel: Parcel) -> Address:
    if consignments.kept(parcel) is not None:
        return _printed(consignments.sender_of(parcel))
    point = parcel.point
    return Address(
        name=point.name,
        lines=_lines(
            point.line1,
            point.line2,
            f"{point.postcode} {point.city}",
            point.state,
            point.country,
        ),
    )


def _recipient(parcel: Parcel, order: Order) -> Address:
    if consignments.kept(parcel) is not None:
        return _printed(consignments.recipient_of(parcel))
    contact = orders.contact_of(order)
    return Address(
        name=contact.name or contact.customer_name or "",
        organization=contact.organization or "",
        lines=_lines(
            contact.address,
            contact.district,
            f"{contact.postcode or ''} {contact.city or ''}",
            contact.state,
            order.country,
        ),
        phone=contact.phone or contact.customer_phone or "",
    )


def _printed(address: PostalAddress | None) -> Address:
    if address is None:
        return Address()
    return Address(
        name=address.full_name,
        lines=_lines(
            address.line1,
            address.line2,
            address.ward,
            address.district,
            f"{address.postal_code or ''} {address.province or ''}",
            address.country,
        ),
        phone=address.phone or "",
    )


def _lines(*parts: str | None) -> tuple[str, ...]:
    return tuple(text for part in parts if (text := (part or "").strip()))
