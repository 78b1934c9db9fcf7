"""Stores and vendors (contract 2.3)."""

from django.http import HttpResponse
from rest_framework.request import Request

from channels_app import queries
from oms.accounts import queries as accounts
from oms.api.nandh import outputs
from oms.api.nandh.paging import Page
from oms.api.nandh.schema import PAGING, described
from oms.api.nandh.views.base import NandhView


class Stores(NandhView):
    scopes = {"GET": "orders:read"}

    @described("listStores", data=outputs.StoreOutput, many=True, parameters=PAGING)
    def get(self, request: Request, **_: object) -> HttpResponse:
        """The channels orders can be created for."""
        rows, total = Page.of(request.query_params).cut(queries.channels_feed(actor=self.actor))
        found = [
            {"id": row.pk, "code": row.code, "name": row.name, "is_active": row.is_active}
            for row in rows
        ]
        return self.listed(found, total=total)


class Vendors(NandhView):
    scopes = {"GET": "orders:read"}

    @described("listVendors", data=outputs.VendorOutput, many=True, parameters=PAGING)
    def get(self, request: Request, **_: object) -> HttpResponse:
        """The organization itself: the core knows no vendors beside it."""
        page = Page.of(request.query_params)
        row = accounts.get_organization(key=self.machine.organization_id)
        found = [{"id": row.pk, "code": row.code, "name": row.name}] if page.number == 1 else []
        return self.listed(found, total=1)
