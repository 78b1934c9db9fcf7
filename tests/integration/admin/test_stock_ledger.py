import pytest

from oms.backoffice import ledger
from oms.backoffice.formats import page_url
from tests import backoffice_builders as build
from tests.statements import count_statements


@pytest.fixture
def level(db):
    """130 corrections of one unit after a count of 10: 140 on hand."""
    channel = build.make_channel()
    level = build.make_level(
        build.make_sku(channel.organization), build.make_point(channel), on_hand=10
    )
    for _ in range(130):
        build.make_movement(level, on_hand_delta=1)
    build.make_movement(level, kind="RESERVE", reserved_delta=4, cause="FT0000000009")
    level.__class__.objects.filter(pk=level.pk).update(on_hand=140, reserved=4)
    level.refresh_from_db()
    return level


def test_the_newest_balance_is_the_level_and_the_oldest_its_first_movement(level):
    balances, before = [], ""
    while True:
        page = ledger.read(level, before=before)
        balances += [(each.on_hand, each.reserved) for each in page.movements]
        before = page.older
        if not before:
            break

    assert balances == [(140, 4), *((units, 0) for units in range(140, 9, -1))]


def test_a_row_says_why_and_what_else_it_changed(level):
    build.make_movement(
        level,
        kind="COUNT",
        reason="CYCLE_COUNT",
        reference="CC-1",
        unavailable_delta=2,
        safety_delta=-1,
    )

    newest = ledger.read(level).movements[0]

    assert (newest.reason, newest.reference) == ("Cycle count", "CC-1")
    assert newest.besides == "unavailable +2, safety -1"


def test_a_page_costs_one_statement(level):
    with count_statements() as statements:
        page = ledger.read(level)

    assert len(statements) == 1
    assert len(page.movements) == ledger.PAGE
    assert page.is_newest is True


@pytest.mark.parametrize("before", ["", "x", "-1", "1e9", "9" * 40])
def test_a_cursor_that_is_not_ours_shows_the_newest(level, before):
    assert ledger.read(level, before=before).movements[0].kind == "RESERVE"


def test_the_page_shows_the_sum_and_pages_by_key(level, root):
    first = root.get(page_url(level))
    older = root.get(page_url(level), {"before": first.context["ledger"].older})

    assert first.context["ledger"].movements[-1].id == int(first.context["ledger"].older)
    assert older.context["ledger"].movements[0].id < int(first.context["ledger"].older)
    html = first.content.decode()
    assert "FT0000000009" in html
    assert "+4" in html
