"""Contract 2.10."""

from django.http import HttpResponse
from rest_framework.request import Request

from oms.api.nandh import drafting, inputs, outputs
from oms.api.nandh.schema import described
from oms.api.nandh.views.base import NandhView
from returns import services


class CreateReturn(NandhView):
    scopes = {"POST": "returns:write"}

    @described(
        "createReturnOrder",
        request=inputs.ReturnInput,
        data=outputs.CreatedReturnOutput,
        failures=(404, 409, 422),
    )
    def post(self, _request: Request, **_: object) -> HttpResponse:
        """Announce shipped units that will come back, each once."""
        draft = drafting.return_draft(self.read(inputs.ReturnInput), machine=self.machine)
        row = services.expect_return(draft=draft, actor=self.actor, now=self.now)
        number = int(row.number.removeprefix("RT"))
        return self.done({"return_order_id": number, "tracking_code": row.number})
