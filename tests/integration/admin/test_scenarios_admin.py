"""The scenario editor: drafts, publishing, comparing, trying orders out, back-tests."""

import json
import re

import pytest
from django.urls import reverse

from fulfillment.choices import VersionState
from fulfillment.models import FulfillmentTask, RoutingDecision, Scenario, ScenarioVersion
from oms.backoffice.formats import page_url
from oms.orders.models import Order
from tests import backoffice_builders as build
from tests.integration.admin.forms import posted_back

RULES = {
    "filters": {"channels": ["shop"], "max_value": 500},
    "is_static_channel": True,
    "ranking": ["distance", "priority"],
    "split": "by_line",
    "default_point": "hub",
}


@pytest.fixture
def world(db):
    """A channel, two points with stock, and a scenario that acts."""
    channel = build.make_channel(code="shop", name="Shop")
    hub = build.make_point(channel, code="hub", name="Hub", priority=10)
    far = build.make_point(channel, code="far", name="Far", priority=20)
    sku = build.make_sku(channel.organization, code="MUG")
    build.make_level(sku, far, on_hand=5, reserved=0)
    scenario = Scenario.objects.create(
        organization=channel.organization, code="main", name="Main", priority=1
    )
    ScenarioVersion.objects.create(scenario=scenario, number=1, rules=RULES, created_by="staff:a")
    return {"channel": channel, "hub": hub, "far": far, "sku": sku, "scenario": scenario}


def url(name, scenario):
    return reverse(f"admin:fulfillment_scenario_{name}", args=[scenario.pk])


def staff(signed_in, scenario, *perms):
    person = build.make_staff(scenario.organization, perms=("fulfillment.view_scenario", *perms))
    return signed_in(person)


CHANGE = "fulfillment.change_scenario"


def test_saving_the_form_as_it_was_drawn_makes_a_draft_that_says_the_same(world, signed_in):
    scenario = world["scenario"]
    browser = staff(signed_in, scenario, CHANGE)
    page = browser.get(url("rules", scenario))

    response = browser.post(url("rules", scenario), posted_back(page))

    assert response.status_code == 302
    draft = scenario.versions.get(state=VersionState.DRAFT)
    assert (draft.number, draft.rules) == (2, RULES)


def test_a_draft_does_not_act_until_it_is_published(world, signed_in):
    scenario = world["scenario"]
    browser = staff(signed_in, scenario, CHANGE)
    form = posted_back(browser.get(url("rules", scenario))) | {
        "v.split": "never",
        "note": "no splits",
    }

    browser.post(url("rules", scenario), form)
    before = scenario.versions.get(state=VersionState.ACTIVE).number
    asked = browser.get(url("publish", scenario))
    browser.post(url("publish", scenario))

    states = dict(scenario.versions.values_list("number", "state"))
    assert before == 1
    assert states == {1: VersionState.RETIRED, 2: VersionState.ACTIVE}
    assert scenario.versions.get(number=2).note == "no splits"
    [difference] = asked.context["found"]
    assert (difference.path, difference.before, difference.after) == ("split", "by_line", "never")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"v.max_points": "none"}, "max_points"),
        ({"v.filters.min_value": "900"}, "filters.max_value"),
        ({"v.hard_rules": ["tags"]}, "tags"),
        ({"v.default_point": "nowhere"}, "default_point"),
    ],
)
def test_what_is_wrong_is_told_at_its_path_and_nothing_is_saved(world, root, change, path):
    scenario = world["scenario"]
    form = posted_back(root.get(url("rules", scenario))) | change

    response = root.post(url("rules", scenario), form)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [path]
    assert f'href="#id_v-{path.replace(".", "-")}"' in response.content.decode()
    assert scenario.versions.count() == 1


def test_a_packaging_rule_is_added_by_a_button_without_saving(world, root):
    scenario = world["scenario"]
    form = posted_back(root.get(url("rules", scenario))) | {"_rows": "add:packaging_rules"}

    response = root.post(url("rules", scenario), form)

    assert response.status_code == 200
    assert len(response.context["form"].value["packaging_rules"]) == 1
    assert 'name="v.packaging_rules.0.name"' in response.content.decode()
    assert scenario.versions.count() == 1


def test_a_draft_is_discarded_after_a_question(world, root):
    scenario = world["scenario"]
    ScenarioVersion.objects.create(scenario=scenario, number=2, rules={}, state="DRAFT")

    asked = root.get(url("discard", scenario))
    root.post(url("discard", scenario))

    assert asked.status_code == 200
    assert list(scenario.versions.values_list("number", flat=True)) == [1]


def test_two_versions_are_compared_member_by_member(world, root):
    scenario = world["scenario"]
    later = RULES | {"max_points": 2}
    ScenarioVersion.objects.create(scenario=scenario, number=2, rules=later)

    page = root.get(url("compare", scenario), {"before": 1, "after": 2})

    found = [(each.path, each.before, each.after) for each in page.context["found"]]
    assert found == [("max_points", "", "2")]


def test_a_new_scenario_begins_switched_off_unless_it_is_ticked(world, root):
    organization = world["scenario"].organization
    form = {
        "organization": organization.pk,
        "code": "second",
        "name": "Second",
        "kind": "DISTRIBUTION",
        "priority": 5,
    }

    response = root.post(reverse("admin:fulfillment_scenario_add"), form)

    made = Scenario.objects.get(code="second")
    assert response.url == url("rules", made)
    assert (made.is_active, made.priority, made.organization) == (False, 5, organization)


def test_a_code_that_is_taken_is_told_in_the_form(world, root):
    form = {
        "organization": world["scenario"].organization_id,
        "code": "main",
        "name": "Again",
        "kind": "DISTRIBUTION",
        "priority": 5,
    }

    response = root.post(reverse("admin:fulfillment_scenario_add"), form)

    assert response.status_code == 200
    assert Scenario.objects.count() == 1


def test_it_is_switched_off_in_its_settings(world, root):
    scenario = world["scenario"]
    form = {"name": "Main", "description": "x", "kind": "DISTRIBUTION", "priority": 3}

    root.post(url("settings", scenario), form)

    scenario.refresh_from_db()
    assert (scenario.is_active, scenario.priority) == (False, 3)


def test_typed_lines_are_planned_and_nothing_is_written(world, root):
    form = {"channel": world["channel"].pk, "lines": "MUG 2", "country": "DE", "value": "20"}

    page = root.post(reverse("admin:fulfillment_scenario_try"), form)

    answer = page.context["answer"]
    assert answer["outcome"] == "Served"
    assert [(task["point"], task["units"]) for task in answer["tasks"]] == [("Far", "2 of MUG")]
    assert [(each.point, each.tone) for each in answer["verdicts"]] == [
        ("Hub", "warn"),
        ("Far", "good"),
    ]
    assert (FulfillmentTask.objects.count(), RoutingDecision.objects.count()) == (0, 0)


def test_an_order_is_tried_by_its_number_and_by_a_draft(world, root):
    channel, scenario = world["channel"], world["scenario"]
    order = build.make_order(channel, lines=0, external_id="TH-1")
    build.make_line(order, sku=world["sku"], quantity_ordered=9)
    rules = {"split": "by_unit", "default_point": "hub"}
    draft = ScenarioVersion.objects.create(scenario=scenario, number=2, rules=rules, state="DRAFT")
    form = {"order": "TH-1", "version": draft.pk}

    page = root.post(reverse("admin:fulfillment_scenario_try"), form)

    answer = page.context["answer"]
    assert (answer["outcome"], answer["version"]) == ("Partly served", 2)
    assert (answer["unserved"], answer["default_point"]) == ("4 of MUG", "Hub")
    assert Order.objects.get().status == "PAID"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"order": "unknown"}, "order"),
        ({"lines": "MUG 1"}, "channel"),
        ({"lines": "MUG none"}, "lines"),
    ],
)
def test_what_cannot_be_tried_is_told_in_the_form(world, root, form, field):
    page = root.post(reverse("admin:fulfillment_scenario_try"), form)

    assert page.status_code == 200
    assert field in page.context["form"].errors


def test_a_strangers_order_cannot_be_tried(world, signed_in):
    build.make_order(world["channel"], external_id="TH-1")
    other = build.make_organization()
    browser = signed_in(build.make_staff(other, perms=("fulfillment.view_scenario",)))

    page = browser.post(reverse("admin:fulfillment_scenario_try"), {"order": "TH-1"})

    assert page.context["form"].errors == {"order": ["There is no order of this number."]}


def test_a_back_test_shows_both_sides_and_writes_nothing(world, root):
    channel, scenario = world["channel"], world["scenario"]
    for number in range(3):
        order = build.make_order(channel, lines=0, external_id=f"TH-{number}")
        build.make_line(order, sku=world["sku"], quantity_ordered=2)
    version = scenario.versions.get()
    form = {"version": version.pk, "since": "2026-03-01", "until": "2026-04-01", "limit": 100}

    page = root.post(url("back_test", scenario), form)

    rows = {row["label"]: (row["tested"], row["acting"]) for row in page.context["rows"]}
    assert rows["Orders"] == ("3", "3")
    assert rows["Served"] == ("2", "2")
    assert page.context["found"].different == 0
    assert RoutingDecision.objects.count() == 0


def test_people_who_may_only_look_change_nothing(world, signed_in):
    scenario = world["scenario"]
    browser = staff(signed_in, scenario)

    refused = [browser.post(url(name, scenario)).status_code for name in
               ("rules", "publish", "discard", "settings")]  # fmt: skip
    seen = [browser.get(page).status_code for page in
            (page_url(scenario), url("compare", scenario), url("back_test", scenario))]  # fmt: skip

    assert refused == [403, 403, 403, 403]
    assert seen == [200, 200, 200]
    assert scenario.versions.count() == 1


def test_another_organizations_scenario_does_not_exist(world, signed_in):
    scenario = world["scenario"]
    other = build.make_staff(build.make_organization(), perms=("fulfillment.view_scenario", CHANGE))
    browser = signed_in(other)

    answers = {browser.get(url(name, scenario)).status_code for name in
               ("rules", "publish", "discard", "settings", "compare", "back_test")}  # fmt: skip

    assert answers == {404}


def test_the_order_page_tells_scores_steps_and_sources(world, root):
    order = build.make_order(world["channel"])
    candidates = [
        {"point": "hub", "verdict": "left out", "why": "it is no fulfillment center",
         "scores": {"priority": 10, "km": 3.4}, "step": "Near"},
        {"point": "far", "verdict": "ships everything", "brought_from": ["hub"],
         "scores": {"priority": 20, "km": 120.0, "cost": 4.5, "load": 0.25}},
    ]  # fmt: skip
    build.make_decision(order, world["far"], explanation={"candidates": candidates})

    page = root.get(page_url(order)).content.decode()

    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "Hub left out: it is no fulfillment center priority 10, 3.4 km; step Near" in said
    assert "Far ships everything, with units from Hub chosen priority 20, 120.0 km, " in said
    assert "cost 4.5, load 0.25" in said


@pytest.mark.parametrize("name", ["rules", "publish", "compare", "back_test", "settings"])
def test_pages_carry_no_inline_script_or_style(world, root, name):
    scenario = world["scenario"]
    ScenarioVersion.objects.create(scenario=scenario, number=2, rules={}, state="DRAFT")

    html = root.get(url(name, scenario)).content.decode()

    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=", html) == []


def test_rules_that_only_others_write_survive_the_form(world, root):
    scenario = world["scenario"]
    rules = RULES | {"queries": {"channel": {"op": "x"}}, "cost": {"points": {"hub": 2.5}}}
    ScenarioVersion.objects.create(scenario=scenario, number=2, rules=rules, state="DRAFT")

    root.post(url("rules", scenario), posted_back(root.get(url("rules", scenario))))

    assert json.dumps(scenario.versions.get(number=2).rules, sort_keys=True) == json.dumps(
        rules, sort_keys=True
    )
