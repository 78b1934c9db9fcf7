"""Picklists, manifests and hand-overs (contract APIs 5, 6, 8, 9 and 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services as fulfillment
from fulfillment.choices import DocumentKind
from oms.api.increff import dock_answers, dock_bodies, documents, errors, refusing, suborders
from oms.api.increff.reader import Values
from oms.api.increff.schema import operation
from oms.api.increff.settings import document_mode
from oms.api.increff.suborders import SubOrder
from oms.api.increff.views.base import IncreffView

if TYPE_CHECKING:
    from fulfillment.models import Document, Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a call about orders names: where, which channel's, and the tasks by order code."""

    point_id: int
    channel_id: int
    keys: dict[str, int]
    suborders: dict[str, SubOrder]

    @property
    def task_ids(self) -> list[int]:
        return list(self.keys.values())


class DockView(IncreffView):
    """Calls about orders of one sales channel at one point."""

    def asked(self, values: Values, codes: Sequence[str]) -> Asked:
        """400, 403 for a place that is not the caller's; orders nobody knows are refused later."""
        point_id = self.point_id(values["locationCode"])
        channel_id = self.sales_channel(values["channelName"]).pk
        named = list(dict.fromkeys(codes))
        found = suborders.named(
            channel_id=channel_id, point_id=point_id, codes=named, actor=self.actor
        )
        return Asked(
            point_id=point_id,
            channel_id=channel_id,
            keys=refusing.keys_of(named, found),
            suborders=found,
        )

    @property
    def host(self) -> str:
        return self.request.build_absolute_uri("/").rstrip("/")


class PicklistView(DockView):
    scopes: ClassVar = {"POST": "tasks:write"}

    def listed(self, values: Values) -> Asked:
        """The orders of a call about a picklist, each named once."""
        codes = [entry["orderCode"] for entry in values["orderList"]]
        refusing.refuse_doubles(codes)
        return self.asked(values, codes)


class CreatePicklist(PicklistView):
    shape = dock_bodies.PICKLIST

    @operation("create_picklist", dock_bodies.PICKLIST, dock_answers.PICKLIST)
    def post(self, _request: Request) -> HttpResponse:
        """Release orders that are picked together."""
        values = self.values()
        asked = self.listed(values)
        draft = fulfillment.PicklistDraft(
            point_id=asked.point_id,
            channel_id=asked.channel_id,
            external_code=values["pickListCode"],
            task_ids=asked.task_ids,
        )
        with refusing.by_code(asked.keys, asked.suborders):
            try:
                picklist = fulfillment.create_picklist(draft=draft, actor=self.actor, now=self.now)
            except fulfillment.PicklistCodeTaken as refusal:
                code = values["pickListCode"]
                said = f"Picklist has other orders: {code}"
                raise errors.contradicts(said) from refusal
        return self.done({"pickListId": picklist.number})


class AddToPicklist(PicklistView):
    shape = dock_bodies.ADDITION

    @operation("add_orders_to_picklist", dock_bodies.ADDITION)
    def post(self, _request: Request) -> HttpResponse:
        """Add orders to a picklist of the same channel and location."""
        values = self.values()
        number = values["pickListId"]
        asked = self.listed(values)
        found = suborders.picklist(number=number, actor=self.actor)
        if found is None:
            raise errors.unknown_picklist(number)
        if found.point_id != asked.point_id:
            raise errors.unknown_location(values["locationCode"])
        if found.channel_id != asked.channel_id:
            raise errors.unknown_channel(values["channelName"])
        with refusing.by_code(asked.keys, asked.suborders):
            try:
                fulfillment.add_to_picklist(
                    picklist_id=found.id,
                    task_ids=asked.task_ids,
                    actor=self.actor,
                    now=self.now,
                )
            except fulfillment.PicklistClosed as refusal:
                raise errors.bad_data(f"Picklist is closed: {number}") from refusal
        return self.nothing()


class Manifest(DockView):
    scopes: ClassVar = {"POST": "parcels:write"}
    shape = dock_bodies.MANIFEST

    @operation("manifest", dock_bodies.MANIFEST, dock_answers.MANIFEST)
    def post(self, _request: Request) -> HttpResponse:
        """Put the boxes of packed orders on a manifest of one courier."""
        values = self.values()
        asked = self.asked(values, values["orderCodes"])
        draft = fulfillment.ManifestDraft(
            point_id=asked.point_id,
            channel_id=asked.channel_id,
            carrier=values["transporter"],
            task_ids=asked.task_ids,
        )
        with refusing.by_code(asked.keys, asked.suborders):
            made = fulfillment.make_manifest(draft=draft, actor=self.actor, now=self.now)
        asked_for = fulfillment.ask_for_paper(kind=DocumentKind.MANIFEST, of=made, now=self.now)
        [document] = documents.ready([asked_for], now=self.now)
        mode = document_mode(self.machine)
        paper = documents.paper(document, mode, host=self.host, now=self.now)
        return self.done(
            {
                "manifestCode": made.number,
                "externalManifestCode": made.external_code or made.number,
                **paper.members(url="manifestUrl", content="manifest"),
            }
        )


class HandoverView(DockView):
    """Both calls that hand orders over; they differ in what their document holds."""

    scopes: ClassVar = {"POST": "parcels:write"}

    def hand_over(self) -> "Handover":
        values = self.values()
        asked = self.asked(values, values["orderCodes"])
        draft = fulfillment.HandoverDraft(
            point_id=asked.point_id,
            channel_id=asked.channel_id,
            carrier=values["transporter"],
            task_ids=asked.task_ids,
            vehicle_number=values.get("vehicleNumber", ""),
            remarks=values.get("remarks", ""),
            lr_number=values.get("lrNumber", ""),
            eway_bill=values.get("ewayBillDocument", ""),
        )
        with refusing.by_code(asked.keys, asked.suborders):
            return fulfillment.hand_over(draft=draft, actor=self.actor, now=self.now)

    def paper_of(self, made: "Handover") -> "Document":
        return fulfillment.ask_for_paper(kind=DocumentKind.HANDOVER, of=made, now=self.now)


class HandOver(HandoverView):
    shape = dock_bodies.HANDOVER

    @operation("handover", dock_bodies.HANDOVER, dock_answers.HANDOVER)
    def post(self, _request: Request) -> HttpResponse:
        """Orders were handed to the courier."""
        [document] = documents.ready([self.paper_of(self.hand_over())], now=self.now)
        address = documents.address(document, host=self.host, now=self.now)
        return self.done({"handoverDocumentUrl": address})


class ManifestAndHandOver(HandoverView):
    shape = dock_bodies.COMBINED

    @operation("manifest_and_handover", dock_bodies.COMBINED, dock_answers.HANDOVER)
    def post(self, _request: Request) -> HttpResponse:
        """Manifest and hand over in one step; one document holds both papers."""
        made = self.hand_over()
        papers = [
            fulfillment.ask_for_paper(kind=DocumentKind.MANIFEST, of=each, now=self.now)
            for each in suborders.manifests_of(made)
        ]
        papers = documents.ready([*papers, self.paper_of(made)], now=self.now)
        address = documents.joined_address(papers, host=self.host, now=self.now)
        return self.done({"handoverDocumentUrl": address})
