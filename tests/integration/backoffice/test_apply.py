import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Listing, Sku
from channels_app.models import Channel
from fulfillment.models import ScenarioVersion
from oms.accounts.models import ApiClient, Credential, Organization, User
from oms.backoffice.models import WorldApplication
from oms.backoffice.world import WorldRefused
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel import sealed
from oms.locations.models import ChannelPoint, FulfillmentPoint
from tests.factories import make_sku, place
from tests.integration.backoffice.builders import WORLD, apply, write

pytestmark = pytest.mark.django_db

POINT = "fulfillment_points:\n  - {code: WH-1, organization: '1001', "


def test_creates_everything_with_one_line_each(tmp_path):
    lines = apply(tmp_path, WORLD)

    assert [re.sub(r"[0-9a-f]{32}", "#", line) for line in lines] == [
        "created organization 1001",
        "created point WH-1",
        "created channel WEB",
        "created seller S-1",
        "created sku TEE-RED-M",
        "created listing SKU-7-RED of channel WEB",
        "created client web shop",
        "created credential oms4 2001 of client web shop",
        "created credential increff EFS-1 of client web shop",
        "created credential token # of client web shop",
        "created credential login oms of client web shop",
        "created credential api_key webshop1 of client web shop",
        "created credential oauth2 demo of client web shop",
        "created scenario EU",
        "created user admin",
        "created stock TEE-RED-M at WH-1: on_hand 100",
    ]


def test_what_was_created_is_what_the_file_says(tmp_path):
    apply(tmp_path, WORLD)

    point = FulfillmentPoint.objects.get()
    assert (point.postcode, point.priority, point.carriers) == ("018956", 10, ["J&T", "SELF"])
    channel = Channel.objects.get()
    assert channel.connector == {
        "region": "NO", "retries": 3, "ratio": 1.5, "zip": "018956", "on": True,
    }  # fmt: skip
    assert ChannelPoint.objects.get().location_code == "L-001"
    assert Listing.objects.get().sku == Sku.objects.get()
    assert ApiClient.objects.get().channel == channel
    assert sealed.read(Credential.objects.get(kind="OMS4"), "secret") == "demo-secret"
    assert User.objects.get().check_password("admin")
    level = StockLevel.objects.get()
    assert (level.on_hand, StockMovement.objects.get().actor) == (100, "world:apply")
    assert ScenarioVersion.objects.get().rules == {
        "filters": {"channels": ["WEB"], "countries": ["NO"], "min_value": 10.5},
        "split": "always",
    }


def test_the_same_file_again_changes_nothing(tmp_path):
    apply(tmp_path, WORLD)

    assert apply(tmp_path, WORLD) == []


def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path):
    lines = apply(tmp_path, WORLD, dry_run=True)

    assert len(lines) == 16
    assert Organization.objects.exists() is False
    assert WorldApplication.objects.exists() is False


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{POINT}priority: 20}}", "changed point WH-1: priority 10 -> 20"),
        (
            f"{POINT}address: {{city: Jurong}}, capacity: {{max_quota: 5}}}}",
            "changed point WH-1: address.city Singapore -> Jurong, capacity.max_quota null -> 5",
        ),
        (
            "channels:\n  - {code: WEB, organization: '1001', location_codes: {WH-1: L-2}}",
            "changed channel WEB: fulfillment_points [WH-1 as L-001] -> [WH-1 as L-2]",
        ),
        (
            "channels:\n  - {code: WEB, organization: '1001', fulfillment_points: []}",
            "changed channel WEB: fulfillment_points [WH-1 as L-001] -> []",
        ),
        (
            "stock:\n  - {fulfillment_point: WH-1, sku: TEE-RED-M, on_hand: 90, safety: 5}",
            "changed stock TEE-RED-M at WH-1: on_hand 100 -> 90, safety 0 -> 5",
        ),
        (
            "stock:\n  - {fulfillment_point: WH-1, sku: TEE-RED-M, on_hand: null}",
            "changed stock TEE-RED-M at WH-1: on_hand 100 -> null",
        ),
        (
            "clients:\n  - {name: web shop, organization: '1001', fulfillment_point: WH-1}",
            (
                "changed client web shop: kind CHANNEL -> POINT, channel WEB -> null, "
                "fulfillment_point null -> WH-1"
            ),
        ),
        (
            (
                "clients:\n  - name: web shop\n    organization: '1001'\n    channel: WEB\n"
                "    credentials: [{kind: oms4, key: '2001', secret: new}]"
            ),
            "changed credential oms4 2001 of client web shop: secret",
        ),
        (
            "listings: [{channel: WEB, channel_sku_code: SKU-7-RED, sku: null}]",
            "changed listing SKU-7-RED of channel WEB: sku TEE-RED-M -> null",
        ),
        (
            "users:\n  - {username: admin, password: other}",
            "changed user admin: password",
        ),
        (
            "skus:\n  - {organization: '1001', code: TEE-RED-M, barcodes: ['1', '2']}",
            "changed sku TEE-RED-M: barcodes [8901230070017] -> [1, 2]",
        ),
    ],
)
def test_changes_only_what_a_file_names(tmp_path, text, line):
    apply(tmp_path, WORLD)

    changed = apply(tmp_path, text)

    assert changed == [line]
    assert apply(tmp_path, text) == []


def test_different_rules_become_a_new_version(tmp_path):
    apply(tmp_path, WORLD)

    lines = apply(
        tmp_path,
        "scenarios:\n  - {code: EU, organization: '1001', rules: {split: never, max_points: 2}}",
    )

    assert len(lines) == 1
    assert lines[0].startswith("changed scenario EU (version 2): rules")
    versions = ScenarioVersion.objects.order_by("number").values_list("number", "rules")
    assert list(versions)[1] == (2, {"split": "never", "max_points": 2})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour: red", ":1: colour: unknown section `colour`"),
        (f"\n{POINT}colour: red}}", ":3: fulfillment_points[0].colour: unknown key `colour`"),
        (f"{POINT}address: {{zip: 1}}}}", "[0].address.zip: unknown key `zip`"),
        (f"{POINT}priority: high}}", "[0].priority: `high` is not a whole number"),
        (f"{POINT}priority: 010}}", "[0].priority: `010` is not a whole number"),
        (f"{POINT}type: SHED}}", "`SHED` is none of GENERAL, STORE, EXTERNAL"),
        (f"{POINT}code: WH-1}}", "[0].code: stands twice in the same mapping"),
        ("fulfillment_points:\n  - {code: X, organization: '7'}", "there is no organization `7`"),
        ("fulfillment_points:\n  - {code: X, organization: '1001'}", "a new point needs `name`"),
        ("skus:\n  - {code: A}", ":2: skus[0]: `organization` is missing"),
        (
            "skus:\n  - {organization: '1001', code: A}\n  - {organization: '1001', code: A}",
            ":3: skus[1]: is described twice; first at",
        ),
        (
            "channels:\n  - {code: WEB, organization: '1001', fulfillment_points: [WH-9]}",
            ":2: channels[0].fulfillment_points: there is no fulfillment point `WH-9`",
        ),
        (
            "channels:\n  - {code: WEB, organization: '1001', location_codes: {WH-9: X}}",
            "`WH-9` is not among the channel's fulfillment_points",
        ),
        ("listings:\n  - {channel: SHOP, channel_sku_code: A}", "there is no channel `SHOP`"),
        ("listings:\n  - {channel: WEB, channel_sku_code: A, sku: B}", "there is no sku `B`"),
        ("stock:\n  - {fulfillment_point: WH-1, sku: B, on_hand: 1}", "there is no sku `B`"),
        (
            "stock:\n  - {fulfillment_point: WH-1, sku: TEE-RED-M, on_hand: -1}",
            "-1 is not between 0 and",
        ),
        (
            "clients:\n  - {name: c, organization: '1001', channel: WEB, fulfillment_point: WH-1}",
            "a client has a channel or a fulfillment point, not both",
        ),
        (
            (
                "clients:\n  - {name: c, organization: '1001',"
                " credentials: [{kind: oms4, key: '2001', secret: x}]}"
            ),
            ".credentials[0]: belongs to client web shop already",
        ),
        (
            "clients:\n  - {name: c, organization: '1001', credentials: [{kind: token}]}",
            ".credentials[0]: `token` is missing",
        ),
        (
            "clients:\n  - {name: c, organization: '1001', credentials: [{kind: oms4, token: x}]}",
            "a credential of kind oms4 has no `token`",
        ),
        (
            "scenarios:\n  - {code: A, organization: '1001', name: A, rules: {splitt: never}}",
            "rules.splitt: unknown key `splitt`",
        ),
        (
            (
                "scenarios:\n  - {code: A, organization: '1001', name: A,"
                " rules: {filters: {channels: [X]}}}"
            ),
            "there is no channel `X`",
        ),
        (
            (
                "skus:\n  - {organization: '1001', code: A, brand_code: BR1,"
                " brand_sku_code: BR1-TEE-RED-M}"
            ),
            "catalog_sku_brand_uniq",
        ),
        ("a: [", "did not find expected node content"),
        ("- 1", "expected a mapping"),
        ("skus: 5", ":1: skus: expected a list"),
    ],
)
def test_refuses_with_file_line_and_path_and_changes_nothing(tmp_path, text, problem):
    apply(tmp_path, WORLD)
    good = f"{POINT}priority: 99}}\n"

    with pytest.raises(WorldRefused) as refusal:
        apply(tmp_path, good, text)

    assert problem in str(refusal.value)
    assert "world-1.yaml" in str(refusal.value)
    assert FulfillmentPoint.objects.get().priority == 10


def test_files_may_refer_to_each_other_in_any_order(tmp_path):
    parts = [f"{name}:{body}" for name, body in re.findall(r"(?m)^(\w+):((?:\n .*)+)", WORLD)]

    lines = apply(tmp_path, *reversed(parts))

    assert len(lines) == 16


def test_a_code_of_two_organizations_needs_the_organization(tmp_path):
    other = (
        "organizations:\n  - {code: '2', name: B, currency: EUR, country: DE}\n"
        "channels:\n  - {code: WEB, organization: '2', name: Shop}"
    )
    apply(tmp_path, WORLD)
    apply(tmp_path, other)

    with pytest.raises(WorldRefused, match="several organizations have a channel `WEB`"):
        apply(tmp_path, "listings:\n  - {channel: WEB, channel_sku_code: A}")
    lines = apply(tmp_path, "listings:\n  - {organization: '2', channel: WEB, channel_sku_code: A}")

    assert lines == ["created listing A of channel WEB"]


def test_an_existing_credential_without_its_secret_stays(tmp_path):
    apply(tmp_path, WORLD)
    without = re.sub(r", (secret|password|client_secret): demo-\w+", "", WORLD)

    assert apply(tmp_path, without) == []


def test_removes_what_is_absent_and_nothing_else(tmp_path):
    apply(tmp_path, WORLD)
    text = (
        "clients:\n  - {name: web shop, organization: '1001', state: absent}\n"
        "listings:\n  - {channel: WEB, channel_sku_code: SKU-7-RED, state: absent}\n"
        "channels:\n  - {code: WEB, organization: '1001', state: absent}\n"
        "scenarios:\n  - {code: EU, organization: '1001', state: absent}\n"
    )

    lines = apply(tmp_path, text)

    assert lines == [
        "removed scenario EU",
        "removed client web shop",
        "removed listing SKU-7-RED of channel WEB",
        "removed channel WEB",
    ]
    assert Credential.objects.exists() is False
    assert FulfillmentPoint.objects.count() == 1
    assert apply(tmp_path, text.split("listings", maxsplit=1)[0]) == []


@pytest.mark.parametrize(
    ("section", "entry", "problem"),
    [
        ("organizations", "{code: '1001', ", "organization 1001 cannot be removed:"),
        ("channels", "{code: WEB, organization: '1001', ", "channel WEB cannot be removed: orders"),
        ("skus", "{code: TEE-RED-M, organization: '1001', ", "sku TEE-RED-M cannot be removed:"),
    ],
)
def test_refuses_to_remove_what_others_depend_on(tmp_path, section, entry, problem):
    apply(tmp_path, WORLD)
    apply(tmp_path, "clients:\n  - {name: web shop, organization: '1001', state: absent}")
    listing = "listings:\n  - {channel: WEB, channel_sku_code: SKU-7-RED, state: absent}"
    apply(tmp_path, listing)
    place(channel=Channel.objects.get(), lines=[("TEE-RED-M", 1)])

    with pytest.raises(WorldRefused, match=problem):
        apply(tmp_path, f"{section}:\n  - {entry}state: absent}}")


def test_people_are_refused_outside_demonstrations(tmp_path, settings):
    settings.OMS_DEMO = False

    with pytest.raises(WorldRefused, match=r"users\[0\]: people are described"):
        apply(tmp_path, WORLD)

    assert Organization.objects.exists() is False


def test_the_command_prints_changes_and_counts(tmp_path):
    path, output = write(tmp_path / "w.yaml", WORLD), StringIO()

    call_command("apply", str(path), stdout=output)
    call_command("apply", str(path), "--unless-applied", stdout=output)

    lines = output.getvalue().splitlines()
    assert lines[0] == "created organization 1001"
    assert lines[-2:] == ["World applied: 16 created.", "World applied: applied before."]


def test_the_command_fails_with_the_place(tmp_path):
    path = write(tmp_path / "w.yaml", "skus:\n  - {colour: red}")

    with pytest.raises(CommandError, match=r"w.yaml:2: skus\[0\].colour: unknown key") as failure:
        call_command("apply", str(path))

    assert "Nothing was changed." in str(failure.value)
    assert failure.value.returncode == 1


def test_a_big_world_takes_few_statements(tmp_path, django_assert_max_num_queries):
    apply(tmp_path, WORLD)
    numbers = range(2_000)
    skus = "".join(f"  - {{organization: '1001', code: B-{n}, name: Thing {n}}}\n" for n in numbers)
    stock = "".join(f"  - {{fulfillment_point: WH-1, sku: B-{n}, on_hand: {n}}}\n" for n in numbers)

    with django_assert_max_num_queries(30):
        lines = apply(tmp_path, f"skus:\n{skus}stock:\n{stock}")

    assert len(lines) == 4_000
    assert StockLevel.objects.count() == 2_001


def test_stock_nobody_named_stays(tmp_path):
    apply(tmp_path, WORLD)
    other = make_sku(point=FulfillmentPoint.objects.get(), on_hand=7)

    apply(tmp_path, WORLD)

    assert StockLevel.objects.get(sku=other).on_hand == 7
