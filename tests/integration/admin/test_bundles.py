"""Bundles, as staff make them."""

import pytest
from django.urls import reverse

from catalog.models import Bundle, Sku
from oms.backoffice.formats import page_url
from tests import backoffice_builders as build
from tests.factories import make_bundle, place


@pytest.fixture
def sku(db):
    return build.make_sku(build.make_channel().organization, code="MUG")


def form(organization, code, *parts):
    rows = {
        f"parts-{place}-{name}": value
        for place, (sku, quantity) in enumerate(parts)
        for name, value in {"sku": sku.pk, "quantity": quantity, "weight": 1}.items()
    }
    counts = {"TOTAL_FORMS": len(parts), "INITIAL_FORMS": 0}
    return {
        "organization": organization.pk,
        "code": code,
        "name": "Set",
        "is_active": "on",
        **{f"parts-{name}": value for name, value in counts.items()},
        **rows,
    }


def test_a_bundle_is_made_with_its_parts(root, sku):
    answer = root.post(reverse("admin:catalog_bundle_add"), form(sku.organization, "SET", (sku, 2)))

    assert answer.status_code == 302
    assert list(Bundle.objects.values_list("code", "parts__sku", "parts__quantity")) == [
        ("SET", sku.pk, 2)
    ]


def test_what_is_wrong_with_one_is_said(root, sku):
    stranger = build.make_sku(build.make_organization())
    add = reverse("admin:catalog_bundle_add")

    taken = root.post(add, form(sku.organization, "MUG", (sku, 1)))
    foreign = root.post(add, form(sku.organization, "SET", (stranger, 1)))
    empty = root.post(add, form(sku.organization, "SET"))

    assert "There is a sku of this code." in taken.content.decode()
    assert "This SKU belongs to another organization." in foreign.content.decode()
    assert "Please submit at least 1 form" in empty.content.decode()
    assert not Bundle.objects.exists()


def test_a_sku_with_a_bundles_code_is_refused(root, sku):
    make_bundle(parts=[(sku, 1)], code="SET")
    said = {"organization": sku.organization.pk, "code": "SET", "barcodes": ""}

    answer = root.post(reverse("admin:catalog_sku_add"), said)

    assert "There is a bundle of this code." in answer.content.decode()
    assert not Sku.objects.filter(code="SET").exists()


def test_an_order_shows_the_parts_below_the_bundle(root, sku):
    make_bundle(parts=[(sku, 2)], code="SET")
    channel = build.make_channel(sku.organization)
    order = place(channel=channel, lines=[("SET", 3)])

    page = " ".join(root.get(page_url(order)).content.decode().split())

    assert '<strong>SET</strong> <span class="chip">Bundle</span>' in page
    assert "2 x <strong>MUG</strong>" in page
    assert "Unknown SKU" not in page
