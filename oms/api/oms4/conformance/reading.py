"""Reading what an installation shows of an order."""

import json
from dataclasses import dataclass

from . import shapes
from .lives import Life
from .shapes import Document
from .wire import Call, Caller

GET_ORDERS = "/rest/sc_api/order/list"
GET_PARCELS = "/rest/sc_api/parcel/list"
GET_TASKS = "/rest/fp_api/fulfillment_task/get"
GET_TASKS_BY_NO = "/rest/fp_api/fulfillment_task/get_by_no"
GET_SHIPPING = "/rest/fp_api/fulfillment_task/get_shipping_info"
GET_CANCELLATIONS = "/rest/fp_api/cancellation_task/get"


@dataclass(slots=True)
class Readings:
    """Both keys, and what can be read with them."""

    shop: Caller
    warehouse: Caller

    def orders(self, **filters: object) -> list[Document]:
        """Get Orders, whichever container the installation uses."""
        return _listed(self.shop.post(GET_ORDERS, filters).succeeded(), "order_list")

    def order_of(self, life: Life) -> Document:
        """The order as Get Orders shows it now."""
        return shapes.only(self.orders(order_no=[life.order_no]), "Get Orders")

    def status_of(self, life: Life) -> object:
        """The order's status now."""
        return self.order_of(life)["order_status"]

    def parcels(self, **filters: object) -> list[Document]:
        """Get Parcels, whichever container the installation uses."""
        return _listed(self.shop.post(GET_PARCELS, filters).succeeded(), "parcel_list")

    def tasks(self, **query: object) -> list[Document]:
        """The list of Get Fulfillment Tasks."""
        page = shapes.an_object(self.warehouse.get(GET_TASKS, **query).succeeded(), "data")
        return shapes.objects(page["ft_list"], "ft_list")

    def task_of(self, life: Life) -> Document:
        """The task as By FT NOs shows it now."""
        reply = self.warehouse.get(GET_TASKS_BY_NO, ft_nos=[life.ft_no])
        return shapes.only(reply.succeeded(), "By FT NOs")

    def labels(self, life: Life, **query: object) -> list[Document]:
        """The parcels of Get Shipping Information."""
        reply = self.warehouse.get(GET_SHIPPING, ft_no=[life.ft_no], **query)
        entry = shapes.only(reply.succeeded(), "Get Shipping Information")
        return shapes.objects(entry["parcels"], "parcels")

    def cancellations(self, life: Life) -> list[Document]:
        """The cancellation tasks of an order's task."""
        reply = self.warehouse.get(GET_CANCELLATIONS, ft_no=life.ft_no)
        page = shapes.an_object(reply.succeeded(), "data")
        return shapes.objects(page["ct_list"], "ct_list")

    def read(self, path: str, document: Document, method: str = "GET") -> object:
        """A read with a JSON body."""
        call = Call(method=method, path=path, body=json.dumps(document).encode())
        return self.warehouse.send(call).succeeded()


def _listed(data: object, name: str) -> list[Document]:
    if isinstance(data, dict):
        shapes.check(
            data, {"total_count": shapes.INT, "cursor": shapes.INT, name: shapes.LIST}, "data"
        )
        data = data[name]
    return shapes.objects(data, "data")
