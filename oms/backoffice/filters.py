"""Filters of the lists. Each is one indexed condition, stated once for list and dashboard."""
# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q, QuerySet, TextChoices
from django.http import HttpRequest
from django.utils import timezone

from channels_app.models import Channel
from fulfillment.choices import DocumentStatus, TaskStatus
from fulfillment.models import Document, FulfillmentTask
from oms.backoffice.scope import limited, midnight, visible_organizations
from oms.locations.models import FulfillmentPoint
from oms.orders.choices import CancelRequestStatus, OrderStatus
from oms.orders.models import CancelRequest, Hold, Order

BELOW_ZERO = Q(reserved__gt=F("on_hand") - F("safety"))
OWED = Q(reserved__gt=F("on_hand"))
Conditions = dict[str, tuple[str, Callable[[HttpRequest], Q]]]


class ConditionFilter(SimpleListFilter):
    """A closed list of named conditions."""

    conditions: ClassVar[Conditions] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.conditions.get(self.value() or "")
        return queryset.filter(chosen[1](request)) if chosen else queryset


class RowFilter(SimpleListFilter):
    """Rows of a configuration table as choices; hidden while there is only one."""

    column: ClassVar[str]

    def rows(self, request: HttpRequest) -> Iterable[tuple[int, str]]:
        """Hook: key and name of each choice. None, unless a filter says so."""
        return ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(str(pk), name) for pk, name in self.rows(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if not value.isdigit():
            return queryset
        return self.narrowed(queryset, int(value))

    def narrowed(self, queryset: QuerySet[Any], key: int) -> QuerySet[Any]:
        """Hook: by the column itself unless a class says otherwise."""
        return queryset.filter(**{self.column: key})


class OrganizationFilter(RowFilter):
    title = "organization"
    parameter_name = "organization"
    column = "organization_id"

    def rows(self, request: HttpRequest) -> Iterable[tuple[int, str]]:
        seen = visible_organizations(request)
        return [(each.pk, each.name) for each in seen] if len(seen) > 1 else []


class ChannelFilter(RowFilter):
    title = "channel"
    parameter_name = "channel"
    column = "channel_id"

    def rows(self, request: HttpRequest) -> Iterable[tuple[int, str]]:
        seen = limited(Channel.objects.order_by("name", "pk"), request, "organization_id")
        return seen.values_list("pk", "name")


class PointFilter(RowFilter):
    title = "point"
    parameter_name = "point"
    column = "point_id"

    def rows(self, request: HttpRequest) -> Iterable[tuple[int, str]]:
        seen = limited(FulfillmentPoint.objects.order_by("name", "pk"), request, "organization_id")
        return seen.values_list("pk", "name")


class OrderPointFilter(PointFilter):
    def narrowed(self, queryset: QuerySet[Any], key: int) -> QuerySet[Any]:
        tasks = FulfillmentTask.objects.filter(point_id=key).exclude(status=TaskStatus.CANCELLED)
        return queryset.filter(pk__in=tasks.values("order_id"))


def status_filter(states: type[TextChoices]) -> type[SimpleListFilter]:
    """A filter over the states of a kind of row."""

    class StatusFilter(SimpleListFilter):
        title = "status"
        parameter_name = "status"

        def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
            return [(state.value, str(state.label)) for state in states]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(status=self.value()) if self.value() else queryset

    return StatusFilter


def column_filter(column: str, choices: type[TextChoices], *, title: str) -> type[SimpleListFilter]:
    """A filter over the values of one column."""

    class ColumnFilter(SimpleListFilter):
        parameter_name = column

        def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
            return [(choice.value, str(choice.label)) for choice in choices]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    ColumnFilter.title = title
    return ColumnFilter


def held(_request: HttpRequest) -> Q:
    """Orders with an open hold."""
    return Q(pk__in=Hold.objects.filter(released_at__isnull=True).values("order_id"))


def undecided(_request: HttpRequest) -> Q:
    """Orders somebody wants to cancel and nobody has decided on."""
    wishes = CancelRequest.objects.filter(status=CancelRequestStatus.OPEN)
    return Q(pk__in=wishes.values("order_id"))


def unlabelled(_request: HttpRequest) -> Q:
    """Orders with a label that failed for good."""
    failed = Document.objects.filter(status=DocumentStatus.FAILED)
    return Q(pk__in=failed.values("parcel__task__order_id"))


def late(_request: HttpRequest) -> Q:
    """Tasks whose point should have accepted by now."""
    return Q(status=TaskStatus.CREATED, accept_by__isnull=False, accept_by__lt=timezone.now())


class HoldFilter(ConditionFilter):
    title = "hold"
    parameter_name = "held"
    conditions = {"yes": ("Held", held), "no": ("Not held", lambda request: ~held(request))}


class WaitingFilter(ConditionFilter):
    title = "waiting for"
    parameter_name = "waiting"
    conditions = {
        "payment": ("Payment", lambda _: Q(status=OrderStatus.CREATED)),
        "routing": ("Routing", lambda _: Q(status=OrderStatus.PAID)),
        "stock": ("Stock or a point", lambda _: Q(status=OrderStatus.UNALLOCATED)),
        "release": ("Release of a hold", held),
        "decision": ("A decision to cancel", undecided),
        "label": ("A label that failed", unlabelled),
        "acceptance": (
            "A point that is late",
            lambda request: Q(
                pk__in=FulfillmentTask.objects.filter(late(request)).values("order_id")
            ),
        ),
    }


class ReasonFilter(SimpleListFilter):
    """Why routing served nothing, by the words before the colon. Reached from the dashboard."""

    title = "reason"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        chosen = request.GET.get(self.parameter_name)
        return [(chosen, chosen)] if chosen else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        reason = self.value()
        if not reason:
            return queryset
        said = Q(waiting_for=reason) | Q(waiting_for__startswith=f"{reason}:")
        return queryset.filter(said, status=OrderStatus.UNALLOCATED)


class PlacedFilter(ConditionFilter):
    title = "placed"
    parameter_name = "placed"
    conditions = {
        "today": ("Today", lambda request: Q(placed_at__gte=midnight(request))),
        "week": ("Last 7 days", lambda r: Q(placed_at__gte=midnight(r, days_ago=6))),
        "month": ("Last 30 days", lambda r: Q(placed_at__gte=midnight(r, days_ago=29))),
    }


def shipped_today(request: HttpRequest) -> Q:
    """Tasks that left today; the time of the last change bounds the index scan."""
    today = midnight(request)
    return Q(shipped_at__gte=today, changed_at__gte=today)


class TaskStateFilter(ConditionFilter):
    title = "attention"
    parameter_name = "attention"
    conditions = {
        "late": ("Not accepted in time", late),
        "shipped": ("Shipped today", shipped_today),
    }
