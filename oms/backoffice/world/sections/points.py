from typing import cast

from oms.backoffice.world.directory import Directory
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World
from oms.backoffice.world.sections import owned
from oms.backoffice.world.syncing import Rows, Table
from oms.locations.models import FulfillmentPoint

SECTION = "fulfillment_points"
COLUMNS = {
    "name": "name",
    "type": "type",
    "address.line1": "line1",
    "address.line2": "line2",
    "address.ward": "ward",
    "address.district": "district",
    "address.city": "city",
    "address.state": "state",
    "address.postcode": "postcode",
    "address.country": "country",
    "phone": "phone",
    "timezone": "timezone",
    "priority": "priority",
    "carriers": "carriers",
    "accept_within": "accept_within",
    "capacity.max_quota": "max_quota",
    "supplier_code": "supplier_code",
    "is_active": "is_active",
}


def table() -> Table[FulfillmentPoint]:
    return Table(model=FulfillmentPoint, what="point", columns=COLUMNS, required=("name",))


def apply(world: World, directory: Directory, plan: Plan) -> None:
    """Create and update fulfillment points."""
    owned.apply(SECTION, table(), cast("Rows", directory.points), world, directory, plan)


def remove_absent(world: World, directory: Directory, plan: Plan) -> None:
    """Remove points that nothing refers to."""
    owned.remove_absent(SECTION, table(), world, directory, plan)
