# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from fulfillment.models import Document
from oms.backoffice import filters, forms, search
from oms.backoffice.acting import Call, RowAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.fixes import FIXES, Fix
from oms.backoffice.formats import NOTHING, moment, page_url
from oms.backoffice.scope import visible_ids
from oms.inbox import queries, services
from oms.inbox.choices import Severity
from oms.inbox.kinds import UnknownKind, all_kinds
from oms.inbox.models import Entry
from oms.kernel.errors import Conflict

# Where the back office shows what an entry is about.
_PAGES = {
    "order": "orders_order",
    "cancel_request": "orders_cancelrequest",
    "hold": "orders_hold",
    "document": "fulfillment_document",
    "task": "fulfillment_fulfillmenttask",
    "event": "events_event",
    "endpoint": "events_endpoint",
    "channel": "channels_app_channel",
    "sync_mark": "channels_app_syncmark",
    "remote_update": "channels_app_remoteupdate",
}
_TONES = {Severity.BLOCKS: "bad", Severity.WARNS: "warn"}
_CHANGE = "inbox.change_entry"


class NotItsFix(Conflict):
    """The fix mends another kind of trouble."""

    code = "inbox_not_its_fix"


class StateFilter(filters.ConditionFilter):
    """Open entries unless something else is asked for."""

    title = "state"
    parameter_name = "state"
    conditions = {
        "snoozed": (
            "Put off",
            lambda _: Q(closed_at__isnull=True, snoozed_until__gt=timezone.now()),
        ),
        "closed": ("Closed", lambda _: Q(closed_at__isnull=False)),
        "all": ("Everything", lambda _: Q()),
    }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in self.conditions:
            return super().queryset(request, queryset)
        waiting: QuerySet[Any] = queryset.waiting(timezone.now())  # type: ignore[attr-defined] # rows of Entry
        return waiting

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": "To do"}
        yield from others


class KindFilter(SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(code, kind.label) for code, kind in all_kinds().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


def _raised_before(**ago: float) -> Callable[[HttpRequest], Q]:
    return lambda _: Q(raised_at__lte=timezone.now() - timedelta(**ago))


class AgeFilter(filters.ConditionFilter):
    title = "age"
    parameter_name = "age"
    conditions = {
        "hour": ("Over an hour", _raised_before(hours=1)),
        "day": ("Over a day", _raised_before(days=1)),
        "week": ("Over a week", _raised_before(days=7)),
    }


class DeadlineFilter(filters.ConditionFilter):
    title = "deadline"
    parameter_name = "deadline"
    conditions = {
        "over": ("Passed", lambda _: Q(deadline_at__lt=timezone.now())),
        "day": (
            "Within a day",
            lambda _: Q(
                deadline_at__gte=timezone.now(), deadline_at__lt=timezone.now() + timedelta(days=1)
            ),
        ),
    }


class OwnerFilter(filters.ConditionFilter):
    title = "owner"
    parameter_name = "owner"
    conditions = {
        "me": ("Me", lambda request: Q(owner_id=request.user.pk)),
        "nobody": ("Nobody", lambda _: Q(owner__isnull=True)),
        "somebody": ("Somebody", lambda _: Q(owner__isnull=False)),
    }


def _closed(entry: Entry) -> str:
    return "" if entry.is_open else "its cause is gone already"


def _fix_refusal(fix: Fix, entry: Entry) -> str:
    if not entry.is_open:
        return _closed(entry)
    kind = all_kinds().get(entry.kind)
    return "" if kind and kind.fix == fix.name else "this is not what mends it"


def _mend(fix: Fix, call: Call) -> str:
    return fix.work(call.row, call.actor, call.now)


def _take(call: Call) -> str:
    services.assign(entry_id=call.row.pk, owner=call.actor.ref, actor=call.actor, now=call.now)
    return "is yours."


def _give(call: Call) -> str:
    name = call.answers["owner"].strip()
    services.assign(entry_id=call.row.pk, owner=name, actor=call.actor, now=call.now)
    return f"was given to {name}." if name else "is nobody's."


def _snooze(call: Call) -> str:
    until = call.now + timedelta(hours=call.answers["hours"])
    services.snooze(entry_id=call.row.pk, until=until, actor=call.actor, now=call.now)
    return "is out of sight until then, or until its cause is gone."


def _name(entry: Entry) -> str:
    return entry.title


_FIX_ACTIONS = tuple(
    RowAction(
        name=fix.name,
        label=fix.label,
        explanation=fix.explanation,
        permission=fix.permission,
        refusal=partial(_fix_refusal, fix),
        work=partial(_mend, fix),
        name_of=_name,
    )
    for fix in FIXES.values()
)
_DESK_ACTIONS = (
    RowAction(
        name="take",
        label="Take",
        explanation="Everybody sees that you look after it.",
        permission=_CHANGE,
        refusal=_closed,
        work=_take,
        name_of=_name,
    ),
    RowAction(
        name="give",
        label="Give to somebody",
        explanation="Everybody sees who looks after it.",
        permission=_CHANGE,
        form=forms.OwnerForm,
        refusal=_closed,
        work=_give,
        name_of=_name,
    ),
    RowAction(
        name="snooze",
        label="Put off",
        explanation="It is out of sight for a while. Nothing else changes.",
        permission=_CHANGE,
        form=forms.SnoozeForm,
        refusal=_closed,
        work=_snooze,
        name_of=_name,
    ),
)


@admin.register(Entry)
class EntryAdmin(RecordAdmin[Entry]):
    """Everything stuck, in one list: why, since when, who looks after it, and what mends it."""

    change_list_template = "admin/backoffice/inbox.html"
    keeps_real_time = True
    list_display = ("subject", "trouble", "suggestion", "since", "deadline", "owner_name")
    list_display_links = None
    list_filter = (
        StateFilter,
        KindFilter,
        AgeFilter,
        DeadlineFilter,
        OwnerFilter,
        filters.OrganizationFilter,
    )
    list_select_related = ("organization", "owner")
    search_fields = ("order_ref",)
    search_help_text = search.HELP
    row_actions = (*_FIX_ACTIONS, *_DESK_ACTIONS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        """Times are shown in the organization's zone."""
        return super().get_queryset(request).select_related("organization", "owner")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What is stuck of the orders a number leads to."""
        if search_term.strip():
            queryset = queryset.filter(order_ref__in=search.find_orders(search_term))
        return queryset, False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With what waits, by kind, above the list."""
        groups = queries.groups(organization_ids=visible_ids(request), now=timezone.now())
        return super().changelist_view(request, {**(extra_context or {}), "groups": groups})

    def allowed_actions(self, request: HttpRequest) -> Iterable[RowAction]:
        """On the list of one kind, only what mends that kind, and the desk's own."""
        kind = all_kinds().get(request.GET.get("kind", ""))
        return [
            action
            for action in super().allowed_actions(request)
            if kind is None or action.name not in FIXES or action.name == kind.fix
        ]

    def act(self, request: HttpRequest, name: str) -> HttpResponse:
        """Afterwards look at once whether the causes are gone, instead of at the next sweep."""
        response = super().act(request, name)
        if request.method == "POST" and name in FIXES:
            ids = [part for part in request.POST.get("ids", "").split(",") if part.isdecimal()]
            acted = Entry.objects.filter(pk__in=ids)
            for kind in acted.order_by("kind").values_list("kind", flat=True).distinct():
                services.reconcile(kind=kind, now=timezone.now(), fixed_ids=[int(i) for i in ids])
        return response

    def prepare_rows(self, request: HttpRequest, rows: list[Entry]) -> None:
        """What carriers said stays with the documents, so it is read from there."""
        ids = [row.subject_id for row in rows if row.subject_type == "document"]
        errors = dict(Document.objects.filter(pk__in=ids).values_list("pk", "last_error"))
        for row in rows:
            is_document = row.subject_type == "document"
            vars(row)["said"] = errors.get(row.subject_id, "") if is_document else ""

    def page_actions(self, request: HttpRequest, row: Any) -> list[Any]:
        """Fixes of other kinds are no buttons here."""
        offered = super().page_actions(request, row)
        fitting = {action.label for action in _DESK_ACTIONS}
        kind = all_kinds().get(row.kind)
        if kind and kind.fix in FIXES:
            fitting.add(FIXES[kind.fix].label)
        return [action for action in offered if action.label in fitting]

    def page(self, request: HttpRequest, row: Entry) -> Mapping[str, object]:
        """As in the list."""
        zone = row.organization.timezone
        self.prepare_rows(request, [row])
        return {
            "title": row.title,
            "subtitle": row.reason,
            "headline": self.kind_chip(row),
            "facts": [
                ("About", self.subject(row)),
                ("What mends it", self.suggestion(row)),
                ("Said", vars(row)["said"]),
                ("Raised", moment(row.raised_at, zone)),
                ("Seen last", moment(row.last_seen_at, zone)),
                ("Deadline", moment(row.deadline_at, zone)),
                ("Owner", self.owner_name(row)),
                ("Put off until", moment(row.snoozed_until, zone)),
                ("Closed", moment(row.closed_at, zone)),
                ("How", row.get_closed_how_display()),
                ("Organization", row.organization.name),
            ],
        }

    def kind_chip(self, row: Entry) -> SafeString:
        """The kind in the colour of its severity, grey once the entry is closed."""
        kind = all_kinds().get(row.kind)
        tone = "off" if not row.is_open or kind is None else _TONES[kind.severity]
        label = kind.label if kind else row.kind
        return format_html('<span class="chip chip-{}">{}</span>', tone, label)

    @admin.display(description="what")
    def subject(self, row: Entry) -> SafeString | str:
        name = _PAGES.get(row.subject_type)
        if name is None:
            return row.title
        address = reverse(f"admin:{name}_change", args=[row.subject_id])
        return format_html('<a class="strong" href="{}">{}</a>', address, row.title)

    @admin.display(description="why")
    def trouble(self, row: Entry) -> SafeString:
        said: str = vars(row).get("said", "")
        return format_html(
            '<a href="{}">{}</a><span class="waits">{}{}</span>',
            page_url(row),
            self.kind_chip(row),
            row.reason,
            f": {said}" if said else "",
        )

    @admin.display(description="what mends it")
    def suggestion(self, row: Entry) -> str:
        try:
            return row.meaning.suggestion
        except UnknownKind:
            return NOTHING

    @admin.display(description="for")
    def since(self, row: Entry) -> SafeString | str:
        shown = moment(row.raised_at, row.organization.timezone)
        if not row.is_open:
            return shown
        age = timesince(row.raised_at, timezone.now(), depth=1)
        return format_html('<span class="age">{}</span> <span class="quiet">{}</span>', age, shown)

    @admin.display(description="deadline")
    def deadline(self, row: Entry) -> SafeString | str:
        shown = moment(row.deadline_at, row.organization.timezone)
        is_over = row.is_open and row.deadline_at and row.deadline_at < timezone.now()
        return format_html('<span class="overdue">{}</span>', shown) if is_over else shown

    @admin.display(description="owner")
    def owner_name(self, row: Entry) -> str:
        return row.owner.get_short_name() or row.owner.get_username() if row.owner else NOTHING
