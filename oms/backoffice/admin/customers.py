import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from oms.accounts.actors import staff_actor
from oms.backoffice import filters
from oms.backoffice.acting import PageAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.customer_actions import CUSTOMER_ACTIONS
from oms.backoffice.formats import NOTHING, chip, copyable, moment, page_link
from oms.backoffice.scope import visible_ids
from oms.kernel.crypto import SealBroken
from oms.orders import contacts, exports
from oms.orders.choices import CustomerStatus, CustomerType
from oms.orders.customer_data import addresses_of, personal_of
from oms.orders.models import Customer, Order
from oms.orders.queries import names_begin_with

SEARCH_HELP = "Number, phone or e-mail in full, or how the name begins"
_SHOWN_ORDERS = 50
_HIDDEN = "••••••"
_PERSONAL = (
    ("full_name", "Name"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("tax_code", "Tax code"),
    ("note", "Note"),
)
_ADDRESS = ("full_name", "phone", "line1", "line2", "ward", "district", "province", "country")


@admin.register(Customer)
class CustomerAdmin(RecordAdmin[Customer]):
    """Who buys. The list names nobody; the page does, to people who may see it."""

    left_out = ("personal", "name_keys", "email_hash", "phone_hash")
    list_display = ("customer", "state", "kind", "channel_name", "tag_list", "changed")
    list_display_links = None
    list_filter = (
        filters.status_filter(CustomerStatus),
        filters.column_filter("type", CustomerType, title="type"),
        filters.OrganizationFilter,
    )
    search_fields = ("external_id",)
    search_help_text = SEARCH_HELP
    row_actions = CUSTOMER_ACTIONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """Every page names the organization and the channel."""
        return super().get_queryset(request).select_related("organization", "channel")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By what a person calls with: only fingerprints of it are kept."""
        if term := search_term.strip():
            queryset = queryset.filter(_fits(term, visible_ids(request)))
        return queryset, False

    def get_urls(self) -> list[URLPattern]:
        """The export is a file of its own."""
        view = self.admin_site.admin_view(self.export_view)
        export = path("<int:pk>/personal-data/", view, name="orders_customer_export")
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everything held about one customer, as a file."""
        if not request.user.has_perm("orders.export_customer"):
            raise PermissionDenied("This needs the permission orders.export_customer.")
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404("No such customer.")
        actor = staff_actor(request, organization_id=row.organization_id)
        export = exports.export_customer(public_id=row.public_id, actor=actor)
        text = json.dumps(exports.document_of(export), ensure_ascii=False, indent=2)
        headers = {
            "Content-Disposition": f'attachment; filename="customer-{row.public_id}.json"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(text, content_type="application/json", headers=headers)

    def page_actions(self, request: HttpRequest, row: Model) -> list[PageAction]:
        """The actions, and the export for people who may take it away."""
        offered = super().page_actions(request, row)
        if not request.user.has_perm("orders.export_customer"):
            return offered
        url = reverse("admin:orders_customer_export", args=[row.pk])
        return [PageAction("Export personal data", url, is_destructive=False, refusal=""), *offered]

    def page(self, request: HttpRequest, row: Customer) -> Mapping[str, object]:
        """What is known of the customer, opened for people who may see it, and its orders."""
        may_see = request.user.has_perm("orders.view_buyer_data")
        facts = [
            ("Id", copyable(row.public_id)),
            ("Number", row.external_id or NOTHING),
            ("Type", row.get_type_display()),
            ("Channel", row.channel.name if row.channel else NOTHING),
            ("Tags", ", ".join(row.tags) or NOTHING),
            ("Changed", moment(row.changed_at, row.organization.timezone)),
            *_personal_facts(row, may_see=may_see),
        ]
        tables = [_addresses(row)] if may_see else []
        return {"headline": self.state(row), "facts": facts, "tables": [*tables, _orders(row)]}

    @admin.display(description="customer")
    def customer(self, row: Customer) -> SafeString | str:
        return page_link(row, str(row))

    @admin.display(description="state")
    def state(self, row: Customer) -> SafeString:
        if row.erased_at is not None:
            return chip("VOID", "Erased")
        return chip(row.status, row.get_status_display())

    @admin.display(description="type")
    def kind(self, row: Customer) -> str:
        return row.get_type_display()

    @admin.display(description="channel")
    def channel_name(self, row: Customer) -> str:
        return row.channel.name if row.channel else NOTHING

    @admin.display(description="tags")
    def tag_list(self, row: Customer) -> str:
        return ", ".join(row.tags) or NOTHING

    @admin.display(description="changed")
    def changed(self, row: Customer) -> SafeString | str:
        return moment(row.changed_at, row.organization.timezone)


def _fits(term: str, organization_ids: list[int]) -> Q:
    fits = Q(external_id=term) | names_begin_with(term, organization_ids=organization_ids)
    if "@" in term:
        fits |= Q(email_hash=contacts.email_hash(term))
    if (phone := contacts.phone_hash(term)) is not None:
        fits |= Q(phone_hash=phone)
    try:
        return fits | Q(public_id=uuid.UUID(term))
    except ValueError:
        return fits


def _personal_facts(row: Customer, *, may_see: bool) -> list[tuple[str, str]]:
    if row.personal is None:
        return []
    if not may_see:
        return [("Name and contact", _HIDDEN)]
    try:
        known = personal_of(row)
    except SealBroken:
        return [("Name and contact", "The seal does not open with the keys of this installation.")]
    said = [(label, getattr(known, name)) for name, label in _PERSONAL]
    return [(label, value) for label, value in said if value]


def _addresses(row: Customer) -> dict[str, Any]:
    try:
        known = addresses_of(row.addresses.all())
    except SealBroken:
        known = ()
    return {
        "title": "Addresses",
        "labels": ["Label", "Default", "Address"],
        "rows": [
            (
                each.label or NOTHING,
                "yes" if each.is_default else "",
                ", ".join(part for name in _ADDRESS if (part := getattr(each.address, name))),
            )
            for each in known
        ],
    }


def _orders(row: Customer) -> dict[str, Any]:
    newest = Order.objects.filter(customer=row).order_by("-pk")[:_SHOWN_ORDERS]
    zone = row.organization.timezone
    return {
        "title": f"Newest orders, {_SHOWN_ORDERS} at most",
        "labels": ["Order", "Status", "Placed"],
        "rows": [
            (
                page_link(order, order.external_id),
                chip(order.status, order.get_status_display()),
                moment(order.placed_at, zone),
            )
            for order in newest
        ],
    }
