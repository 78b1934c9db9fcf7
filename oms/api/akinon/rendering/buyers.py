"""Who an order goes to, as packages tell it (contract 3.5, 11.3)."""

from typing import Any

from oms.orders import queries as orders
from oms.orders.addresses import Address
from oms.orders.drafts import ContactDraft
from oms.orders.models import Order


def customer(contact: ContactDraft) -> dict[str, Any]:
    """The person who bought; members nobody told, and all after erasure, are null."""
    first, last = names(contact.customer_name or contact.name)
    return {
        "first_name": first,
        "last_name": last,
        "email": contact.customer_email or contact.email,
        "phone_number": contact.customer_phone or contact.phone,
    }


def shipping_address(order: Order, contact: ContactDraft) -> dict[str, Any] | None:
    """Where the order goes; null for one without a delivery, or after erasure."""
    told = orders.ship_to_of(order, contact)
    return None if told is None else address(told)


def billing_address(order: Order, contact: ContactDraft) -> dict[str, Any] | None:
    """Who is billed; the same as the delivery where the channel told nothing else."""
    if contact.bill_to is not None:
        return address(contact.bill_to)
    return shipping_address(order, contact)


def delivery_range(contact: ContactDraft) -> str | None:
    """The span the buyer chose, `10:00-12:00`."""
    ends = [end for end in (contact.window_from, contact.window_to) if end]
    return "-".join(ends) or None


def address(told: Address) -> dict[str, Any]:
    """An address; places carry the other side's keys where our codes are those."""
    first, last = names(told.full_name)
    return {
        "first_name": first,
        "last_name": last,
        "email": told.email,
        "phone_number": told.phone,
        "country": {"pk": None, "name": told.country},
        "city": _place(told.province_code, told.province or told.district),
        "township": _place(told.district_code, told.district if told.province else None),
        "district": _place(told.ward_code, told.ward),
        "line": ", ".join(part for part in (told.line1, told.line2) if part),
        "postcode": told.postal_code,
    }


def _place(code: str | None, name: str | None) -> dict[str, Any] | None:
    if not name:
        return None
    return {"pk": int(code) if code and code.isdecimal() else None, "name": name}


def names(full: str | None) -> tuple[str | None, str | None]:
    """First and last name; the last word is the family's."""
    first, _, last = (full or "").strip().rpartition(" ")
    return (first or None, last or None) if first else (last or None, None)
