"""What carriers that make a shipment of their own are told besides what is on a label."""

from decimal import Decimal

from django.db.models import Sum

from fulfillment.carriers.base import Content, Destination, ShipmentDetails
from fulfillment.models import Document, PaperSettings, Parcel, ParcelItem
from fulfillment.services import consignments
from oms.orders import queries as orders
from oms.orders.addresses import Address
from oms.orders.choices import PaymentMethod
from oms.orders.models import Order


def details_of(job: Document) -> ShipmentDetails:
    """Of a label job that was loaded with everything a request needs. Raises crypto.SealBroken."""
    parcel, order = job.box, job.box.task.order
    contact = orders.contact_of(order)
    return ShipmentDetails(
        destination=_destination(consignments.recipient_of(parcel)),
        note=contact.shipping_description or order.customer_remark or "",
        language=_language_of(job.organization_id),
        currency=order.currency,
        cod_amount=collected_by(parcel, order),
        contents=_contents(parcel),
        channel_type=order.channel.type,
        has_preferred_point=order.preferred_point_id is not None,
        told=order.payment if isinstance(order.payment, dict) else {},
    )


def collected_by(parcel: Parcel, order: Order) -> Decimal:
    """What the deliverer collects for a parcel.

    As it was said when the box was made. Of boxes that are planned, or were packed by a system that
    does not say, the order's first collects all that no other does.
    """
    if order.payment_method != PaymentMethod.COD:
        return Decimal(0)
    if parcel.cod_amount or consignments.kept(parcel) is not None:
        return parcel.cod_amount
    boxes = Parcel.objects.filter(task__order=order).live()
    unsaid = boxes.filter(cod_amount=0, consignment__isnull=True)
    if unsaid.filter(pk__lt=parcel.pk).exists():
        return Decimal(0)
    so_far = boxes.aggregate(total=Sum("cod_amount"))["total"] or Decimal(0)
    return max(order.total - so_far, Decimal(0))


def _destination(address: Address | None) -> Destination:
    if address is None:
        return Destination()
    lines = (address.line1, address.line2)
    return Destination(
        name=address.full_name,
        phone=address.phone or "",
        country=address.country,
        province=address.province or "",
        district=address.district or "",
        ward=address.ward or "",
        postal_code=address.postal_code or "",
        line=", ".join(line for line in lines if line),
    )


def _contents(parcel: Parcel) -> tuple[Content, ...]:
    items = ParcelItem.objects.filter(parcel=parcel).select_related(
        "task_line__sku", "task_line__order_line"
    )
    return tuple(
        Content(
            sku=item.task_line.sku.code,
            name=item.task_line.order_line.name or item.task_line.sku.name,
            quantity=item.quantity,
            barcode=next(iter(item.task_line.sku.barcodes), ""),
        )
        for item in items.order_by("task_line_id")
    )


def _language_of(organization_id: int) -> str:
    """The one an organization's papers are in."""
    papers = PaperSettings.objects.filter(organization_id=organization_id)
    return papers.values_list("language", flat=True).first() or "en"
