"""Contract API 4."""

from collections.abc import Iterable

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services
from fulfillment.choices import TaskStatus
from oms.api.increff import bodies, errors, suborders
from oms.api.increff.reader import Values
from oms.api.increff.schema import operation
from oms.api.increff.views.base import IncreffView


class CancelOrder(IncreffView):
    scopes = {"PUT": "orders:cancel"}
    shape = bodies.CANCELLATION

    @operation("cancelOrder", bodies.CANCELLATION)
    def put(self, _request: Request) -> HttpResponse:
        """Units the EFS cannot supply, absolute by SKU: all lines or none."""
        values = self.values()
        code = values["orderCode"]
        point_id = self.point_id(values["locationCode"])
        channel = self.sales_channel(values["channelName"])
        found = suborders.named(
            channel_id=channel.pk, point_id=point_id, codes=[code], actor=self.actor
        )
        if code not in found:
            raise errors.unknown_order(code)
        totals = self._totals(values["orderItems"])
        names = {sku_id: name for name, (sku_id, _) in totals.items()}
        try:
            services.refuse_units(
                task_number=found[code].task_number,
                totals=dict(totals.values()),
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

    def _totals(self, items: Iterable[Values]) -> dict[str, tuple[int, int]]:
        """SKU and units by the caller's code; each SKU once, by whatever code."""
        lines = list(items)
        skus = self.sku_ids([each["channelSkuCode"] for each in lines])
        totals: dict[str, tuple[int, int]] = {}
        seen: set[int] = set()
        for each in lines:
            code = each["channelSkuCode"]
            if code in totals or skus.get(code) in seen:
                raise errors.doubled_sku(code)
            if code not in skus:
                raise errors.unknown_sku(code)
            seen.add(skus[code])
            totals[code] = (skus[code], each["cancelledQuantity"])
        return totals
