"""Switching off the six hooks of the other side, and nothing else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oms.api.akinon.sync import hooks
from tests.integration.akinon.builders import OMS_ORIGIN, a_basket
from tests.simulators.whisperer import THE_SIX


def run(*words: str) -> str:
    out = StringIO()
    call_command("hooks", *words, stdout=out)
    return out.getvalue()


def active(shop) -> set[int]:
    rows = shop.omnitron.whisperer.hooks.rows
    return {pk for pk, hook in rows.items() if hook["is_active"]}


def test_exactly_the_six_of_thirty_are_switched_off(shop):
    six = shop.omnitron.whisperer.fill(OMS_ORIGIN)
    before = active(shop)

    said = run("deactivate", "--channel", "shop")

    assert len(before) == 30
    assert before - active(shop) == set(six)
    assert sorted(shop.omnitron.whisperer.changed) == sorted(six)
    assert said.splitlines()[-1] == "6 hooks switched off"


def test_a_dry_run_names_them_and_changes_nothing(shop):
    six = shop.omnitron.whisperer.fill(OMS_ORIGIN)

    said = run("deactivate", "--channel", "shop", "--dry-run")

    assert [int(line.split()[0]) for line in said.splitlines()[:-1]] == sorted(six)
    assert said.splitlines()[-1] == "6 hooks would be switched off"
    assert len(active(shop)) == 30


def test_a_second_run_finds_nothing_left(shop):
    shop.omnitron.whisperer.fill(OMS_ORIGIN)
    run("deactivate", "--channel", "shop")

    said = run("deactivate", "--channel", "shop")

    assert said == "0 hooks switched off\n"


def test_the_list_marks_those_that_lead_here(shop):
    shop.omnitron.whisperer.fill(OMS_ORIGIN)

    said = run("list", "--channel", "shop")

    assert said.splitlines()[-1] == "30 hooks, 6 of them lead here"
    assert sum("  ours  " in line for line in said.splitlines()) == 6


def test_hooks_through_the_other_sides_own_address_are_ours_too(shop):
    shop.omnitron.whisperer.fill(shop.omnitron.origin)

    found = hooks.hooks_of(organization_id=shop.organization.pk)

    assert sum(hook.is_ours for hook in found) == 6


def test_what_is_missing_is_made_in_mode_a(shop):
    shop.omnitron.whisperer.add_hook("order.created", f"{OMS_ORIGIN}{THE_SIX['order.created']}")

    said = run("create", "--channel", "shop")

    made = {
        (hook["event_type"], hook["target_url"])
        for hook in shop.omnitron.whisperer.hooks.rows.values()
    }
    assert said.splitlines()[-1] == "5 hooks made"
    assert made == {(name, f"{OMS_ORIGIN}{path}") for name, path in THE_SIX.items()}


def test_none_is_made_in_mode_b(market):
    market.books.place(a_basket("1"))
    market.pull()

    said = run("create", "--organization", market.organization.code)

    assert said == "0 hooks made\n"
    assert not market.omnitron.whisperer.hooks.rows


def test_mode_b_needs_no_channel_to_be_there(market):
    market.omnitron.whisperer.fill(OMS_ORIGIN)

    said = run("deactivate", "--organization", market.organization.code)

    assert said.splitlines()[-1] == "6 hooks switched off"


def test_an_unknown_channel_is_refused(shop):
    with pytest.raises(CommandError, match="No connection is meant"):
        run("list", "--channel", "nothing")


def test_a_refused_account_is_told_without_its_password(shop):
    shop.omnitron.password = "another"

    with pytest.raises(CommandError, match=r"^log-in: the account is refused$"):
        run("list", "--channel", "shop")


def test_orders_are_pulled_at_once_by_command(shop):
    shop.books.place(a_basket("1"))
    out = StringIO()

    call_command("omnitron", "pull", "--channel", "shop", stdout=out)

    assert out.getvalue() == "1 seen, 1 taken in, 0 held\n"
