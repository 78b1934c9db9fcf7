"""Reads of hooks (contract 2.1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from oms.accounts.queries import MachineIdentity
from oms.api.akinon.auth import EVERYTHING
from oms.api.akinon.filtering import flag
from oms.api.akinon.hooks import numbers
from oms.api.akinon.hooks.words import PLACES, WORDS, stored
from oms.events.choices import EndpointFormat, EndpointState
from oms.events.models import Endpoint, EndpointQuerySet
from oms.kernel.errors import NotFound


class HookNotFound(NotFound):
    """There is no such hook, or it is somebody else's."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Hook:
    """An endpoint, and one of the words it hears of."""

    endpoint: Endpoint
    word: str

    @property
    def number(self) -> int:
        """Its id on the wire."""
        return numbers.hook_number(self.endpoint.pk, PLACES[self.word])

    @property
    def is_active(self) -> bool:
        return self.endpoint.state != EndpointState.DISABLED


def is_super_user(machine: MachineIdentity) -> bool:
    """Who may do everything of this language sees the hooks of all."""
    return machine.scopes >= EVERYTHING


def endpoints_of(machine: MachineIdentity) -> EndpointQuerySet:
    """The endpoints of this format whose hooks a machine sees: its client's own, or all."""
    rows = Endpoint.objects.visible_to(machine.actor).kept()
    rows = rows.filter(format=EndpointFormat.WHISPERER)
    return rows if is_super_user(machine) else rows.filter(client_id=machine.client_id)


def hooks(machine: MachineIdentity, query: QueryDict) -> list[Hook]:
    """Hooks that fit the filters, the oldest first. Raises Unreadable."""
    rows = endpoints_of(machine).prefetch_related("secrets").order_by("created_at", "pk")
    if url := query.get("target_url"):
        rows = rows.filter(url=url)
    found = list(_hooks(rows))
    if word := query.get("event_type"):
        found = [hook for hook in found if hook.word == stored(word)]
    if asked := query.get("is_active"):
        wanted = flag(asked)
        found = [hook for hook in found if hook.is_active == wanted]
    return found


def get_hook(machine: MachineIdentity, number: int) -> Hook:
    """One hook by its id. Raises HookNotFound."""
    key = numbers.hook_of(number)
    rows = endpoints_of(machine).prefetch_related("secrets")
    for hook in _hooks(rows.filter(pk=key[0])) if key else ():
        if hook.number == number:
            return hook
    raise HookNotFound("Not found.")


def as_now(hook: Hook, word: str = "") -> Hook:
    """The hook after a change, perhaps for another word."""
    row = Endpoint.objects.prefetch_related("secrets").get(pk=hook.endpoint.pk)
    return Hook(row, word or hook.word)


def _hooks(rows: EndpointQuerySet) -> Iterator[Hook]:
    for row in rows:
        yield from (Hook(row, word) for word in row.words if word in WORDS)
