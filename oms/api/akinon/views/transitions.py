"""The transitions of an organization, as data: contract 6.2, 12a.6."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fulfillment.services import commands
from oms.api.akinon import command_inputs, filtering, rules
from oms.api.akinon.command_words import WORDS
from oms.api.akinon.errors import Refused, invalid_fields
from oms.api.akinon.filtering import Filter
from oms.api.akinon.rendering.transitions import transition
from oms.api.akinon.views.base import AkinonView

_SORTS = {"id": "public_number", "slug": "slug", "name": "name"}
_COMMANDS: Mapping[str, str] = {word: command for command, word in WORDS.items()}


def _of_command(text: str) -> Q:
    return Q(command=_COMMANDS.get(text, text))


FILTERS: Mapping[str, Filter] = {
    "slug": filtering.of_text("slug"),
    "source_state": filtering.of_text("source"),
    "destination_state": filtering.of_text("destination"),
    "command": _of_command,
    "visibility": filtering.of_flag("is_visible"),
}


_MEMBERS = (
    "slug", "name", "source_state", "destination_state", "command", "visibility", "config",
)  # fmt: skip


class TransitionInput(serializers.Serializer[Any]):
    slug = serializers.SlugField(max_length=100)
    name = serializers.CharField(max_length=255)
    source_state = serializers.CharField(max_length=20)
    destination_state = serializers.CharField(max_length=20)
    command = serializers.ChoiceField(choices=sorted(_COMMANDS))
    visibility = serializers.BooleanField(required=False, default=True)
    config = serializers.DictField(required=False)


class Transitions(AkinonView):
    scopes = {"GET": "shipments:read", "POST": "settings:manage"}

    def get(self, request: Request) -> HttpResponse:
        rows = rules.feed(actor=self.actor)
        found = filtering.chosen(rows, request.query_params, FILTERS, _SORTS, default="id")
        return self.listed(found, lambda page: [transition(rule) for rule in page])

    def post(self, _request: Request) -> HttpResponse:
        """201 with the new transition, a family of its own."""
        values = command_inputs.checked(TransitionInput, self.document())
        try:
            rule = commands.add_rule(
                organization_id=self.machine.organization_id,
                draft=_draft(values),
                actor=self.actor,
                now=self.real_now,
            )
        except (commands.MoveImpossible, commands.RuleTaken, commands.RuleConfigInvalid) as no:
            raise _told(no) from no
        return self.done(transition(rule), status=201)


class TransitionDetail(AkinonView):
    scopes = {
        "GET": "shipments:read",
        "PUT": "settings:manage",
        "PATCH": "settings:manage",
        "DELETE": "settings:manage",
    }

    def get(self, _request: Request, number: str) -> HttpResponse:
        return self.done(transition(rules.get(number=int(number), actor=self.actor)))

    def put(self, _request: Request, number: str) -> HttpResponse:
        """All of it; secrets of the configuration that are not said again stay."""
        return self._changed(int(number), command_inputs.checked(TransitionInput, self.document()))

    def patch(self, _request: Request, number: str) -> HttpResponse:
        """What is named of it."""
        now = transition(rules.get(number=int(number), actor=self.actor))
        whole = {**{name: now[name] for name in _MEMBERS}, **self.document()}
        return self._changed(int(number), command_inputs.checked(TransitionInput, whole))

    def delete(self, _request: Request, number: str) -> HttpResponse:
        commands.remove_rule(number=int(number), actor=self.actor)
        return self.empty()

    def _changed(self, number: int, values: Mapping[str, Any]) -> HttpResponse:
        family = rules.get(number=number, actor=self.actor).family
        draft = _draft(values, family=family)
        try:
            rule = commands.change_rule(
                number=number, draft=draft, actor=self.actor, now=self.real_now
            )
        except (commands.MoveImpossible, commands.RuleTaken, commands.RuleConfigInvalid) as no:
            raise _told(no) from no
        return self.done(transition(rule))


def _draft(values: Mapping[str, Any], *, family: str = "") -> commands.RuleDraft:
    return commands.RuleDraft(
        slug=values["slug"],
        name=values["name"],
        source=values["source_state"],
        destination=values["destination_state"],
        command=rules.command_of(_COMMANDS[values["command"]]),
        family=family,
        is_visible=values["visibility"],
        config=values.get("config", {}),
    )


def _told(
    refusal: commands.MoveImpossible | commands.RuleTaken | commands.RuleConfigInvalid,
) -> Refused:
    """Which field is wrong."""
    if isinstance(refusal, commands.RuleConfigInvalid):
        said = [f"{path}: {text}" for path, text in refusal.problems.items()]
        return invalid_fields({"config": said}, code=refusal.code)
    is_move = isinstance(refusal, commands.MoveImpossible)
    return invalid_fields(
        {"destination_state" if is_move else "slug": str(refusal)}, code=refusal.code
    )
