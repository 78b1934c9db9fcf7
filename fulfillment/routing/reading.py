"""From the JSON of a scenario's version (whose schema is in `schema`) to its rules."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from fulfillment.routing.rules import (
    ALWAYS,
    BY_DAY,
    BY_OPEN,
    COST,
    DISTANCE,
    FEWEST_PARCELS,
    FULFILLMENT_CENTER,
    IF_ALLOWED,
    LOAD,
    NEVER,
    PRIORITY,
    QUOTA,
    STOCK,
    SUPPLIER_CODE,
    TAGS,
    UNCOUNTED,
    Area,
    Cost,
    Filters,
    Rules,
    Stage,
)

# What a condition of a packaging rule asks for: a hard rule, or a place in the ranking.
_HARD = frozenset({STOCK, QUOTA, TAGS, SUPPLIER_CODE, FULFILLMENT_CENTER})
_RANKED = (PRIORITY, DISTANCE)
STRATEGY_WORDS = {
    "least_packages": FEWEST_PARCELS,
    "priority": PRIORITY,
    "distance": DISTANCE,
    "cost": COST,
    "load": LOAD,
}
DEFAULT_STRATEGY = (FEWEST_PARCELS, PRIORITY, DISTANCE)
# States a task may begin in, by the words of the core and of the wire.
INITIAL_STATES = {
    "CREATED": "CREATED",
    "WAITING_REMOTE": "WAITING_REMOTE",
    "100": "CREATED",
    "150": "WAITING_REMOTE",
}


def read_rules(
    document: Mapping[str, Any],
    *,
    code: str,
    version: int,
    version_id: int | None,
    scenario_id: int | None = None,
) -> Rules:
    """Turn a version's JSON into rules; members nobody knows are left to its schema."""
    stages = _stages(document)
    split = document.get("split") or IF_ALLOWED
    return Rules(
        code=code,
        version=version,
        version_id=version_id,
        scenario_id=scenario_id,
        filters=_filters(document.get("filters") or {}),
        is_static_channel=bool(document.get("is_static_channel")),
        split=split,
        split_above=_amount(document.get("split_above_value")),
        max_points=document.get("max_points"),
        stages=stages,
        carrier=document.get("carrier") or "",
        carrier_areas=_areas(document.get("carrier_areas") or {}),
        delivery_type=document.get("delivery_type") or "",
        initial_state=INITIAL_STATES[document.get("initial_state") or "CREATED"],
        default_point=document.get("default_point") or "",
        cost=_cost(document.get("cost") or {}),
        is_plain=_is_plain(document, stages),
    )


def _is_plain(document: Mapping[str, Any], stages: tuple[Stage, ...]) -> bool:
    """Rules that only filter, and split by line."""
    asks_more = ("default_point", "split_above_value", "initial_state", "carrier_areas")
    if any(document.get(name) for name in asks_more) or len(stages) != 1:
        return False
    split = document.get("split") or IF_ALLOWED
    return split in (NEVER, IF_ALLOWED, ALWAYS) and stages[0] == Stage(split=split)


def _stages(document: Mapping[str, Any]) -> tuple[Stage, ...]:
    listed = document.get("packaging_rules") or ()
    if not listed:
        return (_whole_stage(document),)
    in_order = sorted(enumerate(listed), key=lambda pair: (pair[1].get("order", 0), pair[0]))
    return tuple(_stage(entry, document) for _, entry in in_order)


def _whole_stage(document: Mapping[str, Any]) -> Stage:
    """The one step of a scenario without packaging rules."""
    hard = set(document.get("hard_rules") or (STOCK, QUOTA)) | {STOCK}
    if document.get("tags"):
        hard.add(TAGS)
    return Stage(
        points=frozenset(document.get("points") or ()),
        tags=frozenset(document.get("tags") or ()),
        hard_rules=frozenset(hard),
        quota=document.get("quota") or BY_DAY,
        ranking=_ranking(document.get("ranking")),
        split=document.get("split") or IF_ALLOWED,
        is_transferable=bool(document.get("is_transferable")),
    )


def _stage(entry: Mapping[str, Any], document: Mapping[str, Any]) -> Stage:
    conditions = entry.get("location_conditions") or ()
    hard = _HARD.intersection(conditions)
    hard |= set(document.get("hard_rules") or ()) - {QUOTA}
    wished = [word for word in conditions if word in _RANKED]
    strategy = [STRATEGY_WORDS[word] for word in entry.get("strategy") or ()]
    split = document.get("split") or ALWAYS
    return Stage(
        name=entry.get("name") or "",
        product_condition=entry.get("product_condition") or "all",
        skus=frozenset(entry.get("products") or ()),
        product_tags=frozenset(entry.get("product_tags") or ()),
        points=frozenset(entry.get("location_prerequisites") or ()),
        tags=frozenset(entry.get("tags") or document.get("tags") or ()),
        hard_rules=frozenset(hard | {STOCK}),
        quota=BY_OPEN if QUOTA in hard else UNCOUNTED,
        ranking=_in_turn(strategy, wished),
        split=(split if split != IF_ALLOWED else ALWAYS) if entry.get("allow_split") else NEVER,
        is_transferable=bool(entry.get("is_transferable")),
    )


def _in_turn(strategy: list[str], wished: list[str]) -> tuple[str, ...]:
    """The rule's own strategy; else fewest parcels first, then what its conditions ask for."""
    usual = [FEWEST_PARCELS, *wished, *DEFAULT_STRATEGY]
    return tuple(dict.fromkeys(strategy or usual))


def _ranking(words: object) -> tuple[str, ...]:
    if isinstance(words, str):
        return (words,)
    return tuple(words) if isinstance(words, Iterable) and words else (PRIORITY,)


def _filters(document: Mapping[str, Any]) -> Filters:
    def listed(name: str) -> frozenset[str]:
        return frozenset(document.get(name) or ())

    return Filters(
        channels=listed("channels"),
        countries=listed("countries"),
        regions=listed("regions"),
        order_types=listed("order_types"),
        payment_methods=listed("payment_methods"),
        shipping_options=listed("shipping_options"),
        customer_types=listed("customer_types"),
        sku_tags=listed("sku_tags"),
        min_value=_amount(document.get("min_value")),
        max_value=_amount(document.get("max_value")),
    )


def _areas(document: Mapping[str, Any]) -> dict[str, Area]:
    return {
        carrier.casefold(): Area(
            countries=frozenset(area.get("countries") or ()),
            regions=frozenset(area.get("regions") or ()),
            postcode_prefixes=tuple(area.get("postcode_prefixes") or ()),
        )
        for carrier, area in document.items()
    }


def _cost(document: Mapping[str, Any]) -> Cost:
    points = {code: float(price) for code, price in (document.get("points") or {}).items()}
    return Cost(
        per_parcel=float(document.get("per_parcel") or 0),
        per_km=float(document.get("per_km") or 0),
        points=points,
    )


def _amount(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
