"""Where we send news. Endpoints are made and changed by their own services, so that whoever watches
over them hears of it; a URL is looked up before the transaction begins and asked after it ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import cast

from oms.accounts.models import ApiClient, Organization
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import SECRET, Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.shapes import Record
from oms.events import services
from oms.events.choices import EndpointState
from oms.events.models import Endpoint
from oms.kernel.actors import Actor
from oms.kernel.errors import DomainError
from oms.kernel.http import UrlRefused, check_url

SECTION = "endpoints"
# Settings of formats, by the names formats give them.
OPTIONS = ("get_credential_url", "config", "retry_countdown_config")
# Members of a file by what they are called in an EndpointChange.
COLUMNS = {
    "url": "url",
    "events": "words",
    "headers": "headers",
    "ordered": "is_ordered",
    "allow_private_network": "allow_private_network",
    "max_in_flight": "max_in_flight",
    "rate": "rate",
}
_HIDDEN = frozenset({"url", "headers", "options"})
_FIXED = {"format": "format", "client": "client_id"}

Key = tuple[int, str]


def check_urls(world: World) -> None:
    """Look up the URLs that are not registered yet. Raises WorldRefused.

    Uses the network: for outside transactions.
    """
    for entry in world.present(SECTION):
        if "url" not in entry:
            continue
        url, private = entry.text("url"), bool(entry.values.get("allow_private_network"))
        known = Endpoint.objects.kept().filter(name=entry.text("name"), url=url)
        if not known.filter(allow_private_network__gte=private).exists():
            try:
                check_url(url, allow_private=private)
            except UrlRefused as refusal:
                raise WorldRefused(entry.place("url"), str(refusal)) from refusal


def apply(world: World, directory: Directory, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Create and update endpoints, and their secrets; remove those that are absent."""
    keyed = [(_key(entry, directory), entry) for entry in world.present(SECTION)]
    refuse_repeats(keyed)
    rows = _rows()
    for key, entry in keyed:
        try:
            row = rows.get(key)
            if row is None:
                _create(key[0], entry, plan, actor=actor, now=now)
            else:
                _update(row, entry, plan, actor=actor, now=now)
        except DomainError as refusal:
            raise WorldRefused(entry.at, str(refusal)) from refusal
    for entry in world.absent(SECTION):
        if row := rows.get(_key(entry, directory)):
            services.remove_endpoint(endpoint_id=row.pk, actor=actor, now=now)
            plan.removed(f"endpoint {row.name}")


def verify(world: World, *, actor: Actor, now: datetime) -> Iterator[str]:
    """Ask the file's endpoints that have not answered their ping yet; names those that still do
    not. Uses the network: for outside transactions, after the files are applied.
    """
    names = [entry.text("name") for entry in world.present(SECTION)]
    waiting = Endpoint.objects.kept().filter(name__in=names, state=EndpointState.UNVERIFIED)
    for pk, name in waiting.order_by("pk").values_list("pk", "name"):
        if not services.verify_endpoint(endpoint_id=pk, actor=actor, now=now):
            yield name


def _rows() -> dict[Key, Endpoint]:
    kept = Endpoint.objects.kept().select_related("client")
    return {(row.organization_id, row.name): row for row in kept}


def _key(entry: Record, directory: Directory) -> Key:
    return _organization(entry, directory).pk, entry.text("name")


def _organization(entry: Record, directory: Directory) -> Organization:
    """The one that is named, or the one of the client that is named. Raises WorldRefused."""
    if "organization" in entry:
        return directory.organization(entry)
    if entry.optional("client") is None:
        raise WorldRefused(entry.at, "an endpoint needs `organization` or `client`")
    return _client(entry, None).organization


def _client(entry: Record, organization_id: int | None) -> ApiClient:
    name, at = entry.text("client"), entry.place("client")
    found = ApiClient.objects.filter(name=name).select_related("organization")
    if organization_id is not None:
        found = found.filter(organization_id=organization_id)
    clients = list(found[:2])
    if not clients:
        raise WorldRefused(at, f"there is no client `{name}`")
    if len(clients) > 1:
        raise WorldRefused(at, f"several organizations have a client `{name}`; add `organization`")
    return clients[0]


def _client_id(entry: Record, organization_id: int) -> int | None:
    if entry.optional("client") is None:
        return None
    return _client(entry, organization_id).pk


def _create(
    organization_id: int, entry: Record, plan: Plan, *, actor: Actor, now: datetime
) -> None:
    entry.require("url", "format", what="endpoint")
    draft = services.EndpointDraft(
        organization_id=organization_id,
        name=entry.text("name"),
        url=entry.text("url"),
        format=entry.text("format"),
        client_id=_client_id(entry, organization_id),
        secret=entry.optional("secret"),
        options=_options(entry, {}) or {},
    )
    named = {COLUMNS[name]: entry.values[name] for name in COLUMNS if name in entry}
    draft = replace(draft, **named)  # type: ignore[arg-type]  # each was read by its own shape
    services.create_endpoint(draft=draft, actor=actor, now=now)
    plan.created(f"endpoint {draft.name}")


def _update(row: Endpoint, entry: Record, plan: Plan, *, actor: Actor, now: datetime) -> None:
    _refuse_other_kind(row, entry)
    named = {COLUMNS[name]: entry.values[name] for name in COLUMNS if name in entry}
    options = _options(entry, row.options)
    change = services.EndpointChange(**named, options=options)  # type: ignore[arg-type]  # as above
    before = _values(row)
    after = services.update_endpoint(endpoint_id=row.pk, change=change, actor=actor, now=now)
    changes = {
        member: (SECRET, SECRET) if member in _HIDDEN else (before[member], value)
        for member, value in _values(after).items()
        if value != before[member]
    }
    secret = entry.optional("secret")
    if secret is not None and services.set_secret(
        endpoint_id=row.pk, secret=secret, actor=actor, now=now
    ):
        changes["secret"] = (SECRET, SECRET)
    if changes:
        plan.changed(f"endpoint {row.name}", changes)


def _values(row: Endpoint) -> dict[str, object]:
    found: dict[str, object] = {name: getattr(row, column) for name, column in COLUMNS.items()}
    return {**found, "options": (row.options, bytes(row.secret_options or b""))}


def _options(entry: Record, present: dict[str, object]) -> dict[str, object] | None:
    """The settings of the format with what the file says; None when it says nothing."""
    said = {name: entry.values[name] for name in OPTIONS if name in entry}
    if not said:
        return None
    told = {name: value for name, value in said.items() if value is not None}
    return {name: value for name, value in present.items() if name not in said} | told


def _refuse_other_kind(row: Endpoint, entry: Record) -> None:
    client_id = _client_id(entry, row.organization_id)
    given = {"format": entry.values.get("format"), "client": client_id}
    for member, column in _FIXED.items():
        if member in entry and given[member] != cast("object", getattr(row, column)):
            raise WorldRefused(
                entry.place(member), "cannot be changed: remove the endpoint and enter another"
            )
