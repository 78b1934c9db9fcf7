from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from fulfillment.choices import RoutingOutcome, ScenarioKind, VersionState
from oms.accounts.models import Organization
from oms.kernel.identifiers import NextNumber
from oms.kernel.models import TimeStamped
from oms.orders.models import Order


class Scenario(TimeStamped):
    """How an organization's orders find their points. The first active match decides.

    One of kind TRANSFER says where units come from that a point is to ship and has not.
    """

    public_number = models.BigIntegerField(
        unique=True, db_default=NextNumber("fulfillment_scenario_number_seq"), editable=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="scenarios"
    )
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    description = models.TextField(default="", db_default="", blank=True)
    kind = models.CharField(
        max_length=16,
        choices=ScenarioKind,
        default=ScenarioKind.DISTRIBUTION,
        db_default=ScenarioKind.DISTRIBUTION.value,
    )
    priority = models.IntegerField(default=100, help_text="Lower is asked first")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="fulfillment_scenario_code_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ScenarioKind.values), name="fulfillment_scenario_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioVersion(models.Model):
    """The rules of a scenario at one time; the highest ACTIVE number acts.

    A DRAFT may be changed and does not act, and there is at most one. A trigger refuses to change
    what was published; what a newer version replaced is RETIRED.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField(default=dict)
    state = models.CharField(
        max_length=8,
        choices=VersionState,
        default=VersionState.ACTIVE,
        db_default=VersionState.ACTIVE.value,
    )
    note = models.CharField(max_length=255, default="", db_default="", blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    created_by = models.CharField(max_length=160, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=160, default="", db_default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "number"], name="fulfillment_scenarioversion_uniq"
            ),
            models.UniqueConstraint(
                fields=["scenario"],
                condition=Q(state="DRAFT"),
                name="fulfillment_scenarioversion_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values),
                name="fulfillment_scenarioversion_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} v{self.number}"


class RoutingDecision(models.Model):
    """Why an order went where it went: one row per routing that changed something.

    `explanation` lists the candidates in the order they were asked, why each fell out, and what
    was given to whom. A repeated routing with the same answer only moves `repeated`/`decided_at`.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the subject's own row guards it; see docs/adr/0007
    )
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="routing_decisions", db_index=False
    )
    version = models.ForeignKey(
        ScenarioVersion,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        help_text="Empty: the built-in one",
    )
    outcome = models.CharField(max_length=16, choices=RoutingOutcome)
    reason = models.CharField(max_length=255)
    explanation = models.JSONField(default=dict)
    repeated = models.PositiveIntegerField(default=0, db_default=0)
    first_decided_at = models.DateTimeField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=RoutingOutcome.values),
                name="fulfillment_decision_outcome_known",
            ),
        ]
        indexes = [models.Index(fields=["order", "-id"], name="fulfillment_decision_order_idx")]

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}"
