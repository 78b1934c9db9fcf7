"""Planning one order: which point ships what, and why. Plain data in, plain data out.

The same function plans for real, for a dry run and for a back-test: it reads and writes nothing
but the `stock` it is given. Orders of plain rules, which are most, are planned here; the rest is
in `staging`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from fulfillment.choices import RoutingOutcome
from fulfillment.routing.rules import Rules
from fulfillment.routing.shapes import About, Candidate, Plan, Share, Stock, Wanted
from fulfillment.routing.staging import Planner

__all__ = ["Candidate", "Plan", "Share", "Stock", "Wanted", "plan", "ranked", "waiting_for"]


def plan(
    *,
    wanted: Sequence[Wanted],
    candidates: Sequence[Candidate],
    excluded: Mapping[int, str],
    stock: Stock,
    rules: Rules,
    order_allows_split: bool,
    about: About | None = None,
) -> Plan:
    """Find the points for an order and take their units out of `stock`; candidates come ranked.

    The first candidate that has everything ships everything. When none does and the order may be
    split, each line goes to the first candidate that has all of its units; lines nobody has wait.
    Rules that ask for more, lines of sellers and bundles are planned step by step (`staging`).
    """
    if not rules.is_plain or any(line.supplier_code or line.set_id for line in wanted):
        planner = Planner(
            candidates=candidates,
            excluded=excluded,
            stock=stock,
            rules=rules,
            order_allows_split=order_allows_split,
            about=about or About(),
        )
        planned = planner.run(wanted)
        unknown = [line.sku_code for line in wanted if line.sku_id is None]
        _conclude(planned, wanted, unknown, has_candidates=planner.has_open_ones)
        return planned
    plan = Plan(outcome=RoutingOutcome.WAITING, reason="")
    open_ones = [c for c in candidates if _is_open(c, excluded, plan)]
    known = [line for line in wanted if line.sku_id is not None]
    unknown = [line.sku_code for line in wanted if line.sku_id is None]
    if not unknown and (whole := _first_with_all(known, open_ones, stock, plan)):
        _take(plan, whole, known, stock)
    elif rules.allows_split(order_allows=order_allows_split):
        _split(plan, known, open_ones, stock, rules)
    _conclude(plan, wanted, unknown, has_candidates=bool(open_ones))
    return plan


def ranked(candidates: Iterable[Candidate], *, preferred: int | None = None) -> list[Candidate]:
    """In the order they are asked: the point the order prefers, then by priority."""
    return sorted(candidates, key=lambda c: (c.point_id != preferred, c.priority, c.point_id))


def waiting_for(reason: str) -> Plan:
    """The plan of an order that no rules may plan, and why."""
    return Plan(outcome=RoutingOutcome.WAITING, reason=reason)


def _is_open(candidate: Candidate, excluded: Mapping[int, str], plan: Plan) -> bool:
    """Hard rules that need no stock; whoever falls out is listed with the reason."""
    reason = excluded.get(candidate.point_id)
    if not candidate.is_active:
        reason = "the point is closed"
    elif candidate.quota_left is not None and candidate.quota_left <= 0:
        reason = "its quota for today is used up"
    if reason:
        plan.verdicts.append({"point": candidate.code, "verdict": "left out", "why": reason})
    return reason is None


def _needs(lines: Iterable[Wanted]) -> dict[int, int]:
    needs: dict[int, int] = defaultdict(int)
    for line in lines:
        if line.sku_id is not None:
            needs[line.sku_id] += line.quantity
    return needs


def _first_with_all(
    lines: Sequence[Wanted], candidates: Sequence[Candidate], stock: Stock, plan: Plan
) -> Candidate | None:
    needs = _needs(lines)
    codes = {line.sku_id: line.sku_code for line in lines}
    for candidate in candidates:
        short = [
            {"sku": codes[sku_id], "wanted": quantity, "available": max(have, 0)}
            for sku_id, quantity in needs.items()
            if (have := stock.get((sku_id, candidate.point_id), 0)) < quantity
        ]
        if not short:
            plan.verdicts.append({"point": candidate.code, "verdict": "ships everything"})
            return candidate
        plan.verdicts.append({"point": candidate.code, "verdict": "short", "short": short[:20]})
    return None


def _take(plan: Plan, candidate: Candidate, lines: Iterable[Wanted], stock: Stock) -> None:
    given: dict[int, int] = {}
    for line in lines:
        if line.sku_id is not None:
            stock[line.sku_id, candidate.point_id] -= line.quantity
            given[line.line_id] = line.quantity
    plan.shares.append(Share(point_id=candidate.point_id, lines=given))


def _split(
    plan: Plan, lines: Sequence[Wanted], candidates: Sequence[Candidate], stock: Stock, rules: Rules
) -> None:
    """Give each line to the first candidate that has all of its units."""
    left = list(lines)
    for candidate in candidates:
        if rules.max_points is not None and len(plan.shares) >= rules.max_points:
            break
        fitting = _fitting(left, candidate, stock)
        if fitting:
            _take(plan, candidate, fitting, stock)
            taken = {line.line_id for line in fitting}
            left = [line for line in left if line.line_id not in taken]
            codes = [line.sku_code for line in fitting]
            plan.verdicts.append(
                {"point": candidate.code, "verdict": "ships a part", "skus": codes[:20]}
            )


def _fitting(lines: Iterable[Wanted], candidate: Candidate, stock: Stock) -> list[Wanted]:
    free: dict[int, int] = {}
    fitting = []
    for line in lines:
        if line.sku_id is None:
            continue
        have = free.get(line.sku_id, stock.get((line.sku_id, candidate.point_id), 0))
        if have >= line.quantity:
            free[line.sku_id] = have - line.quantity
            fitting.append(line)
    return fitting


def _conclude(
    plan: Plan, wanted: Sequence[Wanted], unknown: Sequence[str], *, has_candidates: bool
) -> None:
    served: dict[int, int] = defaultdict(int)
    for share in plan.shares:
        for line_id, units in share.lines.items():
            served[line_id] += units
    missing = [line.sku_code for line in wanted if served[line.line_id] < line.quantity]
    if not missing:
        plan.outcome = RoutingOutcome.SERVED
        many = len(plan.shares)
        plan.reason = f"{many} points ship everything" if many > 1 else "One point ships everything"
        return
    if plan.shares:
        plan.outcome = RoutingOutcome.PARTLY_SERVED
    plan.reason = _waiting_reason(missing, unknown, has_candidates=has_candidates)


def _waiting_reason(missing: Sequence[str], unknown: Sequence[str], *, has_candidates: bool) -> str:
    if unknown:
        return "Unknown SKU: " + _listed(unknown)
    if not has_candidates:
        return "No point serves this channel now"
    return "Out of stock: " + _listed(missing)


def _listed(codes: Sequence[str]) -> str:
    shown = ", ".join(sorted(set(codes))[:5])
    more = len(set(codes)) - 5
    return f"{shown} and {more} more" if more > 0 else shown
