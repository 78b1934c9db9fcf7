"""Configured transitions: the seeds, what may be changed about them, and the one door."""

from dataclasses import replace

import pytest

from fulfillment.choices import TaskStatus as T
from fulfillment.choices import TransferStatus as S
from fulfillment.choices import TransitionCommand as C
from fulfillment.models import Parcel, TransitionRule
from fulfillment.services import commands
from fulfillment.services.commands import (
    MOVES,
    STATE_OF,
    Arguments,
    Group,
    MoveNotAllowed,
    RuleDraft,
)
from oms.events.models import Event
from oms.kernel.errors import Forbidden
from oms.orders import services as orders
from oms.orders.choices import CancelParty
from tests.factories import NOW, make_organization
from tests.integration.fulfillment.builders import routed
from tests.integration.fulfillment.commands.stages import bring, case_at, reason_of, told
from tests.integration.fulfillment.gifts import gifts

pytestmark = pytest.mark.django_db

CALL = {
    "remote_url": "https://erp.example/invoice",
    "auth": {"request_type": "token", "token": "s3cret", "token_prefix": "Bearer"},
    "timeouts": {"read": 10, "connect": 60},
}


def seeded(case) -> dict[str, TransitionRule]:
    commands.seed_transitions(case.point.organization_id, now=NOW)
    rules = TransitionRule.objects.filter(organization=case.point.organization)
    return {rule.slug: rule for rule in rules}


def perform(case, rule, **arguments):
    commands.perform(**told(case), rule=rule, arguments=Arguments(**arguments))


def draft(**overrides) -> RuleDraft:
    values = {
        "slug": "start-here",
        "name": "Start",
        "source": "100",
        "destination": "200",
        "command": C.STATE_TRANSITION,
    }
    return RuleDraft(**{**values, **overrides})


def test_every_state_has_its_number():
    assert STATE_OF.keys() == set(T)
    assert MOVES.keys() == set(C)


def test_seeds_have_every_move_once_and_stay_as_people_left_them():
    case = routed()
    rules = seeded(case)
    TransitionRule.objects.filter(slug="refuse").update(name="Say no")

    assert commands.seed_transitions(case.point.organization_id, now=NOW) == 0

    assert TransitionRule.objects.get(slug="refuse").name == "Say no"
    moves = {(rule.command, rule.source, rule.destination) for rule in rules.values()}
    assert moves == {(command, *move) for command, all_ in MOVES.items() for move in all_}
    assert len(rules) == len({rule.public_number for rule in rules.values()})


@pytest.mark.parametrize(
    ("slug", "source", "destination"),
    [
        ("start-preparing", "100", "200"),
        ("start-preparing-from-150", "150", "200"),
        ("complete-packing", "100", "500"),
        ("refuse-from-200", "200", "910"),
        ("unblock", "1000", "100"),
        ("unblock-to-400", "1000", "400"),
        ("update-shipment-status", "600", "650"),
        ("attempted-delivery", "600", "640"),
        ("transfer-dispatch-from-ready-to-shipment", "ready_to_shipment", "in_transit"),
    ],
)
def test_slugs_are_stable(slug, source, destination):
    rule = seeded(routed())[slug]

    assert (rule.source, rule.destination) == (source, destination)


def arguments_for(command, case) -> dict[str, object]:
    lines = tuple(case.lines)
    numbers = {"carrier": "ups", "tracking_number": "TRK1"}
    return {
        C.REFUSE: {"reason_number": reason_of(case).public_number},
        C.ITEMS_NOT_FOUND: {"line_numbers": lines[:1]},
        C.ITEMS_NOT_FOUND_ADVANCED: {"line_numbers": lines[:1]},
        C.ASSIGN_MANUALLY: {"groups": (Group(line_numbers=lines, point_code=case.point.code),)},
        C.SHIP_ADVANCED: numbers,
        C.UPDATE_SHIPMENT_INFO: numbers,
    }.get(command, {})


AT = {
    "100": T.CREATED, "150": T.WAITING_REMOTE, "200": T.ACCEPTED, "400": T.PICKED,
    "500": T.PACKED, "520": T.READY_FOR_PICKUP, "600": T.SHIPPED, "640": T.ATTEMPTED,
    "650": T.DELIVERED, "660": T.DELIVERY_FAILED, "910": T.NEEDS_REPLANNING,
    "920": T.OUT_OF_STOCK,
}  # fmt: skip
# Where it is told apart which moves are made: routing has to end these, an invoice needs a draft.
STAYS = {C.REPLAN, C.ITEMS_NOT_FOUND_ADVANCED}


@pytest.mark.parametrize("command", sorted(set(C) - commands.OF_TRANSFERS - {C.UPDATE_INVOICE}))
def test_the_door_runs_each_command_of_every_rule(command):
    rules = [rule for rule in seeded(routed()).values() if rule.command == command]
    reached = {}

    for rule in rules:
        if rule.source == "1000":
            case = case_at(AT[rule.destination])
            commands.block_task(**told(case))
        else:
            case = case_at(AT[rule.source])
        own = seeded(case)[rule.slug]
        perform(case, own, **arguments_for(command, case))
        reached[rule.slug] = STATE_OF[T(case.status()[1])]

    expected = {r.slug: r.source if command in STAYS else r.destination for r in rules}
    assert reached == expected


def test_a_rule_starts_only_where_it_says():
    case = case_at(T.ACCEPTED)
    rule = seeded(case)["start-preparing"]
    events = Event.objects.count()

    with pytest.raises(MoveNotAllowed) as refused:
        perform(case, rule)

    assert refused.value.details["state"] == "200"
    assert Event.objects.count() == events


@pytest.mark.parametrize("make", [routed, gifts])
def test_a_task_with_a_wish_to_cancel_waits_for_the_decision(make):
    case = make()
    wish = orders.CancelWish(
        order_id=case.order.pk,
        party=CancelParty.CUSTOMER,
        requested_by="x",
        reason="",
        requested_at=NOW,
        lines={case.order_lines[0]: ""},
    )
    orders.request_cancel(wish=wish, actor=case.actor, now=NOW)

    with pytest.raises(MoveNotAllowed) as refused:
        perform(case, seeded(case)["start-preparing"])

    assert refused.value.details["state"] == "800"


def test_events_say_by_which_rule_and_whether_the_source_is_told():
    case = routed()
    rule = seeded(case)["start-preparing"]
    rule.config = {"sync_remote_order_status": False}

    perform(case, rule)

    event = Event.objects.get(subject_id=case.task.pk, type="task.accepted")
    assert (event.data["rule"], event.data["slug"], event.data["is_synced"]) == (
        rule.public_number,
        "start-preparing",
        False,
    )


def test_one_slug_unblocks_whatever_was_blocked():
    case = case_at(T.ACCEPTED)
    rules = seeded(case)
    commands.block_task(**told(case))

    with pytest.raises(MoveNotAllowed):
        perform(case, rules["unblock-to-400"])
    perform(case, rules["unblock"])

    assert case.status()[1] == T.ACCEPTED


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("refuse", ["reason_number"]),
        ("product-not-found", ["line_numbers"]),
        ("manual-planning", ["groups"]),
    ],
)
def test_what_a_command_needs_has_to_be_told(slug, names):
    case = routed()

    with pytest.raises(commands.ArgumentMissing) as refused:
        perform(case, seeded(case)[slug])

    assert refused.value.details["names"] == names
    assert case.status()[1] == T.CREATED


def test_rules_of_others_and_of_transfers_move_no_task():
    case, other = routed(), routed()

    for rule in (seeded(other)["start-preparing"], seeded(case)["transfer-ready"]):
        with pytest.raises(commands.RuleMisplaced):
            perform(case, rule)

    assert case.status()[1] == T.CREATED


@pytest.mark.parametrize(("channel", "carrier"), [("with", "ups"), ("without", "self")])
def test_packing_by_channel_asks_the_transition(channel, carrier):
    case = routed()
    case.channel.code = channel
    case.channel.save()
    rule = seeded(case)["complete-packing-by-channel"]
    rule.config = {"carriers": {"with": "ups", "other": None}}

    perform(case, rule)

    assert Parcel.objects.get(status__in=["PACKED", "LABELLED"]).carrier == carrier


@pytest.mark.parametrize(
    ("carriers", "named", "carrier"),
    [
        ({"{number}": "ups", "shop": "dhl"}, "", "ups"),
        ({"{number}": None, "shop": "dhl"}, "", "self"),
        ({"{number}": "ups"}, "dhl", "dhl"),
        ({}, "dhl", "self"),
    ],
)
def test_a_channel_is_named_by_number_and_its_carrier_may_be_overridden(carriers, named, carrier):
    case = routed()
    case.channel.code = "shop"
    case.channel.save()
    case.channel.refresh_from_db()
    rule = seeded(case)["complete-packing-by-channel"]
    rule.config = {
        "carriers": {
            name.format(number=case.channel.number): value for name, value in carriers.items()
        }
    }

    perform(case, rule, carrier=named)

    assert Parcel.objects.get(status__in=["PACKED", "LABELLED"]).carrier == carrier


def test_transfers_have_a_door_of_their_own():
    case = routed()
    transfer = bring(case)
    rules = seeded(case)
    who = {name: value for name, value in told(case).items() if name != "task_id"}
    reached = []

    for slug in (
        "transfer-ready",
        "transfer-dispatch-from-ready-to-shipment",
        "transfer-delivered",
    ):
        commands.perform_on_transfer(
            **who, transfer_id=transfer.pk, rule=rules[slug], arguments=Arguments()
        )
        transfer.refresh_from_db()
        reached.append(transfer.status)
    with pytest.raises(MoveNotAllowed):
        commands.perform_on_transfer(
            **who, transfer_id=transfer.pk, rule=rules["transfer-not-found"], arguments=Arguments()
        )

    assert reached == [S.READY, S.IN_TRANSIT, S.TRANSFERRED]


def test_a_rule_of_ones_own():
    case = routed()
    actor = told(case)["actor"]
    made = commands.add_rule(
        organization_id=case.point.organization_id, draft=draft(), actor=actor, now=NOW
    )

    perform(case, made)
    changed = commands.change_rule(
        number=made.public_number, draft=draft(name="Go", is_visible=False), actor=actor, now=NOW
    )
    commands.remove_rule(number=made.public_number, actor=actor)

    assert case.status()[1] == T.ACCEPTED
    assert (changed.name, changed.is_visible, changed.family) == ("Go", False, "start-here")
    assert TransitionRule.objects.count() == 0


def test_rules_are_the_organizations():
    case = routed()
    stranger = replace(case.actor, point_ids=None, organization_id=make_organization().pk)
    own = told(case)["actor"]
    organization_id = case.point.organization_id
    made = commands.add_rule(organization_id=organization_id, draft=draft(), actor=own, now=NOW)

    with pytest.raises(Forbidden):
        commands.add_rule(
            organization_id=organization_id, draft=draft(slug="x"), actor=stranger, now=NOW
        )
    with pytest.raises(commands.RuleUnknown):
        commands.remove_rule(number=made.public_number, actor=stranger)

    assert TransitionRule.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"source": "500"}, commands.MoveImpossible),
        ({"slug": "refuse", "command": C.REFUSE, "destination": "910"}, commands.RuleTaken),
    ],
)
def test_a_rule_that_cannot_be_is_refused(wanted, refusal):
    case = routed()
    rules = seeded(case)

    with pytest.raises(refusal):
        commands.add_rule(
            organization_id=case.point.organization_id,
            draft=draft(**wanted),
            actor=told(case)["actor"],
            now=NOW,
        )

    assert TransitionRule.objects.count() == len(rules)


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"sync_remote_order_status": "no"}, "sync_remote_order_status"),
        ({"remote_invoice_call": {"auth": {"request_type": "anonymous"}}}, "remote_invoice_call"),
        (
            {"remote_invoice_call": {**CALL, "auth": {"request_type": "basic"}}},
            "remote_invoice_call.auth.request_type",
        ),
        (
            {"remote_invoice_call": {**CALL, "auth": {"request_type": "token"}}},
            "remote_invoice_call.auth",
        ),
        (
            {"remote_invoice_call": {**CALL, "timeouts": {"read": 6000}}},
            "remote_invoice_call.timeouts.read",
        ),
        ({"carriers": {"shop": 1}}, "carriers.shop"),
    ],
)
def test_a_configuration_is_checked_by_path(config, path):
    with pytest.raises(commands.RuleConfigInvalid) as refused:
        commands.check_config(config, command=C.COMPLETE_PACKING)

    assert list(refused.value.problems) == [path]


def test_only_commands_that_read_it_have_an_invoice_call():
    with pytest.raises(commands.RuleConfigInvalid):
        commands.check_config({"remote_invoice_call": CALL}, command=C.BLOCK)


def test_secrets_of_a_configuration_are_sealed_and_kept_when_not_said_again():
    case = routed()
    actor = told(case)["actor"]
    wanted = draft(
        slug="pack", command=C.COMPLETE_PACKING, destination="500",
        config={"remote_invoice_call": CALL, "update_later": 1},
    )  # fmt: skip
    made = commands.add_rule(
        organization_id=case.point.organization_id, draft=wanted, actor=actor, now=NOW
    )

    stored = TransitionRule.objects.get(pk=made.pk)
    assert "s3cret" not in str(stored.config)
    assert b"s3cret" not in bytes(stored.secrets)
    assert stored.config["update_later"] == 1
    assert commands.config_of(stored)["remote_invoice_call"] == CALL

    again = replace(wanted, config=stored.config)
    commands.change_rule(number=made.public_number, draft=again, actor=actor, now=NOW)

    kept = TransitionRule.objects.get(pk=made.pk)
    assert commands.config_of(kept)["remote_invoice_call"] == CALL
