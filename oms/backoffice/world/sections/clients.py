from datetime import datetime
from typing import cast

from oms.accounts.choices import ClientKind
from oms.accounts.models import ApiClient, Organization
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.removal import remove
from oms.backoffice.world.sections.credentials import Credentials
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Rows, Table, Wanted

SECTION = "clients"
COLUMNS = {
    "scopes": "scopes",
    "rate_limit": "rate_limit",
    "preferences": "preferences",
    "is_active": "is_active",
}
_BINDING = {"kind": "kind", "channel": "channel_id", "fulfillment_point": "point_id"}


def table() -> Table[ApiClient]:
    return Table(model=ApiClient, what="client", columns=COLUMNS, names=_BINDING)


def apply(world: World, directory: Directory, plan: Plan, *, now: datetime) -> None:
    """Create and update clients and what they prove themselves with."""
    if SECTION not in world.sections:
        return
    keyed = [(_key(entry, directory), entry) for entry in world.present(SECTION)]
    refuse_repeats(keyed)
    clients = table()
    clients.shown = {
        "channel_id": {row.pk: row.code for row in directory.channels.values()}.get,
        "point_id": {row.pk: row.code for row in directory.points.values()}.get,
    }
    wanted = [
        Wanted(
            key=key,
            label=f"client {entry.text('name')}",
            identity={"organization_id": key[0], "name": key[1]},
            values={**clients.values(entry), **_binding(entry, directory)},
            record=entry,
        )
        for key, entry in keyed
    ]
    rows = {(row.organization_id, row.name): row for row in ApiClient.objects.all()}
    clients.sync(cast("Rows", rows), wanted, plan)
    credentials = Credentials.of_database(plan, now=now)
    for key, entry in keyed:
        credentials.sync(rows[key], cast("list[Record]", entry.values.get("credentials") or []))
    credentials.write()


def _key(entry: Record, directory: Directory) -> tuple[int, str]:
    return directory.organization(entry).pk, entry.text("name")


def _binding(entry: Record, directory: Directory) -> dict[str, object]:
    """What the client stands for: always as the file says, neither meaning the organization."""
    organization: Organization = directory.organization(entry)
    channel, point = entry.optional("channel"), entry.optional("fulfillment_point")
    if channel is not None and point is not None:
        at = entry.place("fulfillment_point")
        raise WorldRefused(at, "a client has a channel or a fulfillment point, not both")
    kind = ClientKind.CHANNEL if channel is not None else ClientKind.ORGANIZATION
    if point is not None:
        kind = ClientKind.POINT
    return {
        "kind": kind,
        "channel_id": directory.channel(entry, organization).pk if channel is not None else None,
        "point_id": directory.point(entry, organization).pk if point is not None else None,
    }


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove clients with their credentials."""
    for entry in world.absent(SECTION):
        organization_id, name = _key(entry, directory)
        found = ApiClient.objects.filter(organization_id=organization_id, name=name)
        remove(found.first(), entry, f"client {name}", plan)
