"""The scenario editor in a real browser, wide and narrow, without scripts of its own."""

import pytest
from django.urls import reverse

from fulfillment.models import Scenario, ScenarioVersion
from oms.backoffice.formats import page_url
from tests import backoffice_builders as build
from tests.browser.conftest import NARROW, WIDE

pytestmark = pytest.mark.django_db(transaction=True)


def a_scenario() -> Scenario:
    channel = build.make_channel(code="shop", name="Shop")
    build.make_point(channel, code="hub", name="Hub")
    scenario = Scenario.objects.create(
        organization=channel.organization, code="main", name="Main", priority=1
    )
    ScenarioVersion.objects.create(scenario=scenario, number=1, rules={"split": "never"})
    return scenario


def test_a_draft_is_written_by_hand_and_published(browse):
    scenario = a_scenario()

    with browse(build.make_superuser()) as page:
        page.goto(page_url(scenario))
        with page.expect_navigation():
            page.click("text=Edit rules")
        page.check("input[name='v.filters.channels'][value=shop]")
        page.check("#id_v-is_static_channel")
        page.select_option("#id_v-split", "by_unit")
        with page.expect_navigation():
            page.click("button[value='add:packaging_rules']")
        page.fill("#id_v-packaging_rules-0-name", "Near first")
        page.fill("#id_v-max_points", "none")
        with page.expect_navigation():
            page.click("text=Save, then publish")
        complaint = page.inner_text("#form-errors")
        page.fill("#id_v-max_points", "2")
        with page.expect_navigation():
            page.click("text=Save, then publish")
        differences = page.locator("table.differences tbody tr").count()
        with page.expect_navigation():
            page.click("button:has-text('Publish')")
        said = page.inner_text(".messagelist")

    assert "max_points" in complaint
    assert differences == 5
    assert said == "Version 2 of Main acts from now on."
    assert scenario.versions.get(state="ACTIVE").rules == {
        "filters": {"channels": ["shop"]},
        "is_static_channel": True,
        "split": "by_unit",
        "max_points": 2,
        "packaging_rules": [{"name": "Near first"}],
    }


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_no_page_is_wider_than_the_window(browse, size):
    scenario = a_scenario()
    names = ("rules", "compare", "back_test", "settings")
    pages = [reverse(f"admin:fulfillment_scenario_{name}", args=[scenario.pk]) for name in names]
    pages += [page_url(scenario), reverse("admin:fulfillment_scenario_try")]

    with browse(build.make_superuser(), size) as page:
        wide = []
        for address in pages:
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(address)

    assert wide == []
