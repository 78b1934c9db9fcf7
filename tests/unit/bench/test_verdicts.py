from bench.rows import ROWS, judged


def verdict_of(measured, key):
    return next(row.verdict for row in judged(measured) if row.row.key == key)


def test_a_share_of_a_floor_is_taken_from_the_medians():
    [_, _, p1] = judged({"F1": [90.0, 100.0, 400.0], "F2": [1000.0], "P1": [50.0, 60.0, 61.0]})

    assert (p1.value, p1.floor, p1.ratio) == (60.0, 100.0, 0.6)
    assert (p1.mark, p1.goal, p1.verdict) == (60.0, 700.0, "mark")


def test_below_the_mark_is_told():
    assert verdict_of({"F1": [100.0], "P2": [39.9]}, "P2") == "BELOW"


def test_a_reached_goal_is_told():
    assert verdict_of({"F1": [100.0], "P2": [80.0]}, "P2") == "goal"


def test_less_is_better_where_a_row_says_so():
    assert verdict_of({"P5.p50": [4.0]}, "P5.p50") == "goal"
    assert verdict_of({"P5.p50": [9.0]}, "P5.p50") == "mark"
    assert verdict_of({"P5.p50": [11.0]}, "P5.p50") == "BELOW"


def test_nothing_oversold_is_the_goal_and_one_unit_is_below_the_mark():
    assert verdict_of({"P14": [0.0]}, "P14") == "goal"
    assert verdict_of({"P14": [1.0]}, "P14") == "BELOW"


def test_without_its_floor_a_figure_has_no_verdict():
    assert verdict_of({"P1": [500.0]}, "P1") == "no floor"


def test_what_failed_is_listed_as_not_measured():
    assert verdict_of({"P6": []}, "P6") == "not measured"


def test_spread_is_the_distance_of_the_extremes_over_the_median():
    [floor] = judged({"F1": [90.0, 100.0, 110.0]})

    assert floor.spread == 0.2


def test_bulk_intake_is_held_against_copy():
    half = {"F1": [330.0], "F6": [4_000.0]}

    assert verdict_of(half | {"P3": [999.0]}, "P3") == "BELOW"
    assert verdict_of(half | {"P3": [1_000.0]}, "P3") == "mark"
    assert verdict_of(half | {"P3": [2_400.0]}, "P3") == "goal"


def test_webhooks_reach_their_mark_by_pace_and_their_goal_by_the_bare_client():
    half = {"F1": [330.0], "F8": [2_000.0]}

    assert verdict_of(half | {"P10": [999.0]}, "P10") == "by pace"
    assert verdict_of(half | {"P10": [499.0]}, "P10") == "BELOW"
    assert verdict_of(half | {"P10": [1_001.0]}, "P10") == "goal"
    assert verdict_of({"F8": [9_000.0], "P10": [1_001.0]}, "P10") == "mark"


def test_stored_deliveries_may_slow_webhooks_down_by_a_tenth_of_what_the_machine_allows():
    measured = {"F8": [4_000.0], "F8N": [2_000.0], "P10": [1_000.0]}

    assert verdict_of(measured | {"P10N": [450.0]}, "P10N") == "mark"
    assert verdict_of(measured | {"P10N": [449.0]}, "P10N") == "BELOW"


def test_a_bar_that_follows_the_machine_names_its_floors():
    bars = {row.key: str(row.mark) for row in ROWS if row.mark}

    assert bars["P1N"] == "0.9 x P1 x F1N/F1"
    assert bars["P10N"] == "0.9 x P10 x F8N/F8"


def test_a_machine_that_became_slower_lowers_the_bar():
    measured = {"F1": [100.0], "F1N": [50.0], "P1": [80.0], "P1N": [36.0]}

    assert verdict_of(measured, "P1N") == "mark"
    assert verdict_of(measured | {"P1N": [35.9]}, "P1N") == "BELOW"


def test_a_slower_machine_reaches_a_number_by_its_pace():
    half = {"F1": [330.0]}

    assert verdict_of(half | {"P6": [21.0]}, "P6") == "by pace"
    assert verdict_of(half | {"P6": [19.0]}, "P6") == "BELOW"
    assert verdict_of(half | {"P5.p50": [19.0]}, "P5.p50") == "by pace"
    assert verdict_of(half | {"P5.p50": [21.0]}, "P5.p50") == "BELOW"


def test_a_faster_machine_does_not_raise_the_bar_and_sizes_have_no_pace():
    assert verdict_of({"F1": [1_320.0], "P6": [41.0]}, "P6") == "mark"
    assert verdict_of({"F1": [330.0], "P12.web": [170.0]}, "P12.web") == "BELOW"
