# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment import queries
from fulfillment.choices import PicklistKind, PicklistStatus
from fulfillment.models import (
    Handover,
    HandoverParcel,
    Manifest,
    ManifestParcel,
    Parcel,
    Picklist,
    PicklistEntry,
    ShelfPlace,
)
from oms.backoffice import filters, search, timeline
from oms.backoffice.admin.base import ConfigAdmin, RecordAdmin
from oms.backoffice.formats import NOTHING, actor_name, chip, copyable, moment, number, page_link
from oms.events.choices import SubjectType
from oms.events.models import Event

MOST_DIGITS = 9  # of a picklist's number: it has 32 bits
_SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class DockAdmin(RecordAdmin[Any]):
    """What picklists, manifests and hand-overs share: a point, maybe a channel, many rows."""

    search_fields = ("number",)
    counted: type[PicklistEntry | ManifestParcel | HandoverParcel]
    parent = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names point and channel."""
        return super().get_queryset(request).select_related("point", "channel", "organization")

    def prepare_rows(self, request: HttpRequest, rows: list[Any]) -> None:
        """How much is on each of a page of rows."""
        counted = self.counted._default_manager.filter(  # noqa: SLF001 - Django's name for any model's
            **{f"{self.parent}__in": rows}
        )
        counts = counted.order_by().values(f"{self.parent}_id").annotate(count=Count("pk"))
        by_row = dict(counts.values_list(f"{self.parent}_id", "count"))
        for row in rows:
            vars(row)["count"] = by_row.get(row.pk, 0)

    @admin.display(description="point")
    def point_name(self, row: Any) -> str:
        return str(row.point.name)

    @admin.display(description="channel")
    def channel_name(self, row: Any) -> str:
        return row.channel.name if row.channel else "several"

    @admin.display(description="on it")
    def count(self, row: Any) -> str:
        return number(vars(row).get("count"))

    def history(self, row: Any, subject: SubjectType) -> dict[str, object]:
        """What happened to it."""
        events = Event.objects.filter(subject_type=subject, subject_id=row.pk)
        entries = timeline.entries(events.order_by("sequence")[: timeline.LONGEST])
        return {
            "title": "What happened",
            "labels": ["When", "What", "Who"],
            "rows": [
                [moment(each.at, row.organization.timezone), each.sentence, each.who]
                for each in entries
            ],
        }


@admin.register(Picklist)
class PicklistAdmin(DockAdmin):
    """Tasks that are picked together."""

    list_display = ("name", "state", "point_name", "channel_name", "kind_name", "count", "created")
    list_filter = (
        filters.status_filter(PicklistStatus),
        filters.column_filter("kind", PicklistKind, title="kind"),
        filters.PointFilter,
        filters.OrganizationFilter,
    )
    search_help_text = "Number of the list, the point's own code, or any number of an order on it"
    counted = PicklistEntry
    parent = "picklist"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its numbers, or those of its tasks and their orders."""
        if term := _term(search_term):
            bare = term.upper().removeprefix("PL-")
            own = Q(external_code=term)
            if bare.isdecimal() and len(bare) <= MOST_DIGITS:
                own |= Q(number=int(bare))
            queryset = queryset.filter(own | _any_of(PicklistEntry, "picklist", _tasks(term)))
        return queryset, False

    def page(self, request: HttpRequest, row: Picklist) -> Mapping[str, object]:
        """Facts, tasks in the order of picking, and what happened."""
        zone = row.organization.timezone
        return {
            "title": f"Picklist {row.number}",
            "headline": self.state(row),
            "facts": [
                ("Point", page_link(row.point)),
                ("Channel", page_link(row.channel) if row.channel else "several"),
                ("Number", copyable(row.number)),
                ("Their code", copyable(row.external_code)),
                ("Kind", row.get_kind_display()),
                *((name.replace("_", " ").capitalize(), _text(value))
                  for name, value in row.criteria.items()),
                ("Made by", actor_name(row.created_by)),
                ("Made", moment(row.created_at, zone)),
                ("Closed", moment(row.closed_at, zone)),
            ],
            "tables": [_tasks_of(row, zone), self.history(row, SubjectType.PICKLIST)],
        }  # fmt: skip

    @admin.display(description="status")
    def state(self, row: Picklist) -> SafeString:
        return chip(row.status, row.get_status_display())

    @admin.display(description="picklist")
    def name(self, row: Picklist) -> str:
        return str(row)

    @admin.display(description="kind")
    def kind_name(self, row: Picklist) -> str:
        return row.get_kind_display()

    @admin.display(description="made")
    def created(self, row: Picklist) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)


@admin.register(Manifest)
class ManifestAdmin(DockAdmin):
    """Boxes that carriers are to collect."""

    list_display = ("number", "carrier", "point_name", "channel_name", "count", "created")
    list_filter = (filters.PointFilter, filters.OrganizationFilter)
    search_help_text = "MF number, or any number of a parcel or order on it"
    counted = ManifestParcel
    parent = "manifest"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its numbers, or those of its parcels and their orders."""
        if term := _term(search_term):
            own = Q(number=term.upper()) | Q(external_code=term)
            named = _any_of(ManifestParcel, "manifest", _parcels(term))
            queryset = queryset.filter(own | named)
        return queryset, False

    def page(self, request: HttpRequest, row: Manifest) -> Mapping[str, object]:
        """Facts, parcels and what happened."""
        zone = row.organization.timezone
        parcels = Parcel.objects.filter(manifest_entry__manifest=row)
        return {
            "title": f"Manifest {row.number}",
            "subtitle": f"for {row.carrier}",
            "facts": [
                ("Point", page_link(row.point)),
                ("Channel", page_link(row.channel) if row.channel else "several"),
                ("Carrier", row.carrier),
                ("Number", copyable(row.number)),
                ("Channel's number", copyable(row.external_code)),
                ("Made by", actor_name(row.created_by)),
                ("Made", moment(row.created_at, zone)),
            ],
            "tables": [_parcel_table(parcels, zone), self.history(row, SubjectType.MANIFEST)],
        }

    @admin.display(description="made")
    def created(self, row: Manifest) -> SafeString | str:
        return moment(row.created_at, row.organization.timezone)


@admin.register(Handover)
class HandoverAdmin(DockAdmin):
    """Boxes that carriers took away."""

    list_display = (
        "number",
        "carrier",
        "point_name",
        "channel_name",
        "count",
        "vehicle_number",
        "handed_over",
        "signed",
    )
    list_filter = (filters.PointFilter, filters.OrganizationFilter)
    search_help_text = "HO number, vehicle, lorry receipt, or any number of a parcel or order"
    counted = HandoverParcel
    parent = "handover"
    left_out = ("eway_bill",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By its numbers, or those of its parcels and their orders."""
        if term := _term(search_term):
            own = Q(number=term.upper()) | Q(vehicle_number__iexact=term) | Q(lr_number=term)
            named = _any_of(HandoverParcel, "handover", _parcels(term))
            queryset = queryset.filter(own | named)
        return queryset, False

    def get_urls(self) -> list[URLPattern]:
        """The signed paper has an address of its own."""
        view = self.admin_site.admin_view(self.signed_view)
        name = "fulfillment_handover_signed"
        return [path("<int:pk>/signed/", view, name=name), *super().get_urls()]

    def signed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The signed paper as it was filed."""
        row = self.get_object(request, str(pk))
        if row is None or row.signed_content is None:
            raise Http404("No signed paper is on file.")
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        media_type = row.signed_content.media_type
        response = HttpResponse(queries.content_bytes(row.signed_content), content_type=media_type)
        name = f"{row.number}-signed.{_SUFFIXES.get(media_type, 'bin')}"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        return response

    def page(self, request: HttpRequest, row: Handover) -> Mapping[str, object]:
        """Facts, parcels and what happened."""
        zone = row.organization.timezone
        parcels = Parcel.objects.filter(handover_entries__handover=row)
        return {
            "title": f"Hand-over {row.number}",
            "subtitle": f"to {row.carrier}",
            "facts": [
                ("Point", page_link(row.point)),
                ("Channel", page_link(row.channel) if row.channel else "several"),
                ("Carrier", row.carrier),
                ("Number", copyable(row.number)),
                ("Vehicle", copyable(row.vehicle_number)),
                ("Lorry receipt", copyable(row.lr_number)),
                ("E-way bill", "on file" if row.eway_bill else NOTHING),
                ("Remarks", row.remarks or NOTHING),
                ("Handed over by", actor_name(row.created_by)),
                ("Handed over", moment(row.handed_over_at, zone)),
                ("Parcels taken", number(row.entries.filter(is_taken=True).count())),
                ("Signed paper", self._signed_link(row)),
            ],
            "tables": [_parcel_table(parcels, zone), self.history(row, SubjectType.HANDOVER)],
        }

    def _signed_link(self, row: Handover) -> SafeString | str:
        if row.signed_content_id is None:
            return NOTHING
        address = reverse("admin:fulfillment_handover_signed", args=[row.pk])
        return format_html('<a class="download" href="{}">Download</a>', address)

    @admin.display(description="handed over")
    def handed_over(self, row: Handover) -> SafeString | str:
        return moment(row.handed_over_at, row.organization.timezone)

    @admin.display(description="signed paper")
    def signed(self, row: Handover) -> SafeString | str:
        return self._signed_link(row)


class ShelfForm(forms.ModelForm[ShelfPlace]):
    def clean(self) -> dict[str, Any] | None:
        """A point keeps its own organization's SKUs."""
        given = super().clean() or {}
        point, sku = given.get("point"), given.get("sku")
        if point and sku and point.organization_id != sku.organization_id:
            self.add_error("sku", "The point and the SKU belong to different organizations.")
        return given


@admin.register(ShelfPlace)
class ShelfPlaceAdmin(ConfigAdmin[ShelfPlace]):
    """Where SKUs lie, so that picklists are a walk along the shelves."""

    form = ShelfForm
    fixed_fields = ("point", "sku")
    fields = ("point", "sku", "shelf")
    autocomplete_fields = ("sku",)
    list_display = ("shelf", "sku", "point")
    list_select_related = ("sku", "point")
    list_filter = (filters.PointFilter, filters.OrganizationFilter)
    search_fields = ("shelf", "sku__code")
    search_help_text = "Shelf or SKU code"
    ordering = ("point", "shelf", "pk")

    def save_model(
        self, request: HttpRequest, obj: ShelfPlace, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """A shelf is its point's organization's."""
        obj.organization_id = obj.point.organization_id
        super().save_model(request, obj, form, change)


def _term(text: str) -> str:
    return text.strip().replace("\x00", "")


def _any_of(model: Any, parent: str, found: Q) -> Q:
    """Rows with an entry that was found."""
    return Q(pk__in=model.objects.filter(found).values(f"{parent}_id"))


def _tasks(term: str) -> Q:
    return Q(task_id__in=search.find_tasks(term))


def _parcels(term: str) -> Q:
    return Q(parcel_id__in=search.find_parcels(term))


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _tasks_of(row: Picklist, zone: str) -> dict[str, object]:
    entries = row.entries.select_related("task__order").order_by("position")
    return {
        "title": "Tasks in the order of picking",
        "labels": ["Place", "Task", "Order", "Status", "Added"],
        "rows": [
            [
                each.position,
                page_link(each.task),
                page_link(each.task.order),
                chip(each.task.status, each.task.get_status_display()),
                moment(each.added_at, zone),
            ]
            for each in entries
        ],
    }


def _parcel_table(parcels: QuerySet[Parcel], zone: str) -> dict[str, object]:
    rows = parcels.select_related("task__order").order_by(F("pk"))
    return {
        "title": "Parcels",
        "labels": ["Parcel", "Order", "Status", "Carrier", "Tracking number", "Shipped"],
        "rows": [
            [
                page_link(each, str(each.number)),
                page_link(each.task.order),
                chip(each.status, each.get_status_display()),
                each.carrier,
                each.tracking_number or NOTHING,
                moment(each.shipped_at, zone),
            ]
            for each in rows
        ],
    }
