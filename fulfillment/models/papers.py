from decimal import Decimal

from django.contrib.postgres.functions import TransactionNow
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from fulfillment.choices import PaperLanguage, TemplateKind
from oms.accounts.models import Organization
from oms.kernel.models import TimeStamped


class PaperSettings(TimeStamped):
    """What an organization's papers say about itself, and the tax that orders do not name."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="paper_settings"
    )
    language = models.CharField(max_length=2, choices=PaperLanguage, default=PaperLanguage.ENGLISH)
    tax_type = models.CharField(
        max_length=16, default="VAT", help_text="What the tax is called on invoices"
    )
    tax_rate = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("99.999"))],
        help_text="Percent, for order lines that name no tax; prices include it",
    )
    issuer_name = models.CharField(
        max_length=255, default="", blank=True, help_text="Empty: the organization's name"
    )
    issuer_address = models.TextField(default="", blank=True, help_text="One line each")
    issuer_tax_code = models.CharField(max_length=32, default="", blank=True)
    footnote = models.CharField(
        max_length=255, default="", blank=True, help_text="At the foot of every page"
    )

    class Meta:
        verbose_name_plural = "paper settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lt=100),
                name="fulfillment_papersettings_rate_fits",
            ),
            models.CheckConstraint(
                condition=Q(language__in=PaperLanguage.values),
                name="fulfillment_papersettings_language_known",
            ),
        ]

    def __str__(self) -> str:
        return f"papers of {self.organization_id}"


class DocumentTemplate(models.Model):
    """One version of how an organization's papers of a kind look, in Typst. Never changed.

    The highest number acts; an empty `source` goes back to the one that comes with the system.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="document_templates", db_index=False
    )
    kind = models.CharField(max_length=16, choices=TemplateKind)
    number = models.PositiveIntegerField("version")
    source = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=TransactionNow())
    created_by = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "number"], name="fulfillment_template_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TemplateKind.values), name="fulfillment_template_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.number}"
