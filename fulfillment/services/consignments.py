"""From whom to whom a parcel goes, as it was when the parcel was made."""

import msgspec

from fulfillment.models import Consignment, Parcel
from oms.kernel import sealed
from oms.locations.models import FulfillmentPoint
from oms.orders import queries as orders
from oms.orders.addresses import Address
from oms.orders.models import Order


def copy(*, parcel_id: int, order: Order, point: FulfillmentPoint) -> Consignment:
    """Keep the addresses of today for a parcel; the recipient sealed. An earlier copy is replaced.

    The order comes with its buyer. Raises crypto.SealBroken.
    """
    consignment = Consignment(
        parcel_id=parcel_id, sender=msgspec.to_builtins(address_of_point(point))
    )
    if (recipient := address_of_order(order)) is not None:
        sealed.write(consignment, "recipient", msgspec.json.encode(recipient).decode())
    Consignment.objects.bulk_create(
        [consignment],
        update_conflicts=True,
        unique_fields=["parcel"],
        update_fields=["sender", "recipient"],
    )
    return consignment


def kept(parcel: Parcel) -> Consignment | None:
    """The copy of a parcel that was loaded with it; None for parcels that go by their order."""
    found: Consignment | None = getattr(parcel, "consignment", None)
    return found


def recipient_of(parcel: Parcel) -> Address | None:
    """Where a parcel goes; None after erasure. Raises crypto.SealBroken.

    The parcel comes with its consignment, order and buyer. One without a copy goes where its order
    goes now.
    """
    consignment = kept(parcel)
    if consignment is None:
        return address_of_order(parcel.task.order)
    text = sealed.read(consignment, "recipient")
    return msgspec.json.decode(text, type=Address) if text else None


def sender_of(parcel: Parcel) -> Address:
    """Where a parcel comes from; one without a copy from its point as it is now."""
    consignment = kept(parcel)
    if consignment is None:
        return address_of_point(parcel.point)
    return msgspec.convert(consignment.sender, type=Address)


def address_of_order(order: Order) -> Address | None:
    """Where an order goes; None when nothing is delivered, or its buyer was erased.

    The order comes with its buyer. Raises crypto.SealBroken.
    """
    return orders.ship_to_of(order, orders.contact_of(order))


def address_of_point(point: FulfillmentPoint) -> Address:
    """Where a point is."""
    return Address(
        full_name=point.name,
        phone=point.phone or None,
        line1=point.line1,
        line2=point.line2 or None,
        ward=point.ward or None,
        district=point.district or None,
        province=point.state or point.city or None,
        postal_code=point.postcode or None,
        country=point.country,
    )
