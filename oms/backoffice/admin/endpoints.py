# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from oms.accounts.actors import staff_actor
from oms.accounts.models import User
from oms.backoffice import endpoint_actions as actions
from oms.backoffice import filters
from oms.backoffice.acting import PageAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.endpoint_forms import ChangeForm, RegisterForm, RotateForm
from oms.backoffice.formats import NOTHING, chip, copyable, moment, number, page_link, page_url
from oms.backoffice.scope import visible_organizations
from oms.events import services
from oms.events.choices import BreakerState, EndpointFormat, EndpointState
from oms.events.models import Endpoint, EndpointHealth
from oms.events.queries import EndpointStats, SuccessRate, endpoint_stats
from oms.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class _Question:
    """A page that asks, and where its answers lead."""

    title: str
    text: str
    label: str
    form: Form
    back: str


def bare_url(url: str) -> str:
    """A URL without what may be a secret in it: user, password and query."""
    parts = urlsplit(url)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return f"{shown}?…" if parts.query else shown


def percent(rate: SuccessRate) -> SafeString | str:
    """A share of successes; the counts on hovering."""
    if rate.share is None:
        return NOTHING
    tone = "good" if rate.share >= 0.99 else "warn" if rate.share >= 0.7 else "bad"  # noqa: PLR2004 - as coloured
    counts = f"{rate.attempts - rate.failures:,} of {rate.attempts:,}"
    share = int(rate.share * 1000) / 10  # rounded down: a failure is never 100 %
    return format_html(
        '<span class="rate rate-{}" title="{}">{} %</span>', tone, counts, f"{share:g}"
    )


@admin.register(Endpoint)
class EndpointAdmin(RecordAdmin[Endpoint]):
    """Who hears of news, and how telling them goes."""

    page_template = "admin/backoffice/endpoint.html"
    keeps_real_time = True
    list_display = (
        "name_link",
        "state_chip",
        "hour",
        "day",
        "week",
        "p95",
        "oldest",
        "next_attempt",
        "last_error",
    )
    list_display_links = None
    list_filter = (
        filters.column_filter("state", EndpointState, title="state"),
        filters.column_filter("format", EndpointFormat, title="format"),
        filters.OrganizationFilter,
    )
    list_select_related = ("organization", "health")
    search_fields = ("name",)
    search_help_text = "Name"
    row_actions = actions.ENDPOINT_ACTIONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Endpoint]:
        """Those that were removed are only in the events."""
        kept = super().get_queryset(request).filter(removed_at__isnull=True)
        return kept.select_related("organization", "client", "health").defer("headers")

    def get_urls(self) -> list[URLPattern]:
        """Changing and rotating have pages of their own."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/settings/", view(self.settings_view), name="events_endpoint_settings"),
            path("<int:pk>/rotate/", view(self.rotate_view), name="events_endpoint_rotate"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Through the service that registers them."""
        return request.user.has_perm("events.add_endpoint")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Register an endpoint; its secret is shown on this one answer."""
        self._demand(request, "events.add_endpoint")
        form = RegisterForm(
            request.POST or None,
            organizations=visible_organizations(request),
            runs_this=_runs_this(request),
        )
        question = _Question(
            title="New endpoint",
            text="News that is recorded from now on is sent there.",
            label="Register",
            form=form,
            back=reverse("admin:events_endpoint_changelist"),
        )
        if request.method != "POST" or not form.is_valid():
            return self._asked(request, question)
        try:
            draft = form.draft()
            actor = staff_actor(request, organization_id=draft.organization_id)
            made = services.register_endpoint(draft=draft, actor=actor, now=timezone.now())
        except DomainError as refused:
            form.add_error(None, str(refused))
            return self._asked(request, question)
        return self._told(request, made.endpoint, made.secret)

    def settings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what may change."""
        endpoint = self._endpoint(request, pk, "events.change_endpoint")
        form = ChangeForm.of(endpoint, request.POST or None, runs_this=_runs_this(request))
        question = _Question(
            title=f"Settings of {endpoint.name}",
            text="What was written before is sent with the new settings, too.",
            label="Save",
            form=form,
            back=page_url(endpoint),
        )
        if request.method != "POST" or not form.is_valid():
            return self._asked(request, question)
        try:
            services.change_endpoint(
                endpoint_id=endpoint.pk,
                change=form.change(),
                actor=staff_actor(request, organization_id=endpoint.organization_id),
                now=timezone.now(),
            )
        except DomainError as refused:
            form.add_error(None, str(refused))
            return self._asked(request, question)
        self.message_user(request, f"{endpoint.name} was changed.", messages.SUCCESS)
        return HttpResponseRedirect(page_url(endpoint))

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new secret and show it on this one answer."""
        endpoint = self._endpoint(request, pk, "events.change_endpoint")
        form = RotateForm(request.POST or None)
        question = _Question(
            title=f"New secret for {endpoint.name}",
            text="The new secret is shown once, on the next page. Until the old one ends, every "
            "message is signed with both.",
            label="Make secret",
            form=form,
            back=page_url(endpoint),
        )
        if request.method != "POST" or not form.is_valid():
            return self._asked(request, question)
        try:
            secret = services.rotate_secret(
                endpoint_id=endpoint.pk,
                actor=staff_actor(request, organization_id=endpoint.organization_id),
                now=timezone.now(),
                grace_seconds=form.cleaned_data["grace_seconds"],
            )
        except DomainError as refused:
            form.add_error(None, str(refused))
            return self._asked(request, question)
        return self._told(request, endpoint, secret)

    def page_actions(self, request: HttpRequest, row: Any) -> list[PageAction]:
        """Beside the switches: the pages with forms, and sending again."""
        offered = super().page_actions(request, row)
        if not request.user.has_perm("events.change_endpoint"):
            return offered
        again = reverse("admin:events_delivery_replay") + f"?endpoint={row.pk}"
        mine = [
            PageAction("Settings", reverse("admin:events_endpoint_settings", args=[row.pk]),
                       is_destructive=False, refusal=""),
            PageAction("New secret", reverse("admin:events_endpoint_rotate", args=[row.pk]),
                       is_destructive=False, refusal=actions.secret_refusal(row)),
            PageAction("Send again", again, is_destructive=False, refusal=""),
        ]  # fmt: skip
        return [*mine, *offered]

    def prepare_rows(self, request: HttpRequest, rows: list[Endpoint]) -> None:
        """Statistics of a page of endpoints."""
        stats = endpoint_stats([row.pk for row in rows], timezone.now())
        for row in rows:
            vars(row)["stats"] = stats.get(row.pk)

    def page(self, request: HttpRequest, row: Endpoint) -> Mapping[str, object]:
        """How it goes, what is set, and the way to its deliveries."""
        self.prepare_rows(request, [row])
        zone = row.organization.timezone
        health: EndpointHealth | None = getattr(row, "health", None)
        return {
            "subtitle": bare_url(row.url),
            "headline": self.state_chip(row),
            "stats": self._figures(row),
            "troubles": _troubles(row, health, zone),
            "facts": _settings(row, zone),
            "words": row.words or ["everything the format offers"],
        }

    def _figures(self, row: Endpoint) -> list[tuple[str, object]]:
        return [
            ("Success, 1 h", self.hour(row)),
            ("24 h", self.day(row)),
            ("7 days", self.week(row)),
            ("95 % within", self.p95(row)),
            ("Oldest waiting", self.oldest(row)),
            ("Next try", self.next_attempt(row)),
        ]

    def _demand(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(permission):
            raise PermissionDenied(f"This needs the permission {permission}.")

    def _endpoint(self, request: HttpRequest, pk: int, permission: str) -> Endpoint:
        self._demand(request, permission)
        endpoint = self.get_object(request, str(pk))
        if endpoint is None:
            raise Http404("No such endpoint.")
        return endpoint

    def _asked(self, request: HttpRequest, question: _Question) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": question.title,
            "question": question,
        }
        return TemplateResponse(request, "admin/backoffice/question.html", context)

    def _told(self, request: HttpRequest, endpoint: Endpoint, secret: str) -> HttpResponse:
        """Where a secret was made it is shown here, and nowhere ever again."""
        if not secret:
            self.message_user(request, f"{endpoint.name} was registered.", messages.SUCCESS)
            return HttpResponseRedirect(page_url(endpoint))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"The secret of {endpoint.name}",
            "endpoint": endpoint,
            "secret": secret,
        }
        response = TemplateResponse(request, "admin/backoffice/endpoint_secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.display(description="endpoint")
    def name_link(self, row: Endpoint) -> SafeString:
        return format_html(
            '<a class="strong" href="{}">{}</a><span class="sub quiet">{}</span>',
            page_url(row),
            row.name,
            row.get_format_display(),
        )

    @admin.display(description="state")
    def state_chip(self, row: Endpoint) -> SafeString:
        state = chip(row.state, row.get_state_display())
        health: EndpointHealth | None = getattr(row, "health", None)
        if health is None or health.breaker == BreakerState.CLOSED:
            return state
        breaker = f"Breaker {health.get_breaker_display().lower()}"
        return format_html("{} {}", state, chip("UNALLOCATED", breaker))

    @admin.display(description="1 h")
    def hour(self, row: Endpoint) -> SafeString | str:
        return _stat(row, lambda stats: percent(stats.hour))

    @admin.display(description="24 h")
    def day(self, row: Endpoint) -> SafeString | str:
        return _stat(row, lambda stats: percent(stats.day))

    @admin.display(description="7 days")
    def week(self, row: Endpoint) -> SafeString | str:
        return _stat(row, lambda stats: percent(stats.week))

    @admin.display(description="95 % within")
    def p95(self, row: Endpoint) -> SafeString | str:
        return _stat(row, lambda stats: f"{number(stats.p95_ms)} ms" if stats.p95_ms else NOTHING)

    @admin.display(description="oldest waiting")
    def oldest(self, row: Endpoint) -> SafeString | str:
        now = timezone.now()

        def shown(stats: EndpointStats) -> str:
            age = stats.oldest_pending_age
            return NOTHING if age is None else timesince(now - age, now, depth=1)

        return _stat(row, shown)

    @admin.display(description="next try")
    def next_attempt(self, row: Endpoint) -> SafeString | str:
        zone = row.organization.timezone
        return _stat(row, lambda stats: moment(stats.next_attempt_at, zone))

    @admin.display(description="last error")
    def last_error(self, row: Endpoint) -> SafeString | str:
        zone = row.organization.timezone

        def shown(stats: EndpointStats) -> SafeString | str:
            if not stats.last_error:
                return NOTHING
            when = moment(stats.last_failure_at, zone)
            return format_html('{} <span class="quiet">{}</span>', stats.last_error, when)

        return _stat(row, shown)


def _runs_this(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def _stat(row: Endpoint, show: Any) -> SafeString | str:
    stats: EndpointStats | None = vars(row).get("stats")
    shown: SafeString | str = show(stats) if stats else NOTHING
    return shown


def _troubles(row: Endpoint, health: EndpointHealth | None, zone: str) -> Sequence[SafeString]:
    """What keeps news from being sent right now, and since when it fails."""
    said = []
    if row.state_reason:
        said.append(format_html("{}", row.state_reason))
    if health and health.breaker != BreakerState.CLOSED:
        until = moment(health.breaker_until, zone)
        said.append(format_html("The breaker is open; the next try is due {}", until))
    if health and health.not_before and health.not_before > timezone.now():
        said.append(
            format_html("The receiver asked to wait until {}", moment(health.not_before, zone))
        )
    if health and health.failing_since:
        since = moment(health.failing_since, zone)
        many = number(health.failures_in_a_row)
        said.append(format_html("Failing since {}: {} times in a row", since, many))
    return said


def _settings(row: Endpoint, zone: str) -> list[tuple[str, object]]:
    bound = row.client or "the organization"
    return [
        ("Description", row.description or "none"),
        ("URL", copyable(bare_url(row.url))),
        ("Format", row.get_format_display()),
        ("Client", page_link(row.client) if row.client else bound),
        ("Order of news", "kept per subject" if row.is_ordered else "best effort"),
        ("In flight at most", row.max_in_flight),
        ("Per second at most", f"{row.rate:g}" if row.rate else "no limit"),
        ("Private networks", "allowed" if row.allow_private_network else "refused"),
        ("Verified", moment(row.verified_at, zone)),
        ("Organization", row.organization.name),
    ]
