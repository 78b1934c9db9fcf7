"""What a bundle may be, as the database sees it."""

import datetime as dt
import threading
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import queries
from catalog import services as catalog
from catalog.choices import ListingStatus
from catalog.drafts import ListingDraft, SkuDraft, SpuDraft, VariantDraft
from catalog.models import Bundle, BundlePart, Listing, Sku
from oms.kernel.actors import SYSTEM
from tests.factories import (
    NOW,
    channel_actor,
    make_bundle,
    make_channel,
    make_organization,
    make_sku,
)


@pytest.fixture
def mug(db):
    return make_sku(code="MUG")


def refused(work) -> str:
    """The name of the rule that refuses it."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        work()
    return refusal.value.__cause__.diag.constraint_name


def test_a_sku_is_in_it_once(mug):
    bundle = make_bundle(parts=[(mug, 1)])

    rule = refused(lambda: BundlePart.objects.create(bundle=bundle, sku=mug, quantity=2))

    assert rule == "catalog_bundlepart_sku_uniq"


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"quantity": 0}, "catalog_bundlepart_quantity_positive"),
        ({"quantity": 10_001}, "catalog_bundlepart_quantity_positive"),
        ({"quantity": 1, "weight": 0}, "catalog_bundlepart_weight_positive"),
    ],
)
def test_a_part_is_something_and_costs_something(mug, values, rule):
    bundle = make_bundle(parts=[(make_sku(organization=mug.organization), 1)])

    assert refused(lambda: BundlePart.objects.create(bundle=bundle, sku=mug, **values)) == rule


def test_a_code_is_a_skus_or_a_bundles(mug):
    organization = mug.organization
    make_bundle(parts=[(mug, 1)], code="SET")

    rules = {
        refused(lambda: Bundle.objects.create(organization=organization, code="MUG")),
        refused(lambda: Sku.objects.create(organization=organization, code="SET")),
        refused(lambda: Sku.objects.filter(pk=mug.pk).update(code="SET")),
        refused(lambda: Bundle.objects.filter(code="SET").update(code="MUG")),
    }

    assert rules == {"catalog_code_names_one_thing"}


def test_another_organization_may_call_a_bundle_so(mug):
    other = make_organization()

    bundle = Bundle.objects.create(organization=other, code="MUG")

    assert bundle.pk is not None


def test_a_sku_that_is_made_by_a_call_is_refused_by_name(mug):
    make_bundle(parts=[(mug, 1)], code="SET")

    with pytest.raises(catalog.SkuCodeTaken):
        catalog.create_sku(draft=SkuDraft(organization_id=mug.organization_id, code="SET"))

    assert not Sku.objects.filter(code="SET").exists()


def test_a_listing_names_a_sku_or_a_bundle(mug):
    channel = make_channel(organization=mug.organization)
    bundle = make_bundle(parts=[(mug, 1)])

    rule = refused(
        lambda: Listing.objects.create(
            channel=channel, sku=mug, bundle=bundle, channel_sku_code="X"
        )
    )

    assert rule == "catalog_listing_names_one"


def listed(channel, code, *, minute=0):
    """The listing of a product's only variant, which the channel says has this code of ours."""
    variant = VariantDraft(
        channel_sku_code="V-1",
        seller_sku_code=code,
        original_price=Decimal(9),
        current_price=Decimal(9),
        stock=1,
    )
    draft = SpuDraft(
        channel_id=channel.pk,
        external_id="SPU-1",
        name="Set",
        status=ListingStatus.ACTIVE,
        listed_at=NOW,
        changed_at=NOW + dt.timedelta(minutes=minute),
        variants=(variant,),
    )
    catalog.update_spu(draft=draft, actor=SYSTEM, now=NOW)
    return Listing.objects.get(channel=channel, channel_sku_code="V-1")


def test_a_variant_is_linked_to_what_its_code_names(mug):
    channel = make_channel(organization=mug.organization)
    bundle = make_bundle(parts=[(mug, 1)], code="SET")

    seen = [listed(channel, code, minute=n) for n, code in enumerate(("SET", "MUG", "SET", "X"))]

    assert [(each.sku, each.bundle) for each in seen] == [
        (None, bundle),
        (mug, None),
        (None, bundle),
        (None, None),
    ]


def test_a_variant_staff_linked_to_a_bundle_stays_so(mug):
    channel = make_channel(organization=mug.organization)
    bundle = make_bundle(parts=[(mug, 1)], code="SET")
    listed(channel, "THEIRS")
    Listing.objects.update(bundle=bundle)

    found = listed(channel, "THEIRS", minute=1)

    assert (found.sku, found.bundle) == (None, bundle)


def test_a_code_that_stands_for_a_bundle_is_taken(mug):
    channel = make_channel(organization=mug.organization)
    bundle = make_bundle(parts=[(mug, 1)])
    Listing.objects.create(channel=channel, bundle=bundle, channel_sku_code="THEIRS")
    draft = ListingDraft(channel_sku_code="THEIRS", channel_serial_no="", barcode="MUG")

    with pytest.raises(catalog.ListingTaken) as refusal:
        catalog.list_skus(channel_id=channel.pk, drafts=[draft], actor=SYSTEM, now=NOW)

    assert refusal.value.codes == ["THEIRS"]
    assert Listing.objects.get().bundle == bundle


def test_those_that_can_be_ordered_are_found_by_code(mug):
    make_bundle(parts=[(mug, 1)], code="SET")
    make_bundle(parts=[(mug, 1)], code="OFF", is_active=False)
    Bundle.objects.create(organization=mug.organization, code="EMPTY")
    actor = channel_actor(make_channel(organization=mug.organization))

    found = queries.bundles_by_code(actor=actor, codes=["SET", "OFF", "EMPTY", "MUG"])

    assert list(found) == ["SET"]


@pytest.mark.django_db(transaction=True)
def test_a_sku_and_a_bundle_made_at_once_do_not_share_a_code():
    organization = make_organization()
    ready = threading.Barrier(2)

    def make(model):
        try:
            ready.wait(10)
            with suppress(IntegrityError), transaction.atomic():
                model.objects.create(organization=organization, code="SAME")
        finally:
            connection.close()

    workers = [threading.Thread(target=make, args=(model,)) for model in (Sku, Bundle)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    made = [model.objects.filter(code="SAME").count() for model in (Sku, Bundle)]
    assert sum(made) == 1
