"""Customers in the contract's words and in ours."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from oms.api.v1.road import identifiers
from oms.orders.addresses import Address
from oms.orders.choices import CustomerStatus, CustomerType
from oms.orders.customer_data import AddressDraft, CustomerChanges, CustomerDraft, PersonalData

TYPES: Mapping[str, CustomerType] = {
    "person": CustomerType.PERSON,
    "company": CustomerType.COMPANY,
}
STATUSES: Mapping[str, CustomerStatus] = {
    "active": CustomerStatus.ACTIVE,
    "blocked": CustomerStatus.BLOCKED,
}
TYPE_WORDS: Mapping[str, str] = {ours: word for word, ours in TYPES.items()}
STATUS_WORDS: Mapping[str, str] = {ours: word for word, ours in STATUSES.items()}

ADDRESS = tuple(field.name for field in fields(Address))
PERSONAL = tuple(field.name for field in fields(PersonalData))


def draft(said: Mapping[str, Any], *, organization_id: int) -> CustomerDraft:
    """A customer as it was sent."""
    return CustomerDraft(
        organization_id=organization_id,
        personal=PersonalData(**{name: said.get(name) for name in PERSONAL}),
        external_id=said.get("external_id"),
        type=TYPES[said.get("type", "person")],
        tags=tuple(said.get("tags") or ()),
        addresses=addresses(said.get("addresses") or ()),
    )


def changes(said: Mapping[str, Any]) -> CustomerChanges:
    """A merge patch: what is absent is not touched, what is null is cleared."""
    told: dict[str, Any] = {name: said[name] for name in (*PERSONAL, "external_id") if name in said}
    if "type" in said:
        told["type"] = TYPES[said["type"]]
    if "status" in said:
        told["status"] = STATUSES[said["status"]]
    if "tags" in said:
        told["tags"] = tuple(said["tags"] or ())
    if "addresses" in said:
        told["addresses"] = addresses(said["addresses"] or ())
    return CustomerChanges(**told)


def addresses(said: Iterable[Mapping[str, Any]]) -> tuple[AddressDraft, ...]:
    """Addresses as they were sent."""
    return tuple(
        AddressDraft(
            address=_address(each),
            label=each.get("label"),
            is_default=each.get("is_default"),
            public_id=identifiers.uuid_of("adr_", each["id"]) if "id" in each else None,
        )
        for each in said
    )


def _address(said: Mapping[str, Any]) -> Address:
    told: dict[str, Any] = {name: said.get(name) or None for name in ADDRESS}
    return Address(**told)
