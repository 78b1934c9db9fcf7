"""Personal data of customers: what it is, how it is sealed, and what it is found by.

Shared by what writes it and what reads it. Nothing here may enter a log, an event or an address.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

from oms.kernel import crypto, sealed
from oms.orders.addresses import Address
from oms.orders.choices import CustomerStatus, CustomerType
from oms.orders.models import Customer, CustomerAddress

MOST_ADDRESSES = 20
SHORTEST_PREFIX = 2  # characters a search by name needs at least
_KEY_BYTES = 8  # a bigint of the array the index is on


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Who a customer is. Stored sealed."""

    full_name: str | None = None
    phone: str | None = None
    email: str | None = None
    tax_code: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDraft:
    """One address of the list. `public_id` names one that is there already; `is_default` None
    leaves the choice to us. Label and address are stored sealed."""

    address: Address
    label: str | None = None
    is_default: bool | None = None
    public_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """A customer of an organization as somebody enters it."""

    organization_id: int
    personal: PersonalData
    external_id: str | None = None
    type: CustomerType = CustomerType.PERSON
    tags: tuple[str, ...] = ()
    addresses: tuple[AddressDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanges:
    """What of a customer is to be another; UNSET is left as it is, None clears."""

    full_name: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    tax_code: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    external_id: str | UnsetType | None = UNSET
    type: CustomerType | UnsetType = UNSET
    status: CustomerStatus | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    addresses: tuple[AddressDraft, ...] | UnsetType = UNSET


def seal_personal(customer: Customer, personal: PersonalData) -> None:
    """Put the data into the columns of a row that is about to be saved."""
    sealed.write(customer, "personal", msgspec.json.encode(personal).decode())


def personal_of(customer: Customer) -> PersonalData:
    """The data, opened. Empty where there is none, and after erasure. Raises crypto.SealBroken."""
    text = sealed.read(customer, "personal")
    return msgspec.json.decode(text, type=PersonalData) if text else PersonalData()


@dataclass(frozen=True, slots=True)
class _Labelled:
    address: Address
    label: str | None = None


def seal_address(row: CustomerAddress, draft: AddressDraft) -> None:
    """Put an address and its label into a row that is about to be saved."""
    text = msgspec.json.encode(_Labelled(draft.address, draft.label)).decode()
    sealed.write(row, "address", text)


def address_of(row: CustomerAddress) -> AddressDraft:
    """The address as it would be entered. Raises crypto.SealBroken."""
    known = msgspec.json.decode(sealed.read(row, "address"), type=_Labelled)
    return AddressDraft(
        address=known.address,
        label=known.label,
        is_default=row.is_default,
        public_id=row.public_id,
    )


def addresses_of(rows: Iterable[CustomerAddress]) -> tuple[AddressDraft, ...]:
    """The addresses of a customer, in their order."""
    return tuple(address_of(row) for row in sorted(rows, key=lambda row: row.position))


def normal_name(text: str) -> str:
    """Without letter case, accents and repeated spaces: what names are compared by."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", kept).strip()


def name_keys(organization_id: int, full_name: str | None) -> list[int]:
    """Keyed hashes of every beginning of a name; sorted, so that their order tells no length."""
    name = normal_name(full_name or "")
    beginnings = range(SHORTEST_PREFIX, len(name) + 1)
    return sorted({_key(organization_id, name[:length]) for length in beginnings})


def prefix_key(organization_id: int, prefix: str) -> int:
    """What `name_keys` holds for every name that begins so."""
    return _key(organization_id, normal_name(prefix))


def _key(organization_id: int, prefix: str) -> int:
    digest = crypto.fingerprint(prefix, purpose=f"customer.name.{organization_id}")
    return int.from_bytes(digest[:_KEY_BYTES], signed=True)
