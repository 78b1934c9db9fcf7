"""`/v1/sandbox`: for test organizations only; others are refused with 403."""

from typing import ClassVar

from django.http import HttpResponse
from rest_framework.request import Request

from fulfillment import services
from oms.accounts import sandboxes
from oms.api.v1.road.schema import described
from oms.api.v1.road.views import V1View
from oms.api.v1.sandbox import drafting, problems, rendering
from oms.api.v1.sandbox.examples import ADVANCED, DELIVERED_ALL
from oms.api.v1.sandbox.inputs import DELIVERED, ClockInput, ShipEverythingInput
from oms.api.v1.sandbox.outputs import ClockMoveOutput, SandboxOutput, ShipEverythingOutput

WRITE = "sandbox:write"
_register = problems.TABLE  # refusals are told as these problems


class SandboxView(V1View):
    """The organization as a sandbox."""

    scopes: ClassVar = {"GET": WRITE}

    @described(operation_id="getSandbox", request=None, responses={200: SandboxOutput})
    def get(self, _request: Request) -> HttpResponse:
        """Read the clock of a test organization."""
        sandboxes.get_sandbox(organization_id=self.organization_id, actor=self.actor)
        return self.one(rendering.clock(self.now, self.real_now))


class ClockView(V1View):
    """The clock of a test organization."""

    scopes: ClassVar = {"POST": WRITE}

    @described(
        operation_id="advanceSandboxClock",
        request=ClockInput,
        responses={200: ClockMoveOutput},
        examples=[ADVANCED],
    )
    def post(self, _request: Request) -> HttpResponse:
        """Move the clock ahead, and have happen what is due by then."""
        done = services.advance_clock(
            organization_id=self.organization_id,
            move=drafting.clock_move(self.read(ClockInput)),
            actor=self.actor,
            now=self.real_now,
        )
        return self.one(rendering.moved(done, self.real_now))


class ShipEverythingView(V1View):
    """The way of all open orders."""

    scopes: ClassVar = {"POST": WRITE}

    @described(
        operation_id="shipEverything",
        request=ShipEverythingInput,
        responses={200: ShipEverythingOutput},
        examples=[DELIVERED_ALL],
    )
    def post(self, _request: Request) -> HttpResponse:
        """Route, pack and send all open orders at the clock's time, 50 per call.

        Labels that are ready are used, others are not waited for. Repeat it, with a new
        Idempotency-Key, while `remaining` is not 0.
        """
        asked = self.read(ShipEverythingInput)
        done = services.ship_everything(
            organization_id=self.organization_id,
            is_delivered=asked["until"] == DELIVERED,
            actor=self.actor,
            now=self.now,
        )
        return self.one(rendering.outing(done))
