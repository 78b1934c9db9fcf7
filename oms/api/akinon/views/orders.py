"""Orders and their items, read only (contract 11.4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.akinon import order_reads
from oms.api.akinon.paging import LARGE
from oms.api.akinon.rendering.orders import order, order_item
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from oms.orders.models import Order, OrderLine

READ = "orders:read"
MOST = 200  # each order shows its items and opens the buyer's data


class Orders(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request) -> HttpResponse:
        feed = order_reads.feed(actor=self.actor)
        rows = self.chosen(feed, order_reads.ORDERS, order_reads.ORDER_SORTS)
        return self.listed(rows, _orders, most=MOST)


class OrderDetail(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request, number: str) -> HttpResponse:
        return self.done(order(order_reads.get(number=int(number), actor=self.actor)))


class OrderItems(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request) -> HttpResponse:
        feed = order_reads.items_feed(actor=self.actor)
        rows = self.chosen(feed, order_reads.ITEMS, order_reads.ITEM_SORTS)
        return self.listed(rows, _items, size=LARGE)


class OrderItem(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request, number: str) -> HttpResponse:
        return self.done(_items([order_reads.get_item(number=int(number), actor=self.actor)])[0])


def _orders(rows: "Sequence[Order]") -> list[dict[str, Any]]:
    return [order(one) for one in order_reads.shown(rows)]


def _items(rows: "Sequence[OrderLine]") -> list[dict[str, Any]]:
    return [order_item(line, line.order) for line in rows]
