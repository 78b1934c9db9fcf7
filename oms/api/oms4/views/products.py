"""Contract sections 4.9 to 4.11."""

from django.http import HttpResponse
from rest_framework.request import Request

from catalog import services
from oms.api.oms4 import drafts, mapping
from oms.api.oms4.reader import bad
from oms.api.oms4.schema import operation
from oms.api.oms4.shapes import products as shapes
from oms.api.oms4.views.base import ChannelView


class UpdateSpu(ChannelView):
    scopes = {"POST": "products:write"}
    shape = shapes.UPDATE_SPU

    @operation("update_upstream_spu_base_info", shapes.UPDATE_SPU)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Add or replace a product with its variants; an older update is ignored."""
        draft = drafts.spu_draft(self.values(), channel_id=self.machine.channel_id or 0)
        services.update_spu(draft=draft, actor=self.actor, now=self.now)
        return self.done()


class DeleteSpu(ChannelView):
    scopes = {"POST": "products:write"}
    shape = shapes.DELETE_SPU

    @operation("delete_upstream_spu", shapes.DELETE_SPU)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Forget products; what is not there is forgotten already."""
        values = self.values()
        asked = {*(values["spu_ids"] or ()), *([values["spu_id"]] if values["spu_id"] else ())}
        if not asked:
            raise bad("spu_id", "is missing, and so is spu_ids")
        services.delete_spus(
            channel_id=self.machine.channel_id or 0,
            external_ids=sorted(asked),
            actor=self.actor,
            now=self.now,
        )
        return self.done()


class UpdateSpuStatus(ChannelView):
    scopes = {"POST": "products:write"}
    shape = shapes.UPDATE_SPU_STATUS

    @operation("update_upstream_spu_status", shapes.UPDATE_SPU_STATUS)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Note the status of a product; an older one is ignored."""
        values = self.values()
        services.change_spu_status(
            channel_id=self.machine.channel_id or 0,
            external_id=values["spu_id"],
            status=mapping.LISTING_STATUS_IN[values["upstream_status"]],
            changed_at=values["upstream_updated_time"] or self.now,
            actor=self.actor,
            now=self.now,
        )
        return self.done()
