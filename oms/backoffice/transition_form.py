"""The form of a transition: which move, which command, and the command's configuration."""

import copy
from typing import Any

from django import forms
from django.core.validators import validate_slug

from fulfillment.choices import TransitionCommand
from fulfillment.models import TransitionRule
from fulfillment.services.commands import MOVES, RuleDraft
from fulfillment.services.commands.rule_configs import SCHEMA
from oms.accounts.models import Organization
from oms.backoffice.schema_forms import MASK, SchemaForm
from oms.backoffice.schema_forms.reading import Posted

_SECRETS = ("password", "token")
# Names of the states at the ends of moves, for people.
STATES = {
    "100": "Waiting",
    "150": "Waiting remote action",
    "200": "Preparing",
    "300": "Waiting transfer",
    "400": "Ready for packaging",
    "500": "Packed",
    "520": "Ready for pickup",
    "600": "Shipped",
    "640": "Attempted delivery",
    "650": "Delivered",
    "660": "Delivery failed",
    "800": "Cancellation waiting",
    "900": "Cancelled",
    "910": "Needs rescheduling",
    "920": "Out of stock",
    "1000": "Blocked",
    "1100": "Packed for refund",
    "waiting": "Waiting for transfer",
    "ready_to_shipment": "Ready for shipment",
    "in_transit": "In transit",
    "transferred": "Transfer complete",
    "cancelled": "Transfer cancelled",
}


def state_name(state: str) -> str:
    """`Preparing (200)`."""
    name = STATES.get(state, state)
    return f"{name} ({state})" if state.isdecimal() else name


def _states(side: int) -> list[tuple[str, str]]:
    known = {move[side] for moves in MOVES.values() for move in moves}
    return [(state, state_name(state)) for state in STATES if state in known]


class TransitionForm(forms.Form):
    """Without the configuration, which has a form made from its schema."""

    name = forms.CharField(max_length=255, help_text="On the button")
    slug = forms.CharField(
        max_length=100, validators=[validate_slug], help_text="What callers name it by"
    )
    family = forms.CharField(
        max_length=100,
        required=False,
        validators=[validate_slug],
        help_text="Transitions of one family are the same move from different states; empty: alone",
    )
    source = forms.ChoiceField(label="From")
    destination = forms.ChoiceField(label="To")
    command = forms.ChoiceField(choices=TransitionCommand)
    is_visible = forms.BooleanField(label="Shown as a button", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, side in (("source", 0), ("destination", 1)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = _states(side)

    def draft(self, config: dict[str, Any]) -> RuleDraft:
        """The answers, for the service."""
        said = dict(self.cleaned_data)
        said.pop("organization", None)
        said["command"] = TransitionCommand(said["command"])
        return RuleDraft(**said, config=config)


class NewTransitionForm(TransitionForm):
    organization = forms.ChoiceField()

    field_order = ("organization", "name", "slug", "family", "source", "destination", "command")

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(each.pk), each.name) for each in organizations]
        self.fields["organization"] = forms.ChoiceField(choices=own)
        self.order_fields(self.field_order)


def config_form(rule: TransitionRule | None, posted: Posted | None = None) -> SchemaForm:
    """The configuration; secrets that are stored are neither shown nor asked for again."""
    return SchemaForm(_schema(), value=_shown(rule), posted=posted)


def said_config(form: SchemaForm) -> dict[str, Any]:
    """What was typed; the service keeps secrets that are not said again."""
    config: dict[str, Any] = copy.deepcopy(form.value)
    auth = (config.get("remote_invoice_call") or {}).get("auth") or {}
    for name in _SECRETS:
        if auth.get(name) == MASK:
            del auth[name]
    return config


def _schema() -> dict[str, Any]:
    """The service's schema, with its secrets marked; what depends on them is left to it."""
    schema: dict[str, Any] = copy.deepcopy(dict(SCHEMA))
    auth = schema["properties"]["remote_invoice_call"]["properties"]["auth"]
    auth.pop("allOf", None)
    for name in _SECRETS:
        auth["properties"][name] = {**auth["properties"][name], "writeOnly": True}
    return schema


def _shown(rule: TransitionRule | None) -> dict[str, Any]:
    config: dict[str, Any] = copy.deepcopy(rule.config) if rule else {}
    auth = (config.get("remote_invoice_call") or {}).get("auth")
    if rule is not None and rule.secrets and isinstance(auth, dict):
        by_type = {"basic_auth": "password", "token": "token"}
        stored = by_type.get(str(auth.get("request_type")))
        if stored:
            auth[stored] = MASK
    return config
