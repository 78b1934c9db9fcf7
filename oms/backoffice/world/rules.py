"""The rules of a routing scenario, as they are kept in a scenario's version."""

from yaml import Node

from fulfillment.routing import schema
from oms.backoffice.world import nodes, shapes
from oms.backoffice.world.places import Place, WorldRefused

SPLITS = ("never", "if_allowed", "always", "by_line", "by_unit")

RULES = shapes.Shape(
    key=(),
    fields={
        "filters": shapes.Shape(
            key=(),
            fields={
                "channels": shapes.texts(64),
                "countries": shapes.texts(64),
                "order_types": shapes.texts(64),
                "regions": shapes.texts(128),
                "payment_methods": shapes.texts(128),
                "shipping_options": shapes.texts(128),
                "customer_types": shapes.texts(128),
                "sku_tags": shapes.texts(64),
                "min_value": shapes.number,
                "max_value": shapes.number,
            },
        ),
        "split": shapes.choice(SPLITS),
        "max_points": shapes.integer(least=1),
        "carrier": shapes.text(255),
        "delivery_type": shapes.text(64),
        # What these hold is told by the schema.
        **dict.fromkeys(
            (
                "is_static_channel", "is_static_shipping", "is_static_payment", "queries",
                "hard_rules", "quota", "points", "tags", "ranking", "split_above_value", "cost",
                "initial_state", "carrier_areas", "default_point", "is_transferable",
                "packaging_rules",
            ),
            shapes.anything,
        ),
    },
)  # fmt: skip


def read(node: Node, at: Place) -> object:
    """Check the rules and return them as they are stored: what the file says, nothing added."""
    record = RULES.read(node, at)
    least, most = record.values.get("filters.min_value"), record.values.get("filters.max_value")
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        raise WorldRefused(record.place("filters.max_value"), "is less than min_value")
    document = nodes.plain(node, at)
    for problem in schema.problems(document):
        is_placed = problem.path in record.places
        where = "" if is_placed or not problem.path else f"{problem.path}: "
        raise WorldRefused(record.place(problem.path), f"{where}{problem.text}")
    return document
