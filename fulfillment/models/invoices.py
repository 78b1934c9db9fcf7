from typing import Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from channels_app.models import Seller
from fulfillment.choices import InvoiceKind
from fulfillment.models.parcels import Parcel
from oms.accounts.models import Organization
from oms.kernel.actors import Actor
from oms.orders.models import Order, OrderLine


class InvoiceSeries(models.Model):
    """The last number drawn, per seller, kind and year in the organization's time zone.

    Without a seller it is the organization's own. A number is drawn by raising the row in the
    transaction that stores its invoice: what rolls back takes its number back, so there is no gap.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=InvoiceKind)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "seller", "kind", "year"],
                nulls_distinct=False,
                name="fulfillment_invoiceseries_uniq",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=InvoiceKind.values), name="fulfillment_invoiceseries_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> Self:
        seen = self
        if actor.organization_id is not None:
            seen = seen.filter(organization_id=actor.organization_id)
        if actor.point_ids is not None:
            seen = seen.filter(parcel__point_id__in=actor.point_ids)
        if actor.channel_ids is not None:
            seen = seen.filter(order__channel_id__in=actor.channel_ids)
        return seen

    def live(self) -> Self:
        """Invoices that were not taken back as a whole."""
        return self.filter(kind=InvoiceKind.INVOICE, voided_at__isnull=True)


class Invoice(models.Model):
    """What the goods of a box cost, or how much of that is given back.

    Never changed but for `voided_at`: since when credit notes take all of it back. A credit note
    `corrects` its invoice; its figures are positive and count the other way. Prices include tax.
    """

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    series = models.ForeignKey(
        InvoiceSeries, on_delete=models.PROTECT, related_name="invoices", db_index=False
    )
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=64, help_text="As printed: `INV-2026-000417`")
    kind = models.CharField(max_length=12, choices=InvoiceKind)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="invoices")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    reason = models.CharField(max_length=255, default="", db_default="", blank=True)
    cause = models.CharField(
        max_length=64,
        default="",
        db_default="",
        blank=True,
        help_text="What a credit note is for, such as a return; each once",
    )
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    net_total = models.DecimalField(max_digits=18, decimal_places=4)
    tax_total = models.DecimalField(max_digits=18, decimal_places=4)
    gross_total = models.DecimalField(max_digits=18, decimal_places=4)
    voided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=TransactionNow())

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"], name="fulfillment_invoice_number_uniq"
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(kind="INVOICE", voided_at__isnull=True),
                name="fulfillment_invoice_live_uniq",
            ),
            models.UniqueConstraint(
                fields=["corrects", "cause"],
                condition=~Q(cause=""),
                name="fulfillment_invoice_cause_uniq",
            ),
            models.CheckConstraint(
                condition=Q(kind="INVOICE", corrects__isnull=True)
                | Q(kind="CREDIT_NOTE", corrects__isnull=False, voided_at__isnull=True),
                name="fulfillment_invoice_corrects_one",
            ),
            models.CheckConstraint(
                condition=Q(gross_total=F("net_total") + F("tax_total")),
                name="fulfillment_invoice_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0), name="fulfillment_invoice_number_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="fulfillment_invoice_org_idx"),
            models.Index(fields=["code"], name="fulfillment_invoice_code_idx"),
        ]
        permissions = [("correct_invoice", "Can issue credit notes")]

    def __str__(self) -> str:
        return self.code


class InvoiceLine(models.Model):
    """Units of an order line on an invoice.

    `taxes` is `[{type, rate, tax_per_unit, tax_total}]`, numbers as texts; the totals decide, what
    stands for one unit is rounded.
    """

    id = models.BigAutoField(primary_key=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="invoice_lines"
    )
    quantity = models.PositiveIntegerField()
    unit_net = models.DecimalField(max_digits=18, decimal_places=4)
    unit_tax = models.DecimalField(max_digits=18, decimal_places=4)
    unit_gross = models.DecimalField(max_digits=18, decimal_places=4)
    net_total = models.DecimalField(max_digits=18, decimal_places=4)
    tax_total = models.DecimalField(max_digits=18, decimal_places=4)
    gross_total = models.DecimalField(max_digits=18, decimal_places=4)
    taxes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "order_line"], name="fulfillment_invoiceline_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="fulfillment_invoiceline_positive"
            ),
            models.CheckConstraint(
                condition=Q(gross_total=F("net_total") + F("tax_total")),
                name="fulfillment_invoiceline_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of line {self.order_line_id}"
