"""Scenarios made and changed as a whole, by one call: what acts afterwards is what was sent."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from fulfillment import services
from fulfillment.choices import ScenarioKind
from fulfillment.models import Scenario
from fulfillment.services import ScenarioDraft
from oms.api.akinon.scenario_inputs import ScenarioBody
from oms.api.akinon.scenario_reads import rules_of
from oms.kernel.actors import Actor

_LONGEST_CODE = 64
_USUAL_PRIORITY = 100


def create(
    *, body: ScenarioBody, organization_id: int, kind: ScenarioKind, actor: Actor, now: dt.datetime
) -> Scenario:
    """Make a scenario that acts at once; its code follows from its name. Raises RulesInvalid."""
    name = body.name or ""
    draft = ScenarioDraft(
        code=_free_code(name, organization_id),
        name=name,
        description=body.description or "",
        kind=kind,
        priority=_USUAL_PRIORITY if body.priority is None else body.priority,
        is_active=body.is_active is not False,
    )
    return services.create_scenario(
        organization_id=organization_id, draft=draft, rules=body.rules, actor=actor, now=now
    )


@transaction.atomic
def change(*, scenario: Scenario, body: ScenarioBody, actor: Actor, now: dt.datetime) -> None:
    """Make a scenario what the body says. A draft that staff write meanwhile stays one.

    Raises RulesInvalid, ScenarioNotFound.
    """
    draft = ScenarioDraft(
        code=scenario.code,
        name=_or(body.name, scenario.name),
        description=_or(body.description, scenario.description),
        kind=ScenarioKind(scenario.kind),
        priority=_or(body.priority, scenario.priority),
        is_active=_or(body.is_active, scenario.is_active),
    )
    services.change_scenario(scenario_id=scenario.pk, draft=draft, actor=actor, now=now)
    if body.rules != dict(rules_of(scenario)):
        services.replace_rules(scenario_id=scenario.pk, rules=body.rules, actor=actor, now=now)


def _or(said: Any, otherwise: Any) -> Any:
    return otherwise if said is None else said


def _free_code(name: str, organization_id: int) -> str:
    """A code nobody has, from a name; the database has the last word."""
    base = slugify(name)[: _LONGEST_CODE - 6] or "scenario"
    mine = Scenario.objects.filter(organization_id=organization_id, code__startswith=base)
    taken = set(mine.values_list("code", flat=True))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in names if code not in taken)
