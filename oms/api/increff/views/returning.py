"""Contract API 11."""

from collections.abc import Iterable

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.increff import bodies, errors, queries
from oms.api.increff.reader import Values
from oms.api.increff.schema import operation
from oms.api.increff.views.base import IncreffView
from returns import services
from returns.choices import QcStatus, ReturnStatus

_RESULT = {bodies.PASS: QcStatus.PASS, bodies.FAIL: QcStatus.FAIL}


class ProcessReturn(IncreffView):
    scopes = {"POST": "returns:write"}
    shape = bodies.RETURN

    @operation("processReturn", bodies.RETURN)
    def post(self, _request: Request) -> HttpResponse:
        """Units that arrived, each with the result of its check: all of the call or none."""
        values = self.values()
        code = values["returnOrderCode"]
        point_id = self.point_id(values["locationCode"])
        channel = self.sales_channel(values["channelName"])
        found = queries.named_return(channel_id=channel.pk, code=code, actor=self.actor)
        if found is None:
            raise errors.bad_data(f"Return order not found: {code}")
        public_id, order_code, status = found
        if order_code != values["forwardOrderCode"]:
            raise errors.unknown_order(values["forwardOrderCode"])
        if status == ReturnStatus.CANCELLED:
            raise errors.bad_data(f"Return order is cancelled: {code}")
        try:
            services.process_units(
                public_id=public_id,
                findings=self._findings(values["orderItems"]),
                arrival=services.Arrival(
                    point_id=point_id,
                    carrier_code=values["transporter"],
                    tracking_number=values["awbNumber"],
                ),
                actor=self.actor,
                now=self.now,
            )
        except services.ReturnUnitUnknown as refusal:
            raise errors.bad_data(f"Return item not found: {refusal.unit_code}") from refusal
        except services.UnitToldTwice as refusal:
            raise errors.bad_data(
                f"Duplicate return item in request: {refusal.unit_code}"
            ) from refusal
        return self.nothing()

    def _findings(self, items: Iterable[Values]) -> list[services.Finding]:
        """What was found; reasons and pictures are about units that failed."""
        lines = list(items)
        skus = self.sku_ids([each["channelSkuCode"] for each in lines])
        return [
            services.Finding(
                unit_code=each["returnItemCode"],
                sku_id=skus.get(each["channelSkuCode"]),
                qc_status=_RESULT[each["qcStatus"]],
                qc_reason=each["qcReason"] if has_failed else "",
                image_urls=tuple(each["imageUrls"]) if has_failed else (),
            )
            for each in lines
            for has_failed in (each["qcStatus"] == bodies.FAIL,)
        ]
