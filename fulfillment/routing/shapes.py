"""What planning takes and gives: plain data, no database."""

import datetime as dt
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from fulfillment.choices import RoutingOutcome
from fulfillment.routing.rules import Rules

Stock = MutableMapping[tuple[int, int], int]  # (sku, point) -> units available now


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Units of one line that no point has yet. `sku_id` None: nobody knows the SKU.

    `supplier_code` is the seller's; lines of different sellers never share a task. A part of a
    bundle says which (`set_id`) and how many units of it make a set. While points are chosen a
    whole set is a line as well, with its `parts` (`routing.sets`).
    """

    line_id: int
    sku_id: int | None
    sku_code: str
    quantity: int
    supplier_code: str = ""
    tags: frozenset[str] = frozenset()
    set_id: int | None = None
    per_set: int = 1
    parts: "tuple[Wanted, ...]" = ()

    def needs(self, quantity: int) -> list[tuple[int, int]]:
        """SKUs and their units for so much of the line; none for nothing or an unknown SKU."""
        if not quantity:
            return []
        if self.parts:
            return [need for part in self.parts for need in part.needs(part.per_set * quantity)]
        return [] if self.sku_id is None else [(self.sku_id, quantity)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A point of the order's channel.

    `quota_left` are tasks it may still get today (None: any number), `open_tasks` those it has at
    work now (None: nobody counted). `closed_until` is when its calendar lets it work again.
    """

    point_id: int
    code: str
    priority: int
    is_active: bool = True
    quota_left: int | None = None
    max_quota: int | None = None
    open_tasks: int | None = None
    supplier_code: str = ""
    tags: frozenset[str] = frozenset()
    carriers: tuple[str, ...] = ()
    is_fulfillment_center: bool = False
    latitude: float | None = None
    longitude: float | None = None
    is_closed_now: bool = False
    closed_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an order goes, as far as it is known."""

    country: str = ""
    region: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What planning by a scenario's own rules asks of an order.

    `avoided` are points that refused or missed units of it lately, with the reason: they are asked
    again only where no other point is left. `transfer_rules` say where missing units come from.
    """

    destination: Destination = Destination()
    value: float = 0.0
    preferred_point_id: int | None = None
    avoided: Mapping[int, str] = field(default_factory=dict)
    transfer_rules: Rules | None = None
    default_point_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one point ships: units by line. `carrier`, where the rules chose one."""

    point_id: int
    lines: Mapping[int, int]
    carrier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Units by line that `source_point_id` sends to the point that ships them."""

    source_point_id: int
    point_id: int
    lines: Mapping[int, int]


@dataclass(slots=True, kw_only=True)
class Plan:
    """The answer, with its reason in a sentence and every candidate's verdict.

    A share names all units its point ships, also those that `transfers` bring there first.
    `unserved` are units nobody can ship, at the default point, one share for each seller.
    `retry_at` is when the first candidate that was closed opens again.
    """

    outcome: RoutingOutcome
    reason: str
    shares: list[Share] = field(default_factory=list)
    verdicts: list[dict[str, object]] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    unserved: list[Share] = field(default_factory=list)
    retry_at: dt.datetime | None = None
