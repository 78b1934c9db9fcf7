"""Trying out: one order that is only planned, and past orders planned again. Nothing is written."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from fulfillment.models import Scenario
from fulfillment.services.back_test import BackTest, Tally, back_test
from fulfillment.services.dry_run import PlanAnswer, draft_of_order, dry_run
from oms.accounts import clocks
from oms.accounts.actors import staff_actor
from oms.backoffice.explaining import verdicts
from oms.backoffice.formats import NOTHING, page_url, zone_named
from oms.backoffice.pages import demand
from oms.backoffice.scenarios.frame import draw, scenario_of
from oms.backoffice.scenarios.trying_forms import BackTestForm, TryForm
from oms.kernel.errors import DomainError
from oms.locations.models import FulfillmentPoint

VIEW = "fulfillment.view_scenario"
_TONES = {"SERVED": "good", "PARTLY_SERVED": "warn", "WAITING": "bad"}
_WORDS = {"SERVED": "Served", "PARTLY_SERVED": "Partly served", "WAITING": "Nobody can serve it"}


def try_view(request: HttpRequest) -> HttpResponse:
    """An order by its number, or typed lines: where it would go, and why."""
    demand(request, VIEW)
    asked = request.GET.get("scenario", "")
    scenario = scenario_of(request, int(asked), VIEW) if asked.isdecimal() else None
    form = TryForm(request.POST or None, request=request, scenario=scenario)
    shown: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            shown = _planned(request, form)
        except DomainError as refused:
            form.add_error(None, str(refused))
    context = {
        "title": "Try an order",
        "subtitle": "It is planned against the stock of this moment. Nothing is written.",
        "original": scenario,
        "form": form,
        "answer": shown,
        "back": page_url(scenario) if scenario else "",
    }
    return draw(request, "scenario_try.html", context)


def _planned(request: HttpRequest, form: TryForm) -> dict[str, Any]:
    said = form.cleaned_data
    owner = said["order"] or said["channel"]
    actor = staff_actor(request, organization_id=owner.organization_id)
    draft = (
        draft_of_order(order_id=said["order"].pk, actor=actor) if said["order"] else form.draft()
    )
    answer = dry_run(
        draft=draft,
        version_id=int(said["version"]) if said["version"] else None,
        actor=actor,
        now=clocks.now_of(owner.organization_id),
    )
    return _shown(answer, owner.organization_id)


def _shown(answer: PlanAnswer, organization_id: int) -> dict[str, Any]:
    names = _names(organization_id)
    return {
        "tone": _TONES.get(answer.outcome, "idle"),
        "outcome": _WORDS.get(answer.outcome, answer.outcome),
        "reason": answer.reason,
        "scenario": answer.scenario,
        "version": answer.version,
        "retry_at": answer.retry_at,
        "tasks": [
            {
                "point": names.get(task.point, task.point),
                "units": _listed(task.units.items()),
                "carrier": task.carrier or NOTHING,
                "km": NOTHING if task.km is None else f"{task.km:,} km",
                "cost": f"{task.cost:,}",
                "sources": ", ".join(names.get(code, code) for code in task.brought_from),
            }
            for task in answer.tasks
        ],
        "unserved": _listed(answer.unserved.items()),
        "default_point": names.get(answer.default_point, answer.default_point),
        "verdicts": verdicts(answer.verdicts, names),
    }


def _names(organization_id: int) -> dict[str, str]:
    points = FulfillmentPoint.objects.filter(organization_id=organization_id)
    return dict(points.values_list("code", "name"))


def _listed(units: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} of {code}" for code, count in units)


def back_test_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Past orders by a version and by the rules that act."""
    scenario = scenario_of(request, pk, VIEW)
    form = BackTestForm(request.POST or None, scenario=scenario)
    found: BackTest | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _tested(request, scenario, form)
        except DomainError as refused:
            form.add_error(None, str(refused))
    context = {
        "title": f"Back-test of {scenario.name}",
        "subtitle": "Past orders are planned again from the stock they were planned from. Nothing "
        "is written.",
        "original": scenario,
        "form": form,
        "found": found,
        "rows": _compared(found.tested, found.acting) if found else [],
        "back": page_url(scenario),
    }
    return draw(request, "scenario_back_test.html", context)


def _tested(request: HttpRequest, scenario: Scenario, form: BackTestForm) -> BackTest:
    said = form.cleaned_data
    zone = zone_named(scenario.organization.timezone)
    begin = dt.time(tzinfo=zone)
    return back_test(
        version_id=said["version"],
        since=dt.datetime.combine(said["since"], begin),
        until=dt.datetime.combine(said["until"], begin),
        limit=said["limit"],
        actor=staff_actor(request, organization_id=scenario.organization_id),
        now=clocks.now_of(scenario.organization_id),
    )


def _compared(tested: Tally, acting: Tally) -> list[dict[str, str]]:
    """A row per figure: by the version, by what acts, and the difference."""
    figures = (
        ("Orders", "orders", 0),
        ("Served", "served", 0),
        ("Partly served", "partly_served", 0),
        ("Not served", "waiting", 0),
        ("Split", "split", 0),
        ("Tasks", "tasks", 0),
        ("Transfers", "transfers", 0),
        ("Units served", "units_served", 0),
        ("Mean distance, km", "mean_km", 1),
        ("Cost", "cost", 2),
    )
    return [
        _figure(label, getattr(tested, name), getattr(acting, name), places)
        for label, name, places in figures
    ]


def _figure(label: str, tested: float | None, acting: float | None, places: int) -> dict[str, str]:
    def said(value: float | None) -> str:
        return NOTHING if value is None else f"{value:,.{places}f}"

    both = tested is not None and acting is not None
    change = round((tested or 0) - (acting or 0), places)
    return {
        "label": label,
        "tested": said(tested),
        "acting": said(acting),
        "change": f"{change:+,.{places}f}" if both and change else "",
    }
