"""Contract 2.5 and 2.6."""

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.nandh import inputs, mapping, outputs, placing
from oms.api.nandh.render import orders as render
from oms.api.nandh.schema import described
from oms.api.nandh.views.base import NandhView
from oms.kernel import sql
from oms.orders import queries


class CreateOrder(NandhView):
    scopes = {"POST": "orders:write"}

    @described(
        "createOrder",
        request=inputs.OrderInput,
        data=outputs.CreatedOrderOutput,
        failures=(409, 422),
    )
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Take in an order of people or of businesses."""
        intake = placing.place(
            self.read(inputs.OrderInput), body=self.body, machine=self.machine, now=self.now
        )
        code = mapping.order_code(intake.number)
        return self.done({"order_id": intake.number, "tracking_code": code})


class OrderDetail(NandhView):
    scopes = {"GET": "orders:read"}

    @described("getOrder", data=outputs.OrderOutput, failures=(404,))
    @sql.snapshot()
    def get(self, _request: Request, tracking_code: str, **_: object) -> HttpResponse:
        """One order."""
        number = mapping.order_number(tracking_code)
        if number is None:
            raise queries.OrderNotFound("No such order")
        return self.done(render.order(queries.order_by_number(actor=self.actor, number=number)))
