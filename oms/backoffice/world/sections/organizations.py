from typing import cast

from channels_app.services import open_standard_channels
from oms.accounts.models import Organization
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.removal import remove
from oms.backoffice.world.syncing import Rows, Table, Wanted

SECTION = "organizations"
CHANNELS = "channels"
_MEMBERS = ("name", "currency", "country", "timezone", "is_test")


def table() -> Table[Organization]:
    return Table(
        model=Organization,
        what="organization",
        columns={member: member for member in _MEMBERS},
        required=("name", "currency", "country"),
    )


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update organizations; new ones get the channels of every integration, unless the
    files name channels of their own."""
    refuse_repeats((entry.text("code"), entry) for entry in world.sections.get(SECTION, ()))
    organizations = table()
    wanted = [
        Wanted(
            key=entry.text("code"),
            label=f"organization {entry.text('code')}",
            identity={"code": entry.text("code")},
            values=organizations.values(entry),
            record=entry,
        )
        for entry in world.present(SECTION)
    ]
    known = set(directory.organizations)
    organizations.sync(cast("Rows", directory.organizations), wanted, plan)
    if CHANNELS not in world.sections:
        for code in [each.key for each in wanted if each.key not in known]:
            open_standard_channels(organization=directory.organizations[str(code)])


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove organizations that own nothing."""
    for entry in world.absent(SECTION):
        code = entry.text("code")
        remove(directory.organizations.get(code), entry, f"organization {code}", plan)
