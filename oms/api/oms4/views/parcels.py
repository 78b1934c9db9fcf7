"""Contract sections 4.3 to 4.6."""

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import queries
from fulfillment import services as fulfillment
from oms.api.oms4 import drafts, mapping
from oms.api.oms4.paging import Page, between
from oms.api.oms4.reader import Values, bad
from oms.api.oms4.render import parcels as render
from oms.api.oms4.schema import operation
from oms.api.oms4.shapes import answers
from oms.api.oms4.shapes import parcels as shapes
from oms.api.oms4.views.base import ChannelView
from oms.kernel import sql


class GetParcels(ChannelView):
    scopes = {"POST": "parcels:read"}
    shape = shapes.GET_PARCELS
    for_every_channel = True

    @operation("get_parcels", shapes.GET_PARCELS, answers.PARCELS)
    @sql.snapshot()
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """The parcels of the channel's orders, oldest first."""
        values = self.values()
        page = Page.of(values)
        feed = queries.parcels_feed(actor=self.actor)
        if numbers := values["order_no"]:
            feed = feed.filter(task__order__external_id__in=numbers)
        if numbers := values["fp_parcel_no"]:
            feed = feed.filter(point_parcel_no__in=numbers)
        if tracking_no := values["tracking_no"]:
            feed = feed.filter(tracking_number=tracking_no)
        feed = feed.filter(
            **between("created_at", values["created_date_from"], values["created_date_to"])
        )
        found = page.cut(feed, counted=self.prefers_container())
        return self.listed(page, [render.parcel(each) for each in found], "parcel_list")


class TrackTrace(ChannelView):
    scopes = {"POST": "parcels:read"}
    shape = shapes.TRACK_TRACE

    @operation("track_trace", shapes.TRACK_TRACE, answers.TRACES)
    @sql.snapshot()
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """The journeys of parcels, by order or tracking numbers; unknown ones are left out."""
        values = self.values()
        if not (values["order_no"] or values["tracking_no"]):
            raise bad("order_no", "is missing, and so is tracking_no")
        feed = queries.parcels_feed(actor=self.actor).prefetch_related("milestones")
        if numbers := values["order_no"]:
            feed = feed.filter(task__order__external_id__in=numbers)
        if numbers := values["tracking_no"]:
            feed = feed.filter(tracking_number__in=numbers)
        return self.done(
            [
                render.trace(
                    found,
                    sorted(found.milestones.all(), key=lambda each: (each.occurred_at, each.pk)),
                )
                for found in feed
            ]
        )


class UpdateParcelStatus(ChannelView):
    scopes = {"POST": "parcels:write"}
    shape = shapes.UPDATE_PARCEL_STATUS

    @operation("update_parcel_status", shapes.UPDATE_PARCEL_STATUS)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """A milestone of a parcel; the latest by its own time decides the status."""
        values = self.values()
        key = queries.parcel_key(
            number=drafts.number(values["parcel_id"], "parcel_id"),
            order_external_id=values["order_no"],
            actor=self.actor,
        )
        fulfillment.report_milestone(
            report=fulfillment.MilestoneReport(
                parcel_id=key,
                milestone=mapping.MILESTONE_IN[values["status"]],
                occurred_at=values["event_time"],
                channel_parcel_no=values["us_parcel_no"],
            ),
            actor=self.actor,
            now=self.now,
        )
        return self.done()


class UpdateTrackingDocs(ChannelView):
    scopes = {"POST": "parcels:write"}
    shape = shapes.UPDATE_TRACKING_DOCS

    @operation("update_parcel_tracking_docs", shapes.UPDATE_TRACKING_DOCS)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Carrier, tracking number and waybill of a parcel; the same again changes nothing."""
        values = self.values()
        if not (values["parcel_id"] or values["us_parcel_no"] or values["fp_parcel_no"]):
            raise bad("parcel_id", "is missing, and so are us_parcel_no and fp_parcel_no")
        fulfillment.record_tracking_docs(
            docs=fulfillment.TrackingDocs(
                parcel_id=self._key(values),
                channel_parcel_no=values["us_parcel_no"] or "",
                carrier=values["delivery_carrier"] or "",
                delivery_type=values["delivery_type"] or "",
                tracking_number=values["tracking_no"] or "",
                waybill=values["waybill"] or b"",
                waybill_url=values["waybill_url"] or "",
            ),
            actor=self.actor,
            now=self.now,
        )
        return self.done()

    def _key(self, values: Values) -> int:
        """By our id; else by the warehouse's number, then by the channel's own."""
        if text := values["parcel_id"]:
            return queries.parcel_key(
                number=drafts.number(text, "parcel_id"),
                order_external_id=values["order_no"],
                actor=self.actor,
            )
        return queries.named_parcel_key(
            point_parcel_no=values["fp_parcel_no"] or "",
            channel_parcel_no=values["us_parcel_no"] or "",
            order_external_id=values["order_no"],
            actor=self.actor,
        )
