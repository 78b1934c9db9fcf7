"""Orders, points and rules as planning reads them."""

from itertools import count

from fulfillment.routing import engine
from fulfillment.routing.reading import read_rules
from fulfillment.routing.rules import Rules
from fulfillment.routing.shapes import About, Candidate, Plan, Wanted

_SKUS = {code: number for number, code in enumerate("ABCDEFGH", 1)}


def rules_of(**document: object) -> Rules:
    return read_rules(document, code="test", version=1, version_id=1)


def line(sku: str, quantity: int = 1, *, key: int, **more: object) -> Wanted:
    known = _SKUS.get(sku)
    return Wanted(line_id=key, sku_id=known, sku_code=sku, quantity=quantity, **more)


def lines(*wanted: tuple[str, int] | str) -> list[Wanted]:
    keys = count(1)
    return [
        line(each, key=next(keys)) if isinstance(each, str) else line(*each, key=next(keys))
        for each in wanted
    ]


def point(key: int, **more: object) -> Candidate:
    return Candidate(**{"point_id": key, "code": f"P{key}", "priority": key, **more})


def stock_of(**points: dict[str, int]) -> dict[tuple[int, int], int]:
    """`P1={"A": 2}`: two units of A at point 1."""
    return {
        (_SKUS[sku], int(name[1:])): units
        for name, held in points.items()
        for sku, units in held.items()
    }


def plan(
    wanted: list[Wanted],
    candidates: list[Candidate],
    stock: dict[tuple[int, int], int],
    rules: Rules,
    *,
    allow_split: bool = False,
    excluded: dict[int, str] | None = None,
    **about: object,
) -> Plan:
    return engine.plan(
        wanted=wanted,
        candidates=engine.ranked(candidates),
        excluded=excluded or {},
        stock=stock,
        rules=rules,
        order_allows_split=allow_split,
        about=About(**about),
    )


def shares(planned: Plan) -> dict[int, dict[int, int]]:
    return {share.point_id: dict(share.lines) for share in planned.shares}


def fallen(planned: Plan) -> dict[str, str]:
    """Rule by which each point fell out."""
    return {
        str(each["point"]): str(each["rule"])
        for each in planned.verdicts
        if each["verdict"] == "left out"
    }
