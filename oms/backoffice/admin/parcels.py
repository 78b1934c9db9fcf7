# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment import queries
from fulfillment.choices import DocumentKind, DocumentStatus, ParcelStatus
from fulfillment.models import Document, Parcel
from fulfillment.services import labels, making_papers
from oms.backoffice import filters, search
from oms.backoffice.acting import Call, RowAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import (
    NOTHING,
    actor_name,
    chip,
    copyable,
    moment,
    money,
    number,
    page_link,
)
from oms.orders.models import Order

_SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "text/plain": "txt"}


class ParcelsAdmin(RecordAdmin[Any]):
    """What parcels and their documents share: they are looked up by the same numbers."""

    parcel_column = "pk"
    search_fields = ("number",)
    search_help_text = search.HELP

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the parcel's numbers, or any number of its order."""
        if search_term.strip():
            found = search.find_parcels(search_term)
            queryset = queryset.filter(**{f"{self.parcel_column}__in": found})
        return queryset, False

    @admin.display(description="status")
    def state(self, row: Any) -> SafeString:
        return chip(row.status, row.get_status_display())


@admin.register(Parcel)
class ParcelAdmin(ParcelsAdmin):
    """Boxes, from planned to delivered."""

    list_display = (
        "number",
        "state",
        "order_number",
        "task_number",
        "point_name",
        "tracking",
        "packed",
        "shipped",
    )
    list_filter = (
        filters.status_filter(ParcelStatus),
        filters.PointFilter,
        filters.OrganizationFilter,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names task, order and point."""
        joined = super().get_queryset(request)
        return joined.select_related("task__order", "point", "organization")

    def page(self, request: HttpRequest, row: Parcel) -> Mapping[str, object]:
        """Facts, content, documents and the journey."""
        documents = Document.objects.select_related("content").order_by("pk")
        prefetch_related_objects([row], Prefetch("documents", queryset=documents))
        zone, currency = row.organization.timezone, row.task.order.currency
        sizes = (row.length_cm, row.width_cm, row.height_cm)
        return {
            "title": f"Parcel {row.number}",
            "subtitle": f"of order {row.task.order}",
            "headline": self.state(row),
            "facts": [
                ("Order", page_link(row.task.order)),
                ("Task", page_link(row.task)),
                ("Point", page_link(row.point)),
                ("Number", copyable(row.number)),
                ("Point's number", copyable(row.point_parcel_no)),
                ("Channel's number", copyable(row.channel_parcel_no)),
                ("External id", copyable(row.external_id)),
                ("Tracking number", copyable(row.tracking_number)),
                ("Carrier", " ".join(filter(None, (row.carrier, row.delivery_type)))),
                ("Service level", row.get_service_level_display()),
                ("Where it is", queries.station_of(row).label),
                ("To collect", money(row.cod_amount, currency)),
                ("Insured for", money(row.insured_value, currency)),
                ("Note", row.note or NOTHING),
                ("Weight", f"{row.weight_kg.normalize():f} kg" if row.weight_kg else NOTHING),
                ("Size", " by ".join(f"{s.normalize():f}" for s in sizes if s) or NOTHING),
                ("Packed", moment(row.packed_at, zone)),
                ("Shipped", moment(row.shipped_at, zone)),
                ("Delivered", moment(row.delivered_at, zone)),
                ("Cancelled", moment(row.cancelled_at, zone)),
            ],
            "tables": [_content(row), _documents(row, zone), _journey(row, zone)],
        }

    @admin.display(description="order")
    def order_number(self, row: Parcel) -> SafeString | str:
        return page_link(row.task.order)

    @admin.display(description="task")
    def task_number(self, row: Parcel) -> SafeString | str:
        return page_link(row.task)

    @admin.display(description="point")
    def point_name(self, row: Parcel) -> str:
        return row.point.name

    @admin.display(description="tracking")
    def tracking(self, row: Parcel) -> str:
        return row.tracking_number or NOTHING

    @admin.display(description="packed")
    def packed(self, row: Parcel) -> SafeString | str:
        return moment(row.packed_at, row.organization.timezone)

    @admin.display(description="shipped")
    def shipped(self, row: Parcel) -> SafeString | str:
        return moment(row.shipped_at, row.organization.timezone)


def _content(parcel: Parcel) -> dict[str, object]:
    items = parcel.items.select_related("task_line__sku", "task_line__order_line").order_by("pk")
    return {
        "title": "Content",
        "labels": ["SKU", "Name", "Units"],
        "rows": [
            [each.task_line.sku.code, each.task_line.order_line.name, each.quantity]
            for each in items
        ],
    }


def _documents(parcel: Parcel, zone: str) -> dict[str, object]:
    return {
        "title": "Documents",
        "labels": ["Document", "Status", "Carrier", "Tries", "Last error", "Changed", ""],
        "rows": [
            [
                page_link(each, each.get_kind_display()),
                chip(each.status, each.get_status_display()),
                each.carrier,
                each.attempts,
                each.last_error or NOTHING,
                moment(each.changed_at, zone),
                download_link(each),
            ]
            for each in parcel.documents.all()
        ],
    }


def _journey(parcel: Parcel, zone: str) -> dict[str, object]:
    return {
        "title": "Journey",
        "labels": ["When", "What", "In their words", "Where", "Reported", "Who"],
        "rows": [
            [
                moment(each.occurred_at, zone),
                each.milestone.replace("_", " ").capitalize(),
                each.description,
                each.location_text or NOTHING,
                moment(each.recorded_at, zone),
                actor_name(each.actor),
            ]
            for each in parcel.milestones.order_by("occurred_at", "pk")
        ],
    }


def download_link(document: Document) -> SafeString | str:
    """To the bytes, when there are any."""
    if document.status != DocumentStatus.READY:
        return ""
    address = reverse("admin:fulfillment_document_download", args=[document.pk])
    return format_html('<a class="download" href="{}">Download</a>', address)


def _retry_refusal(document: Document) -> str:
    refusals = {
        DocumentStatus.READY: "it is ready",
        DocumentStatus.VOID: "it is void; the parcel needs no label any more",
    }
    return refusals.get(DocumentStatus(document.status), "")


def _subject_of(document: Document) -> Model | None:
    """What a document is of."""
    return (
        document.parcel
        or document.invoice
        or document.manifest
        or document.handover
        or document.picklist
    )


def _subject_name(document: Document) -> str:
    return f"parcel {document.parcel.number}" if document.parcel else str(_subject_of(document))


def _order_of(document: Document) -> Order | None:
    if document.parcel is not None:
        return document.parcel.task.order
    return document.invoice.order if document.invoice else None


def _called(document: Document) -> str:
    is_label = document.kind == DocumentKind.LABEL
    return f"{'Label' if is_label else document.get_kind_display()} {document.reference}"


def _retry(call: Call) -> str:
    if call.row.kind != DocumentKind.LABEL:
        making_papers.redraw_paper(document_id=call.row.pk, actor=call.actor, now=call.now)
        return "is drawn again."
    labels.retry_label(document_id=call.row.pk, actor=call.actor, now=call.now)
    return "is fetched again."


@admin.register(Document)
class DocumentAdmin(ParcelsAdmin):
    """Labels and papers, and the jobs that get them."""

    parcel_column = "parcel_id"
    list_display = (
        "reference",
        "kind_name",
        "state",
        "order_number",
        "subject",
        "carrier",
        "tries",
        "last_error",
        "created",
        "download",
    )
    list_filter = (filters.status_filter(DocumentStatus), "kind", filters.OrganizationFilter)
    row_actions = (
        RowAction(
            name="retry",
            label="Fetch label again",
            explanation="The label is due at once. The carrier is first asked whether it made it "
            "already, so none is bought twice. Papers are drawn again, by the template of today.",
            permission="fulfillment.retry_label",
            refusal=_retry_refusal,
            work=_retry,
            name_of=_called,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names parcel and order."""
        joined = super().get_queryset(request)
        return joined.select_related(
            "parcel__task__order", "invoice__order", "manifest", "handover", "picklist",
            "content", "organization",
        )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """The bytes have an address of their own."""
        view = self.admin_site.admin_view(self.download_view)
        name = "fulfillment_document_download"
        return [path("<int:pk>/download/", view, name=name), *super().get_urls()]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The document as it was stored, shown by the browser where it can."""
        document = self.get_object(request, str(pk))
        if document is None or document.content is None:
            raise Http404("The document has no content yet.")
        if not self.has_view_permission(request, document):
            raise PermissionDenied
        media_type = document.content.media_type
        suffix = _SUFFIXES.get(media_type, "bin")
        response = HttpResponse(queries.label_bytes(document), content_type=media_type)
        name = f"{document.kind.lower()}-{document.reference}.{suffix}"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response

    def page(self, request: HttpRequest, row: Document) -> Mapping[str, object]:
        """The job and its outcome."""
        zone = row.organization.timezone
        return {
            "title": f"{row.get_kind_display()} {row.reference}",
            "subtitle": f"of {_subject_name(row)}",
            "headline": self.state(row),
            "facts": [
                ("Order", self.order_number(row)),
                ("Of", self.subject(row)),
                ("Reference", copyable(row.reference)),
                ("Carrier", row.carrier),
                ("Tries", row.attempts),
                ("Last error", row.last_error or NOTHING),
                ("Next try", moment(row.not_before, zone) if self._is_due(row) else NOTHING),
                ("Created", moment(row.created_at, zone)),
                ("Changed", moment(row.changed_at, zone)),
                ("Size", f"{number(row.content.size)} bytes" if row.content else NOTHING),
                ("SHA-256", copyable(row.content_id)),
                ("File", download_link(row) or NOTHING),
            ],
        }

    def _is_due(self, row: Document) -> bool:
        return row.status == DocumentStatus.PENDING

    @admin.display(description="document")
    def kind_name(self, row: Document) -> str:
        return row.get_kind_display()

    @admin.display(description="order")
    def order_number(self, row: Document) -> SafeString | str:
        order = _order_of(row)
        return page_link(order) if order else NOTHING

    @admin.display(description="of")
    def subject(self, row: Document) -> SafeString | str:
        subject = _subject_of(row)
        return page_link(subject, _subject_name(row)) if subject else NOTHING

    @admin.display(description="tries")
    def tries(self, row: Document) -> str:
        return number(row.attempts)

    @admin.display(description="created")
    def created(self, row: Document) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)

    @admin.display(description="file")
    def download(self, row: Document) -> SafeString | str:
        return download_link(row)
