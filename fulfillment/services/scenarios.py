"""Scenarios and their versions: a draft is written, published once, and then never changed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from fulfillment.choices import ScenarioKind, VersionState
from fulfillment.models import RoutingDecision, Scenario, ScenarioVersion
from fulfillment.routing import schema
from fulfillment.routing.schema import Problem, RulesInvalid
from oms.kernel import errors, sql
from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint
from oms.orders import hints

# What waits is tried again by the rules as they are now.
_WAKE = """
UPDATE orders_order SET allocation_due_at = %(now)s
WHERE organization_id = %(organization_id)s AND allocation_due_at > %(now)s
"""


class ScenarioNotFound(errors.NotFound):
    """No such scenario or version, or not this actor's."""

    code = "scenario_not_found"


class ScenarioCodeTaken(errors.Conflict):
    """The organization has a scenario of this code."""

    code = "scenario_code_taken"


class NotADraft(errors.Conflict):
    """The version was published: what is to change becomes a new draft."""

    code = "not_a_draft"


class ScenarioInUse(errors.Conflict):
    """Routing decided by the scenario, so it is switched off and not removed."""

    code = "scenario_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioDraft:
    """A scenario as it is to be, without its rules."""

    code: str
    name: str
    description: str = ""
    kind: ScenarioKind = ScenarioKind.DISTRIBUTION
    priority: int = 100
    is_active: bool = True


@transaction.atomic
def create_scenario(
    *,
    organization_id: int,
    draft: ScenarioDraft,
    rules: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> Scenario:
    """Make a scenario with a first version that acts at once.

    Raises RulesInvalid, ScenarioCodeTaken, ScenarioNotFound (another's organization).
    """
    if actor.organization_id not in (None, organization_id):
        raise ScenarioNotFound("No such organization")
    _check(rules, organization_id=organization_id)
    try:
        with transaction.atomic():
            scenario = Scenario.objects.create(organization_id=organization_id, **_columns(draft))
    except IntegrityError as exc:
        raise ScenarioCodeTaken(f"There is a scenario {draft.code}", scenario=draft.code) from exc
    ScenarioVersion.objects.create(
        scenario=scenario,
        number=1,
        rules=dict(rules),
        state=VersionState.ACTIVE,
        created_by=str(actor),
        published_at=now,
        published_by=str(actor),
    )
    _wake(organization_id, now=now)
    return scenario


@transaction.atomic
def change_scenario(
    *, scenario_id: int, draft: ScenarioDraft, actor: Actor, now: dt.datetime
) -> Scenario:
    """Rename, move, switch on or off. Its code stays. Raises ScenarioNotFound."""
    scenario = _locked(scenario_id, actor)
    columns = _columns(draft)
    del columns["code"]
    for name, value in columns.items():
        setattr(scenario, name, value)
    scenario.updated_at = now
    scenario.save(update_fields=[*columns, "updated_at"])
    _wake(scenario.organization_id, now=now)
    return scenario


@transaction.atomic
def remove_scenario(*, scenario_id: int, actor: Actor) -> None:
    """Remove a scenario by which nothing was decided. Raises ScenarioNotFound, ScenarioInUse."""
    scenario = _locked(scenario_id, actor)
    if RoutingDecision.objects.filter(version__scenario=scenario).exists():
        raise ScenarioInUse("Orders were routed by this scenario", scenario=scenario.code)
    scenario.delete()


@transaction.atomic
def draft_version(
    *, scenario_id: int, rules: Mapping[str, Any], note: str = "", actor: Actor, now: dt.datetime
) -> ScenarioVersion:
    """Write the scenario's draft, or write over it; it does not act until it is published.

    Raises ScenarioNotFound, RulesInvalid.
    """
    scenario = _locked(scenario_id, actor)
    _check(rules, organization_id=scenario.organization_id)
    draft = scenario.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        last = scenario.versions.aggregate(last=Max("number"))["last"] or 0
        draft = ScenarioVersion(scenario=scenario, number=last + 1, state=VersionState.DRAFT)
    draft.rules, draft.note, draft.created_by = dict(rules), note, str(actor)
    draft.created_at = now
    draft.save()
    return draft


@transaction.atomic
def replace_rules(
    *, scenario_id: int, rules: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> ScenarioVersion:
    """Let other rules act at once, as a new version; a draft somebody writes stays as it is.

    Raises ScenarioNotFound, RulesInvalid.
    """
    scenario = _locked(scenario_id, actor)
    _check(rules, organization_id=scenario.organization_id)
    scenario.versions.filter(state=VersionState.ACTIVE).update(state=VersionState.RETIRED)
    last = scenario.versions.aggregate(last=Max("number"))["last"] or 0
    version = ScenarioVersion.objects.create(
        scenario=scenario,
        number=last + 1,
        rules=dict(rules),
        state=VersionState.ACTIVE,
        created_by=str(actor),
        published_at=now,
        published_by=str(actor),
    )
    _wake(scenario.organization_id, now=now)
    return version


@transaction.atomic
def publish_version(*, version_id: int, actor: Actor, now: dt.datetime) -> ScenarioVersion:
    """Let a draft act from now on, in the place of the version that did.

    Raises ScenarioNotFound, NotADraft, RulesInvalid (a point or schema changed meanwhile).
    """
    version = _version(version_id, actor)
    _check(version.rules, organization_id=version.scenario.organization_id)
    acting = ScenarioVersion.objects.filter(scenario=version.scenario, state=VersionState.ACTIVE)
    acting.update(state=VersionState.RETIRED)
    version.state = VersionState.ACTIVE
    version.published_at, version.published_by = now, str(actor)
    version.save(update_fields=["state", "published_at", "published_by"])
    _wake(version.scenario.organization_id, now=now)
    return version


@transaction.atomic
def discard_draft(*, version_id: int, actor: Actor) -> None:
    """Forget a draft. Raises ScenarioNotFound, NotADraft."""
    _version(version_id, actor).delete()


def acting_version(scenario: Scenario) -> ScenarioVersion | None:
    """The version a scenario decides by."""
    active = scenario.versions.filter(state=VersionState.ACTIVE)
    return active.order_by("-number").first()


def _wake(organization_id: int, *, now: dt.datetime) -> None:
    sql.rows(_WAKE, {"organization_id": organization_id, "now": now})
    hints.routing_is_due()


def _columns(draft: ScenarioDraft) -> dict[str, Any]:
    return {
        "code": draft.code,
        "name": draft.name,
        "description": draft.description,
        "kind": draft.kind,
        "priority": draft.priority,
        "is_active": draft.is_active,
    }


def _locked(scenario_id: int, actor: Actor) -> Scenario:
    found = Scenario.objects.select_for_update(of=("self",)).filter(pk=scenario_id)
    if actor.organization_id is not None:
        found = found.filter(organization_id=actor.organization_id)
    scenario = found.first()
    if scenario is None:
        raise ScenarioNotFound("No such scenario")
    return scenario


def _version(version_id: int, actor: Actor) -> ScenarioVersion:
    """A draft, with its scenario locked."""
    known = ScenarioVersion.objects.filter(pk=version_id).values_list("scenario_id", flat=True)
    scenario_id = known.first()
    if scenario_id is None:
        raise ScenarioNotFound("No such version")
    scenario = _locked(scenario_id, actor)
    version = scenario.versions.filter(pk=version_id).first()
    if version is None:
        raise ScenarioNotFound("No such version")
    if version.state != VersionState.DRAFT:
        raise NotADraft(f"Version {version.number} was published", version=version.number)
    return version


def _check(rules: Mapping[str, Any], *, organization_id: int) -> None:
    """The schema, and that every point named exists."""
    schema.check(rules)
    named = dict(_named_points(rules))
    points = FulfillmentPoint.objects.filter(organization_id=organization_id)
    known = set(points.filter(code__in=named.values()).values_list("code", flat=True))
    unknown = [Problem(path, f"there is no point `{code}`") for path, code in named.items()
               if code not in known]  # fmt: skip
    if unknown:
        raise RulesInvalid(unknown)


def _named_points(rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Path and code of every point the rules name."""
    named = [("default_point", rules["default_point"])] if rules.get("default_point") else []
    named += [(f"points.{place}", code) for place, code in enumerate(rules.get("points") or ())]
    prices = (rules.get("cost") or {}).get("points") or {}
    named += [(f"cost.points.{code}", code) for code in prices]
    for place, rule in enumerate(rules.get("packaging_rules") or ()):
        path = f"packaging_rules.{place}.location_prerequisites"
        codes = rule.get("location_prerequisites") or ()
        named += [(f"{path}.{index}", code) for index, code in enumerate(codes)]
    return named
