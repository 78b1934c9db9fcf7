"""Bundles in world files."""

import pytest

from catalog.models import Bundle, BundlePart, Listing
from channels_app.models import Channel
from oms.backoffice.world import apply_world
from oms.backoffice.world.places import WorldRefused
from tests.factories import NOW, place
from tests.integration.backoffice.builders import WORLD, apply, exported

pytestmark = pytest.mark.django_db

GIFT = """
skus: [{organization: "1001", code: SPOON}]
bundles:
  - {organization: "1001", code: GIFT, name: Gift,
     parts: [{sku: TEE-RED-M}, {sku: SPOON, quantity: 2, weight: 0.5}]}
listings: [{channel: WEB, channel_sku_code: THE-GIFT, bundle: GIFT}]
"""


@pytest.fixture
def world(tmp_path):
    apply(tmp_path, WORLD)
    return tmp_path


def parts():
    rows = BundlePart.objects.order_by("pk")
    return [(row.sku.code, row.quantity, float(row.weight)) for row in rows]


def test_a_bundle_is_created_with_its_parts_and_listed(world):
    lines = apply(world, GIFT)

    assert lines == [
        "created sku SPOON",
        "created bundle GIFT",
        "created listing THE-GIFT of channel WEB",
    ]
    assert parts() == [("TEE-RED-M", 1, 1.0), ("SPOON", 2, 0.5)]
    assert Listing.objects.get(channel_sku_code="THE-GIFT").bundle.code == "GIFT"
    order = place(channel=Channel.objects.get(code="WEB"), lines=[("THE-GIFT", 1)])
    assert order.lines.get().bundle.name == "Gift"


def test_the_same_again_changes_nothing(world):
    apply(world, GIFT)

    assert apply(world, GIFT) == []


def test_what_was_exported_changes_nothing(world):
    apply(world, GIFT)

    again = apply_world(paths=[exported(world)], now=NOW, dry_run=True)

    assert again.lines == ()


def test_a_list_of_parts_is_all_there_are(world):
    apply(world, GIFT)

    lines = apply(
        world, 'bundles: [{organization: "1001", code: GIFT, parts: [{sku: SPOON, quantity: 3}]}]'
    )

    assert parts() == [("SPOON", 3, 1.0)]
    [line] = lines
    assert line.startswith("changed bundle GIFT: parts ")


def test_a_listing_may_change_from_one_to_the_other(world):
    apply(world, GIFT)

    apply(world, "listings: [{channel: WEB, channel_sku_code: THE-GIFT, sku: SPOON}]")
    first = Listing.objects.get(channel_sku_code="THE-GIFT")
    apply(world, "listings: [{channel: WEB, channel_sku_code: THE-GIFT, bundle: GIFT}]")
    second = Listing.objects.get(channel_sku_code="THE-GIFT")

    assert (first.sku.code, first.bundle) == ("SPOON", None)
    assert (second.sku, second.bundle.code) == (None, "GIFT")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            'bundles: [{organization: "1001", code: B, parts: [{sku: NONE}]}]',
            "there is no sku `NONE`",
        ),
        (
            'bundles: [{organization: "1001", code: B, parts: [{sku: TEE-RED-M, quantity: 0}]}]',
            "is not between 1",
        ),
        (
            'bundles: [{organization: "1001", code: TEE-RED-M}]',
            "a code is either a SKU's or a bundle's",
        ),
        (
            "listings: [{channel: WEB, channel_sku_code: A, sku: TEE-RED-M, bundle: GIFT}]",
            "a listing names a sku or a bundle, not both",
        ),
        ("listings: [{channel: WEB, channel_sku_code: A, bundle: X}]", "there is no bundle `X`"),
        (
            "skus: [{organization: '1001', code: TEE-RED-M, state: absent}]",
            "cannot be removed",
        ),
    ],
)
def test_what_cannot_be_is_refused(world, text, problem):
    apply(world, GIFT)

    with pytest.raises(WorldRefused, match="(?s)" + problem.replace("`", "`")):
        apply(world, text)

    assert Bundle.objects.count() == 1


def test_one_that_is_absent_goes_with_its_parts(world):
    apply(world, GIFT)

    apply(
        world,
        "listings: [{channel: WEB, channel_sku_code: THE-GIFT, state: absent}]\n"
        'bundles: [{organization: "1001", code: GIFT, state: absent}]\n'
        'skus: [{organization: "1001", code: SPOON, state: absent}]',
    )

    assert (Bundle.objects.count(), BundlePart.objects.count()) == (0, 0)
