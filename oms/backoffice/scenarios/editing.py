"""Making scenarios, drafts of their rules, comparing versions, publishing and discarding."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fulfillment.choices import ScenarioKind, VersionState
from fulfillment.models import Scenario, ScenarioVersion
from fulfillment.routing.schema import RulesInvalid
from fulfillment.services import scenarios as services
from oms.accounts import clocks
from oms.accounts.actors import staff_actor
from oms.backoffice.differences import differences
from oms.backoffice.formats import page_url
from oms.backoffice.pages import demand
from oms.backoffice.scenarios.frame import draw, scenario_of
from oms.backoffice.scenarios.rules_form import rules_form
from oms.backoffice.schema_forms import SchemaForm
from oms.backoffice.scope import visible_organizations
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError

VIEW, CHANGE, ADD = (
    "fulfillment.view_scenario", "fulfillment.change_scenario", "fulfillment.add_scenario",
)  # fmt: skip


class ScenarioForm(forms.Form):
    """What a scenario is, without its rules."""

    name = forms.CharField(max_length=255)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(choices=ScenarioKind)
    priority = forms.IntegerField(initial=100, help_text="Lower is asked first")
    is_active = forms.BooleanField(label="Takes part", required=False)

    def draft(self, code: str) -> services.ScenarioDraft:
        """The answers, for the service."""
        said = self.cleaned_data
        return services.ScenarioDraft(
            code=code,
            name=said["name"],
            description=said["description"],
            kind=ScenarioKind(said["kind"]),
            priority=said["priority"],
            is_active=said["is_active"],
        )


class NewScenarioForm(ScenarioForm):
    organization = forms.ChoiceField()
    code = forms.SlugField(max_length=64, help_text="For good; letters, digits, - and _")

    field_order = ("organization", "code", "name", "description", "kind", "priority", "is_active")

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(each.pk), each.name) for each in organizations]
        self.fields["organization"] = forms.ChoiceField(choices=own)
        self.order_fields(self.field_order)


def add_view(request: HttpRequest) -> HttpResponse:
    """Make a scenario, then go on to its rules."""
    demand(request, ADD)
    form = NewScenarioForm(request.POST or None, organizations=visible_organizations(request))
    if request.method == "POST" and form.is_valid():
        organization_id = int(form.cleaned_data["organization"])
        try:
            made = services.create_scenario(
                organization_id=organization_id,
                draft=form.draft(form.cleaned_data["code"]),
                rules={},
                actor=staff_actor(request, organization_id=organization_id),
                now=clocks.now_of(organization_id),
            )
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{made.name} was made. Now its rules.")
            return HttpResponseRedirect(_url("rules", made))
    context = {
        "title": "New scenario",
        "text": "It begins with empty rules, which take every order. Let it take part once its "
        "rules are published.",
        "label": "Make scenario",
        "form": form,
        "back": reverse("admin:fulfillment_scenario_changelist"),
    }
    return draw(request, "scenario_settings.html", context)


def settings_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, move, switch on or off."""
    scenario = scenario_of(request, pk, CHANGE)
    known = {name: getattr(scenario, name) for name in ScenarioForm.base_fields}
    form = ScenarioForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_scenario(
                scenario_id=scenario.pk,
                draft=form.draft(scenario.code),
                actor=_actor(request, scenario),
                now=clocks.now_of(scenario.organization_id),
            )
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{form.cleaned_data['name']} was changed.")
            return HttpResponseRedirect(page_url(scenario))
    context = {
        "title": f"Settings of {scenario.name}",
        "text": "",
        "label": "Save",
        "form": form,
        "back": page_url(scenario),
    }
    return draw(request, "scenario_settings.html", context)


def rules_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the draft; where there is none, it begins with the rules that act."""
    scenario = scenario_of(request, pk, CHANGE)
    draft = scenario.versions.filter(state=VersionState.DRAFT).first()
    begin = draft or services.acting_version(scenario)
    if request.method != "POST":
        form = rules_form(scenario, rules=begin.rules if begin else {})
        return _editor(request, scenario, form, begin)
    form = rules_form(scenario, posted=request.POST)
    if not form.is_valid():
        return _editor(request, scenario, form, begin)
    saved = _saved(request, scenario, form)
    if saved is None:
        return _editor(request, scenario, form, begin)
    messages.success(request, f"Version {saved.number} is a draft; it does not act yet.")
    target = "publish" if "_publish" in request.POST else "rules"
    return HttpResponseRedirect(_url(target, scenario))


def _saved(request: HttpRequest, scenario: Scenario, form: SchemaForm) -> ScenarioVersion | None:
    """The draft; None where the service refused, which then stands in the form."""
    try:
        return services.draft_version(
            scenario_id=scenario.pk,
            rules=form.value,
            note=request.POST.get("note", "")[:255],
            actor=_actor(request, scenario),
            now=clocks.now_of(scenario.organization_id),
        )
    except RulesInvalid as refused:
        for problem in refused.problems:
            form.add_errors({problem.path: [problem.text]})
    except DomainError as refused:
        form.add_errors({"": [str(refused)]})
    return None


def _editor(
    request: HttpRequest, scenario: Scenario, form: SchemaForm, begin: ScenarioVersion | None
) -> HttpResponse:
    is_draft = begin is not None and begin.state == VersionState.DRAFT
    context = {
        "title": f"Rules of {scenario.name}",
        "scenario": scenario,
        "original": scenario,
        "form": form,
        "begin": begin,
        "is_draft": is_draft,
        "note": request.POST.get("note", begin.note if begin and is_draft else ""),
        "back": page_url(scenario),
    }
    return draw(request, "scenario_rules.html", context)


def publish_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the draft changes, then let it act."""
    scenario = scenario_of(request, pk, CHANGE)
    draft = scenario.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        messages.warning(request, "There is no draft to publish.")
        return HttpResponseRedirect(page_url(scenario))
    if request.method == "POST":
        try:
            services.publish_version(
                version_id=draft.pk,
                actor=_actor(request, scenario),
                now=clocks.now_of(scenario.organization_id),
            )
        except DomainError as refused:
            messages.warning(request, str(refused))
            return HttpResponseRedirect(_url("rules", scenario))
        messages.success(request, f"Version {draft.number} of {scenario.name} acts from now on.")
        return HttpResponseRedirect(page_url(scenario))
    acting = services.acting_version(scenario)
    context = {
        "title": f"Publish version {draft.number} of {scenario.name}?",
        "original": scenario,
        "before": f"Version {acting.number}" if acting else "Nothing",
        "after": f"Version {draft.number}",
        "found": differences(acting.rules if acting else {}, draft.rules),
        "label": "Publish",
        "text": "From now on orders are routed by it; what waits is tried again at once.",
        "back": page_url(scenario),
        "edit_url": _url("rules", scenario),
    }
    return draw(request, "scenario_compare.html", context)


def discard_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then forget the draft."""
    scenario = scenario_of(request, pk, CHANGE)
    draft = scenario.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        messages.warning(request, "There is no draft to discard.")
        return HttpResponseRedirect(page_url(scenario))
    if request.method == "POST":
        try:
            services.discard_draft(version_id=draft.pk, actor=_actor(request, scenario))
        except DomainError as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, f"The draft of {scenario.name} is gone.")
        return HttpResponseRedirect(page_url(scenario))
    acting = services.acting_version(scenario)
    context = {
        "title": f"Discard the draft of {scenario.name}?",
        "original": scenario,
        "before": f"Version {acting.number}" if acting else "Nothing",
        "after": f"Draft {draft.number}",
        "found": differences(acting.rules if acting else {}, draft.rules),
        "label": "Discard",
        "is_destructive": True,
        "text": "What it says is lost.",
        "back": page_url(scenario),
    }
    return draw(request, "scenario_compare.html", context)


def compare_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions, member by member."""
    scenario = scenario_of(request, pk, VIEW)
    versions = {each.number: each for each in scenario.versions.order_by("-number")}
    before, after = _chosen(request, sorted(versions))
    context = {
        "title": f"Versions of {scenario.name}",
        "original": scenario,
        "numbers": list(versions),
        "first": before,
        "second": after,
        "before": f"Version {before}",
        "after": f"Version {after}",
        "found": differences(
            versions[before].rules if before in versions else {},
            versions[after].rules if after in versions else {},
        ),
        "back": page_url(scenario),
    }
    return draw(request, "scenario_compare.html", context)


def _chosen(request: HttpRequest, numbers: list[int]) -> tuple[int, int]:
    """The two that were asked for; else the last two."""
    latest = [0, 0, *numbers][-2:]
    asked = [request.GET.get(name, "") for name in ("before", "after")]
    found = [
        int(text) if text.isdecimal() and int(text) in numbers else usual
        for text, usual in zip(asked, latest, strict=True)
    ]
    return found[0], found[1]


def _actor(request: HttpRequest, scenario: Scenario) -> Actor:
    return staff_actor(request, organization_id=scenario.organization_id)


def _url(name: str, scenario: Scenario) -> str:
    return reverse(f"admin:fulfillment_scenario_{name}", args=[scenario.pk])
