"""What is common to points, channels, sellers, SKUs and scenarios: a code in an organization."""

from collections.abc import Hashable, MutableMapping
from typing import Any

from oms.backoffice.world.directory import Directory, Key
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.removal import remove
from oms.backoffice.world.shapes import Record
from oms.backoffice.world.syncing import Table, Wanted


def key(record: Record, directory: Directory) -> Key:
    """How rows of an organization are told apart. Raises WorldRefused."""
    return directory.organization(record).pk, record.text("code")


def apply(
    section: str,
    table: Table[Any],
    rows: MutableMapping[Hashable, Any],
    world: World,
    directory: Directory,
    plan: Plan,
) -> list[tuple[Key, Record]]:
    """Create and update the rows of one section. Returns its records with their keys."""
    keyed = [(key(entry, directory), entry) for entry in world.present(section)]
    refuse_repeats(keyed)
    wanted = [
        Wanted(
            key=(organization_id, code),
            label=f"{table.what} {code}",
            identity={"organization_id": organization_id, "code": code},
            values=table.values(entry),
            record=entry,
        )
        for (organization_id, code), entry in keyed
    ]
    table.sync(rows, wanted, plan)
    return keyed


def remove_absent(
    section: str,
    table: Table[Any],
    world: World,
    directory: Directory,
    plan: Plan,
) -> None:
    """Remove the rows of one section that should not exist. Raises WorldRefused."""
    for entry in world.absent(section):
        organization_id, code = key(entry, directory)
        found = table.rows.filter(organization_id=organization_id, code=code)
        remove(found.first(), entry, f"{table.what} {code}", plan)
