"""Refusals about endpoints, as problems."""

from collections.abc import Mapping

from oms.api.v1.road.problems import Translation, register
from oms.api.v1.webhooks.mapping import STATUS
from oms.events.choices import EndpointState
from oms.events.formats import UnknownWord
from oms.events.services import EndpointDisabled, SwitchRefused
from oms.kernel.http import UrlRefused

_LEADS_TO: Mapping[str, list[str]] = {
    EndpointState.ACTIVE: ["paused"],
    EndpointState.PAUSED: ["enabled"],
    EndpointState.DISABLED: ["enabled"],
    EndpointState.UNVERIFIED: [],
}


def _where_it_is(refusal: SwitchRefused) -> Mapping[str, object]:
    state = str(refusal.details["state"])
    return {"current_status": STATUS[state], "allowed": _LEADS_TO[state]}


def _disabled(_refusal: EndpointDisabled) -> Mapping[str, object]:
    return {
        "current_status": STATUS[EndpointState.DISABLED],
        "allowed": _LEADS_TO[EndpointState.DISABLED],
    }


register(
    {
        UrlRefused: Translation(422, "validation_failed", "/url", field_code="not_allowed"),
        UnknownWord: Translation(422, "validation_failed", "/events"),
        SwitchRefused: Translation(409, "invalid_state", extensions=_where_it_is),
        EndpointDisabled: Translation(409, "invalid_state", extensions=_disabled),
    }
)
