"""Contract sections 4.8 and 4.11a: orders, and requests to cancel them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from fulfillment import services as fulfillment
from oms.api.v1.orders import (
    bulk,
    consistency,
    drafting,
    examples,
    filters,
    inputs,
    outputs,
    reads,
    references,
    rendering,
    shapes,
)
from oms.api.v1.orders.problems import order_id, told_per_line, told_with_state
from oms.api.v1.orders.reading import Findings, Shape, Values
from oms.api.v1.road.paging import page
from oms.api.v1.road.problems import FieldError, validation_failed
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import JSON, MIB, V1View
from oms.kernel import sql
from oms.orders import services as orders
from oms.orders.choices import CancelParty

NDJSON = "application/x-ndjson"
_READ, _WRITE = "orders:read", "orders:write"
_REFERENCES = ("unknown_sku", "unknown_location", "unknown_customer")
_PARTIES = {"seller": CancelParty.SELLER, "system": CancelParty.SYSTEM}


class _OrdersView(V1View):
    def checked(self, shape: Shape) -> Values:
        """The body, by the rules of `shapes`. Raises unknown_field and validation_failed."""
        found = Findings()
        said = shape(self.document(), "", found)
        if problem := found.problem():
            raise problem
        return said

    def shown(self, text: str, *, is_new: bool = False) -> HttpResponse:
        """The order as it is now, with its version."""
        with sql.snapshot():
            row = reads.order(text, self.actor)
            body = rendering.order(row, reads.shipments([row]).get(row.pk, ()))
        if is_new:
            location = f"/v1/orders/{text}"
            return self.one(body, version=row.version, status=201, location=location)
        return self.one(body, version=row.version)


class Orders(_OrdersView):
    scopes = {"GET": _READ, "POST": _WRITE}

    @described(
        operation_id="listOrders",
        parameters=[filters.OrderFilters],
        responses={200: page_of(outputs.OrderOutput)},
        sorts=tuple(filters.SORTS),
    )
    def get(self, _request: Request, **_kwargs: object) -> HttpResponse:
        """Orders, newest first, page by page."""
        asked = self.parameters(filters.OrderFilters)
        rows = reads.filtered(reads.orders(self.actor), asked, self.machine)
        return page(self, rows, render=_rendered, sorts=filters.SORTS, filters_hash_of=asked)

    @described(
        operation_id="createOrder",
        request=inputs.OrderInput,
        parameters=[filters.CreateParameters],
        responses={201: outputs.OrderOutput},
        problems=("duplicate_external_id", "insufficient_stock", *_REFERENCES),
        examples=examples.CREATE,
    )
    def post(self, _request: Request, **_kwargs: object) -> HttpResponse:
        """Place an order; it is confirmed when it is paid, or to be paid on delivery."""
        asked = self.parameters(filters.CreateParameters)
        said, problem = bulk.read_new(self.document())
        if problem is not None:
            raise problem
        known = references.look_up([said], machine=self.machine)
        channel_id = references.channel_of(said, known, self.machine)
        references.refuse_unknown(said, known)
        draft = drafting.order_draft(
            said,
            known,
            channel_id=channel_id,
            machine=self.machine,
            now=self.now,
            raw_body=self.raw_body,
        )
        with told_per_line():
            intake = fulfillment.place_new_order(
                draft=draft,
                needs_stock=asked.get("require_stock", False),
                actor=self.actor,
                now=self.now,
            )
        return self.shown(order_id(intake), is_new=True)


def _rendered(rows: Sequence[Any]) -> list[dict[str, Any]]:
    return rendering.orders(rows, reads.shipments(rows))


class Order(_OrdersView):
    scopes = {"GET": _READ, "PATCH": _WRITE}

    @described(
        operation_id="getOrder", responses={200: outputs.OrderOutput}, problems=("not_found",)
    )
    def get(self, _request: Request, order_id: str, **_kwargs: object) -> HttpResponse:
        """One order."""
        return self.shown(order_id)

    @described(
        operation_id="editOrder",
        request=inputs.OrderPatchInput,
        responses={200: outputs.OrderOutput},
        problems=("not_found", "invalid_state", "version_conflict", *_REFERENCES),
        examples=examples.PATCH,
    )
    def patch(self, _request: Request, order_id: str, **_kwargs: object) -> HttpResponse:
        """Change an order, hold it, or let it go on."""
        row = reads.order(order_id, self.actor)
        said = self.checked(shapes.PATCH)
        _check_patch(said, row)
        known = references.look_up([said], machine=self.machine)
        references.refuse_unknown(said, known)
        edit = drafting.order_edit(
            said,
            known,
            order_id=row.pk,
            line_keys=rendering.line_keys(row),
            expected_version=self.expected_version(),
        )
        with told_with_state(order_id, self.actor):
            orders.edit_order(edit=edit, actor=self.actor, now=self.now)
        return self.shown(order_id)


def _check_patch(said: Values, row: reads.OrderRow) -> None:
    """What must fit together, and that the lines named are the order's."""
    found = Findings()
    consistency.check_currencies(said, row.currency, "", found)
    consistency.check_tags(said, "", found)
    lines = said.get("lines") or []
    consistency.check_lines(lines, row.currency, "/lines", found)
    keys, named = rendering.line_keys(row), set[str]()
    for place, line in enumerate(lines):
        text = line.get("id")
        if text is not None and (text not in keys or text in named):
            code = "duplicate" if text in named else "unknown_value"
            found.add(f"/lines/{place}/id", code, _("is no line of the order, or named before"))
        named |= {text} if text else set()
    if problem := found.problem():
        raise problem


class OrderCancel(_OrdersView):
    scopes = {"POST": _WRITE}

    @described(
        operation_id="cancelOrder",
        request=inputs.CancelInput,
        responses={200: outputs.OrderOutput},
        problems=("not_found", "invalid_state"),
        examples=examples.CANCEL,
    )
    def post(self, _request: Request, order_id: str, **_kwargs: object) -> HttpResponse:
        """Cancel a whole order, as long as nothing of it was picked up."""
        row = reads.order(order_id, self.actor)
        said = self.checked(shapes.CANCEL)
        with told_with_state(order_id, self.actor):
            fulfillment.end_order(
                order_id=row.pk,
                reason=said["reason"],
                note=said.get("note", ""),
                actor=self.actor,
                now=self.now,
            )
        return self.shown(order_id)


class CancellationRequests(_OrdersView):
    scopes = {"GET": _READ, "POST": _WRITE}

    @described(
        operation_id="listCancellationRequests",
        responses={200: page_of(outputs.CancellationRequestOutput)},
        problems=("not_found",),
        sorts=tuple(filters.REQUEST_SORTS),
    )
    def get(self, _request: Request, order_id: str, **_kwargs: object) -> HttpResponse:
        """The requests to cancel an order, page by page."""
        self.parameters(filters.NoParameters)
        row = reads.order(order_id, self.actor)
        rows = reads.cancel_requests(self.actor).filter(order_id=row.pk)
        return page(
            self,
            rows,
            render=lambda found: [rendering.cancel_request(each) for each in found],
            sorts=filters.REQUEST_SORTS,
            filters_hash_of={"order": order_id},
        )

    @described(
        operation_id="createCancellationRequest",
        request=inputs.CancellationRequestInput,
        responses={201: outputs.CancellationRequestOutput},
        problems=("not_found", "invalid_state"),
        examples=examples.WISH,
    )
    def post(self, _request: Request, order_id: str, **_kwargs: object) -> HttpResponse:
        """Ask for a cancellation that somebody else decides."""
        row = reads.order(order_id, self.actor)
        said = self.checked(shapes.WISH)
        quantities = _wished(said.get("lines") or (), row)
        asker = said.get("requested_by", "customer")
        wish = orders.CancelWish(
            order_id=row.pk,
            party=_PARTIES.get(asker, CancelParty.CUSTOMER),
            requested_by=asker,
            requested_at=self.now,
            reason=said["reason"],
            lines=dict.fromkeys(quantities, ""),
            quantities=quantities,
        )
        with told_with_state(order_id, self.actor):
            made = orders.open_cancel_request(wish=wish, actor=self.actor, now=self.now)
        return self.one(rendering.cancel_request(made), status=201)


def _wished(lines: Sequence[Values], row: reads.OrderRow) -> dict[int, int]:
    """Units by line; each line of the order at most once."""
    keys = rendering.line_keys(row)
    wished: dict[int, int] = {}
    errors = []
    for place, line in enumerate(lines):
        key = keys.get(line["order_line_id"])
        if key is None or key in wished:
            code = "unknown_value" if key is None else "duplicate"
            pointer = f"/lines/{place}/order_line_id"
            errors.append(FieldError(pointer, code, _("is no line of the order, or named before")))
        else:
            wished[key] = line["quantity"]
    if errors:
        raise validation_failed(errors)
    return wished


class CancellationDecision(_OrdersView):
    scopes = {"POST": _WRITE}

    @described(
        operation_id="decideCancellationRequest",
        request=inputs.DecisionInput,
        responses={200: outputs.DecisionOutput},
        problems=("not_found", "invalid_state"),
        examples=examples.DECISION,
    )
    def post(self, _request: Request, request_id: str, **_kwargs: object) -> HttpResponse:
        """Reject a request, or accept it and cancel what can still be cancelled."""
        found = reads.cancel_request(request_id, self.actor)
        said = self.checked(shapes.DECISION)
        with told_with_state(rendering.id_of_order(found.order), self.actor):
            too_late = fulfillment.decide_cancellation(
                request_id=found.pk,
                decision=said["decision"],
                comment=said.get("note", ""),
                actor=self.actor,
                now=self.now,
            )
        decided = reads.cancel_request(request_id, self.actor)
        left = rendering.units(decided.order, too_late)
        return self.one(rendering.cancel_request(decided) | {"not_cancelled": left})


class OrdersBulk(_OrdersView):
    scopes = {"POST": _WRITE}
    body_limit = 5 * MIB
    is_bulk = True
    consumes = (JSON, NDJSON)

    @described(
        operation_id="createOrders",
        request={JSON: inputs.BulkInput, NDJSON: inputs.ANY_LINE},
        parameters=[filters.BulkParameters],
        responses={200: outputs.BulkOutput},
        examples=examples.BULK,
    )
    def post(self, _request: Request, **_kwargs: object) -> HttpResponse:
        """Place up to 500 orders, as JSON or one a line; the answer says what became of each.

        With `reject_all`, which is what happens when nothing is said, one order that fails keeps
        the others from being stored.
        """
        policy = self.parameters(filters.BulkParameters).get("error_policy")
        named = None
        if self.check_media_type() == NDJSON:
            rows = bulk.read_lines(self.raw_body)
        else:
            rows, named = bulk.read_json(self.raw_body)
        policy = named or policy or bulk.REJECT_ALL
        return self.one(bulk.place(rows, policy=policy, machine=self.machine, now=self.now))
