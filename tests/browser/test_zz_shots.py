import pytest
from django.urls import reverse
from channels_app.models import SyncMark, HeldOrder, RemoteUpdate
from fulfillment.models import *
from fulfillment.services.commands import seed_transitions
from oms.accounts import app_settings
from oms.kernel.actors import Actor
from oms.backoffice.formats import page_url
from tests import backoffice_builders as build
from tests.backoffice_builders import NOW
from tests.browser.conftest import NARROW, WIDE
from tests.integration.admin.test_settings_admin import VALUE, KEY

pytestmark = pytest.mark.django_db(transaction=True)


def test_shots(browse):
    channel = build.make_channel(code="7", name="Seller Center", type="SELLER_CENTER")
    org = channel.organization
    hub = build.make_point(channel, code="hub", name="Hub Berlin", priority=10)
    far = build.make_point(channel, code="far", name="Warehouse Munich", priority=20, supplier_code="S7")
    build.make_seller(org, supplier_code="S8")
    sku = build.make_sku(org, code="MUG")
    build.make_level(sku, far, on_hand=5, reserved=0)
    build.make_level(sku, hub, on_hand=1, reserved=0)
    sc = Scenario.objects.create(organization=org, code="main", name="Main distribution", priority=1)
    rules = {"filters": {"channels": ["7"], "countries": ["DE", "AT"]}, "is_static_channel": True, "ranking": ["distance", "priority"],
             "split": "by_line", "default_point": "hub", "hard_rules": ["stock", "calendar"],
             "packaging_rules": [{"name": "Near first", "order": 1, "location_conditions": ["SELECT_BY_STOCK", "SELECT_BY_QUOTA"], "allow_split": True, "strategy": ["least_packages", "distance"]}]}
    ScenarioVersion.objects.create(scenario=sc, number=1, rules={"split": "never"}, state="RETIRED", created_by="staff:anna", note="The first")
    ScenarioVersion.objects.create(scenario=sc, number=2, rules=rules, state="ACTIVE", created_by="staff:anna")
    ScenarioVersion.objects.create(scenario=sc, number=3, rules=rules | {"max_points": 2, "split": "by_unit"}, state="DRAFT", created_by="staff:anna", note="Two points at most")
    seed_transitions(org.pk, now=NOW)
    DenialReason.objects.create(organization=org, title="Damaged")
    act = Actor(kind="staff", ref="anna")
    app_settings.set_setting(organization_id=org.pk, key=KEY, value=VALUE, actor=act, now=NOW)
    app_settings.set_setting(organization_id=org.pk, key=KEY, value=VALUE | {"timeouts": {"read": 30, "connect": 5}}, actor=act, now=NOW)
    SyncMark.objects.create(organization=org, kind="ORDERS", error="status 503", failures=4)
    HeldOrder.objects.create(organization=org, remote_key="1", number="279209", reason="status is 350: it waits for approval", modified_at=NOW)
    RemoteUpdate.objects.create(organization=org, channel=channel, subject="70193", body={"id": 70193, "status": "450"}, event_ref=1, not_before=NOW, attempts=6, last_error="status 503")
    order = build.make_order(channel, lines=0, external_id="TH-1")
    build.make_line(order, sku=sku, quantity_ordered=2)
    task = build.make_task(order, hub)
    c = [{"point": "far", "verdict": "left out", "rule": "supplier_code", "why": "it ships for seller S7 only", "scores": {"priority": 20, "km": 120.0}},
         {"point": "hub", "verdict": "ships everything", "brought_from": ["far"], "scores": {"priority": 10, "km": 3.2, "cost": 4.5, "load": 0.2}, "step": "Near first"}]
    build.make_decision(order, hub, explanation={"scenario": "main", "version": 2, "split_allowed": True, "candidates": c})
    tr = TransferOrder.objects.create(number="00000001T1", organization=org, task=task, source=far, destination=hub)
    TransferLine.objects.create(transfer=tr, task_line=task.lines.first(), quantity=1)
    Discrepancy.objects.create(task_line=task.lines.first(), point=far, reason="NOT_FOUND", actor="staff:anna")
    u = lambda n, *a: reverse("admin:" + n, args=a)
    refuse = TransitionRule.objects.get(slug="refuse", organization=org)
    pack = TransitionRule.objects.get(slug="complete-packing-with-shipment", organization=org)
    plan = TransitionRule.objects.get(slug="manual-planning", organization=org)
    pages = {
        "scenarios": u("fulfillment_scenario_changelist"), "scenario": page_url(sc), "rules": u("fulfillment_scenario_rules", sc.pk),
        "publish": u("fulfillment_scenario_publish", sc.pk), "compare": u("fulfillment_scenario_compare", sc.pk),
        "new": u("fulfillment_scenario_add"), "transitions": u("fulfillment_transitionrule_changelist"),
        "transition": u("fulfillment_transitionrule_settings", pack.pk), "transition_page": page_url(pack),
        "denials": u("fulfillment_denialreason_changelist"), "transfers": u("fulfillment_transferorder_changelist"), "transfer": page_url(tr),
        "discrepancies": u("fulfillment_discrepancy_changelist"), "task": page_url(task),
        "refuse": u("fulfillment_fulfillmenttask_command", task.pk, refuse.pk), "plan": u("fulfillment_fulfillmenttask_command", task.pk, plan.pk),
        "order": page_url(order), "settings": u("app_settings_of", org.pk), "setting": u("app_settings_edit", org.pk, KEY),
        "filters": u("app_settings_edit", org.pk, "ORDER_FILTER_RULES"),
        "version": u("app_settings_version", org.pk, KEY, 1), "unset": u("app_settings_remove", org.pk, KEY),
        "setup": u("remote_setup_of", org.pk), "setup_hooks": u("remote_setup_act", org.pk, "create-package-hooks"), "setup_copy": u("remote_setup_act", org.pk, "copy"),
        "marks": u("channels_app_syncmark_changelist"), "held": u("channels_app_heldorder_changelist"), "updates": u("channels_app_remoteupdate_changelist"),
        "update": page_url(RemoteUpdate.objects.get()), "inbound": u("channels_app_inboundmessage_changelist"),
    }
    wide = []
    for label, size in (("w", WIDE), ("n", NARROW)):
        with browse(build.make_superuser(), size) as page:
            for name, address in pages.items():
                page.goto(address)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wide.append((label, name))
                page.screenshot(path=f"/tmp/ak_shots/{name}_{label}.png", full_page=True)
            page.goto(u("fulfillment_scenario_try"))
            page.select_option("#id_channel", str(channel.pk))
            page.fill("#id_lines", "MUG 2")
            with page.expect_navigation():
                page.click("button:has-text('Try')")
            page.screenshot(path=f"/tmp/ak_shots/try_{label}.png", full_page=True)
            page.goto(u("fulfillment_scenario_back_test", sc.pk))
            page.fill("#id_since", "2026-03-01"); page.fill("#id_until", "2026-04-01")
            with page.expect_navigation():
                page.click("button:has-text('Run')")
            page.screenshot(path=f"/tmp/ak_shots/backtest_{label}.png", full_page=True)
            page.goto(u("fulfillment_scenario_rules", sc.pk))
            page.fill("#id_v-max_points", "x")
            with page.expect_navigation():
                page.click("button:has-text('Save draft') >> nth=-1")
            page.screenshot(path=f"/tmp/ak_shots/wrong_{label}.png", full_page=True)
    print("WIDE", wide)
