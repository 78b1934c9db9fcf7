"""Contract 2.7 and 2.9."""

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import queries
from fulfillment.services import label_files
from fulfillment.services.label_files import LabelFormat
from oms.api.nandh import errors, mapping, outputs
from oms.api.nandh.render import shipments as render
from oms.api.nandh.schema import LABEL, ORDER_ID, described, file_answer
from oms.api.nandh.views.base import NandhView
from oms.kernel import sql
from oms.orders import queries as orders

_MOST_DIGITS = 18


class _ShipmentView(NandhView):
    scopes = {"GET": "shipments:read"}

    def row(self, code: str) -> render.Row:
        """The shipment with this code. Raises ParcelNotFound."""
        number = mapping.shipment_number(code)
        if number is None:
            raise queries.ParcelNotFound("No such shipment")
        return queries.get_shipment(number=number, actor=self.actor)

    def link(self, code: str) -> str:
        """Where the label of a shipment can be had, with the same key."""
        return self.request.build_absolute_uri(f"/api/v1/public/shipments/label/{code}")


class ShipmentDetail(_ShipmentView):
    @described("getShipment", data=outputs.ShipmentOutput, failures=(404,))
    @sql.snapshot()
    def get(self, _request: Request, tracking_code: str, **_: object) -> HttpResponse:
        """One shipment, with where it is."""
        return self.done(render.shipment(self.row(tracking_code), self.link))


class ShipmentsOfOrder(_ShipmentView):
    @described(
        "listShipmentsOfOrder",
        data=outputs.ListedShipmentOutput,
        many=True,
        parameters=ORDER_ID,
        failures=(404,),
    )
    @sql.snapshot()
    def get(self, request: Request, **_: object) -> HttpResponse:
        """All shipments of an order, oldest first."""
        text = request.query_params.get("order_id", "")
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            raise errors.Refused(
                400, "invalid_parameter", "order_id: must be the number of an order"
            )
        order = orders.order_by_number(actor=self.actor, number=int(text))
        found = queries.shipments_feed(actor=self.actor).filter(task__order=order)
        rows = list(found.order_by("created_at", "id"))
        return self.listed(render.listed(rows, self.link), total=len(rows))


class ShipmentLabel(_ShipmentView):
    @file_answer("getShipmentLabel", LABEL, failures=(404, 409, 422))
    def get(self, _request: Request, tracking_code: str, **_: object) -> HttpResponse:
        """The label as a PDF: what `label_url` leads to."""
        file = label_files.label_file(parcel=self.row(tracking_code), wanted=LabelFormat.PDF)
        response = HttpResponse(file.content, content_type=file.media_type)
        response.headers["Content-Disposition"] = f'inline; filename="{tracking_code}.pdf"'
        response.headers["Cache-Control"] = "no-store"
        return response


class Inbound(NandhView):
    """The core has no inbound receipts, so none is ever found."""

    scopes = {"GET": "inventory:read"}
    schema = None

    def get(self, _request: Request, **_: object) -> HttpResponse:
        raise errors.Refused(404, "not_found", errors.NOT_FOUND)
