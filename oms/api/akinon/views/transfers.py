"""Transfer orders (contract 9.13). What may be done with one is in `views.commands`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.akinon import buyer_search, filtering, states, transfer_reads
from oms.api.akinon.paging import LARGE
from oms.api.akinon.rendering.transfers import short_transfer, transfer
from oms.api.akinon.rules import Offer
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from fulfillment.models import TransferOrder

MOST = 200


class TransferList(AkinonView):
    """What both lists share."""

    scopes = {"GET": "shipments:read"}

    def get(self, request: Request) -> HttpResponse:
        query = request.query_params
        found = filtering.chosen(
            transfer_reads.feed(actor=self.actor),
            query,
            transfer_reads.FILTERS,
            transfer_reads.SORTS,
        )
        rows = buyer_search.narrowed(
            found, query, order_of=lambda row: row.task.order, path="task__order"
        )
        return self.listed(rows, self.shown, size=LARGE, most=MOST)

    def shown(self, rows: "Sequence[TransferOrder]") -> list[dict[str, Any]]:
        """The rows of a page."""
        return _whole(rows, Offer(actor=self.actor))


class Transfers(TransferList):
    """In full, with what may be done with each now."""


class ShortTransfers(TransferList):
    """With codes instead of objects."""

    def shown(self, rows: "Sequence[TransferOrder]") -> list[dict[str, Any]]:
        return [short_transfer(row) for row in rows]


class TransferDetail(AkinonView):
    scopes = {"GET": "shipments:read"}

    def get(self, _request: Request, number: str) -> HttpResponse:
        row = transfer_reads.get(transfer=int(number), actor=self.actor)
        return self.done(_whole([row], Offer(actor=self.actor))[0])


def _whole(rows: "Sequence[TransferOrder]", offer: Offer) -> list[dict[str, Any]]:
    known = transfer_reads.known_points(rows)
    return [
        transfer(
            row,
            known=known,
            commands=offer.commands(states.transfer_state(row.status).enum_value),
        )
        for row in rows
    ]
