from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import TransitionCommand
from oms.accounts.models import Organization
from oms.kernel.identifiers import NextNumber, uuid7
from oms.kernel.sealed import SealedField


class TransitionRule(models.Model):
    """A move of tasks or transfers that an organization allows, and the command that makes it.

    `source` and `destination` are states as the package interface names them: digits as text for
    tasks, words for transfers. Rules of one `family` are the same move from different states: a
    caller that knows one of their slugs may use it from any of them.
    """

    sealed_by: ClassVar[str] = "public_id"

    public_id = models.UUIDField(default=uuid7, editable=False, unique=True)
    public_number = models.BigIntegerField(
        unique=True, db_default=NextNumber("fulfillment_transitionrule_number_seq")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="transition_rules", db_index=False
    )
    slug = models.SlugField(max_length=100, db_index=False)
    family = models.SlugField(max_length=100, db_index=False)
    name = models.CharField(max_length=255)
    source = models.CharField(max_length=20)
    destination = models.CharField(max_length=20)
    command = models.CharField(max_length=32, choices=TransitionCommand)
    is_visible = models.BooleanField(default=True, db_default=True)
    config = models.JSONField(default=dict, blank=True)
    secrets = SealedField(null=True, editable=False, help_text="What `config` must not show")
    created_at = models.DateTimeField(db_default=TransactionNow())
    changed_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"], name="fulfillment_transitionrule_slug_uniq"
            ),
            models.UniqueConstraint(
                fields=["organization", "family", "source", "destination"],
                name="fulfillment_transitionrule_family_uniq",
            ),
            models.CheckConstraint(
                condition=Q(command__in=TransitionCommand.values),
                name="fulfillment_transitionrule_command_known",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
