"""The rules of a routing scenario, as they are kept in a scenario's version."""

from yaml import Node

from oms.backoffice.world import nodes, shapes
from oms.backoffice.world.places import Place, WorldRefused

SPLITS = ("never", "if_allowed", "always")
RANKINGS = ("priority", "load")

RULES = shapes.Shape(
    key=(),
    fields={
        "filters": shapes.Shape(
            key=(),
            fields={
                "channels": shapes.texts(64),
                "countries": shapes.texts(64),
                "order_types": shapes.texts(64),
                "min_value": shapes.number,
                "max_value": shapes.number,
            },
        ),
        "split": shapes.choice(SPLITS),
        "max_points": shapes.integer(least=1),
        "ranking": shapes.choice(RANKINGS),
        "carrier": shapes.text(255),
        "delivery_type": shapes.text(64),
    },
)


def read(node: Node, at: Place) -> object:
    """Check the rules and return them as they are stored: what the file says, nothing added."""
    record = RULES.read(node, at)
    least, most = record.values.get("filters.min_value"), record.values.get("filters.max_value")
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        raise WorldRefused(record.place("filters.max_value"), "is less than min_value")
    return nodes.plain(node, at)
