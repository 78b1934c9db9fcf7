import datetime as dt
from typing import Any, cast

from fulfillment import services
from fulfillment.choices import VersionState
from fulfillment.models import Scenario, ScenarioVersion
from fulfillment.routing.schema import RulesInvalid
from oms.accounts.models import Organization
from oms.backoffice.world.directory import Directory, Key
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World
from oms.backoffice.world.sections import owned
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Rows, Table
from oms.kernel.actors import Actor

SECTION = "scenarios"


def table() -> Table[Scenario]:
    return Table(
        model=Scenario,
        what="scenario",
        columns={
            "name": "name",
            "description": "description",
            "kind": "kind",
            "priority": "priority",
            "is_active": "is_active",
        },
        required=("name",),
    )


def latest_rules() -> dict[int, ScenarioVersion]:
    """The version that acts, by scenario."""
    active = ScenarioVersion.objects.filter(state=VersionState.ACTIVE)
    versions = active.order_by("scenario_id", "-number")
    return {version.scenario_id: version for version in versions.distinct("scenario_id")}


def apply(
    world: World, directory: Directory, plan: Plan, *, actor: Actor, now: dt.datetime
) -> None:
    """Create and update scenarios; different rules become a new version."""
    if SECTION not in world.sections:
        return
    rows = {(row.organization_id, row.code): row for row in Scenario.objects.all()}
    existing = set(rows)
    keyed = owned.apply(SECTION, table(), cast("Rows", rows), world, directory, plan)
    versions = latest_rules()
    for key, entry in keyed:
        _check_channels(entry, directory)
        shown = plan if key in existing else Plan()
        _sync_rules(rows[key], entry, versions, shown, actor=actor, now=now)


def _check_channels(entry: Record, directory: Directory) -> None:
    organization: Organization = directory.organization(entry)
    rules = cast("dict[str, dict[str, list[str]]]", entry.values.get("rules") or {})
    for code in rules.get("filters", {}).get("channels", ()):
        key: Key = (organization.pk, code)
        if key not in directory.channels:
            at = entry.place("rules")
            where = f"in organization {organization.code}"
            raise WorldRefused(at, f"filters.channels: there is no channel `{code}` {where}")


def _sync_rules(
    scenario: Scenario,
    entry: Record,
    versions: dict[int, ScenarioVersion],
    plan: Plan,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    latest = versions.get(scenario.pk)
    rules = cast("dict[str, Any]", entry.values.get("rules", latest.rules if latest else {}))
    if latest is not None and latest.rules == rules:
        return
    try:
        made = services.replace_rules(scenario_id=scenario.pk, rules=rules, actor=actor, now=now)
    except RulesInvalid as refusal:
        raise WorldRefused(entry.place("rules"), str(refusal)) from refusal
    before = latest.rules if latest else {}
    plan.changed(f"scenario {scenario.code} (version {made.number})", {"rules": (before, rules)})


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove scenarios no routing decision refers to."""
    owned.remove_absent(SECTION, table(), world, directory, plan)
