# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment import services
from fulfillment.choices import InvoiceKind, PaperLanguage, TemplateKind
from fulfillment.models import DocumentTemplate, Invoice, PaperSettings
from fulfillment.services.templates import template_of
from oms.accounts.actors import staff_actor
from oms.backoffice import filters
from oms.backoffice.admin.base import ConfigAdmin, RecordAdmin
from oms.backoffice.admin.parcels import download_link
from oms.backoffice.formats import NOTHING, actor_name, chip, copyable, moment, money, page_link


@admin.register(PaperSettings)
class PaperSettingsAdmin(ConfigAdmin[PaperSettings]):
    """What papers say about their issuer."""

    fixed_fields = ("organization",)
    list_display = ("organization", "language", "tax_type", "tax_rate")
    list_select_related = ("organization",)
    ordering = ("organization__name", "-id")
    fields = (
        "organization",
        "language",
        "tax_type",
        "tax_rate",
        "issuer_name",
        "issuer_address",
        "issuer_tax_code",
        "footnote",
    )


@admin.register(Invoice)
class InvoiceAdmin(RecordAdmin[Invoice]):
    """Invoices and credit notes."""

    list_display = ("code", "state", "order_number", "parcel_number", "gross", "issued")
    list_filter = (
        filters.column_filter("kind", InvoiceKind, title="kind"),
        filters.OrganizationFilter,
    )
    search_fields = ("code",)
    search_help_text = "Number of the invoice, or the channel's number of the order"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names order, parcel and who issued it."""
        rows = super().get_queryset(request)
        return rows.select_related("order", "parcel", "organization", "seller", "corrects")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exactly, by indexed numbers."""
        if term := search_term.strip().replace("\x00", ""):
            queryset = queryset.filter(Q(code=term.upper()) | Q(order__external_id=term))
        return queryset, False

    def page(self, request: HttpRequest, row: Invoice) -> Mapping[str, object]:
        """Amounts, lines, corrections, papers."""
        zone = row.organization.timezone
        corrections = row.corrections.order_by("pk")
        return {
            "title": f"{row.get_kind_display()} {row.code}",
            "subtitle": f"of order {row.order}",
            "headline": self.state(row),
            "facts": [
                ("Number", copyable(row.code)),
                ("Order", page_link(row.order)),
                ("Parcel", page_link(row.parcel, str(row.parcel.number))),
                ("Seller", str(row.seller) if row.seller else NOTHING),
                ("Corrects", page_link(row.corrects)),
                ("Reason", row.reason or NOTHING),
                ("Issued", moment(row.issued_at, zone)),
                ("Taken back", moment(row.voided_at, zone)),
                ("Net", money(row.net_total, row.currency)),
                ("Tax", money(row.tax_total, row.currency)),
                ("Total", money(row.gross_total, row.currency)),
            ],
            "tables": [_lines(row), _papers(row, zone), _corrections(corrections, zone)],
        }

    @admin.display(description="state")
    def state(self, row: Invoice) -> SafeString:
        if row.kind == InvoiceKind.CREDIT_NOTE:
            return chip("READY", "Credit note")
        return chip("VOID", "Taken back") if row.voided_at else chip("READY", "Invoice")

    @admin.display(description="order")
    def order_number(self, row: Invoice) -> SafeString | str:
        return page_link(row.order)

    @admin.display(description="parcel")
    def parcel_number(self, row: Invoice) -> SafeString | str:
        return page_link(row.parcel, str(row.parcel.number))

    @admin.display(description="total")
    def gross(self, row: Invoice) -> SafeString | str:
        return money(row.gross_total, row.currency)

    @admin.display(description="issued")
    def issued(self, row: Invoice) -> SafeString | str:
        return moment(row.issued_at, row.organization.timezone)


def _lines(invoice: Invoice) -> dict[str, object]:
    lines = invoice.lines.select_related("order_line").order_by("order_line__position")
    return {
        "title": "Lines",
        "labels": ["SKU", "Name", "Units", "Tax", "Net", "Total"],
        "rows": [
            [
                line.order_line.sku_code,
                line.order_line.name or NOTHING,
                line.quantity,
                ", ".join(f"{tax['type']} {tax['rate']}%" for tax in line.taxes),
                money(line.net_total, invoice.currency),
                money(line.gross_total, invoice.currency),
            ]
            for line in lines
        ],
    }


def _papers(invoice: Invoice, zone: str) -> dict[str, object]:
    return {
        "title": "Papers",
        "labels": ["Document", "Status", "Last error", "Changed", ""],
        "rows": [
            [
                page_link(each, each.get_kind_display()),
                chip(each.status, each.get_status_display()),
                each.last_error or NOTHING,
                moment(each.changed_at, zone),
                download_link(each),
            ]
            for each in invoice.documents.order_by("pk")
        ],
    }


def _corrections(notes: QuerySet[Invoice], zone: str) -> dict[str, object]:
    return {
        "title": "Credit notes",
        "labels": ["Number", "Total", "Reason", "Issued"],
        "rows": [
            [
                page_link(note),
                money(note.gross_total, note.currency),
                note.reason or NOTHING,
                moment(note.issued_at, zone),
            ]
            for note in notes
        ],
    }


class TemplateForm(forms.ModelForm[DocumentTemplate]):
    """A new version; only what can be set may be saved."""

    preview: bytes = b""
    language = forms.ChoiceField(choices=PaperLanguage, required=False, label="Preview in")

    class Meta:
        model = DocumentTemplate
        fields = ("organization", "kind", "source")

    def clean(self) -> dict[str, Any]:
        """Set it with made-up data; what Typst says of it is the error."""
        cleaned = super().clean() or self.cleaned_data
        kind, source = cleaned.get("kind"), cleaned.get("source", "")
        if kind and not self.errors:
            try:
                self.preview = services.preview_template(
                    kind=TemplateKind(kind),
                    source=source,
                    language=cleaned.get("language") or PaperLanguage.ENGLISH.value,
                    now=timezone.now(),
                )
            except (services.TemplateBroken, services.TemplateTooLong) as refusal:
                self.add_error("source", str(refusal))
        return cleaned


@admin.register(DocumentTemplate)
class DocumentTemplateAdmin(RecordAdmin[DocumentTemplate]):
    """How an organization's papers look, version by version; the newest of a kind acts."""

    form = TemplateForm
    add_form_template = "admin/backoffice/template_form.html"
    list_display = ("kind_name", "number", "organization", "made", "maker")
    list_filter = (
        filters.column_filter("kind", TemplateKind, title="kind"),
        filters.OrganizationFilter,
    )
    left_out = ("source",)
    fields = ("organization", "kind", "source", "language")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names the organization."""
        return super().get_queryset(request).select_related("organization")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A change is a new version."""
        return bool(request.user.has_perm("fulfillment.add_documenttemplate"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the template that acts now."""
        said: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        kind = said.get("kind", TemplateKind.INVOICE.value)
        if kind in TemplateKind.values:
            number = said.get("organization", "")
            known = int(number) if str(number).isdigit() else 0
            visible = self.get_queryset(request).filter(organization_id=known).exists()
            acting = template_of(organization_id=known if visible else 0, kind=TemplateKind(kind))
            said |= {"kind": kind, "source": acting.source}
        return said

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; its other button answers with the sheet instead of saving."""
        if request.method == "POST" and "_preview" in request.POST:
            form = self.get_form(request)(request.POST)
            may = self.has_add_permission(request)
            if isinstance(form, TemplateForm) and may and form.is_valid():
                sheet = HttpResponse(form.preview, content_type="application/pdf")
                sheet["Content-Disposition"] = "inline"
                sheet["Cache-Control"] = "private, no-store"
                return sheet
        return super().add_view(request, form_url, extra_context)

    def save_model(
        self, request: HttpRequest, obj: DocumentTemplate, form: Any, change: Any
    ) -> None:
        """One service saves it."""
        saved = services.save_template(
            organization_id=obj.organization_id,
            kind=TemplateKind(obj.kind),
            source=obj.source,
            actor=staff_actor(request),
            now=timezone.now(),
        )
        obj.pk, obj.number = saved.pk, saved.number

    def page(self, request: HttpRequest, row: DocumentTemplate) -> Mapping[str, object]:
        """The source, and the way to the next version."""
        again = reverse("admin:fulfillment_documenttemplate_add")
        query = f"{again}?organization={row.organization_id}&kind={row.kind}"
        return {
            "title": str(row),
            "subtitle": f"of {row.organization}",
            "facts": [
                ("Made", moment(row.created_at, row.organization.timezone)),
                ("By", actor_name(row.created_by)),
                ("Change", format_html('<a href="{}">Make the next version</a>', query)),
            ],
            "raw": row.source or "The template that comes with the system.",
        }

    @admin.display(description="paper")
    def kind_name(self, row: DocumentTemplate) -> str:
        return row.get_kind_display()

    @admin.display(description="made")
    def made(self, row: DocumentTemplate) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)

    @admin.display(description="by")
    def maker(self, row: DocumentTemplate) -> str:
        return actor_name(row.created_by)
