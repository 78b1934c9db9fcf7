"""Contract API 1."""

from django.http import HttpResponse
from rest_framework.request import Request

from catalog import services
from oms.api.increff import bodies, errors
from oms.api.increff.errors import Refused
from oms.api.increff.schema import operation
from oms.api.increff.views.base import IncreffView


class CreateListings(IncreffView):
    scopes = {"POST": "products:write"}
    shape = bodies.LISTINGS

    @operation("createListings", bodies.LISTINGS)
    def post(self, _request: Request) -> HttpResponse:
        """Tie the EFS's codes to products, all or none."""
        drafts = [
            services.ListingDraft(
                channel_sku_code=each["channelSkuCode"],
                channel_serial_no=each["channelSerialNo"],
                barcode=each["barcode"],
                tolerance_days=each["toleranceDays"],
            )
            for each in self.values()["skuListings"]
        ]
        try:
            services.list_skus(
                channel_id=self.efs_channel_id,
                drafts=drafts,
                actor=self.machine.actor,
                now=self.now,
            )
        except services.BadListings as refusal:
            raise _bad_lines(refusal, drafts) from refusal
        except services.ListingTaken as refusal:
            lines = [
                (code, f"Listing exists with another barcode: {code}") for code in refusal.codes
            ]
            raise errors.contradicts(lines[0][1], errors.listing(lines)) from refusal
        return self.nothing()


def _bad_lines(refusal: services.BadListings, drafts: list[services.ListingDraft]) -> Refused:
    """The first bad line as the message, every one in the description."""
    barcodes = {draft.channel_sku_code: draft.barcode for draft in drafts}
    lines = [
        (
            code,
            f"Duplicate sku in request: {code}"
            if reason == services.BadListings.repeated
            else f"Sku not found: {barcodes[code]}",
        )
        for code, reason in refusal.lines
    ]
    return errors.bad_data(lines[0][1], errors.listing(lines))
