"""Whatever is ordered, planning takes no unit twice and divides no set."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.routing.builders import line, plan, point, rules_of, stock_of

SKUS = "ABC"
PER_SET = st.dictionaries(st.sampled_from(SKUS), st.integers(1, 3), min_size=1)
STOCK = st.dictionaries(st.sampled_from(SKUS), st.integers(0, 9))


@st.composite
def orders(draw):
    """Lines of up to two bundles and some single SKUs."""
    wanted = []
    for bundle in range(draw(st.integers(0, 2))):
        sets = draw(st.integers(1, 3))
        for sku, units in draw(PER_SET).items():
            key = len(wanted) + 1
            wanted.append(line(sku, sets * units, key=key, set_id=1000 + bundle, per_set=units))
    for sku in draw(st.lists(st.sampled_from(SKUS), max_size=3)):
        wanted.append(line(sku, draw(st.integers(1, 3)), key=len(wanted) + 1))
    return wanted


# How fast baskets are made up says something about the machine only.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    baskets=st.lists(orders(), min_size=1, max_size=4),
    first=STOCK,
    second=STOCK,
    split=st.sampled_from(["never", "by_line", "by_unit"]),
    is_transferable=st.booleans(),
)
def test_no_unit_is_given_twice_and_no_set_is_divided(
    baskets, first, second, split, is_transferable
):
    stock = stock_of(P1=first, P2=second)
    before = dict(stock)
    rules = rules_of(split=split, is_transferable=is_transferable)
    taken: dict[tuple[int, int], int] = {}

    for wanted in baskets:
        by_key = {each.line_id: each for each in wanted}
        planned = plan(wanted, [point(1), point(2)], stock, rules, allow_split=True)
        brought: dict[tuple[int, int], int] = {}
        for move in planned.transfers:
            for key, units in move.lines.items():
                place = (key, move.point_id)
                brought[place] = brought.get(place, 0) + units
                spot = (by_key[key].sku_id, move.source_point_id)
                taken[spot] = taken.get(spot, 0) + units
        for share in planned.shares:
            sets: dict[int, set[float]] = {}
            for key, units in share.lines.items():
                own = units - brought.get((key, share.point_id), 0)
                spot = (by_key[key].sku_id, share.point_id)
                taken[spot] = taken.get(spot, 0) + own
                if by_key[key].set_id is not None:
                    sets.setdefault(by_key[key].set_id, set()).add(units / by_key[key].per_set)
            assert all(len(each) == 1 and next(iter(each)).is_integer() for each in sets.values())
        for key, each in by_key.items():
            given_units = sum(share.lines.get(key, 0) for share in planned.shares)
            assert given_units <= each.quantity

    assert all(units >= 0 for units in stock.values())
    assert {spot: before.get(spot, 0) - units for spot, units in taken.items() if units} == {
        spot: stock[spot] for spot, units in taken.items() if units
    }
