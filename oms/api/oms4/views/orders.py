"""Contract sections 4.1, 4.2 and 4.7."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services as fulfillment
from oms.api.oms4 import drafts, mapping
from oms.api.oms4.paging import Page, between
from oms.api.oms4.reader import Values
from oms.api.oms4.render.orders import order as order_document
from oms.api.oms4.schema import operation
from oms.api.oms4.shapes import answers
from oms.api.oms4.shapes import orders as shapes
from oms.api.oms4.views.base import ChannelView
from oms.kernel import errors, sql
from oms.orders import queries
from oms.orders.choices import CancelParty

if TYPE_CHECKING:
    from oms.orders.models import Order


class CreateOrder(ChannelView):
    scopes = {"POST": "orders:write"}
    shape = shapes.CREATE_ORDER

    @operation("create_order", shapes.CREATE_ORDER)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Take in an order; sent again, it is updated while nothing is allocated."""
        draft = drafts.order_draft(self.values(), call=self.call, machine=self.machine)
        fulfillment.accept_order(
            draft=draft,
            refuse_unallocated=self.machine.refuses_unallocated,
            actor=self.actor,
            now=self.now,
        )
        return self.done()


class GetOrders(ChannelView):
    scopes = {"POST": "orders:read"}
    shape = shapes.GET_ORDERS
    for_every_channel = True

    @operation("get_orders", shapes.GET_ORDERS, answers.ORDERS)
    @sql.snapshot()
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """The channel's orders, oldest first."""
        values = self.values()
        page = Page.of(values)
        feed = queries.orders_feed(actor=self.actor).select_related("customer")
        if numbers := values["order_no"]:
            feed = feed.filter(external_id__in=numbers)
        if asked := values["order_status"]:
            feed = feed.filter(status__in=mapping.ours(mapping.ORDER_STATUS, asked))
        feed = feed.filter(
            **between("placed_at", values["order_date_from"], values["order_date_to"])
        )
        found = page.cut(feed, counted=self.prefers_container())
        contacts = queries.contacts_of(found)
        rows = [order_document(each, contacts[each.pk]) for each in found]
        return self.listed(page, rows, "order_list")


class LineUnknown(errors.NotFound):
    """The order has no line of this id."""

    code = "line_unknown"


class CancelOrder(ChannelView):
    scopes = {"POST": "orders:cancel"}
    shape = shapes.CANCEL_ORDER

    @operation("cancel_order", shapes.CANCEL_ORDER)
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Cancel an order or whole lines of it."""
        values = self.values()
        found = queries.get_order(
            actor=self.actor,
            channel_id=self.machine.channel_id or 0,
            external_id=values["order_no"],
        )
        items = values["items"] or []
        keys = line_keys(found, items)
        overrides = tuple(_override(key, item) for key, item in zip(keys, items, strict=True))
        fulfillment.cancel_order(
            request=fulfillment.CancelOrder(
                order_id=found.pk,
                party=_party(values) or CancelParty.SYSTEM,
                reason=values["cancelled_reason"] or "",
                cancelled_at=values["cancelled_time"],
                line_ids=tuple(override.line_id for override in overrides),
                overrides=overrides,
            ),
            actor=self.actor,
            now=self.now,
        )
        return self.done()


def line_keys(found: "Order", items: Sequence[Values]) -> list[int]:
    """The keys of the lines that items name. Raises LineUnknown."""
    known = dict(found.lines.values_list("external_id", "pk")) if items else {}
    keys = [known.get(item["orig_order_item_id"]) for item in items]
    if None in keys:
        raise LineUnknown("items.orig_order_item_id: is not a line of the order")
    return [key for key in keys if key is not None]


def _override(key: int, item: Values) -> fulfillment.LineOverride:
    return fulfillment.LineOverride(
        line_id=key,
        party=_party(item),
        reason=item["cancelled_reason"] or "",
        cancelled_at=item["cancelled_time"],
    )


def _party(values: Values) -> CancelParty | None:
    said = values["cancelled_by"]
    return mapping.CANCELLED_BY_IN[said] if said else None
