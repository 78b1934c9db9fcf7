"""What tests of inventory need again and again."""

from oms.inventory import services
from oms.kernel.actors import SYSTEM


def reserve(point, sku, quantity):
    need = services.StockNeed(sku_id=sku.pk, point_id=point.pk, quantity=quantity, cause="FT1")
    services.reserve_stock(needs=[need], actor=SYSTEM)


def codes_of(answer):
    """The pointers and codes of a problem's errors."""
    return [(error["pointer"], error["code"]) for error in answer.json().get("errors", [])]
