"""What must hold for the data of a customer, whoever enters it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from oms.kernel import errors
from oms.orders.customer_data import MOST_ADDRESSES, AddressDraft, PersonalData
from oms.orders.models import Customer

_VIETNAM = "VN"
_VIETNAMESE_TAX_CODE = re.compile(r"[0-9]{10}(-[0-9]{3})?")


class CustomerNameMissing(errors.InvalidInput):
    """A customer somebody enters has a name."""

    code = "customer_name_missing"


class CustomerContactMissing(errors.InvalidInput):
    """A customer has a phone number or an e-mail address, or both."""

    code = "customer_contact_missing"


class TaxCodeMalformed(errors.InvalidInput):
    """In Vietnam a tax code has ten digits, for a branch a hyphen and three more."""

    code = "tax_code_malformed"


class TooManyAddresses(errors.InvalidInput):
    """A customer has at most MOST_ADDRESSES addresses."""

    code = "too_many_addresses"


class DefaultAddressNotSingle(errors.InvalidInput):
    """Only one of the addresses is the default; `details`: `position` of the second one."""

    code = "default_address_not_single"


class DefaultAddressMissing(errors.InvalidInput):
    """One of the addresses is the default, but all were said not to be."""

    code = "default_address_missing"


class AddressUnknown(errors.InvalidInput):
    """The customer has no address of this id; `details`: `position`."""

    code = "address_unknown"


class AddressNamedTwice(errors.InvalidInput):
    """Two entries of the list have the same id; `details`: `position` of the second one."""

    code = "address_named_twice"


def checked(customer: Customer, personal: PersonalData) -> PersonalData:
    """The data as it is stored, with the e-mail address in lower case, or a refusal.

    A customer only a channel knows may have none at all.
    """
    told = replace(personal, email=personal.email.lower() if personal.email else None)
    if told == PersonalData() and customer.channel_id is not None:
        return told
    if not told.full_name:
        raise CustomerNameMissing("A name is needed")
    if not (told.phone or told.email):
        raise CustomerContactMissing("A phone number or an e-mail address is needed")
    if told.tax_code and customer.organization.country == _VIETNAM:
        _check_tax_code(told.tax_code)
    return told


def _check_tax_code(text: str) -> None:
    if _VIETNAMESE_TAX_CODE.fullmatch(text) is None:
        raise TaxCodeMalformed("Ten digits are expected, or ten, a hyphen and three")


def checked_addresses(
    drafts: Sequence[AddressDraft], known: Sequence[AddressDraft]
) -> tuple[AddressDraft, ...]:
    """The addresses with exactly one default, or a refusal. `known` are those there now.

    Where nobody says which is the default, it is the first that was not said not to be.
    """
    if len(drafts) > MOST_ADDRESSES:
        raise TooManyAddresses(f"At most {MOST_ADDRESSES} addresses are kept")
    _check_ids(drafts, known)
    chosen = _default(drafts)
    return tuple(
        replace(draft, is_default=position == chosen) for position, draft in enumerate(drafts)
    )


def _check_ids(drafts: Sequence[AddressDraft], known: Sequence[AddressDraft]) -> None:
    there = {draft.public_id for draft in known}
    named: set[UUID] = set()
    for position, draft in enumerate(drafts):
        if draft.public_id is None:
            continue
        if draft.public_id not in there:
            raise AddressUnknown("The customer has no such address", position=position)
        if draft.public_id in named:
            raise AddressNamedTwice("This address is named twice", position=position)
        named.add(draft.public_id)


def _default(drafts: Sequence[AddressDraft]) -> int | None:
    said = [position for position, draft in enumerate(drafts) if draft.is_default]
    if len(said) > 1:
        raise DefaultAddressNotSingle("Only one address can be the default", position=said[1])
    if said or not drafts:
        return said[0] if said else None
    open_to_us = [place for place, draft in enumerate(drafts) if draft.is_default is None]
    if not open_to_us:
        raise DefaultAddressMissing("One address has to be the default")
    return open_to_us[0]
