"""Contract sections 4.8 and 5.9."""

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import queries as fulfillment
from oms.api.oms4 import mapping
from oms.api.oms4.render import tasks as render
from oms.api.oms4.schema import operation, reads
from oms.api.oms4.shapes import answers
from oms.api.oms4.shapes import orders as shapes
from oms.api.oms4.shapes import tasks as task_shapes
from oms.api.oms4.views.base import ChannelView, PointReadView
from oms.api.oms4.views.orders import line_keys
from oms.kernel import sql
from oms.orders import queries, services


class RequestCancel(ChannelView):
    scopes = {"POST": "orders:cancel"}
    shape = shapes.REQUEST_CANCEL

    @operation("request_to_cancel_order", shapes.REQUEST_CANCEL)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Ask for a cancellation that the seller decides; asking again renews the reason."""
        values = self.values()
        found = queries.get_order(
            actor=self.actor,
            channel_id=self.machine.channel_id or 0,
            external_id=values["order_no"],
        )
        items = values["items"] or []
        keys = line_keys(found, items)
        wish = services.CancelWish(
            order_id=found.pk,
            party=mapping.cancel_party(values["requested_by"]),
            requested_by=values["requested_by"],
            requested_at=values["requested_time"] or self.now,
            reason=values["requested_reason"] or "",
            lines={
                key: item["requested_reason"] or "" for key, item in zip(keys, items, strict=True)
            },
        )
        services.request_cancel(wish=wish, actor=self.actor, now=self.now)
        return self.done()


@reads("get_cancel_request_status", task_shapes.GET_CANCEL_REQUESTS, answers.CANCEL_REQUESTS)
class GetCancelRequests(PointReadView):
    shape = task_shapes.GET_CANCEL_REQUESTS

    @sql.snapshot()
    def answer(self) -> HttpResponse:
        """Wishes to cancel, per task; tasks without one are left out."""
        numbers = self.values()["ft_no"]
        wishes = fulfillment.cancel_requests_of(actor=self.actor, numbers=numbers)
        return self.done([render.cancel_request(wish) for wish in wishes])
