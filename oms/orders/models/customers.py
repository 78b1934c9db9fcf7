from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from channels_app.models import Channel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import uuid7
from oms.kernel.models import TimeStamped
from oms.kernel.sealed import SealedField
from oms.orders.choices import CustomerStatus, CustomerType


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, actor: Actor) -> Self:
        """A machine of a channel sees that channel's customers; one of a point sees none."""
        if actor.point_ids is not None:
            return self.none()
        if actor.channel_ids is not None:
            return self.filter(channel_id__in=actor.channel_ids)
        if actor.organization_id is not None:
            return self.filter(organization_id=actor.organization_id)
        return self

    def own(self) -> Self:
        """Those the organization keeps itself, not the ones a channel named."""
        return self.filter(channel__isnull=True)

    def locked(self) -> Self:
        """Lock rows in one global order, after their orders. Evaluate inside a transaction."""
        return self.order_by("pk").select_for_update(of=("self",))


class Customer(TimeStamped):
    """Who buys: kept by the organization itself, or named by a channel (docs/adr/0015).

    One a channel names has that channel and its number there; who it is in person stands in
    `Buyer`, per order. One of the organization has no channel, and `personal`: a sealed JSON object
    of name, phone, e-mail, tax code and note. The hashes serve exact search, `name_keys` search by
    the beginning of the name; none of them can be read back. A trigger raises `version` with every
    change of the row, so a change of the addresses touches `changed_at`.
    """

    public_id = models.UUIDField(
        default=uuid7, db_default=RandomUUID(), unique=True, editable=False
    )
    version = models.IntegerField(default=1, db_default=1, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="customers"
    )
    external_id = models.CharField("number", max_length=128, null=True, blank=True)
    type = models.CharField(
        max_length=8,
        choices=CustomerType,
        default=CustomerType.PERSON,
        db_default=CustomerType.PERSON.value,
    )
    status = models.CharField(
        max_length=8,
        choices=CustomerStatus,
        default=CustomerStatus.ACTIVE,
        db_default=CustomerStatus.ACTIVE.value,
    )
    tags = ArrayField(models.CharField(max_length=32), default=list, db_default=[], blank=True)
    personal = SealedField(null=True)
    email_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    name_keys = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    changed_at = models.DateTimeField(db_default=TransactionNow())
    erased_at = models.DateTimeField(null=True)

    sealed_by = "public_id"

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"], name="orders_customer_external_uniq"
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=Q(channel__isnull=True),
                name="orders_customer_own_external_uniq",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CustomerStatus.values), name="orders_customer_status_known"
            ),
            models.CheckConstraint(
                condition=Q(type__in=CustomerType.values), name="orders_customer_type_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__isnull=True)
                | Q(external_id__isnull=False)
                | Q(erased_at__isnull=False),
                name="orders_customer_of_channel_has_number",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(
                    external_id__isnull=True,
                    personal__isnull=True,
                    email_hash__isnull=True,
                    phone_hash__isnull=True,
                    name_keys=[],
                    tags=[],
                ),
                name="orders_customer_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "created_at", "id"],
                condition=Q(channel__isnull=True),
                name="orders_customer_recent_idx",
            ),
            models.Index(
                fields=["organization", "changed_at", "id"],
                condition=Q(channel__isnull=True),
                name="orders_customer_changed_idx",
            ),
            models.Index(
                fields=["email_hash"],
                condition=Q(email_hash__isnull=False),
                name="orders_customer_email_idx",
            ),
            models.Index(
                fields=["phone_hash"],
                condition=Q(phone_hash__isnull=False),
                name="orders_customer_phone_idx",
            ),
            GinIndex(fields=["name_keys"], condition=~Q(name_keys=[]), name="orders_customer_name"),
        ]
        permissions = [
            ("block_customer", "Can block customers"),
            ("export_customer", "Can export customers' personal data"),
        ]

    def __str__(self) -> str:
        return self.external_id or f"customer {self.pk}"


class CustomerAddress(models.Model):
    """Where a customer wants goods or invoices sent. `address` is a sealed JSON object.

    Exactly one of a customer's addresses is the default: at most one by a constraint, at least one
    by the service.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="addresses", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False)
    address = SealedField()

    sealed_by = "public_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "position"], name="orders_customeraddress_position_uniq"
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_default=True),
                name="orders_customeraddress_one_default",
            ),
        ]

    def __str__(self) -> str:
        return f"address {self.position} of customer {self.customer_id}"
