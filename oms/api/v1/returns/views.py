"""`/v1/returns`."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.v1.returns import drafting, problems, rendering
from oms.api.v1.returns.examples import CANCELLED, EXPECTED, INSPECTED, RECEIVED, REFUNDED
from oms.api.v1.returns.filters import ReturnParameters, filtered
from oms.api.v1.returns.inputs import (
    InspectionInput,
    ReceiptInput,
    ReturnCancelInput,
    ReturnInput,
    ReturnPatch,
)
from oms.api.v1.returns.outputs import ReturnOutput
from oms.api.v1.road import identifiers
from oms.api.v1.road.paging import page
from oms.api.v1.road.schema import described, page_of
from oms.api.v1.road.views import V1View
from returns import queries, services

READ, WRITE = "returns:read", "returns:write"
_SORTS = {"created_at": "created_at", "updated_at": "changed_at"}
_register = problems.TABLE  # refusals are told as these problems


class _ReturnView(V1View):
    """One return, or what is done to it."""

    def answer(self, public_id: UUID, *, status: int = 200, is_new: bool = False) -> HttpResponse:
        """The return as it is now."""
        row = queries.get_return(actor=self.actor, public_id=public_id)
        location = f"/v1/returns/{rendering.return_id(row)}" if is_new else None
        body = rendering.return_order(row)
        return self.one(body, version=row.version, status=status, location=location)

    def key(self, return_id: str) -> UUID:
        """The public id of a return the caller may see. Raises ReturnNotFound, before anything
        else is said about the call.
        """
        key = identifiers.uuid_of("ret_", return_id)
        if key is None or not queries.is_visible(actor=self.actor, public_id=key):
            raise queries.ReturnNotFound("No such return")
        return key


class ReturnsView(_ReturnView):
    """All returns, and new ones."""

    scopes: ClassVar = {"GET": READ, "POST": WRITE}

    @described(
        operation_id="listReturns",
        responses={200: page_of(ReturnOutput)},
        parameters=[ReturnParameters],
        sorts=tuple(_SORTS),
    )
    def get(self, _request: Request) -> HttpResponse:
        """Returns that fit, newest first."""
        asked = self.parameters(ReturnParameters)
        return page(
            self,
            filtered(queries.returns_feed(actor=self.actor), asked),
            render=rendering.returns,
            sorts=_SORTS,
            filters_hash_of=asked,
        )

    @described(
        operation_id="createReturn",
        request=ReturnInput,
        responses={201: ReturnOutput},
        problems=(
            "not_found",
            "duplicate_external_id",
            "invalid_state",
            "unknown_sku",
            "unknown_location",
        ),
        examples=[EXPECTED],
    )
    def post(self, _request: Request) -> HttpResponse:
        """Announce units that will come back: shipped ones, each once."""
        draft = drafting.draft(self.read(ReturnInput), machine=self.machine)
        row = services.expect_return(draft=draft, actor=self.actor, now=self.now)
        return self.answer(row.public_id, status=201, is_new=True)


class ReturnView(_ReturnView):
    """One return."""

    scopes: ClassVar = {"GET": READ, "PATCH": WRITE}

    @described(operation_id="getReturn", responses={200: ReturnOutput}, problems=("not_found",))
    def get(self, _request: Request, return_id: str) -> HttpResponse:
        """One return with its units."""
        return self.answer(self.key(return_id))

    @described(
        operation_id="updateReturn",
        request=ReturnPatch,
        responses={200: ReturnOutput},
        problems=("not_found", "invalid_state"),
        examples=[REFUNDED],
    )
    def patch(self, _request: Request, return_id: str) -> HttpResponse:
        """Decide the refund, once; change how the units travel while they do; keep a note."""
        key = self.key(return_id)
        row = services.edit_return(
            public_id=key,
            edit=drafting.edit(self.read(ReturnPatch)),
            actor=self.actor,
            now=self.now,
            expected_version=self.expected_version(),
        )
        return self.answer(row.public_id)


class ReceiptsView(_ReturnView):
    """What arrived."""

    scopes: ClassVar = {"POST": WRITE}

    @described(
        operation_id="receiveReturn",
        request=ReceiptInput,
        responses={200: ReturnOutput},
        problems=("not_found", "invalid_state", "unknown_location"),
        examples=[RECEIVED],
    )
    def post(self, _request: Request, return_id: str) -> HttpResponse:
        """Record that units arrived; it may be said again."""
        key = self.key(return_id)
        said = self.read(ReceiptInput)
        row = services.receive_return(
            public_id=key,
            receipt=drafting.receipt(said, machine=self.machine, now=self.now),
            actor=self.actor,
            now=self.now,
        )
        return self.answer(row.public_id)


class InspectionsView(_ReturnView):
    """What inspections found."""

    scopes: ClassVar = {"POST": WRITE}

    @described(
        operation_id="inspectReturn",
        request=InspectionInput,
        responses={200: ReturnOutput},
        problems=("not_found", "invalid_state"),
        examples=[INSPECTED],
    )
    def post(self, _request: Request, return_id: str) -> HttpResponse:
        """Judge units that arrived; `restock` puts a unit back on hand, once."""
        key = self.key(return_id)
        said = self.read(InspectionInput)
        row = services.inspect_return(
            public_id=key,
            results=drafting.results(said),
            actor=self.actor,
            now=self.now,
        )
        return self.answer(row.public_id)


class ReturnCancelView(_ReturnView):
    """Calling off."""

    scopes: ClassVar = {"POST": WRITE}
    needs_body = False

    @described(
        operation_id="cancelReturn",
        request=ReturnCancelInput,
        responses={200: ReturnOutput},
        examples=[CANCELLED],
        problems=("not_found", "invalid_state"),
    )
    def post(self, _request: Request, return_id: str) -> HttpResponse:
        """Call a return off before anything of it arrived, or units of it that will not come."""
        key = self.key(return_id)
        said = self.read(ReturnCancelInput) if self.raw_body else {}
        row = services.cancel_return(
            public_id=key,
            unit_ids=drafting.unit_ids(said.get("units", ())),
            actor=self.actor,
            now=self.now,
        )
        return self.answer(row.public_id)
