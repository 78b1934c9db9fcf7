from typing import cast

from channels_app.models import Seller
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World
from oms.backoffice.world.sections import owned
from oms.backoffice.world.syncing import Rows, Table

SECTION = "sellers"


def table() -> Table[Seller]:
    return Table(
        model=Seller,
        what="seller",
        columns={"name": "name", "supplier_code": "supplier_code"},
        required=("name", "supplier_code"),
    )


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update sellers."""
    if SECTION not in world.sections:
        return
    rows = {(row.organization_id, row.code): row for row in Seller.objects.all()}
    owned.apply(SECTION, table(), cast("Rows", rows), world, directory, plan)


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove sellers."""
    owned.remove_absent(SECTION, table(), world, directory, plan)
