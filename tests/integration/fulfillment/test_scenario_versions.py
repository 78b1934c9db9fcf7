"""Scenarios are drafted, published once, and never changed; dry runs and back-tests only read."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InternalError, connection, transaction

from fulfillment import services
from fulfillment.models import FulfillmentTask, RoutingDecision, ScenarioVersion
from fulfillment.routing.schema import RulesInvalid
from fulfillment.services import allocation
from oms.events.models import Event
from oms.inventory.models import StockMovement
from tests.factories import NOW, count_units, make_channel, make_organization, make_point, make_sku
from tests.integration.fulfillment.scenarios import STAFF, make_scenario, place_with, tasks_of

FOREVER = {"since": NOW.replace(year=2000), "until": NOW.replace(year=2100)}


def draft(scenario, **rules) -> ScenarioVersion:
    return services.draft_version(scenario_id=scenario.pk, rules=rules, actor=STAFF, now=NOW)


@pytest.mark.django_db
def test_a_draft_does_not_act_until_it_is_published():
    point = make_point()
    sku = make_sku(point=point, on_hand=2)
    channel = make_channel(points=[point])
    scenario = make_scenario(point.organization, carrier="Old")
    version = draft(scenario, carrier="New")
    before = place_with(channel, [(sku, 1)])
    allocation.allocate_due(now=NOW)

    services.publish_version(version_id=version.pk, actor=STAFF, now=NOW)
    after = place_with(channel, [(sku, 1)])
    allocation.allocate_due(now=NOW)

    assert (before.tasks.get().carrier, after.tasks.get().carrier) == ("Old", "New")
    states = scenario.versions.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "RETIRED"), (2, "ACTIVE")]


@pytest.mark.django_db
def test_there_is_one_draft_and_it_is_written_over():
    scenario = make_scenario(make_organization())
    first = draft(scenario, split="never")

    second = draft(scenario, split="always")

    assert (second.pk, second.number, second.rules) == (first.pk, 2, {"split": "always"})


@pytest.mark.django_db
def test_a_discarded_draft_is_gone():
    scenario = make_scenario(make_organization())

    services.discard_draft(version_id=draft(scenario).pk, actor=STAFF)

    assert scenario.versions.count() == 1


@pytest.mark.django_db
def test_a_published_version_is_neither_discarded_nor_published_again():
    [version] = make_scenario(make_organization()).versions.all()

    with pytest.raises(services.NotADraft):
        services.discard_draft(version_id=version.pk, actor=STAFF)
    with pytest.raises(services.NotADraft):
        services.publish_version(version_id=version.pk, actor=STAFF, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"rules": {"split": "never"}}, {"state": "DRAFT"}])
def test_the_database_refuses_to_change_a_published_version(change):
    [version] = make_scenario(make_organization()).versions.all()

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ScenarioVersion.objects.filter(pk=version.pk).update(**change)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rules", "path", "text"),
    [
        ({"splitt": "never"}, "", "there is no `splitt`"),
        ({"split": "maybe"}, "split", "must be one of never, if_allowed, always, by_line, by_unit"),
        ({"packaging_rules": [{"strategy": ["x"]}]}, "packaging_rules.0.strategy.0", "must be one"),
        ({"default_point": "NOWHERE"}, "default_point", "there is no point `NOWHERE`"),
        ({"filters": {"min_value": 2, "max_value": 1}}, "filters.max_value", "is less than"),
        ({"is_static_channel": True}, "filters.channels", "a bound scenario lists them"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused_by_path(rules, path, text):
    with pytest.raises(RulesInvalid) as refusal:
        make_scenario(make_organization(), **rules)

    [problem] = refusal.value.problems
    assert problem.path == path
    assert problem.text.startswith(text)


@pytest.mark.django_db
def test_a_scenario_that_decided_is_not_removed():
    point = make_point()
    scenario = make_scenario(point.organization)
    place_with(make_channel(points=[point]), [(make_sku(point=point, on_hand=1), 1)])
    allocation.allocate_due(now=NOW)

    with pytest.raises(services.ScenarioInUse):
        services.remove_scenario(scenario_id=scenario.pk, actor=STAFF)


def world():
    """Two points that hold one of two SKUs each, and an order of both that may not be split."""
    first = make_point(priority=1)
    second = make_point(priority=2, organization=first.organization)
    one, other = make_sku(point=first, on_hand=3), make_sku(point=second, on_hand=3)
    channel = make_channel(points=[first, second])
    scenario = make_scenario(first.organization, split="never")
    return first, second, one, other, channel, scenario


def rows() -> list[int]:
    kept = (FulfillmentTask, RoutingDecision, Event, StockMovement)
    return [model.objects.count() for model in kept]


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_answers_by_a_draft_and_writes_nothing():
    first, second, one, other, channel, scenario = world()
    version = draft(scenario, split="by_line")
    asked = services.PlanDraft(
        channel_id=channel.pk,
        lines=(
            services.PlanLine(sku_code=one.code, quantity=1),
            services.PlanLine(sku_code=other.code, quantity=2),
            services.PlanLine(sku_code="NOPE", quantity=1),
        ),
    )
    before = rows()

    acting = services.dry_run(draft=asked, version_id=None, actor=STAFF, now=NOW)
    drafted = services.dry_run(draft=asked, version_id=version.pk, actor=STAFF, now=NOW)

    assert rows() == before
    assert (acting.outcome, acting.version, acting.tasks) == ("WAITING", 1, ())
    assert [(task.point, task.units) for task in drafted.tasks] == [
        (first.code, {one.code: 1}),
        (second.code, {other.code: 2}),
    ]
    assert (drafted.version, drafted.unserved) == (2, {"NOPE": 1})


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_of_an_order_is_what_routing_does():
    first, second, one, other, channel, scenario = world()
    services.publish_version(version_id=draft(scenario, split="by_unit").pk, actor=STAFF, now=NOW)
    order = place_with(channel, [(one, 1), (other, 1)])

    asked = services.draft_of_order(order_id=order.pk, actor=STAFF)
    answer = services.dry_run(draft=asked, version_id=None, actor=STAFF, now=NOW)
    allocation.allocate_due(now=NOW)

    assert [task.point for task in answer.tasks] == [first.code, second.code]
    assert [point for point, *_ in tasks_of(order)] == [first.pk, second.pk]


@pytest.mark.django_db(transaction=True)
def test_a_back_test_compares_and_writes_nothing():
    first, _second, one, other, channel, scenario = world()
    order = place_with(channel, [(one, 1), (other, 1)])
    plain = place_with(channel, [(one, 2)])
    allocation.allocate_due(now=NOW)
    version = draft(scenario, split="by_line", cost={"per_parcel": 5})
    before, told = rows(), []

    outcome = services.back_test(
        version_id=version.pk,
        limit=10,
        actor=STAFF,
        now=NOW,
        told=lambda done, of: told.append((done, of)),
        **FOREVER,
    )

    assert rows() == before
    assert (order.tasks.count(), plain.tasks.get().point_id) == (0, first.pk)
    tested, acting = outcome.tested, outcome.acting
    assert (tested.orders, tested.served, tested.split, tested.tasks) == (2, 2, 1, 3)
    assert (acting.orders, acting.served, acting.waiting, acting.tasks) == (2, 1, 1, 1)
    assert (tested.cost, acting.cost, outcome.different) == (15.0, 5.0, 1)
    assert (tested.units, tested.units_served, acting.units_served) == (4, 4, 2)
    assert told == [(2, 2)]


@pytest.mark.django_db(transaction=True)
def test_a_back_test_cannot_write():
    *_, scenario = world()
    version = draft(scenario)

    def write(_done: int, _of: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE fulfillment_scenario SET name = 'x'")

    channel = make_channel(points=[make_point(organization=scenario.organization)])
    place_with(channel, [("NOPE", 1)])

    with pytest.raises(InternalError, match="read-only transaction"):
        services.back_test(
            version_id=version.pk, limit=10, actor=STAFF, now=NOW, told=write, **FOREVER
        )


@pytest.mark.django_db(transaction=True)
def test_the_command_prints_a_table():
    _, second, one, other, channel, scenario = world()
    place_with(channel, [(one, 1), (other, 1)])
    count_units(point=second, sku=one, on_hand=9)
    draft(scenario, split="by_line", cost={"per_parcel": 5})
    out = StringIO()

    call_command(
        "back_test", "--scenario", "S", "--version", "1", "--orders", "5", stdout=out,
        stderr=StringIO(),
    )  # fmt: skip

    lines = [line.split() for line in out.getvalue().splitlines()]
    assert lines[0] == ["version", "1", "acting"]
    assert ["orders", "1", "1"] in lines
    assert ["served", "1", "1"] in lines
    assert lines[-1] == ["planned", "differently", "0"]
