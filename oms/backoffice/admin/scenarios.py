# ruff: noqa: ARG002 - the arguments of these hooks are fixed by Django

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment.choices import ScenarioKind, VersionState
from fulfillment.models import Scenario, ScenarioVersion
from oms.backoffice import filters
from oms.backoffice.acting import PageAction
from oms.backoffice.admin.base import RecordAdmin
from oms.backoffice.formats import NOTHING, actor_name, chip, moment
from oms.backoffice.scenarios import editing, trying

MAY_CHANGE = "fulfillment.change_scenario"


@admin.register(Scenario)
class ScenarioAdmin(RecordAdmin[Scenario]):
    """How orders find their points: scenarios, their versions and drafts."""

    page_template = "admin/backoffice/scenario.html"
    list_display = ("name", "kind_name", "priority", "state", "acts", "draft", "organization")
    list_filter = (
        filters.column_filter("kind", ScenarioKind, title="kind"),
        filters.OrganizationFilter,
    )
    search_fields = ("name", "code")
    search_help_text = "Name or code"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Django's own: there are few, and the first one asked comes first."""
        return ChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """As they are asked."""
        return ("organization__name", "kind", "priority", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Every page names the organization and the versions, without their rules."""
        versions = ScenarioVersion.objects.defer("rules").order_by("-number")
        rows = super().get_queryset(request).select_related("organization")
        return rows.prefetch_related(Prefetch("versions", queryset=versions))

    def get_urls(self) -> list[URLPattern]:
        """Editing, comparing and trying out have pages of their own."""
        view = self.admin_site.admin_view
        pages: list[tuple[str, Any, str]] = [
            ("try/", trying.try_view, "try"),
            ("<int:pk>/back-test/", trying.back_test_view, "back_test"),
            ("<int:pk>/settings/", editing.settings_view, "settings"),
            ("<int:pk>/rules/", editing.rules_view, "rules"),
            ("<int:pk>/publish/", editing.publish_view, "publish"),
            ("<int:pk>/discard/", editing.discard_view, "discard"),
            ("<int:pk>/compare/", editing.compare_view, "compare"),
        ]
        own = [
            path(route, view(page), name=f"fulfillment_scenario_{name}")
            for route, page, name in pages
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Through the service that makes them."""
        return request.user.has_perm("fulfillment.add_scenario")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A scenario with empty rules, switched off until somebody says otherwise."""
        return editing.add_view(request)

    def page_actions(self, request: HttpRequest, row: Any) -> list[PageAction]:
        """What can be done with the scenario."""
        draft = draft_of(row)
        again = f"{reverse('admin:fulfillment_scenario_try')}?scenario={row.pk}"
        shown = [
            PageAction("Try an order", again, is_destructive=False, refusal=""),
            _action("Back-test", "back_test", row),
        ]
        if not request.user.has_perm(MAY_CHANGE):
            return shown
        none = "" if draft else "there is no draft"
        return [
            _action("Edit rules", "rules", row),
            _action("Publish draft", "publish", row, refusal=none),
            _action("Discard draft", "discard", row, refusal=none, is_destructive=True),
            _action("Settings", "settings", row),
            *shown,
        ]

    def page(self, request: HttpRequest, row: Scenario) -> Mapping[str, object]:
        """What it is, and its versions."""
        zone = row.organization.timezone
        return {
            "title": row.name,
            "subtitle": row.description or row.get_kind_display(),
            "headline": self.state(row),
            "facts": [
                ("Organization", str(row.organization)),
                ("Code", row.code),
                ("Kind", row.get_kind_display()),
                ("Priority", str(row.priority)),
                ("Acts by", self.acts(row)),
                ("Draft", self.draft(row)),
            ],
            "compare_url": reverse("admin:fulfillment_scenario_compare", args=[row.pk]),
            "versions": [_shown(version, zone) for version in row.versions.all()],
        }

    @admin.display(description="kind")
    def kind_name(self, row: Scenario) -> str:
        return "Transfer" if row.kind == ScenarioKind.TRANSFER else "Distribution"

    @admin.display(description="state")
    def state(self, row: Scenario) -> SafeString:
        return chip("READY", "Active") if row.is_active else chip("VOID", "Inactive")

    @admin.display(description="acts by")
    def acts(self, row: Scenario) -> str:
        acting = [each for each in row.versions.all() if each.state == VersionState.ACTIVE]
        return f"version {max(each.number for each in acting)}" if acting else NOTHING

    @admin.display(description="draft")
    def draft(self, row: Scenario) -> SafeString | str:
        draft = draft_of(row)
        if draft is None:
            return NOTHING
        url = reverse("admin:fulfillment_scenario_rules", args=[row.pk])
        return format_html('<a href="{}">version {}</a>', url, draft.number)


def draft_of(scenario: Scenario) -> ScenarioVersion | None:
    """The draft among versions that were read already."""
    drafts = [each for each in scenario.versions.all() if each.state == VersionState.DRAFT]
    return drafts[0] if drafts else None


def _action(
    label: str, name: str, row: Scenario, *, refusal: str = "", is_destructive: bool = False
) -> PageAction:
    url = reverse(f"admin:fulfillment_scenario_{name}", args=[row.pk])
    return PageAction(label, url, is_destructive=is_destructive, refusal=refusal)


def _shown(version: ScenarioVersion, zone: str) -> dict[str, Any]:
    tones = {VersionState.ACTIVE: "ACTIVE", VersionState.DRAFT: "PENDING"}
    return {
        "number": version.number,
        "state": chip(tones.get(VersionState(version.state), "VOID"), version.get_state_display()),
        "note": version.note or NOTHING,
        "by": actor_name(version.created_by) or NOTHING,
        "at": moment(version.created_at, zone),
        "published": moment(version.published_at, zone),
        "publisher": actor_name(version.published_by),
    }
