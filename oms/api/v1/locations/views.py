"""Locations: contract 4.9."""

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.v1.locations import mapping, outputs, rendering
from oms.api.v1.road.inputs import ParametersSerializer
from oms.api.v1.road.paging import page
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import V1View
from oms.locations import queries

SORTS = {"created_at": "created_at", "updated_at": "updated_at"}


class LocationCollection(V1View):
    scopes = {"GET": "inventory:read"}

    @described(
        operation_id="listLocations",
        summary="List locations",
        responses={200: page_of(outputs.LocationOutput)},
        sorts=tuple(SORTS),
    )
    def get(self, _request: Request) -> HttpResponse:
        """Locations, closed ones too."""
        chosen = self.parameters(ParametersSerializer)
        return page(
            self,
            queries.points_feed(actor=self.actor),
            render=rendering.locations,
            sorts=SORTS,
            filters_hash_of=chosen,
        )


class LocationDetail(V1View):
    scopes = {"GET": "inventory:read"}

    @described(
        operation_id="getLocation",
        summary="Get a location",
        responses={200: outputs.LocationOutput},
        problems=("not_found",),
    )
    def get(self, _request: Request, location_id: str) -> HttpResponse:
        """One location."""
        self.parameters(ParametersSerializer)
        found = queries.point_by_public_id(
            actor=self.actor, public_id=mapping.location_uuid(location_id)
        )
        return self.one(rendering.location(found))
