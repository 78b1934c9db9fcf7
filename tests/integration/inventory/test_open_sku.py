"""New SKUs, and the points that will keep them."""

import pytest

from catalog.models import Sku
from catalog.services import SkuCodeTaken, SkuDraft
from oms.events.models import Event
from oms.inventory import services
from oms.inventory.models import StockLevel, StockMovement
from tests.factories import NOW, make_organization, make_point, make_sku, point_actor

pytestmark = pytest.mark.django_db


def open_sku(point, *, is_kept, code="CAP-01"):
    draft = SkuDraft(organization_id=point.organization_id, code=code, name="Cap", weight_g=80)
    return services.open_sku(
        draft=draft, is_kept=is_kept, cause="new", actor=point_actor(point), now=NOW
    )


def test_open_sku_counts_none_of_it_at_the_points_of_the_actor():
    point = make_point()
    make_point(organization=point.organization)

    sku = open_sku(point, is_kept=True)

    levels = StockLevel.objects.filter(sku=sku).values_list("point", "on_hand", "is_stocked")
    assert list(levels) == [(point.pk, 0, True)]
    assert StockMovement.objects.count() == 0
    assert list(Event.objects.values_list("type", "subject_id")) == [("stock.counted", point.pk)]


def test_open_sku_that_nobody_keeps_has_no_level():
    sku = open_sku(make_point(), is_kept=False)

    assert (sku.code, sku.weight_g, sku.levels.count()) == ("CAP-01", 80, 0)
    assert Event.objects.count() == 0


def test_open_sku_refuses_a_code_that_is_taken():
    point = make_point()
    taken = make_sku(organization=point.organization, code="CAP-01")

    with pytest.raises(SkuCodeTaken) as refusal:
        open_sku(point, is_kept=True)

    assert refusal.value.details == {"sku_id": taken.pk}
    assert StockLevel.objects.count() == 0


def test_another_organization_may_have_the_same_code():
    make_sku(organization=make_organization(), code="CAP-01")

    open_sku(make_point(), is_kept=False)

    assert Sku.objects.filter(code="CAP-01").count() == 2
