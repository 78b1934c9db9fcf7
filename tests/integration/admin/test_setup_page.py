"""The set-up page: every step done or missing, and what its buttons do."""

import datetime as dt

from django.urls import reverse

from channels_app.models import Channel, SyncMark
from fulfillment.models import DenialReason, Scenario, ScenarioVersion, TransitionRule
from oms.backoffice.formats import page_url
from oms.locations.models import PointCalendar
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW
from tests.integration.admin.forms import posted_back
from tests.integration.akinon.builders import OMS_ORIGIN
from tests.integration.akinon.conftest import market, omnitron, shop  # noqa: F401 - fixtures


def states(page):
    return {step.name: str(step.state) for chapter in page.context["chapters"]
            for step in chapter.steps}  # fmt: skip


def overview(organization, mode=""):
    address = reverse("admin:remote_setup_of", args=[organization.pk])
    return f"{address}?mode={mode}" if mode else address


def act(organization, name):
    return reverse("admin:remote_setup_act", args=[organization.pk, name])


def test_nothing_is_done_at_first_and_every_step_is_named(db, root):
    organization = build.make_organization()

    page_a, page_b = root.get(overview(organization, "A")), root.get(overview(organization, "B"))

    assert states(page_a) == {
        "account": "missing",
        "answers": "missing",
        "copied": "missing",
        "our_account": "missing",
        "channel": "missing",
        "points": "missing",
        "filter_rules": "optional",
        "scenarios": "missing",
        "shipping": "missing",
        "transitions": "missing",
        "denial_reasons": "missing",
        "six_hooks": "unknown",
    }
    assert states(page_b).keys() - states(page_a).keys() == {
        "redirected",
        "supplier_codes",
        "package_hooks",
    }


def test_steps_are_done_as_rows_come(shop, root):  # noqa: F811 - a fixture
    organization = Channel.objects.get().organization
    for kind in ("CHANNELS", "ADDRESSES", "RETAIL_STORES", "STOCK_LOCATIONS", "REASONS"):
        SyncMark.objects.update_or_create(
            organization=organization, kind=kind, defaults={"state": "DONE"}
        )
    SyncMark.objects.update_or_create(
        organization=organization, kind="ORDERS", defaults={"run_at": NOW, "error": ""}
    )
    DenialReason.objects.create(organization=organization, title="Damaged")
    scenario = Scenario.objects.create(organization=organization, code="main", name="Main")
    ScenarioVersion.objects.create(scenario=scenario, number=1, rules={"carrier": "UPS"})
    root.post(act(organization, "seed-transitions"))

    found = states(root.get(overview(organization)))

    done = {name for name, state in found.items() if state == "done"}
    assert done >= {"account", "answers", "copied", "channel", "points", "scenarios",
                    "shipping", "transitions", "denial_reasons"}  # fmt: skip


def test_a_static_scenario_is_asked_for_in_mode_b(db, root):
    channel = build.make_channel(type="SELLER_CENTER", code="7")
    scenario = Scenario.objects.create(
        organization=channel.organization, code="main", name="Main", priority=1
    )
    version = ScenarioVersion.objects.create(scenario=scenario, number=1, rules={}, state="DRAFT")
    ScenarioVersion.objects.filter(pk=version.pk).update(state="ACTIVE")
    before = states(root.get(overview(channel.organization)))["scenarios"]

    rules = {"filters": {"channels": ["7"]}, "is_static_channel": True}
    ScenarioVersion.objects.create(scenario=scenario, number=2, rules=rules)
    after = states(root.get(overview(channel.organization)))["scenarios"]

    assert (before, after) == ("missing", "done")


def test_the_test_shows_what_each_endpoint_said(shop, root):  # noqa: F811 - a fixture
    organization = Channel.objects.get().organization

    asked = root.get(act(organization, "test"))
    page = root.post(act(organization, "test"))

    assert asked.context["table"] is None
    rows = {row[0]: str(row[1]) for row in page.context["table"]["rows"]}
    assert "Well" in rows["orders"]


def test_exactly_the_six_hooks_are_named_and_switched_off(shop, root):  # noqa: F811 - a fixture
    organization = Channel.objects.get().organization
    six = shop.omnitron.whisperer.fill(OMS_ORIGIN)
    rows = shop.omnitron.whisperer.hooks.rows

    asked = root.get(act(organization, "deactivate-hooks"))
    still_on = [pk for pk, hook in rows.items() if hook["is_active"]]
    root.post(act(organization, "deactivate-hooks"))

    assert len(asked.context["changes"]) == 6
    assert len(asked.context["table"]["rows"]) == 30
    assert len(still_on) == 30
    assert sorted(pk for pk, hook in rows.items() if not hook["is_active"]) == sorted(six)


def test_the_usual_transitions_are_made_once(db, root):
    organization = build.make_organization()

    root.post(act(organization, "seed-transitions"))
    made = TransitionRule.objects.filter(organization=organization).count()
    root.post(act(organization, "seed-transitions"))

    assert made == TransitionRule.objects.filter(organization=organization).count()
    assert TransitionRule.objects.filter(slug="complete-packing").exists()


def test_without_a_connection_the_buttons_say_so(db, root):
    organization = build.make_organization()

    page = root.get(act(organization, "deactivate-hooks"))

    assert page.status_code == 200
    assert page.context["changes"] == ()


def test_people_who_may_only_look_do_nothing(db, signed_in):
    organization = build.make_organization()
    looker = signed_in(build.make_staff(organization, perms=("channels_app.view_channel",)))
    stranger = signed_in(
        build.make_staff(build.make_organization(), perms=("channels_app.view_channel",))
    )

    assert looker.get(overview(organization)).status_code == 200
    assert looker.post(act(organization, "seed-transitions")).status_code == 403
    assert stranger.get(overview(organization)).status_code == 404


def test_a_command_is_a_button_on_the_task_and_asks_for_its_reason(db, root):
    order = build.make_order()
    task = build.make_task(order)
    root.post(act(order.organization, "seed-transitions"))
    reason = DenialReason.objects.create(organization=order.organization, title="Damaged")
    rule = TransitionRule.objects.get(slug="refuse", organization=order.organization)
    address = reverse("admin:fulfillment_fulfillmenttask_command", args=[task.pk, rule.pk])

    page = root.get(page_url(task))
    unsaid = root.post(address, {})
    asked = root.get(address)

    labels = [action.label for action in page.context["page_actions"]]
    assert "Refuse" in labels
    assert "Ship" not in labels
    assert unsaid.status_code == 200
    assert reason.title in asked.content.decode()


def test_start_preparing_moves_the_task(db, root):
    task = build.make_task(build.make_order())
    root.post(act(task.organization, "seed-transitions"))
    rule = TransitionRule.objects.get(slug="start-preparing", organization=task.organization)

    response = root.post(
        reverse("admin:fulfillment_fulfillmenttask_command", args=[task.pk, rule.pk])
    )

    task.refresh_from_db()
    assert (response.status_code, task.status) == (302, "ACCEPTED")


def test_hours_and_closed_days_are_set_on_the_page_of_the_point(db, root):
    point = build.make_point(build.make_channel())
    url = page_url(point)
    hours = {"opening_hours": "Mon 09:00-12:00 13:00-18:00\nsat 10:00-14:00"}
    form = posted_back(root.get(url)) | hours | {"closed_days": "2026-12-25"}

    wrong = root.post(url, form | {"opening_hours": "Mon 18:00-09:00"})
    saved = root.post(url, form)

    assert (wrong.status_code, saved.status_code) == (200, 302)
    kept = PointCalendar.objects.get(point=point)
    assert kept.hours == {
        "1": [["09:00", "12:00"], ["13:00", "18:00"]],
        "6": [["10:00", "14:00"]],
    }
    assert kept.closed_days == [dt.date(2026, 12, 25)]
    assert posted_back(root.get(url))["opening_hours"].strip() == (
        "Mon 09:00-12:00 13:00-18:00\nSat 10:00-14:00"
    )


def test_a_point_without_hours_has_no_calendar(db, root):
    point = build.make_point(build.make_channel())
    PointCalendar.objects.create(point=point, hours={"1": [["09:00", "18:00"]]})
    url = page_url(point)

    root.post(url, posted_back(root.get(url)) | {"opening_hours": "", "closed_days": ""})

    assert PointCalendar.objects.count() == 0
