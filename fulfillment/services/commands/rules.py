"""The transitions an organization has: seeded, added, changed, taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from fulfillment.choices import TransitionCommand
from fulfillment.models import TransitionRule
from fulfillment.services.commands.moves import MOVES, SEEDS
from fulfillment.services.commands.rule_configs import check_config, config_of, store_config
from oms.kernel import errors
from oms.kernel.actors import Actor


class MoveImpossible(errors.InvalidInput):
    """The command does not lead from the one state to the other."""

    code = "move_impossible"


class RuleTaken(errors.InvalidInput):
    """There is a transition of this slug, or the same move of this family."""

    code = "rule_taken"


class RuleUnknown(errors.NotFound):
    """The organization has no such transition."""

    code = "rule_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A transition as somebody wants it. `family` empty: the slug is one of its own.

    Secrets in `config` that are not said again stay as they were.
    """

    slug: str
    name: str
    source: str
    destination: str
    command: TransitionCommand
    family: str = ""
    is_visible: bool = True
    config: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def seed_transitions(organization_id: int, *, now: datetime) -> int:
    """Give an organization the transitions it has not got, under their stable slugs.

    What is there stays as people left it. Returns how many are new.
    """
    rows = [
        TransitionRule(
            organization_id=organization_id,
            slug=seed.slug_of(place),
            family=seed.slug,
            name=seed.name,
            source=source,
            destination=destination,
            command=seed.command,
            created_at=now,
            changed_at=now,
        )
        for seed in SEEDS
        for place, (source, destination) in enumerate(seed.moves)
    ]
    before = TransitionRule.objects.filter(organization_id=organization_id).count()
    TransitionRule.objects.bulk_create(rows, ignore_conflicts=True)
    return TransitionRule.objects.filter(organization_id=organization_id).count() - before


def add_rule(
    *, organization_id: int, draft: RuleDraft, actor: Actor, now: datetime
) -> TransitionRule:
    """A new transition. Raises MoveImpossible, RuleConfigInvalid, RuleTaken, Forbidden."""
    _check_owner(organization_id, actor)
    rule = TransitionRule(organization_id=organization_id, created_at=now)
    return _save(rule, draft, now=now)


def change_rule(*, number: int, draft: RuleDraft, actor: Actor, now: datetime) -> TransitionRule:
    """Change a transition, by its public number.

    Raises RuleUnknown, MoveImpossible, RuleConfigInvalid, RuleTaken.
    """
    with transaction.atomic():
        return _save(_locked(number, actor), draft, now=now)


@transaction.atomic
def remove_rule(*, number: int, actor: Actor) -> None:
    """Take a transition away; what was done by it stays in the log. Raises RuleUnknown."""
    _locked(number, actor).delete()


def _locked(number: int, actor: Actor) -> TransitionRule:
    rows = TransitionRule.objects.select_for_update(of=("self",))
    if actor.organization_id is not None:
        rows = rows.filter(organization_id=actor.organization_id)
    rule = rows.filter(public_number=number).first()
    if rule is None:
        raise RuleUnknown("No such transition", transition=number)
    return rule


def _check_owner(organization_id: int, actor: Actor) -> None:
    if actor.organization_id not in (None, organization_id):
        raise errors.Forbidden("This belongs to another organization")


def _save(rule: TransitionRule, draft: RuleDraft, *, now: datetime) -> TransitionRule:
    if (draft.source, draft.destination) not in MOVES[draft.command]:
        raise MoveImpossible(
            "The command does not lead from the one state to the other",
            command=draft.command,
            source_state=draft.source,
            destination_state=draft.destination,
        )
    config = _with_known_secrets(rule, draft.config)
    check_config(config, command=draft.command)
    rule.slug, rule.family = draft.slug, draft.family or draft.slug
    rule.name, rule.command, rule.is_visible = draft.name, draft.command, draft.is_visible
    rule.source, rule.destination, rule.changed_at = draft.source, draft.destination, now
    store_config(rule, config)
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        if "fulfillment_transitionrule" not in str(error):
            raise
        raise RuleTaken("There is such a transition already", slug=draft.slug) from error
    rule.refresh_from_db(fields=["public_number"])
    return rule


def _with_known_secrets(rule: TransitionRule, config: Mapping[str, Any]) -> dict[str, Any]:
    """What was never shown cannot be said again, so it stays, for the same kind of access."""
    wanted = dict(config)
    call = wanted.get("remote_invoice_call")
    if not rule.secrets or not isinstance(call, dict):
        return wanted
    known = config_of(rule)["remote_invoice_call"]["auth"]
    auth = call.get("auth")
    if isinstance(auth, dict) and auth.get("request_type") == known.get("request_type"):
        kept = {name: known[name] for name in ("password", "token") if name in known}
        wanted["remote_invoice_call"] = {**call, "auth": {**kept, **auth}}
    return wanted
