"""The transitions of an organization: which may run now, and which one a caller names.

Rules of one family are the same move from different states, so a slug a client knows works from
each of them (contract 6.2, 9.1).
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from fulfillment.choices import TransitionCommand
from fulfillment.models import TransitionRule
from fulfillment.services.commands import RuleUnknown
from oms.api.akinon.command_inputs import parameters_of
from oms.api.akinon.command_words import WORDS
from oms.api.akinon.errors import Refused, invalid_fields
from oms.kernel.actors import Actor

Shown = dict[str, Any]
_UNKNOWN = "No such state transition."


def feed(*, actor: Actor) -> "QuerySet[TransitionRule]":
    """The rules of the actor's organization."""
    rows = TransitionRule.objects.all()
    if actor.organization_id is None:
        return rows
    return rows.filter(organization_id=actor.organization_id)


def get(*, number: int, actor: Actor) -> TransitionRule:
    """One rule. Raises RuleUnknown, also for somebody else's."""
    found = feed(actor=actor).filter(public_number=number).first()
    if found is None:
        raise RuleUnknown("No such state transition", transition=number)
    return found


class Offer:
    """The rules of an organization, read once for a whole page."""

    def __init__(self, *, actor: Actor) -> None:
        self._rules = list(feed(actor=actor).order_by("pk"))

    def commands(self, state: str) -> list[Shown]:
        """What may run from a state and is to be offered."""
        return [command(rule) for rule in self._rules if rule.source == state and rule.is_visible]

    def named(self, *, transition: int | None, slug: str | None, state: str) -> TransitionRule:
        """The rule a caller means, from the state at hand: 400 when there is none, or not one."""
        by_id = self._by_id(transition)
        by_slug = self._by_slug(slug, state)
        if by_id and by_slug and by_id.family != by_slug.family:
            raise invalid_fields({"slug": "It names another state transition."}, code="mismatch")
        found = by_id or by_slug
        if found is None:
            raise _neither()
        return found

    def _by_id(self, transition: int | None) -> TransitionRule | None:
        if transition is None:
            return None
        found = [rule for rule in self._rules if rule.public_number == transition]
        return _first(found, member="transition")

    def _by_slug(self, slug: str | None, state: str) -> TransitionRule | None:
        if slug is None:
            return None
        named = _first([rule for rule in self._rules if rule.slug == slug], member="slug")
        family = [rule for rule in self._rules if rule.family == named.family]
        here = [rule for rule in family if rule.source == state]
        return named if named.source == state or not here else here[0]


def command(rule: TransitionRule) -> Shown:
    """A rule as packages and transfers offer it."""
    return {
        "id": rule.public_number,
        "name": rule.name,
        "slug": rule.slug,
        "command": WORDS[rule.command],
        "source_state": rule.source,
        "destination_state": rule.destination,
        "visibility": rule.is_visible,
        "parameters": parameters_of(rule.command),
    }


def command_of(word: str) -> TransitionCommand:
    """A command of ours, named by its stored value."""
    return TransitionCommand(word)


def _first(found: Iterable[TransitionRule], *, member: str) -> TransitionRule:
    rule = next(iter(found), None)
    if rule is None:
        raise invalid_fields({member: _UNKNOWN}, code="does_not_exist")
    return rule


def _neither() -> Refused:
    return invalid_fields({"transition": "Either transition or slug is required."}, code="required")
