"""Contract 2.8."""

from django.http import HttpResponse
from rest_framework.request import Request

from catalog import queries
from oms.api.nandh import drafting, inputs, outputs
from oms.api.nandh.paging import Page
from oms.api.nandh.render import products as render
from oms.api.nandh.schema import PAGING, described
from oms.api.nandh.views.base import NandhView
from oms.inventory import services
from oms.kernel import sql

_MOST_DIGITS = 18


class ProductList(NandhView):
    scopes = {"GET": "inventory:read"}

    @described("listProducts", data=outputs.ProductOutput, many=True, parameters=PAGING)
    @sql.snapshot()
    def get(self, request: Request, **_: object) -> HttpResponse:
        """The organization's SKUs with their stock, page by page."""
        rows, total = Page.of(request.query_params).cut(queries.skus_feed(actor=self.actor))
        return self.listed(render.products(rows, self.actor), total=total)


class ProductDetail(NandhView):
    scopes = {"GET": "inventory:read"}

    @described("getProduct", data=outputs.ProductOutput, failures=(404,))
    @sql.snapshot()
    def get(self, _request: Request, id_product_inventory: str, **_: object) -> HttpResponse:
        """One SKU with its stock."""
        text = id_product_inventory
        is_key = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if not is_key:
            raise queries.SkuNotFound("No such SKU")
        row = queries.sku_by_key(actor=self.actor, key=int(text))
        return self.done(render.products([row], self.actor)[0])


class CreateProduct(NandhView):
    scopes = {"POST": "inventory:write"}

    @described(
        "createProduct",
        request=inputs.ProductInput,
        data=outputs.ProductOutput,
        failures=(409, 422),
    )
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Make a SKU known, with stock rows if the body says so."""
        said = self.read(inputs.ProductInput)
        made = services.open_sku(
            draft=drafting.sku_draft(said, organization_id=self.machine.organization_id),
            is_kept=drafting.is_kept(said),
            cause="product created",
            actor=self.actor,
            now=self.now,
        )
        row = queries.sku_by_key(actor=self.actor, key=made.pk)
        return self.done(render.products([row], self.actor)[0])
