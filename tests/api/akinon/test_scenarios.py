"""Scenarios through the wire: contract 8.1 to 8.3, 10 and 12a.5."""

import pytest

from channels_app.choices import ChannelType
from fulfillment import services as fulfillment
from fulfillment.models import Scenario, ScenarioVersion
from oms.kernel.actors import SYSTEM
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_channel, make_point, make_sku, place

pytestmark = pytest.mark.django_db


class Shop:
    def __init__(self):
        self.north = make_point(code="369")
        self.south = make_point(code="412", organization=self.north.organization)
        self.channel = make_channel(
            points=[self.north, self.south], type=ChannelType.SELLER_CENTER, code="7"
        )
        self.api = Akinon(self.north.organization)

    def body(self, **changes):
        return {
            "name": "Seller Center",
            "description": "By quota",
            "is_active": True,
            "priority": 5,
            "channel_condition_type": "static",
            "channels": [self.channel.number],
            "shipping_condition_type": "dynamic",
            "shippings": None,
            "payment_condition_type": "static",
            "payments": ["Credit_Card"],
            "customer_type": "vip",
            "default_stock_location": self.north.number,
            "initial_state": "150",
            "rules": [
                {
                    "id": 1,
                    "name": "North first",
                    "order": 1,
                    "product_condition": "include",
                    "products": ["SHIRT"],
                    "location_prerequisites": [self.north.number],
                    "location_conditions": ["SELECT_BY_QUOTA", "SELECT_BY_STOCK"],
                    "allow_split": True,
                    "is_transferable": False,
                    "strategy": ["least_packages", "priority"],
                }
            ],
            **changes,
        }

    def create(self, **changes):
        answer = self.api.post("scenarios/", self.body(**changes))
        assert answer.status_code == 201, answer.content
        return answer.json()


@pytest.fixture
def shop():
    return Shop()


def rules(shown):
    acting = ScenarioVersion.objects.get(scenario__public_number=shown["id"], state="ACTIVE")
    return acting.rules


def test_a_scenario_is_shown_as_it_was_made(shop):
    made = shop.create()

    shown = shop.api.get(f"scenarios/{made['id']}/").json()
    assert shown == made
    assert {name: shown[name] for name in shop.body()} == shop.body()
    assert shown["code"] == "seller-center"


def test_a_scenario_is_kept_in_the_words_of_the_core(shop):
    made = shop.create()

    assert rules(made) == {
        "is_static_channel": True,
        "is_static_shipping": False,
        "is_static_payment": True,
        "filters": {
            "channels": ["7"],
            "payment_methods": ["Credit_Card"],
            "customer_types": ["vip"],
        },
        "default_point": "369",
        "initial_state": "150",
        "packaging_rules": [
            {
                "id": 1,
                "name": "North first",
                "order": 1,
                "product_condition": "include",
                "products": ["SHIRT"],
                "location_prerequisites": ["369"],
                "location_conditions": ["quota", "stock"],
                "allow_split": True,
                "is_transferable": False,
                "strategy": ["least_packages", "priority"],
            }
        ],
    }


def test_a_new_scenario_plans_the_next_order(shop):
    shop.create(
        payment_condition_type="dynamic", payments=None, customer_type=None, initial_state=None,
        rules=[{"name": "South", "location_prerequisites": [shop.south.number]}],
    )  # fmt: skip
    make_sku(point=shop.south, on_hand=1, code="OTHER")
    order = place(channel=shop.channel, lines=[("OTHER", 1)])

    fulfillment.allocate_due(now=NOW)

    assert order.tasks.get().point == shop.south


def test_a_query_of_a_dynamic_condition_is_kept(shop):
    made = shop.create(channel_condition_type="dynamic", channels={"q": "x"})

    assert made["channels"] == {"q": "x"}
    assert rules(made)["queries"] == {"channel": {"q": "x"}}
    assert "channels" not in rules(made).get("filters", {})


def test_a_patch_changes_what_it_names(shop):
    made = shop.create()

    answer = shop.api.patch(f"scenarios/{made['id']}/", {"priority": 1, "customer_type": None})

    assert answer.status_code == 200
    assert answer.json() == {**made, "priority": 1, "customer_type": None}


def test_what_this_language_has_no_word_for_stays(shop):
    made = shop.create()
    scenario = Scenario.objects.get(public_number=made["id"])
    draft = fulfillment.draft_version(
        scenario_id=scenario.pk,
        rules={**rules(made), "cost": {"per_parcel": 3}},
        actor=SYSTEM,
        now=NOW,
    )
    fulfillment.publish_version(version_id=draft.pk, actor=SYSTEM, now=NOW)

    shop.api.put(f"scenarios/{made['id']}/", shop.body(customer_type="plain"))

    assert rules(made)["cost"] == {"per_parcel": 3}
    assert rules(made)["filters"]["customer_types"] == ["plain"]


def test_a_change_is_a_new_version_and_a_draft_of_staff_stays_one(shop):
    made = shop.create()
    scenario = Scenario.objects.get(public_number=made["id"])
    theirs = {"ranking": ["distance"]}
    fulfillment.draft_version(scenario_id=scenario.pk, rules=theirs, actor=SYSTEM, now=NOW)

    shop.api.patch(f"scenarios/{made['id']}/", {"customer_type": "plain"})

    versions = scenario.versions.order_by("number").values_list("number", "state")
    assert list(versions) == [(1, "RETIRED"), (2, "DRAFT"), (3, "ACTIVE")]
    assert scenario.versions.get(state="DRAFT").rules == theirs


def test_a_change_that_changes_no_rule_makes_no_version(shop):
    made = shop.create()

    shop.api.put(f"scenarios/{made['id']}/", shop.body(name="Another"))

    assert ScenarioVersion.objects.count() == 1
    assert Scenario.objects.get().name == "Another"


def test_scenarios_are_listed_in_the_order_they_are_tried(shop):
    for priority in (30, 10, 20):
        shop.create(name=f"S{priority}", priority=priority)

    found = shop.api.results("scenarios/")

    assert [each["name"] for each in found] == ["S10", "S20", "S30"]


def test_two_scenarios_of_one_name_have_codes_of_their_own(shop):
    codes = [shop.create()["code"] for _ in range(2)]

    assert codes == ["seller-center", "seller-center-2"]


def test_a_scenario_is_removed(shop):
    made = shop.create()

    answer = shop.api.delete(f"scenarios/{made['id']}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert shop.api.get(f"scenarios/{made['id']}/").status_code == 404


def test_a_scenario_that_decided_something_is_not_removed(shop):
    made = shop.create(
        payment_condition_type="dynamic", payments=None, customer_type=None, rules=[{"name": "A"}]
    )
    make_sku(point=shop.north, on_hand=1, code="SHIRT")
    place(channel=shop.channel, lines=[("SHIRT", 1)])
    fulfillment.allocate_due(now=NOW)

    answer = shop.api.delete(f"scenarios/{made['id']}/")

    assert answer.status_code == 406
    assert answer.json()["code"] == "scenario_in_use"


def test_transfer_scenarios_are_apart(shop):
    shop.create()
    body = {"name": "From stores", "rules": [{"name": "A", "is_transferable": True}]}

    made = shop.api.post("transfer_scenarios/", body)

    assert made.status_code == 201
    assert Scenario.objects.get(public_number=made.json()["id"]).kind == "TRANSFER"
    assert [each["name"] for each in shop.api.results("transfer_scenarios/")] == ["From stores"]
    assert [each["name"] for each in shop.api.results("scenarios/")] == ["Seller Center"]
    assert shop.api.get(f"scenarios/{made.json()['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"default_stock_location": None}, "default_stock_location"),
        ({"default_stock_location": 1}, "default_stock_location"),
        ({"channels": [1]}, "channels"),
        ({"channels": []}, "channels"),
        ({"payments": "Credit_Card"}, "payments"),
        ({"channel_condition_type": "sometimes"}, "channel_condition_type"),
        ({"initial_state": "500"}, "initial_state"),
        ({"priority": "first"}, "priority"),
        ({"rules": {}}, "rules"),
        ({"rules": [{"name": "A", "location_prerequisites": [1]}]}, "rules"),
        ({"rules": [{"name": "A", "strategy": ["luck"]}]}, "rules"),
        ({"rules": [{"name": "A", "location_conditions": ["SELECT_BY_LUCK"]}]}, "rules"),
    ],
)
def test_what_cannot_be_meant_is_400_by_field(shop, changes, field):
    answer = shop.api.post("scenarios/", shop.body(**changes))

    assert answer.status_code == 400
    assert set(answer.json()) == {field, "code"}
    assert not Scenario.objects.exists()


def test_what_is_required_is_named(shop):
    answer = shop.api.post("scenarios/", {})

    assert answer.status_code == 400
    assert set(answer.json()) == {"name", "rules", "default_stock_location", "code"}


def test_faults_in_rules_have_their_place(shop):
    body = shop.body(rules=[{"name": "A"}, {"name": "B", "strategy": ["luck"]}])

    answer = shop.api.post("scenarios/", body)

    assert answer.json()["rules"][0].startswith("1.strategy.0: must be one of")
