"""Packages and their items (contract 11.4)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.akinon import buyer_search, filtering, package_filters, package_reads
from oms.api.akinon.package_reads import Package
from oms.api.akinon.paging import LARGE
from oms.api.akinon.rendering.packages import package, package_item, short_package
from oms.api.akinon.rules import Offer
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from fulfillment.models import FulfillmentTask, TaskLine

MOST = 200
_ITEM_SORTS = {"id": "number", "created_date": "task__created_at"}


class Packages(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, request: Request) -> HttpResponse:
        """Packages in full, with what may be done with each now."""
        rows = _chosen(package_reads.feed(actor=self.actor), request)
        return self.listed(rows, self._shown, size=LARGE, most=MOST)

    def _shown(self, tasks: "Sequence[FulfillmentTask]") -> list[dict[str, Any]]:
        offer = Offer(actor=self.actor)
        return [
            package(one, commands=offer.commands(one.state.enum_value))
            for one in package_reads.shown(tasks, now=self.real_now)
        ]


class ShortPackages(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, request: Request) -> HttpResponse:
        rows = _chosen(package_reads.heads(actor=self.actor), request)
        return self.listed(rows, lambda tasks: [short_package(task) for task in tasks], size=LARGE)


class PackageDetail(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, _request: Request, number: str) -> HttpResponse:
        one = package_reads.get(package=int(number), actor=self.actor, now=self.real_now)
        offer = Offer(actor=self.actor)
        return self.done(package(one, commands=offer.commands(one.state.enum_value)))


class PackageItems(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, request: Request) -> HttpResponse:
        rows = package_reads.items_feed(actor=self.actor)
        rows = filtering.chosen(rows, request.query_params, package_filters.ITEMS, _ITEM_SORTS)
        return self.listed(rows, _items, size=LARGE)


class PackageItem(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, _request: Request, number: str) -> HttpResponse:
        line = package_reads.get_item(item=int(number), actor=self.actor)
        return self.done(_items([line])[0])


def _chosen(rows: "QuerySet[FulfillmentTask]", request: Request) -> "QuerySet[FulfillmentTask]":
    query = request.query_params
    found = filtering.chosen(rows, query, package_filters.PACKAGES, package_filters.SORTS)
    return buyer_search.narrowed(found, query, order_of=lambda task: task.order, path="order")


def _items(lines: "Sequence[TaskLine]") -> list[dict[str, Any]]:
    return [package_item(Package(task=line.task), line) for line in lines]
