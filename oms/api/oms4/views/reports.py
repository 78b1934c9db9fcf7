"""What a fulfillment point reports: contract sections 5.4, 5.5, 5.7 and 5.8."""

from django.http import HttpResponse
from rest_framework.request import Request

from catalog import queries as catalog
from fulfillment import queries
from fulfillment import services as fulfillment
from oms.api.oms4 import drafts, mapping
from oms.api.oms4.reader import BadMember, Values, bad
from oms.api.oms4.schema import operation
from oms.api.oms4.shapes import answers
from oms.api.oms4.shapes import inventory as inventory_shapes
from oms.api.oms4.shapes import tasks as shapes
from oms.api.oms4.views.base import PointView
from oms.inventory import services as inventory
from oms.locations import queries as locations


class UpdateActivity(PointView):
    scopes = {"POST": "tasks:write"}
    shape = shapes.UPDATE_ACTIVITY

    @operation("update_fulfillment_activity", shapes.UPDATE_ACTIVITY)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Work on a task; milestones nobody knows are kept as text."""
        values = self.values()
        said = (values["milestone"] or "").strip()
        known = mapping.ACTIVITY_IN.get(said.replace("_", " ").upper())
        fulfillment.report_activity(
            report=fulfillment.ActivityReport(
                task_number=values["ft_no"],
                milestone=known or said,
                description=values["description"],
                occurred_at=values["event_time"],
            ),
            actor=self.actor,
            now=self.now,
        )
        return self.done()


class UpdateParcelActivity(PointView):
    scopes = {"POST": "parcels:write"}
    shape = shapes.UPDATE_PARCEL_ACTIVITY

    @operation("update_parcel_activity", shapes.UPDATE_PARCEL_ACTIVITY)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """A milestone of a parcel, or only a text about it."""
        values = self.values()
        said = values["milestone"]
        fulfillment.report_milestone(
            report=fulfillment.MilestoneReport(
                task_number=values["ft_no"],
                point_parcel_no=values["fp_parcel_no"],
                milestone=mapping.MILESTONE_IN[said] if said else None,
                description=values["description"],
                occurred_at=values["event_time"],
            ),
            actor=self.actor,
            now=self.now,
        )
        return self.done()


class ParcelPacked(PointView):
    scopes = {"POST": "tasks:write"}
    shape = shapes.PARCEL_PACKED

    @operation("parcel_packing_finished", shapes.PARCEL_PACKED)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Parcels of a task, all or none; the same call again answers the same."""
        values = self.values()
        request = drafts.pack_request(values)
        codes = queries.sku_codes_of_task(number=values["ft_no"], actor=self.actor)
        _check_codes(values, request, codes)
        fulfillment.pack_parcels(request=request, actor=self.actor, now=self.now)
        return self.done()


def _check_codes(
    values: Values, request: fulfillment.PackRequest, codes: dict[int, tuple[str, str]]
) -> None:
    """Refuse a detail whose brand codes are not those of its SKU."""
    for place, parcel in enumerate(values["parcels"]):
        numbers = request.parcels[place].line_numbers
        for item, number in zip(parcel["parcel_items"], numbers, strict=True):
            said = (item["brand_code"], item["brand_sku_code"])
            if codes.get(number, said) != said:
                raise BadMember(
                    f"parcels[{place}].parcel_items: brand_code or brand_sku_code is not the"
                    " detail's"
                )


class SyncInventory(PointView):
    scopes = {"POST": "stock:write"}
    shape = inventory_shapes.SYNC_INVENTORY

    @operation("update_inventory", inventory_shapes.SYNC_INVENTORY, answers.SYNCED)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Absolute physical stock; SKUs nobody knows are skipped and not counted."""
        wanted = [_record(item, place) for place, item in enumerate(self.values()["inventory"])]
        sku_ids = catalog.sku_ids_by_brand(actor=self.actor, codes=[codes for codes, _ in wanted])
        known = [(sku_ids[codes], on_hand) for codes, on_hand in wanted if codes in sku_ids]
        if known:
            inventory.count_stock(
                point=locations.get_point(actor=self.actor, point_id=self.point_id),
                counts=[
                    inventory.StockCount(sku_id=sku_id, on_hand=on_hand)
                    for sku_id, on_hand in dict(known).items()
                ],
                actor=self.actor,
                now=self.now,
                cause=f"count {self.call.request_id}",
            )
        return self.done({"success_sync_records": len(known)})


def _record(item: Values, place: int) -> tuple[tuple[str, str], int | None]:
    """Codes and units; None when the point does not keep the SKU, which wins over a quantity."""
    codes = (item["brand_code"], item["brand_sku_code"])
    if item["na_ind"]:
        return codes, None
    if item["qty"] is None:
        raise bad(f"inventory[{place}].qty", "is missing, and na_ind is not 1")
    return codes, item["qty"]
