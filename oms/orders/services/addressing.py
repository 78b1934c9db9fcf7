"""A buyer's addresses, changed after the order came in."""

from dataclasses import replace

from msgspec import UNSET, UnsetType

from oms.kernel import errors
from oms.orders import addresses, contacts, queries
from oms.orders.addresses import Address
from oms.orders.drafts import contact_for
from oms.orders.models import Buyer, Order
from oms.orders.services import rows


class BuyerErased(errors.Conflict):
    """The buyer's data was erased; nobody writes it again."""

    code = "buyer_erased"


def readdress(
    order: Order, *, ship_to: Address | UnsetType, bill_to: Address | UnsetType | None
) -> None:
    """Seal the buyer's data again with these addresses; UNSET ones stay. Raises BuyerErased.

    The order is locked by the caller, who saves what routing reads of it.
    """
    if ship_to is UNSET and bill_to is UNSET:
        return
    buyer = Buyer.objects.filter(order=order).first()
    if buyer is None or buyer.erased_at is not None:
        raise BuyerErased("The buyer's data was erased")
    before = queries.contact_of(order)
    shipped_to = queries.ship_to_of(order, before) if ship_to is UNSET else ship_to
    billed_to = before.bill_to if bill_to is UNSET else bill_to
    if shipped_to is None:
        contact = replace(before, bill_to=billed_to)
    else:
        contact = contact_for(shipped_to, billed_to)
        order.country = shipped_to.country
        order.city = addresses.city(shipped_to)
        order.postcode = shipped_to.postal_code or ""
    Buyer.objects.filter(pk=buyer.pk).update(
        contact=contacts.seal_contact(contact, key=order.public_id),
        email_hash=contacts.email_hash(rows.email_of(contact)),
        phone_hash=contacts.phone_hash(rows.phone_of(contact)),
    )
