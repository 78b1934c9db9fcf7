"""Planning by a scenario's own rules: step by step, seller by seller, with transfers.

Each step gives its lines to one point that has everything; else to a point that the missing units
are brought to, where the step may transfer; else to several, where it may split. What no step
placed goes to the default point, unserved. Nothing is ever given that `stock` does not hold.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fulfillment.choices import RoutingOutcome
from fulfillment.routing import fitness, scoring, sets
from fulfillment.routing.rules import BY_UNIT, SUPPLIER_CODE, Rules, Stage, allows
from fulfillment.routing.shapes import About, Candidate, Plan, Share, Stock, Transfer, Wanted


@dataclass(slots=True, kw_only=True)
class Planner:
    """One order on its way through the steps. `given` are units by seller, point and line."""

    candidates: Sequence[Candidate]
    excluded: Mapping[int, str]
    stock: Stock
    rules: Rules
    order_allows_split: bool
    about: About
    plan: Plan = field(default_factory=lambda: Plan(outcome=RoutingOutcome.WAITING, reason=""))
    given: dict[tuple[str, int], dict[int, int]] = field(default_factory=dict)
    has_open_ones: bool = False
    has_unknown: bool = False

    def run(self, wanted: Sequence[Wanted]) -> Plan:
        """Plan all lines with a known SKU; sellers come in the order of their first lines.

        Where an order must not be split, the rest of one with an unknown SKU waits for it.
        """
        known = sets.gathered([line for line in wanted if line.sku_id is not None])
        self.has_unknown = any(line.sku_id is None for line in wanted)
        is_mixed = any(line.supplier_code for line in known)
        for seller in dict.fromkeys(line.supplier_code for line in known):
            left = [line for line in known if line.supplier_code == seller]
            for stage in self.rules.stages:
                step = _with_sellers(stage) if is_mixed else stage
                left = self._step(step, left, seller)
            self._leave(left)
        self._merge()
        sets.opened(self.plan, known)
        return self.plan

    def _step(self, stage: Stage, lines: Sequence[Wanted], seller: str) -> list[Wanted]:
        """Place what this step is about; what is left of all lines."""
        mine = [line for line in lines if _takes(stage, line)]
        if not mine:
            return list(lines)
        open_ones = self._open_ones(stage, seller)
        rest = self._place(stage, mine, open_ones, seller)
        others = [line for line in lines if not _takes(stage, line)]
        return [*others, *rest]

    def _place(
        self, stage: Stage, lines: list[Wanted], open_ones: Sequence[Candidate], seller: str
    ) -> list[Wanted]:
        if self.has_unknown and not self._may_split(stage):
            return lines
        if self._whole(stage, lines, open_ones, seller):
            return []
        if stage.is_transferable and self._consolidated(stage, lines, open_ones, seller):
            return []
        if self._may_split(stage):
            return self._split(stage, lines, open_ones, seller)
        return lines

    def _may_split(self, stage: Stage) -> bool:
        least = self.rules.split_above
        if least is not None and self.about.value <= float(least):
            return False
        return allows(stage.split, order_allows=self.order_allows_split)

    def _open_ones(self, stage: Stage, seller: str) -> list[Candidate]:
        """Who passes the hard rules, ranked; who lost units lately only where nobody else does."""
        passed = [each for each in self.candidates if self._passes(each, stage, seller)]
        self.has_open_ones = self.has_open_ones or bool(passed)
        avoided = self.about.avoided
        fresh = [each for each in passed if each.point_id not in avoided]
        for each in passed if fresh else ():
            if each.point_id in avoided:
                self._say(each, stage, "left out", rule="avoided", why=avoided[each.point_id])
        return fresh or passed

    def _passes(self, candidate: Candidate, stage: Stage, seller: str) -> bool:
        if reason := self.excluded.get(candidate.point_id):
            fall: fitness.Fall | None = fitness.Fall("excluded", reason)
        else:
            fall = fitness.fall_of(
                candidate, stage=stage, rules=self.rules, about=self.about, seller=seller
            )
        if fall is None:
            return True
        self._say(candidate, stage, "left out", rule=fall.rule, why=fall.why)
        if fall.rule == "calendar" and candidate.closed_until is not None:
            times = (self.plan.retry_at, candidate.closed_until)
            self.plan.retry_at = min(time for time in times if time is not None)
        return False

    def _ranked(
        self, stage: Stage, candidates: Sequence[Candidate], lines: Sequence[Wanted]
    ) -> list[Candidate]:
        by_unit = stage.split == BY_UNIT or stage.is_transferable
        units = {
            each.point_id: scoring.units_for(each, lines, self.stock, by_unit=by_unit)
            for each in candidates
        }
        return scoring.ranked_by(
            candidates, rules=self.rules, ranking=stage.ranking, about=self.about, units=units
        )

    def _whole(
        self, stage: Stage, lines: Sequence[Wanted], open_ones: Sequence[Candidate], seller: str
    ) -> bool:
        """Give everything to the first that has it; those asked before it were short."""
        for candidate in self._ranked(stage, open_ones, lines):
            short = _short(candidate, lines, self.stock)
            if not short:
                self._say(candidate, stage, "ships everything")
                self._take(
                    candidate, {line.line_id: line.quantity for line in lines}, lines, seller
                )
                return True
            self._say(candidate, stage, "short", short=short[:20])
        return False

    def _split(
        self, stage: Stage, lines: Sequence[Wanted], open_ones: Sequence[Candidate], seller: str
    ) -> list[Wanted]:
        """Give parts to one candidate after the other, the best for what is left first."""
        left, remaining = list(lines), list(open_ones)
        by_unit = stage.split == BY_UNIT
        while left and remaining and not self._is_full(seller, remaining):
            candidate = self._ranked(stage, remaining, left)[0]
            remaining.remove(candidate)
            units = scoring.given_by(candidate, left, self.stock, by_unit=by_unit)
            if not units or not self._has_room(seller, candidate):
                continue
            codes = [line.sku_code for line in left if line.line_id in units]
            self._say(candidate, stage, "ships a part", skus=codes[:20])
            self._take(candidate, units, left, seller)
            left = _less(left, units)
        return left

    def _is_full(self, seller: str, remaining: Sequence[Candidate]) -> bool:
        return not any(self._has_room(seller, each) for each in remaining)

    def _has_room(self, seller: str, candidate: Candidate) -> bool:
        """Whether one more point is allowed; a point that ships for it already is no more."""
        most = self.rules.max_points
        used = {point_id for name, point_id in self.given if name == seller}
        return most is None or candidate.point_id in used or len(used) < most

    def _consolidated(
        self, stage: Stage, lines: Sequence[Wanted], open_ones: Sequence[Candidate], seller: str
    ) -> bool:
        """Let one point ship everything, its missing units brought from others."""
        for hub in self._ranked(stage, open_ones, lines):
            own = scoring.given_by(hub, lines, self.stock, by_unit=True)
            if not own or not self._has_room(seller, hub):
                continue
            moves = self._sources(hub, _less(lines, own), seller)
            if moves is None:
                continue
            self._say(hub, stage, "ships everything", brought_from=[each.code for each in moves])
            self._take(hub, own, lines, seller)
            for source, units in moves.items():
                self._bring(hub, source, units, lines, seller)
            return True
        return False

    def _sources(
        self, hub: Candidate, missing: Sequence[Wanted], seller: str
    ) -> dict[Candidate, dict[int, int]] | None:
        """Who sends the missing units, by the transfer scenario; None: they are not to be had."""
        rules = self.about.transfer_rules or Rules()
        [stage, *_] = rules.stages
        others = [
            each
            for each in self.candidates
            if each.point_id != hub.point_id and each.point_id not in self.excluded
        ]
        passing = [each for each in others if self._may_send(each, stage, rules, seller)]
        left, moves = list(missing), dict[Candidate, dict[int, int]]()
        for source in scoring.ranked_by(
            passing, rules=rules, ranking=stage.ranking, about=self.about
        ):
            if units := scoring.given_by(source, left, self.stock, by_unit=True):
                moves[source] = units
                left = _less(left, units)
        return None if left else moves

    def _may_send(self, candidate: Candidate, stage: Stage, rules: Rules, seller: str) -> bool:
        about = self.about
        step = _with_sellers(stage) if seller else stage
        fall = fitness.fall_of(candidate, stage=step, rules=rules, about=about, seller=seller)
        return fall is None and candidate.point_id not in about.avoided

    def _bring(
        self,
        hub: Candidate,
        source: Candidate,
        units: Mapping[int, int],
        lines: Sequence[Wanted],
        seller: str,
    ) -> None:
        """Take units at their source, and give them to the point that ships them."""
        _draw(self.stock, source.point_id, units, lines)
        share = self.given.setdefault((seller, hub.point_id), {})
        for line_id, quantity in units.items():
            share[line_id] = share.get(line_id, 0) + quantity
        self.plan.transfers.append(
            Transfer(source_point_id=source.point_id, point_id=hub.point_id, lines=dict(units))
        )

    def _take(
        self,
        candidate: Candidate,
        units: Mapping[int, int],
        lines: Sequence[Wanted],
        seller: str,
    ) -> None:
        _draw(self.stock, candidate.point_id, units, lines)
        share = self.given.setdefault((seller, candidate.point_id), {})
        for line_id, quantity in units.items():
            share[line_id] = share.get(line_id, 0) + quantity

    def _leave(self, lines: Sequence[Wanted]) -> None:
        """What nobody ships stands at the default point; sellers never share a task."""
        default = self.about.default_point_id
        if default is not None and lines:
            units = {line.line_id: line.quantity for line in lines}
            self.plan.unserved.append(Share(point_id=default, lines=units))

    def _merge(self) -> None:
        carriers = {
            each.point_id: fitness.carrier_for(each, self.rules, self.about)
            for each in self.candidates
        }
        self.plan.shares = [
            Share(point_id=point_id, lines=units, carrier=carriers.get(point_id, ""))
            for (_seller, point_id), units in self.given.items()
        ]

    def _say(self, candidate: Candidate, stage: Stage, verdict: str, **more: object) -> None:
        said: dict[str, object] = {"point": candidate.code, "verdict": verdict, **more}
        if stage.name:
            said["step"] = stage.name
        said["scores"] = scoring.figures(
            candidate, rules=self.rules, ranking=stage.ranking, about=self.about
        )
        self.plan.verdicts.append(said)


def _with_sellers(stage: Stage) -> Stage:
    """Where goods of sellers are about, goods of nobody go to points of nobody."""
    return replace(stage, hard_rules=stage.hard_rules | {SUPPLIER_CODE})


def _takes(stage: Stage, line: Wanted) -> bool:
    """Whether a line, or all of a set, is a matter of this step."""
    return all(stage.takes(each.sku_code, each.tags) for each in line.parts or (line,))


def _short(candidate: Candidate, lines: Sequence[Wanted], stock: Stock) -> list[dict[str, object]]:
    """What a candidate lacks to ship all lines, by SKU."""
    needs: dict[int, int] = defaultdict(int)
    codes: dict[int, str] = {}
    for line in lines:
        for sku_id, quantity in line.needs(line.quantity):
            needs[sku_id] += quantity
        codes |= {each.sku_id: each.sku_code for each in line.parts or (line,) if each.sku_id}
    return [
        {"sku": codes[sku_id], "wanted": quantity, "available": max(have, 0)}
        for sku_id, quantity in needs.items()
        if (have := stock.get((sku_id, candidate.point_id), 0)) < quantity
    ]


def _draw(stock: Stock, point_id: int, units: Mapping[int, int], lines: Sequence[Wanted]) -> None:
    for line in lines:
        for sku_id, quantity in line.needs(units.get(line.line_id, 0)):
            stock[sku_id, point_id] = stock.get((sku_id, point_id), 0) - quantity


def _less(lines: Sequence[Wanted], units: Mapping[int, int]) -> list[Wanted]:
    """Lines with what is still missing of them."""
    left = [replace(line, quantity=line.quantity - units.get(line.line_id, 0)) for line in lines]
    return [line for line in left if line.quantity > 0]
