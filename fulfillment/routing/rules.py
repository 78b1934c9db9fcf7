"""The rules of a scenario, read from the JSON of a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NEVER, IF_ALLOWED, ALWAYS = "never", "if_allowed", "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides; the defaults are the built-in scenario.

    Points of the channel by priority, whole order first, split by line where the order allows it.
    """

    code: str = "built-in"
    version: int = 0
    version_id: int | None = None
    channels: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    order_types: frozenset[str] = frozenset()
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    split: str = IF_ALLOWED
    max_points: int | None = None
    carrier: str = ""
    delivery_type: str = ""

    def allows_split(self, *, order_allows: bool) -> bool:
        """Whether an order may be given to several points."""
        return self.split == ALWAYS or (self.split == IF_ALLOWED and order_allows)

    def matches(self, *, channel: str, country: str, order_type: str, value: Decimal) -> bool:
        """Whether a scenario's filters take an order; an absent filter takes all."""
        return (
            _takes(self.channels, channel)
            and _takes(self.countries, country)
            and _takes(self.order_types, order_type)
            and (self.min_value is None or value >= self.min_value)
            and (self.max_value is None or value <= self.max_value)
        )


def _takes(wanted: frozenset[str], value: str) -> bool:
    return not wanted or value in wanted


def read_rules(
    document: Mapping[str, Any], *, code: str, version: int, version_id: int | None
) -> Rules:
    """Turn a version's JSON into rules; members nobody knows are left to its schema."""
    filters = document.get("filters") or {}
    return Rules(
        code=code,
        version=version,
        version_id=version_id,
        channels=frozenset(filters.get("channels") or ()),
        countries=frozenset(filters.get("countries") or ()),
        order_types=frozenset(filters.get("order_types") or ()),
        min_value=_amount(filters.get("min_value")),
        max_value=_amount(filters.get("max_value")),
        split=document.get("split") or IF_ALLOWED,
        max_points=document.get("max_points"),
        carrier=document.get("carrier") or "",
        delivery_type=document.get("delivery_type") or "",
    )


def _amount(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
