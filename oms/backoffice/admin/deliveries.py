# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.accounts.actors import staff_actor
from oms.backoffice import filters, search
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.endpoint_actions import DELIVERY_ACTIONS
from oms.backoffice.endpoint_forms import ReplayForm
from oms.backoffice.formats import NOTHING, chip, copyable, moment, number, page_link, page_url
from oms.backoffice.keyset import Ordering
from oms.backoffice.scope import limited
from oms.events import services
from oms.events.choices import DeliveryState, EventType
from oms.events.models import Delivery, DeliveryAttempt, Endpoint
from oms.events.queries import attempts_of
from oms.orders.models import Order

RECENT = 200_000  # deliveries a filter without an index looks through
MERGED = 40  # endpoints whose deliveries a list is merged from by their index
_SEES_BODIES = "orders.view_buyer_data"


def _recent() -> Q:
    newest = Delivery.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return Q(pk__gt=newest - RECENT)


class EndpointFilter(filters.RowFilter):
    title = "endpoint"
    parameter_name = "endpoint"
    column = "endpoint_id"

    def rows(self, request: HttpRequest) -> Iterable[tuple[int, str]]:
        return _endpoints(request).values_list("pk", "name")


class TypeFilter(SimpleListFilter):
    """Looks among the newest deliveries, because there can be many millions."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return EventType.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(_recent(), event__type=self.value()) if self.value() else queryset


class TimeFilter(filters.ConditionFilter):
    """Likewise among the newest."""

    title = "written"
    parameter_name = "written"
    conditions = {
        "hour": ("Last hour", lambda _: _since(hours=1)),
        "day": ("Last 24 hours", lambda _: _since(days=1)),
        "week": ("Last 7 days", lambda _: _since(days=7)),
    }


def _since(**ago: float) -> Q:
    return _recent() & Q(created_at__gte=timezone.now() - timedelta(**ago))


def _endpoints(request: HttpRequest) -> QuerySet[Endpoint]:
    kept = Endpoint.objects.filter(removed_at__isnull=True).order_by("name", "pk")
    return limited(kept, request, "organization_id")


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin[Delivery]):
    """Every message: for whom, what became of it, and each try."""

    organization_path = "endpoint__organization_id"
    keyset = Ordering(("id",), partition="endpoint_id")
    change_list_template = "admin/backoffice/deliveries.html"
    page_template = "admin/backoffice/delivery.html"
    keeps_real_time = True
    list_display = ("what", "state_chip", "order", "endpoint_name", "written", "tries", "outcome")
    list_display_links = None
    list_filter = (
        filters.column_filter("state", DeliveryState, title="state"),
        EndpointFilter,
        TypeFilter,
        TimeFilter,
    )
    list_select_related = ("event", "endpoint__organization")
    search_fields = ("event__order_ref",)
    search_help_text = search.HELP
    row_actions = DELIVERY_ACTIONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """Every page names event and endpoint."""
        return super().get_queryset(request).select_related("event", "endpoint__organization")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What was told about the orders a number leads to."""
        if search_term.strip():
            found = search.find_orders(search_term)
            queryset = queryset.filter(event__order_ref__in=found)
        return queryset, False

    def partitions(self, request: HttpRequest) -> Iterable[int]:
        """The index begins with the endpoint; more than a few dozen are read by key alone."""
        wanted = request.GET.get("endpoint", "")
        seen = list(_endpoints(request).values_list("pk", flat=True)[: MERGED + 1])
        if wanted.isdecimal():
            return [pk for pk in seen if pk == int(wanted)]
        has_removed = Endpoint.objects.filter(removed_at__isnull=False).exists()
        return seen if len(seen) <= MERGED and not has_removed else []

    def prepare_rows(self, request: HttpRequest, rows: list[Delivery]) -> None:
        """Orders of a page of deliveries."""
        refs = {row.event.order_ref for row in rows} - {None}
        orders = Order.objects.only("external_id").in_bulk(refs)
        for row in rows:
            vars(row)["order"] = orders.get(row.event.order_ref or 0)

    def get_urls(self) -> list[URLPattern]:
        """Sending many again has a page of its own."""
        view = self.admin_site.admin_view(self.replay_view)
        return [path("replay/", view, name="events_delivery_replay"), *super().get_urls()]

    def replay_view(self, request: HttpRequest) -> HttpResponse:
        """Ask which, say how many that is, and send them once somebody has read the number."""
        if not request.user.has_perm("events.change_delivery"):
            raise PermissionDenied("This needs the permission events.change_delivery.")
        first = {"endpoint": request.GET.get("endpoint")} if "endpoint" in request.GET else {}
        form = ReplayForm(request.POST or None, initial={**first}, endpoints=_endpoints(request))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Send again",
            "form": form,
        }
        if request.method == "POST" and form.is_valid():
            wanted, endpoint = form.request(), form.cleaned_data["endpoint"]
            actor = staff_actor(request, organization_id=endpoint.organization_id)
            if "confirm" in request.POST:
                sent = services.replay(request=wanted, actor=actor, now=timezone.now())
                self.message_user(
                    request, f"{sent:,} deliveries to {endpoint.name} are sent again.",
                    messages.SUCCESS,
                )  # fmt: skip
                return HttpResponseRedirect(page_url(endpoint))
            context["count"] = services.count_replay(request=wanted, actor=actor)
            context["endpoint"] = endpoint
        return TemplateResponse(request, "admin/backoffice/replay.html", context)

    def page(self, request: HttpRequest, row: Delivery) -> Mapping[str, object]:
        """The message as it is sent, and every try."""
        self.prepare_rows(request, [row])
        zone = row.endpoint.organization.timezone
        attempts = list(attempts_of(delivery=row))
        return {
            "title": row.event.get_type_display(),
            "subtitle": f"to {row.endpoint.name}",
            "headline": self.state_chip(row),
            "facts": [
                ("Order", self.order(row)),
                ("Endpoint", page_link(row.endpoint)),
                ("Event", page_link(row.event)),
                ("Message id", copyable(f"evt_{row.event.public_id.hex}")),
                ("Written", moment(row.created_at, zone)),
                ("Next try", self.next_try(row)),
                ("Ended", moment(row.finished_at, zone)),
                ("Sent again", number(row.replays)),
                ("Last error", row.last_error),
            ],
            "zone": zone,
            "attempts": [(each, _headers(each)) for each in reversed(attempts)],
            "request_headers": _headers(attempts[-1]) if attempts else [],
            **_body(request, row),
        }

    def next_try(self, row: Delivery) -> SafeString | str:
        """When it is due, as far as it is."""
        if row.state != DeliveryState.PENDING:
            return NOTHING
        return moment(row.not_before, row.endpoint.organization.timezone)

    @admin.display(description="what")
    def what(self, row: Delivery) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_url(row), row.event.get_type_display())

    @admin.display(description="state")
    def state_chip(self, row: Delivery) -> SafeString:
        return chip(row.state, row.get_state_display())

    @admin.display(description="order")
    def order(self, row: Delivery) -> SafeString | str:
        return page_link(vars(row).get("order"))

    @admin.display(description="endpoint")
    def endpoint_name(self, row: Delivery) -> SafeString | str:
        return page_link(row.endpoint)

    @admin.display(description="written")
    def written(self, row: Delivery) -> SafeString | str:
        return moment(row.created_at, row.endpoint.organization.timezone)

    @admin.display(description="tries")
    def tries(self, row: Delivery) -> str:
        return number(row.tries)

    @admin.display(description="last answer")
    def outcome(self, row: Delivery) -> str:
        return row.last_error or (f"Answered {row.last_status}" if row.last_status else NOTHING)


def _headers(attempt: DeliveryAttempt) -> list[tuple[str, str]]:
    return sorted(attempt.request_headers.items())


def _body(request: HttpRequest, row: Delivery) -> dict[str, object]:
    """The bytes as text. Messages may name buyers, so not everybody reads them."""
    if row.body is None:
        return {"body": "", "body_note": "Not made yet: it is rendered before the first try."}
    content = bytes(row.body.body)
    if not request.user.has_perm(_SEES_BODIES):
        note = f"{len(content):,} bytes. Reading them needs the permission to see buyers' data."
        return {"body": "", "body_note": note}
    return {"body": content.decode("utf-8", "replace"), "body_note": f"{len(content):,} bytes"}
