"""What staff can have done to endpoints and deliveries. Services decide; this asks."""

from functools import partial

from django import forms

from oms.backoffice.acting import Call, RowAction
from oms.events import formats, services
from oms.events.choices import EndpointState
from oms.events.models import Delivery, Endpoint

_CHANGE = "events.change_endpoint"


class RecoverForm(forms.Form):
    recover = forms.BooleanField(label="Send what was held back, too", required=False, initial=True)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=255, help_text="Shown on the endpoint's page")


def secret_refusal(endpoint: Endpoint) -> str:
    """Why an endpoint cannot be given a secret of its own."""
    if endpoint.format not in formats.offered():
        return "its format is not offered here"
    if not isinstance(formats.format_of(endpoint.format), formats.OwnSecrets):
        return "it signs with the secret of its client"
    return ""


def _unless(state: EndpointState, endpoint: Endpoint) -> str:
    """Why not, for an endpoint in any other state."""
    is_it = endpoint.state == state
    return "" if is_it else f"it is {endpoint.get_state_display().lower()}"


def _pause(call: Call) -> str:
    services.pause_endpoint(endpoint_id=call.row.pk, actor=call.actor, now=call.now)
    return "is paused; its news waits."


def _resume(call: Call) -> str:
    services.resume_endpoint(endpoint_id=call.row.pk, actor=call.actor, now=call.now)
    return "goes on, with what has waited."


def _enable(call: Call) -> str:
    endpoint = services.enable_endpoint(
        endpoint_id=call.row.pk,
        recover=call.answers["recover"],
        actor=call.actor,
        now=call.now,
    )
    return f"is {endpoint.get_state_display().lower()} again."


def _disable(call: Call) -> str:
    services.disable_endpoint(
        endpoint_id=call.row.pk, reason=call.answers["reason"], actor=call.actor, now=call.now
    )
    return "is disabled; its news is kept."


def _verify(call: Call) -> str:
    answered = services.verify_endpoint(endpoint_id=call.row.pk, actor=call.actor, now=call.now)
    if answered:
        return "has answered and is verified."
    call.row.refresh_from_db(fields=["state_reason"])
    return f"is not verified: {call.row.state_reason or 'its URL changed meanwhile'}."


def _remove(call: Call) -> str:
    services.remove_endpoint(endpoint_id=call.row.pk, actor=call.actor, now=call.now)
    return "was removed."


def _disable_refusal(endpoint: Endpoint) -> str:
    return "it is disabled already" if endpoint.state == EndpointState.DISABLED else ""


ENDPOINT_ACTIONS = (
    RowAction(
        name="pause",
        label="Pause",
        explanation="Nothing is sent until somebody resumes it. News waits and loses no try.",
        permission=_CHANGE,
        refusal=partial(_unless, EndpointState.ACTIVE),
        work=_pause,
    ),
    RowAction(
        name="resume",
        label="Resume",
        explanation="What has waited is sent, oldest first.",
        permission=_CHANGE,
        refusal=partial(_unless, EndpointState.PAUSED),
        work=_resume,
    ),
    RowAction(
        name="verify",
        label="Verify",
        explanation="The URL is asked now whether it wants our news. It has 20 seconds to answer.",
        permission=_CHANGE,
        work=_verify,
    ),
    RowAction(
        name="enable",
        label="Enable",
        explanation="News is sent again, as to a new endpoint.",
        permission=_CHANGE,
        form=RecoverForm,
        refusal=partial(_unless, EndpointState.DISABLED),
        work=_enable,
    ),
    RowAction(
        name="disable",
        label="Disable",
        explanation="We give up on it for now. News is kept for 30 days and can be sent later.",
        permission=_CHANGE,
        form=ReasonForm,
        refusal=_disable_refusal,
        work=_disable,
        is_destructive=True,
    ),
    RowAction(
        name="remove",
        label="Remove",
        explanation="The endpoint and its secrets are forgotten. What was sent stays on record.",
        permission="events.delete_endpoint",
        work=_remove,
        is_destructive=True,
    ),
)


def _resend_refusal(delivery: Delivery) -> str:
    if delivery.endpoint.state == EndpointState.DISABLED:
        return "its endpoint is disabled; enable that first"
    if delivery.claim_id is not None:
        return "it is on its way right now"
    return ""


def _resend(call: Call) -> str:
    services.resend_delivery(delivery_id=call.row.pk, actor=call.actor, now=call.now)
    return "is sent again."


def _organization_of(delivery: Delivery) -> int:
    return delivery.endpoint.organization_id


DELIVERY_ACTIONS = (
    RowAction(
        name="resend",
        label="Send again",
        explanation="The same bytes under the same id go out at once, whatever became of it "
        "before. Receivers know a message they have by its id.",
        permission="events.change_delivery",
        refusal=_resend_refusal,
        work=_resend,
        organization_of=_organization_of,
        name_of=lambda delivery: f"{delivery.event.type} to {delivery.endpoint.name}",
    ),
)
