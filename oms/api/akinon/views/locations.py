"""Stock locations, and which of them have what (contract 8.4, 8.5, 12a.6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.akinon import location_inputs, location_reads, stock_query
from oms.api.akinon.errors import refused_of
from oms.api.akinon.rendering.locations import location, simple_location
from oms.api.akinon.views.base import AkinonView
from oms.locations import services

if TYPE_CHECKING:
    from oms.locations.models import FulfillmentPoint

READ, WRITE = "inventory:read", "inventory:write"
_MOST = 10_000  # of the simple list, which is told whole


class StockLocations(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request) -> HttpResponse:
        """Locations in full."""
        feed = location_reads.feed(actor=self.actor)
        rows = self.chosen(feed, location_reads.FILTERS, location_reads.SORTS, default="id")
        return self.listed(rows, _shown)


class SimpleStockLocations(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request) -> HttpResponse:
        """All of them in one page, unless a size is asked for; addresses are ids."""
        feed = location_reads.feed(actor=self.actor)
        rows = self.chosen(feed, location_reads.FILTERS, location_reads.SORTS, default="id")
        return self.listed(rows, _simple, size=_MOST, most=_MOST)


class StockLocation(AkinonView):
    scopes = {"GET": READ, "PATCH": WRITE, "PUT": WRITE}

    def get(self, _request: Request, number: str) -> HttpResponse:
        point = location_reads.get(number=int(number), actor=self.actor)
        return self.done(_shown([point])[0])

    def patch(self, _request: Request, number: str) -> HttpResponse:
        """Change what the body names; the quota in use is never anybody's to set."""
        point = location_reads.get(number=int(number), actor=self.actor)
        changed = services.change_point(
            point_id=point.pk,
            change=location_inputs.change_of(self.document()),
            actor=self.actor,
            now=self.now,
        )
        return self.done(_shown([changed])[0])

    put = patch


class StockAvailability(AkinonView):
    """Its errors have a body of their own, whatever went wrong."""

    scopes = {"GET": READ}

    @staticmethod
    def handle_error(error: Exception, context: Any) -> HttpResponse:
        return stock_query.answer_of(
            error, refused_of(error, allowed=context["view"].allowed_methods)
        )

    def get(self, request: Request) -> HttpResponse:
        """By code of location, whether all of it can come from there."""
        wanted = stock_query.wanted_of(request.query_params)
        return self.done(stock_query.availability(wanted, actor=self.actor))


def _shown(points: "Sequence[FulfillmentPoint]") -> list[dict[str, Any]]:
    known = location_reads.known_of(points)
    return [location(point, known=known[point.pk]) for point in points]


def _simple(points: "Sequence[FulfillmentPoint]") -> list[dict[str, Any]]:
    known = location_reads.known_of(points)
    return [simple_location(point, known=known[point.pk]) for point in points]
