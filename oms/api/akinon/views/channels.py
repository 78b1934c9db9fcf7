"""Sales channels and cancellation reasons (contract 5.4, 12a.3)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from channels_app.choices import SyncKind
from oms.api.akinon import channel_reads
from oms.api.akinon.sync import setup
from oms.api.akinon.views.base import AkinonView

if TYPE_CHECKING:
    from channels_app.models import Channel, RemoteKey

READ = "orders:read"


class Channels(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request) -> HttpResponse:
        feed = channel_reads.feed(actor=self.actor)
        rows = self.chosen(feed, channel_reads.FILTERS, channel_reads.SORTS, default="id")
        return self.listed(rows, _channels)


class ChannelDetail(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request, number: str) -> HttpResponse:
        found = channel_reads.get(number=int(number), actor=self.actor)
        return self.done(channel_reads.channel(found))


class CancellationReasons(AkinonView):
    scopes = {"GET": READ}

    def get(self, _request: Request) -> HttpResponse:
        """What was copied from Omnitron."""
        rows = channel_reads.reasons(actor=self.actor).order_by("pk")
        return self.listed(rows, _reasons)


class PullCancellationReasons(AkinonView):
    scopes = {"GET": "settings:manage"}

    def get(self, _request: Request) -> HttpResponse:
        """200 without a body; a worker reads them, so that no call waits for Omnitron."""
        organization_id = self.machine.organization_id
        setup.start(organization_id=organization_id, kind=SyncKind.REASONS, now=self.real_now)
        return self.empty(200)


def _channels(rows: "Sequence[Channel]") -> list[dict[str, Any]]:
    return [channel_reads.channel(row) for row in rows]


def _reasons(rows: "Sequence[RemoteKey]") -> list[dict[str, Any]]:
    return [channel_reads.reason(row) for row in rows]
