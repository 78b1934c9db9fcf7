"""Contract API 2."""

from functools import partial

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.base.watching import request_id
from oms.api.increff import bodies, queries
from oms.api.increff.schema import operation
from oms.api.increff.views.base import IncreffView
from oms.inventory import services as inventory


class UpdateInventory(IncreffView):
    scopes = {"PUT": "stock:write"}
    shape = bodies.INVENTORY

    @operation("updateInventory", bodies.INVENTORY, bodies.INVENTORY_ANSWER)
    def put(self, _request: Request) -> HttpResponse:
        """What is free for new orders, absolute; lines that are no good are named and left out."""
        values = self.values()
        point_id = self.point_id(values["locationCode"])
        wanted = {each["channelSkuCode"]: each["quantity"] for each in values["products"]}
        skus = self.sku_ids(wanted)
        free = {
            code: quantity
            for code, quantity in wanted.items()
            if code in skus and quantity is not None and 0 <= quantity <= inventory.MOST_UNITS
        }
        if free:
            inventory.count_free(
                point_id=point_id,
                free={skus[code]: quantity for code, quantity in free.items()},
                unseen=partial(
                    queries.unseen_units, point_id=point_id, efs_channel_id=self.efs_channel_id
                ),
                note=inventory.MovementNote(cause=f"count {request_id()}"),
                actor=self.actor,
                now=self.now,
            )
        return self.done(
            {
                "failureProducts": [code for code in wanted if code not in free],
                "successProducts": list(free),
            }
        )
