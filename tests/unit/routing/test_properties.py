"""What every plan keeps to, whatever the order, the points and the rules."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from fulfillment.routing.shapes import Plan
from tests.unit.routing.builders import line, plan, point, rules_of

SKUS = "ABC"
WANTED = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(1, 4), st.sampled_from(["", "S1", "S2"])),
    min_size=1,
    max_size=5,
)
POINTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["", "S1", "S2"]), st.booleans()),
    min_size=1,
    max_size=5,
)
HELD = st.lists(st.integers(0, 5), min_size=15, max_size=15)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "split": st.sampled_from(["never", "if_allowed", "always", "by_line", "by_unit"]),
        "max_points": st.integers(1, 3),
        "ranking": st.lists(
            st.sampled_from(["priority", "distance", "cost", "fewest_parcels", "load"]),
            unique=True,
            min_size=1,
        ),
        "is_transferable": st.booleans(),
        "default_point": st.just("P9"),
        "hard_rules": st.lists(st.sampled_from(["stock", "supplier_code"]), unique=True),
    },
)


def _planned(wanted, points, held, document) -> tuple[Plan, dict, dict]:
    ordered = [
        line(sku, quantity, key=key, supplier_code=seller)
        for key, (sku, quantity, seller) in enumerate(wanted, 1)
    ]
    candidates = [
        point(key, priority=priority, supplier_code=seller, is_active=is_active)
        for key, (priority, seller, is_active) in enumerate(points, 1)
    ]
    stock = {
        (sku, key): held[(key - 1) * 3 + sku - 1]
        for key in range(1, len(points) + 1)
        for sku in (1, 2, 3)
    }
    before = dict(stock)
    planned = plan(
        ordered, candidates, stock, rules_of(**document), allow_split=True, default_point_id=9
    )
    return planned, before, stock


@settings(max_examples=150, deadline=None)
@given(WANTED, POINTS, HELD, RULES)
def test_every_plan_keeps_to_stock_units_sellers_and_limits(wanted, points, held, document):
    planned, before, after = _planned(wanted, points, held, document)

    assert all(units >= 0 for units in after.values())
    assert sum(before.values()) - sum(after.values()) == _units(planned.shares)
    left = {key: quantity for key, (_, quantity, _) in enumerate(wanted, 1)}
    for share in [*planned.shares, *planned.unserved]:
        for key, units in share.lines.items():
            assert units > 0
            left[key] -= units
    assert all(units >= 0 for units in left.values())
    if "default_point" in document and not _is_plain(document, wanted):
        assert not any(left.values())
    for share in planned.shares:
        sellers = {wanted[key - 1][2] for key in share.lines}
        _priority, code, is_active = points[share.point_id - 1]
        assert is_active
        assert len(sellers) == 1
        assert sellers <= {code, ""}
    for seller in {each[2] for each in wanted}:
        used = [s for s in planned.shares if wanted[next(iter(s.lines)) - 1][2] == seller]
        if document.get("split") == "never":
            assert len(used) <= 1
        if "split" in document and document["split"] != "by_unit" and not _brings(document):
            assert all(wanted[key - 1][1] == n for s in used for key, n in s.lines.items())
        assert len(used) <= document.get("max_points", len(points))


@settings(max_examples=40, deadline=None)
@given(WANTED, POINTS, HELD, RULES)
def test_the_same_question_has_the_same_answer(wanted, points, held, document):
    first = _planned(wanted, points, held, document)

    again = _planned(wanted, points, held, deepcopy(document))

    assert first == again


def _units(shares) -> int:
    return sum(units for share in shares for units in share.lines.values())


def _brings(document) -> bool:
    return bool(document.get("is_transferable"))


def _is_plain(document, wanted) -> bool:
    return rules_of(**document).is_plain and not any(seller for *_, seller in wanted)
