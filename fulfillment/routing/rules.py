"""The rules of a scenario, as planning reads them; `reading` makes them from JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

NEVER, IF_ALLOWED, ALWAYS, BY_LINE, BY_UNIT = "never", "if_allowed", "always", "by_line", "by_unit"
BY_DAY, BY_OPEN, UNCOUNTED = "day", "open", "none"

STOCK, QUOTA, CALENDAR, CARRIER, SUPPLIER_CODE, TAGS = (
    "stock", "quota", "calendar", "carrier", "supplier_code", "tags",
)  # fmt: skip
FULFILLMENT_CENTER = "fulfillment_center"
PRIORITY, DISTANCE, COST, FEWEST_PARCELS, LOAD = (
    "priority", "distance", "cost", "fewest_parcels", "load",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where a carrier delivers; what is empty leaves nothing out."""

    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    postcode_prefixes: tuple[str, ...] = ()

    def covers(self, *, country: str, region: str, postcode: str) -> bool:
        """Whether an address lies in it."""
        return (
            _takes(self.countries, country)
            and _takes(self.regions, region)
            and (not self.postcode_prefixes or postcode.startswith(self.postcode_prefixes))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a parcel costs: its point's own price or the usual one, and so much a kilometre."""

    per_parcel: float = 0.0
    per_km: float = 0.0
    points: Mapping[str, float] = field(default_factory=dict)

    def of(self, code: str, km: float | None) -> float:
        """The cost of one parcel from a point; a distance nobody knows adds nothing."""
        return self.points.get(code, self.per_parcel) + self.per_km * (km or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of planning: which products, which points, in which order, divided how."""

    name: str = ""
    product_condition: str = "all"
    skus: frozenset[str] = frozenset()
    product_tags: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    hard_rules: frozenset[str] = frozenset({STOCK, QUOTA})
    quota: str = BY_DAY
    ranking: tuple[str, ...] = (PRIORITY,)
    split: str = IF_ALLOWED
    is_transferable: bool = False

    def takes(self, sku_code: str, tags: frozenset[str]) -> bool:
        """Whether a line of the order is a matter of this step."""
        if self.product_condition == "all":
            return True
        is_named = sku_code in self.skus or bool(self.product_tags & tags)
        return is_named == (self.product_condition == "include")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which orders a scenario takes; an absent filter takes all."""

    channels: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    order_types: frozenset[str] = frozenset()
    payment_methods: frozenset[str] = frozenset()
    shipping_options: frozenset[str] = frozenset()
    customer_types: frozenset[str] = frozenset()
    sku_tags: frozenset[str] = frozenset()
    min_value: Decimal | None = None
    max_value: Decimal | None = None

    def take(self, order: "Traveller") -> bool:
        """Whether every filter holds for an order."""
        return (
            _takes(self.channels, order.channel)
            and _takes(self.countries, order.country)
            and _takes(self.order_types, order.order_type)
            and (self.min_value is None or order.value >= self.min_value)
            and (self.max_value is None or order.value <= self.max_value)
            and self._take_words(order)
        )

    def _take_words(self, order: "Traveller") -> bool:
        return (
            _takes(self.regions, order.region)
            and _takes(self.shipping_options, order.shipping_option)
            and _takes(self.customer_types, order.customer_type)
            and (not self.payment_methods or not self.payment_methods.isdisjoint(order.payments))
            and (not self.sku_tags or not self.sku_tags.isdisjoint(order.sku_tags))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """What filters look at. `payments` are the method in our words and in the channel's."""

    channel: str
    country: str
    order_type: str
    value: Decimal
    region: str = ""
    payments: frozenset[str] = frozenset()
    shipping_option: str = ""
    customer_type: str = ""
    sku_tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What decides; the defaults are the built-in scenario.

    Points of the channel by priority, whole order first, split by line where the order allows it.
    `is_plain` rules ask for nothing else than that: other filters, split, carrier at most.
    """

    code: str = "built-in"
    version: int = 0
    version_id: int | None = None
    scenario_id: int | None = None
    filters: Filters = Filters()
    is_static_channel: bool = False
    split: str = IF_ALLOWED
    split_above: Decimal | None = None
    max_points: int | None = None
    stages: tuple[Stage, ...] = (Stage(),)
    carrier: str = ""
    carrier_areas: Mapping[str, Area] = field(default_factory=dict)
    delivery_type: str = ""
    initial_state: str = "CREATED"
    default_point: str = ""
    cost: Cost = Cost()
    is_plain: bool = True

    def allows_split(self, *, order_allows: bool) -> bool:
        """Whether an order may be given to several points."""
        return allows(self.split, order_allows=order_allows)

    @property
    def looks_at_tags(self) -> bool:
        """Whether tags of SKUs have to be read for it."""
        return bool(self.filters.sku_tags) or any(stage.product_tags for stage in self.stages)

    @property
    def counts_open_tasks(self) -> bool:
        """Whether the open tasks of points have to be counted for it."""
        return any(
            (QUOTA in stage.hard_rules and stage.quota == BY_OPEN) or LOAD in stage.ranking
            for stage in self.stages
        )

    def names_channel(self, channel: str) -> bool:
        """Whether it is bound to a channel, and to this one."""
        return self.is_static_channel and channel in self.filters.channels


def allows(split: str, *, order_allows: bool) -> bool:
    """Whether a way to split lets units go to several points."""
    return split in (ALWAYS, BY_LINE, BY_UNIT) or (split == IF_ALLOWED and order_allows)


def _takes(wanted: frozenset[str], value: str) -> bool:
    return not wanted or value in wanted
