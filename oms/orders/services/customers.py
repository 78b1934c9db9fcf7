"""Customers an organization keeps: entering, changing and blocking them."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from msgspec import UNSET

from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.versions import check_version
from oms.orders import contacts, customer_data
from oms.orders.customer_data import (
    AddressDraft,
    CustomerChanges,
    CustomerDraft,
    PersonalData,
)
from oms.orders.models import Customer, CustomerAddress
from oms.orders.queries import CustomerNotFound
from oms.orders.services import customer_rules

_PERSONAL = tuple(field.name for field in fields(PersonalData))
_OPEN = ("external_id", "type", "status")


class CustomersOutOfReach(errors.Forbidden):
    """A machine of one channel or point keeps no customers of the organization."""

    code = "customers_out_of_reach"


class CustomerNumberTaken(errors.Conflict):
    """Another customer has this number: `holder`, by its public id."""

    code = "customer_number_taken"

    def __init__(self, message: str, *, holder: UUID) -> None:
        super().__init__(message)
        self.holder = holder


class CustomerErased(errors.Conflict):
    """The customer's data was erased; nothing can be entered for it any more."""

    code = "customer_erased"


@transaction.atomic
def create_customer(*, draft: CustomerDraft, actor: Actor, now: datetime) -> Customer:
    """Enter a customer of the organization, with its addresses, and report it.

    Raises CustomersOutOfReach, CustomerNumberTaken and the refusals of `customer_rules`.
    """
    if actor.channel_ids is not None or actor.point_ids is not None:
        raise CustomersOutOfReach("Customers belong to the organization as a whole")
    customer = Customer(
        organization_id=draft.organization_id,
        external_id=draft.external_id,
        type=draft.type,
        tags=list(draft.tags),
        created_at=now,
        changed_at=now,
    )
    _enter(customer, customer_rules.checked(customer, draft.personal))
    _save(customer)
    _replace_addresses(customer, draft.addresses)
    outbox.record([customer_fact(customer, EventType.CUSTOMER_CREATED)], actor=actor, now=now)
    return customer


@transaction.atomic
def update_customer(
    *,
    public_id: UUID,
    changes: CustomerChanges,
    expected_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Customer:
    """Change what is named, report it, and leave stored orders as they are.

    What changes nothing raises no version and reports nothing. Raises CustomerNotFound,
    CustomerErased, VersionConflict, CustomerNumberTaken and the refusals of
    `customer_rules`.
    """
    customer = lock_customer(public_id=public_id, actor=actor)
    if customer.erased_at is not None:
        raise CustomerErased("The customer's data was erased")
    check_version(expected=expected_version, actual=customer.version)
    changed = _apply(customer, changes)
    if changed:
        customer.changed_at = now
        _save(customer)
        fact = customer_fact(customer, EventType.CUSTOMER_UPDATED, changed=changed)
        outbox.record([fact], actor=actor, now=now)
    return customer


def lock_customer(*, public_id: UUID, actor: Actor) -> Customer:
    """Lock one customer the actor may see, for the transaction. Raises CustomerNotFound."""
    try:
        return Customer.objects.visible_to(actor).locked().get(public_id=public_id)
    except Customer.DoesNotExist as exc:
        raise CustomerNotFound("No such customer") from exc


def customer_fact(customer: Customer, event_type: EventType, **data: object) -> outbox.Fact:
    """A fact about a customer, which says nothing of who it is. The caller has locked the row."""
    return outbox.Fact(
        organization_id=customer.organization_id,
        type=event_type,
        subject_type=SubjectType.CUSTOMER,
        subject_id=customer.pk,
        channel_id=customer.channel_id,
        status=customer.status,
        data={"customer": str(customer.public_id), **data},
    )


def _apply(customer: Customer, changes: CustomerChanges) -> list[str]:
    """Set what is new on the row, without saving it, and on its addresses; the names of both."""
    changed = []
    for name in _OPEN:
        value = getattr(changes, name)
        if value is not UNSET and value != getattr(customer, name):
            setattr(customer, name, value)
            changed.append(name)
    if changes.tags is not UNSET and list(changes.tags) != customer.tags:
        customer.tags = list(changes.tags)
        changed.append("tags")
    changed += _apply_personal(customer, changes)
    if changes.addresses is not UNSET and _replace_addresses(customer, changes.addresses):
        changed.append("addresses")
    return sorted(changed)


def _apply_personal(customer: Customer, changes: CustomerChanges) -> list[str]:
    before = customer_data.personal_of(customer)
    told = {name: getattr(changes, name) for name in _PERSONAL}
    told = {name: value for name, value in told.items() if value is not UNSET}
    if not told:
        return []
    after = customer_rules.checked(customer, replace(before, **told))
    changed = [name for name in _PERSONAL if getattr(before, name) != getattr(after, name)]
    if changed:
        _enter(customer, after)
    return changed


def _enter(customer: Customer, personal: PersonalData) -> None:
    customer_data.seal_personal(customer, personal)
    customer.email_hash = contacts.email_hash(personal.email)
    customer.phone_hash = contacts.phone_hash(personal.phone)
    keys = customer_data.name_keys(customer.organization_id, personal.full_name)
    customer.name_keys = keys


def _save(customer: Customer) -> None:
    """Write the row; a number somebody else has is refused and leaves the transaction usable."""
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as exc:
        rival = _holder(customer)
        if rival is None:
            raise
        raise CustomerNumberTaken("This number is taken", holder=rival) from exc
    customer.refresh_from_db(fields=["version"])


def _holder(customer: Customer) -> UUID | None:
    """Who has the number of a customer that could not be saved."""
    same = Customer.objects.filter(
        organization_id=customer.organization_id,
        channel=customer.channel,
        external_id=customer.external_id,
    )
    return same.exclude(public_id=customer.public_id).values_list("public_id", flat=True).first()


def _replace_addresses(customer: Customer, drafts: Sequence[AddressDraft]) -> bool:
    """Make these the customer's addresses, unless they are. Those that are named keep their id."""
    known = customer_data.addresses_of(customer.addresses.all())
    wanted = customer_rules.checked_addresses(drafts, known)
    if wanted == known:
        return False
    CustomerAddress.objects.filter(customer=customer).delete()
    rows = []
    for position, draft in enumerate(wanted, 1):
        named = {"public_id": draft.public_id} if draft.public_id else {}
        row = CustomerAddress(
            customer=customer, position=position, is_default=bool(draft.is_default), **named
        )
        customer_data.seal_address(row, draft)
        rows.append(row)
    CustomerAddress.objects.bulk_create(rows)
    return True
