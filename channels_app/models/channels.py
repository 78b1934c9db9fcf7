from typing import Self

from django.db import models
from django.db.models import Q

from channels_app.choices import ChannelType, DeliveryScenario, StockPolicy
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.kernel.identifiers import NextNumber
from oms.kernel.models import TimeStamped


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.channel_ids is not None:
            seen = seen.filter(pk__in=actor.channel_ids)
        return seen

    def selling(self) -> Self:
        """Active ones that orders come from."""
        return self.filter(is_active=True).exclude(type=ChannelType.EFS)


class Channel(TimeStamped):
    """Where orders come from."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="channels"
    )
    number = models.BigIntegerField(
        unique=True, db_default=NextNumber("channels_channel_number_seq"), editable=False
    )
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=24, choices=ChannelType, default=ChannelType.GENERAL)
    stock_policy = models.CharField(max_length=8, choices=StockPolicy, default=StockPolicy.ACCEPT)
    delivery = models.CharField(
        max_length=24, choices=DeliveryScenario, default=DeliveryScenario.CHANNEL_CARRIER_SINGLE
    )
    is_active = models.BooleanField(default=True)
    connector = models.JSONField(default=dict, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="channels_app_channel_code_uniq"
            ),
            models.CheckConstraint(
                condition=Q(type__in=ChannelType.values), name="channels_app_channel_type_known"
            ),
            models.CheckConstraint(
                condition=Q(stock_policy__in=StockPolicy.values),
                name="channels_app_channel_policy_known",
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=DeliveryScenario.values),
                name="channels_app_channel_delivery_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seller(TimeStamped):
    """A seller of a marketplace, with the code its goods are shipped under."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sellers")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    supplier_code = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="channels_app_seller_code_uniq"
            ),
            models.UniqueConstraint(
                fields=["organization", "supplier_code"], name="channels_app_seller_supplier_uniq"
            ),
        ]

    def __str__(self) -> str:
        return self.name
