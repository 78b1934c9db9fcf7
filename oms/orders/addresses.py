"""Postal addresses in full, for channels that tell more than one line of street.

Part of a buyer's sealed contact: never logged, never in an event.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where and to whom; what nobody told is None. Codes are those of official statistics."""

    full_name: str
    line1: str
    country: str
    phone: str | None = None
    email: str | None = None
    line2: str | None = None
    ward: str | None = None
    district: str | None = None
    province: str | None = None
    ward_code: str | None = None
    district_code: str | None = None
    province_code: str | None = None
    postal_code: str | None = None


def street(address: Address) -> str:
    """What stands below the name on a label, for languages that know one line of street only.

    Wards belong to it: those languages have no other place for them.
    """
    return ", ".join(part for part in (address.line1, address.line2, address.ward) if part)


def city(address: Address) -> str:
    """The place that a language without provinces would call the city."""
    return address.district or address.province or ""


def read(members: Mapping[str, str | None] | None) -> Address | None:
    """An address as it was sealed."""
    return None if members is None else Address(**members)  # type: ignore[arg-type]  # names and country are never None where an address was written
