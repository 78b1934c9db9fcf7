from collections import defaultdict
from typing import cast

from catalog.models import Sku
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World
from oms.backoffice.world.sections import owned
from oms.backoffice.world.syncing import Rows, Table

SECTION = "skus"
_MEMBERS = ("name", "brand_code", "brand_sku_code", "barcodes", "weight_g", "tags")


def table() -> Table[Sku]:
    return Table(model=Sku, what="sku", columns={member: member for member in _MEMBERS})


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update SKUs; only the ones the file names are read."""
    named: defaultdict[int, set[str]] = defaultdict(set)
    for entry in world.present(SECTION):
        organization_id, code = owned.key(entry, directory)
        named[organization_id].add(code)
    rows = {
        (organization_id, row.code): row
        for organization_id, codes in named.items()
        for row in Sku.objects.filter(organization_id=organization_id, code__in=codes)
    }
    owned.apply(SECTION, table(), cast("Rows", rows), world, directory, plan)


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove SKUs that nothing refers to."""
    owned.remove_absent(SECTION, table(), world, directory, plan)
