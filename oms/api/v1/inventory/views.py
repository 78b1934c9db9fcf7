"""Inventory: contract 4.9."""

from django.http import HttpResponse
from rest_framework.request import Request

from catalog import queries as catalog
from oms.api.v1.inventory import (
    bulk,
    checking,
    counting,
    examples,
    filters,
    inputs,
    mapping,
    outputs,
    references,
    refusals,
    rendering,
)
from oms.api.v1.locations.mapping import location_uuid
from oms.api.v1.road import identifiers
from oms.api.v1.road.inputs import ParametersSerializer
from oms.api.v1.road.paging import page
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import JSON, V1View
from oms.inventory import queries
from oms.inventory import services as inventory
from oms.inventory.services import MovementNote, StockCount, StockDelta
from oms.locations import queries as locations

# Levels have no time of creation of their own; their keys rise with it.
SORTS = {"created_at": "id", "updated_at": "updated_at"}
refusals.register()


class LevelCollection(V1View):
    scopes = {"GET": "inventory:read"}

    @described(
        operation_id="listInventory",
        summary="List levels",
        responses={200: page_of(outputs.LevelOutput)},
        parameters=[inputs.LevelParameters],
        sorts=tuple(SORTS),
    )
    def get(self, _request: Request) -> HttpResponse:
        """Levels, one per SKU and location. To stay in step, ask for `updated_at_from` with
        `sort=updated_at`."""
        chosen = self.parameters(inputs.LevelParameters)
        feed = queries.levels_feed(actor=self.actor)
        return page(
            self,
            filters.levels(feed, chosen),
            render=rendering.levels,
            sorts=SORTS,
            filters_hash_of=chosen,
        )


class SkuInventory(V1View):
    scopes = {"GET": "inventory:read"}

    @described(
        operation_id="getInventory",
        summary="Inventory of one SKU",
        responses={200: outputs.SkuInventoryOutput},
        problems=("not_found",),
    )
    def get(self, _request: Request, sku: str) -> HttpResponse:
        """Totals of a SKU, and its levels. Percent-encode the SKU."""
        self.parameters(ParametersSerializer)
        found = catalog.get_sku(actor=self.actor, code=sku)
        rows = queries.levels_of_sku(actor=self.actor, sku_id=found.pk)
        return self.one(rendering.sku(found.code, rows))


class AvailabilityChecks(V1View):
    scopes = {"POST": "inventory:read"}
    needs_key = False

    @described(
        operation_id="checkAvailability",
        summary="Check availability",
        request=inputs.AvailabilityInput,
        responses={200: outputs.AvailabilityOutput},
        problems=("unknown_sku", "unknown_location"),
        examples=examples.CHECK,
    )
    def post(self, _request: Request) -> HttpResponse:
        """Says what could be had now, and reserves nothing. Items of one SKU add up."""
        return self.one(checking.check(self.read(inputs.AvailabilityInput), actor=self.actor))


class LevelDetail(V1View):
    scopes = {"PUT": "inventory:write"}

    @described(
        operation_id="setInventoryLevel",
        summary="Set a level",
        request=inputs.LevelInput,
        responses={200: outputs.LevelOutput},
        problems=("not_found",),
        examples=examples.COUNT,
    )
    def put(self, _request: Request, sku: str, location_id: str) -> HttpResponse:
        """Sets what is physically there. A count below `reserved` is the truth: `available` shows
        0, and what can no longer be served becomes an exception."""
        point = locations.point_by_public_id(actor=self.actor, public_id=location_uuid(location_id))
        found = catalog.get_sku(actor=self.actor, code=sku)
        values = self.read(inputs.LevelInput)
        level = inventory.set_level(
            point=point,
            count=StockCount(
                sku_id=found.pk, on_hand=values["on_hand"], safety=values.get("safety_stock")
            ),
            expected_version=_expected(self.expected_version(), values.get("expected_version")),
            note=MovementNote(
                cause=f"count {self.request_id}",
                reason=mapping.REASON_IN[values["reason"]],
                reference=values.get("reference", ""),
            ),
            actor=self.actor,
            now=self.now,
        )
        return self.one(rendering.level(level), version=level.version)


def _expected(header: int | None, member: int | None) -> int | None:
    """Both have to fit when both are given; 0 is no level's version."""
    if header is None or member is None or header == member:
        return member if header is None else header
    return 0


class AdjustmentCollection(V1View):
    scopes = {"POST": "inventory:write"}

    @described(
        operation_id="adjustInventory",
        summary="Adjust levels",
        request=inputs.AdjustmentInput,
        responses={201: outputs.AdjustmentOutput},
        problems=("insufficient_stock", "invalid_state", "unknown_sku", "unknown_location"),
        examples=examples.ADJUSTMENT,
    )
    def post(self, _request: Request) -> HttpResponse:
        """Adds to and takes from levels, all items or none, in their order."""
        values = self.read(inputs.AdjustmentInput)
        items = values["items"]
        skus = references.skus_of(items, actor=self.actor)
        points = references.points_of(items, actor=self.actor)
        try:
            made = inventory.adjust_levels(
                deltas=[
                    StockDelta(
                        sku_id=skus[item["sku"]],
                        point_id=points[item["location_id"]].pk,
                        on_hand=item["delta"],
                    )
                    for item in items
                ],
                reason=mapping.REASON_IN[values["reason"]],
                reference=values.get("reference", ""),
                actor=self.actor,
                now=self.now,
            )
        except inventory.NegativeStock as refusal:
            raise refusals.insufficient(refusal) from refusal
        location = f"/v1/inventory/adjustments/{rendering.adjustment_id(made)}"
        return self.one(rendering.adjustment(made), status=201, location=location)


class AdjustmentDetail(V1View):
    scopes = {"GET": "inventory:read"}

    @described(
        operation_id="getAdjustment",
        summary="Get an adjustment",
        responses={200: outputs.AdjustmentOutput},
        problems=("not_found",),
    )
    def get(self, _request: Request, adjustment_id: str) -> HttpResponse:
        """An adjustment as it was answered when it was made."""
        self.parameters(ParametersSerializer)
        public_id = identifiers.uuid_of(mapping.ADJUSTMENT, adjustment_id)
        found = queries.get_adjustment(actor=self.actor, public_id=public_id)
        return self.one(rendering.adjustment(found))


class BulkLevels(V1View):
    scopes = {"PUT": "inventory:write"}
    body_limit = bulk.BODY_LIMIT
    is_bulk = True
    consumes = (JSON, bulk.NDJSON)

    @described(
        operation_id="setInventoryInBulk",
        summary="Set levels in bulk",
        request={JSON: inputs.BulkInput, bulk.NDJSON: inputs.BulkLevelInput},
        responses={200: outputs.BulkOutput},
        problems=("invalid_parameter",),
        parameters=[inputs.BulkParameters],
        examples=examples.BULK,
    )
    def put(self, _request: Request) -> HttpResponse:
        """Sets up to 5,000 levels; only those that differ are written. As NDJSON, a level a line,
        `reason` and `reference` are query parameters. Rows with an unknown SKU or location are
        left out and named in the answer. Of two rows of one level the later one counts."""
        if self.check_media_type() == bulk.NDJSON:
            body = bulk.read_lines(self.raw_body, chosen=self.parameters(inputs.BulkParameters))
        else:
            self.parameters(ParametersSerializer)
            body = bulk.read(self.raw_body)
        cause = f"count {self.request_id}"
        return self.one(counting.count(body, cause=cause, actor=self.actor, now=self.now))
