"""Contract API 4."""

from collections import Counter
from collections.abc import Iterable

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services
from fulfillment.choices import TaskStatus
from oms.api.increff import bodies, errors, suborders
from oms.api.increff.reader import Values
from oms.api.increff.schema import operation
from oms.api.increff.suborders import SubOrder
from oms.api.increff.views.base import IncreffView


class CancelOrder(IncreffView):
    scopes = {"PUT": "orders:cancel"}
    shape = bodies.CANCELLATION

    @operation("cancelOrder", bodies.CANCELLATION)
    def put(self, _request: Request) -> HttpResponse:
        """Units the EFS cannot supply, absolute by SKU or combo: all lines or none."""
        values = self.values()
        code = values["orderCode"]
        point_id = self.point_id(values["locationCode"])
        channel = self.sales_channel(values["channelName"])
        found = suborders.named(
            channel_id=channel.pk, point_id=point_id, codes=[code], actor=self.actor
        )
        if code not in found:
            raise errors.unknown_order(code)
        totals, names = self._totals(values["orderItems"], found[code])
        try:
            services.refuse_units(
                task_number=found[code].task_number,
                totals=totals,
                actor=self.actor,
                now=self.now,
            )
        except services.SkuNotInTask as refusal:
            raise errors.unknown_sku(names[refusal.skus[0]]) from refusal
        except services.MoreThanOpen as refusal:
            raise errors.too_many_units(names[refusal.skus[0]]) from refusal
        except services.RefusedTooLate as refusal:
            gone = (TaskStatus.CANCELLED, TaskStatus.PACKED_FOR_REFUND)
            is_cancelled = refusal.status in gone
            raise (errors.cancelled if is_cancelled else errors.invoiced)(code) from refusal
        return self.nothing()

    def _totals(
        self, items: Iterable[Values], suborder: SubOrder
    ) -> tuple[dict[int, int], dict[int, str]]:
        """Units by SKU, and the caller's codes; each SKU or combo once, by whatever code."""
        lines = list(items)
        wanted = [each["channelSkuCode"] for each in lines]
        skus = self.sku_ids(wanted)
        bundles = self.bundle_ids(set(wanted) - skus.keys())
        totals = Counter[int]()
        names: dict[int, str] = {}
        seen: set[tuple[str, int]] = set()
        for each in lines:
            code = each["channelSkuCode"]
            if code not in skus and code not in bundles:
                raise errors.unknown_sku(code)
            key = ("sku", skus[code]) if code in skus else ("combo", bundles[code])
            if key in seen:
                raise errors.doubled_sku(code)
            seen.add(key)
            units = {skus[code]: 1} if code in skus else _parts(suborder, bundles[code], code)
            for sku_id, per_set in units.items():
                totals[sku_id] += per_set * each["cancelledQuantity"]
                names[sku_id] = code
        return dict(totals), names


def _parts(suborder: SubOrder, bundle_id: int, code: str) -> dict[int, int]:
    """Units of each SKU in a set of a sub-order's combo."""
    lines = suborders.lines_of(suborder)
    parts = {line.sku_id: line.per_set for line in lines if line.bundle_id == bundle_id}
    if not parts:
        raise errors.unknown_sku(code)
    return parts
