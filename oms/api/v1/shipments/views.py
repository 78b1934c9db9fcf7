"""The routes of shipments."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from fulfillment import queries, services
from fulfillment.services import label_files
from oms.api.v1.road.paging import page
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import V1View
from oms.api.v1.shipments import (
    drafting,
    examples,
    filters,
    inputs,
    mapping,
    outputs,
    problems,
    reads,
    rendering,
)

_ = problems  # its table is registered by being imported

_FILES = tuple(mapping.FORMAT_OUT)
_SORTS = {"created_at": "created_at", "updated_at": "changed_at"}


class ShipmentView(V1View):
    """What answers with a shipment share."""

    scopes: ClassVar[dict[str, str]] = {
        "GET": "shipments:read", "POST": "shipments:write", "PATCH": "shipments:write",
    }  # fmt: skip

    def shown(self, number: int, *, status: int = 200) -> HttpResponse:
        """A shipment as it is now."""
        row = queries.get_shipment(number=number, actor=self.actor)
        identifier = rendering.identifier(row)
        location = f"/v1/shipments/{identifier}" if status == 201 else None  # noqa: PLR2004 - HTTP
        body = rendering.shipment(row)
        return self.one(body, version=row.version, status=status, location=location)


class ShipmentCollection(ShipmentView):
    """All shipments."""

    @described(
        operation_id="listShipments",
        request=None,
        responses={200: page_of(outputs.ShipmentOutput)},
        parameters=[filters.ShipmentParameters],
        sorts=tuple(_SORTS),
    )
    def get(self, request: Request) -> HttpResponse:
        """List shipments. Boxes that are only planned are none yet."""
        del request
        asked = self.parameters(filters.ShipmentParameters)
        rows = filters.filtered(queries.shipments_feed(actor=self.actor), asked)
        return page(self, rows, render=rendering.shipments, sorts=_SORTS, filters_hash_of=asked)

    @described(
        operation_id="createShipment",
        request=inputs.ShipmentInput,
        responses={201: outputs.ShipmentOutput},
        examples=[examples.CREATED],
        problems=(
            "not_found", "invalid_state", "insufficient_stock", "validation_failed",
            "unknown_location", "carrier_rejected",
        ),
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """Put units of an allocated order into a box, and have its label made."""
        del request
        values = self.read(inputs.ShipmentInput)
        order = reads.order_head(values["order_id"], self.actor)
        draft = drafting.draft(values, order, self.actor)
        try:
            made = services.pack_units(draft=draft, actor=self.actor, now=self.now)
        except (services.UnitsExceeded, services.LineNotOfOrder) as refusal:
            raise drafting.misfit(refusal, draft.units) from refusal
        return self.shown(made.number, status=201)


class ShipmentDetail(ShipmentView):
    """One shipment."""

    @described(
        operation_id="getShipment",
        request=None,
        responses={200: outputs.ShipmentOutput},
        problems=("not_found",),
    )
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """Read a shipment."""
        del request
        return self.shown(reads.shipment(shipment_id, self.actor).number)

    @described(
        operation_id="updateShipment",
        request=inputs.ShipmentPatchInput,
        responses={200: outputs.ShipmentOutput},
        examples=[examples.CHANGED],
        problems=("not_found", "invalid_state", "version_conflict", "validation_failed"),
    )
    def patch(self, request: Request, shipment_id: str) -> HttpResponse:
        """Change a shipment. What stands on a label that failed asks for it once more."""
        del request
        row = reads.shipment(shipment_id, self.actor)
        values = self.read(inputs.ShipmentPatchInput)
        change = services.ParcelChange(
            parcel_id=row.pk,
            values=drafting.change(values),
            expected_version=self.expected_version(),
        )
        services.change_parcel(change=change, actor=self.actor, now=self.now)
        return self.shown(row.number)


class ShipmentStatusUpdates(ShipmentView):
    """What is reported of a shipment."""

    @described(
        operation_id="reportShipmentStatus",
        request=inputs.StatusUpdateInput,
        responses={201: outputs.StatusUpdateOutput, 200: outputs.StatusUpdateOutput},
        examples=[examples.REPORTED],
        problems=(
            "not_found", "invalid_state", "validation_failed", "carrier_rejected",
            "carrier_unavailable",
        ),
    )  # fmt: skip
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Report where a shipment is. The newest report by its own time decides."""
        del request
        row = reads.shipment(shipment_id, self.actor)
        report = drafting.report(self.read(inputs.StatusUpdateInput), row.pk)
        found = services.report_station(report=report, actor=self.actor, now=self.now)
        return self.one(rendering.reported(found), status=201 if found.is_new else 200)


class ShipmentCancel(ShipmentView):
    """The end of a shipment that has not left."""

    @described(
        operation_id="cancelShipment",
        request=inputs.CancelInput,
        responses={200: outputs.ShipmentOutput},
        examples=[examples.CANCELLED],
        problems=(
            "not_found", "invalid_state", "validation_failed", "carrier_rejected",
            "carrier_unavailable",
        ),
    )  # fmt: skip
    def post(self, request: Request, shipment_id: str) -> HttpResponse:
        """Cancel a shipment: its label at the carrier first. Its units can be shipped again."""
        del request
        row = reads.shipment(shipment_id, self.actor)
        reason = self.read(inputs.CancelInput)["reason"]
        services.cancel_parcel(parcel_id=row.pk, reason=reason, actor=self.actor, now=self.now)
        return self.shown(row.number)


class ShipmentTracking(ShipmentView):
    """The journey of a shipment."""

    @described(
        operation_id="trackShipment",
        request=None,
        responses={200: outputs.TrackingOutput},
        problems=("not_found",),
    )
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """Read what was reported of a shipment, newest first."""
        del request
        row = reads.shipment(shipment_id, self.actor)
        return self.one(rendering.tracking(row, queries.milestones_of(row)))


class ShipmentLabel(ShipmentView):
    """The label of a shipment."""

    produces = _FILES

    @described(
        operation_id="getShipmentLabel",
        request=None,
        responses={(200, each): OpenApiTypes.BINARY for each in _FILES},
        parameters=[filters.LabelParameters],
        problems=(
            "not_found", "invalid_parameter", "not_acceptable", "label_not_ready",
            "carrier_rejected",
        ),
    )  # fmt: skip
    def get(self, request: Request, shipment_id: str) -> HttpResponse:
        """Get the label as a file."""
        del request
        wanted: Any = self.parameters(filters.LabelParameters)["format"]
        row = reads.shipment(shipment_id, self.actor)
        file = label_files.label_file(parcel=row, wanted=mapping.FORMAT[wanted])
        response = HttpResponse(file.content, content_type=file.media_type)
        response["Content-Disposition"] = f'inline; filename="{row.point_parcel_no}.{wanted}"'
        response["ETag"] = f'"{file.sha256}"'
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
