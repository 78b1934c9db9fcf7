"""What may be done with packages and transfer orders (contract 9): 204 with no body."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment.services import commands
from oms.api.akinon import (
    command_inputs,
    commanding,
    package_reads,
    performing,
    states,
    transfer_reads,
)
from oms.api.akinon.errors import invalid_fields
from oms.api.akinon.rules import Offer
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from fulfillment.models import TransitionRule

_HIGHEST = 2**53
_MOST_DIGITS = 17
_LONGEST = 255


class CommandView(AkinonView):
    """A command on one thing, named in the path and once more in the body as `subject`."""

    scopes = {"POST": "shipments:write"}
    subject: ClassVar[str]

    def post(self, _request: Request, number: str) -> HttpResponse:
        """Run the transition that is named, in one transaction."""
        key, state = self.found(int(number))
        document = self.document()
        _check_subject(document, self.subject, int(number))
        rule = Offer(actor=self.actor).named(
            transition=_whole(document, "transition"), slug=_slug(document), state=state
        )
        values = command_inputs.read(rule, document)
        told = commanding.arguments(values)
        commanding.answered(partial(self.run, key, rule, told))
        return self.empty()

    @abstractmethod
    def found(self, number: int) -> tuple[int, str]:
        """Key and state of the thing: 404 for one the caller does not see."""

    @abstractmethod
    def run(self, key: int, rule: "TransitionRule", told: commands.Arguments) -> None:
        """Have the core do it."""


class PackageCommand(CommandView):
    subject = "package"

    def found(self, number: int) -> tuple[int, str]:
        return package_reads.head(package=number, actor=self.actor)

    def run(self, key: int, rule: "TransitionRule", told: commands.Arguments) -> None:
        performing.perform(task_id=key, rule=rule, arguments=told, actor=self.actor, now=self.now)


class TransferCommand(CommandView):
    subject = "transfer"

    def found(self, number: int) -> tuple[int, str]:
        row = transfer_reads.get(transfer=number, actor=self.actor)
        return row.pk, states.transfer_state(row.status).enum_value

    def run(self, key: int, rule: "TransitionRule", told: commands.Arguments) -> None:
        commands.perform_on_transfer(
            transfer_id=key, rule=rule, arguments=told, actor=self.actor, now=self.now
        )


def _check_subject(document: Mapping[str, Any], member: str, number: int) -> None:
    named = _whole(document, member)
    if named is None:
        raise invalid_fields({member: "This field is required."}, code="required")
    if named != number:
        raise invalid_fields({member: f"It is not the {member} of the path."}, code="mismatch")


def _whole(document: Mapping[str, Any], member: str) -> int | None:
    value = document.get(member)
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value) if len(value) <= _MOST_DIGITS else _HIGHEST
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _HIGHEST:
        return value
    raise invalid_fields({member: "A valid integer is required."})


def _slug(document: Mapping[str, Any]) -> str | None:
    value = document.get("slug")
    if value is None:
        return None
    if isinstance(value, str) and 0 < len(value) <= _LONGEST:
        return value
    raise invalid_fields({"slug": "Not a valid string."})
