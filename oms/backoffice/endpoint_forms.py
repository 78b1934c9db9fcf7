"""What staff are asked about endpoints, and the drafts their answers become."""

import json
import re
from collections.abc import Sequence
from typing import Any

from django import forms

from oms.accounts.models import ApiClient, Organization
from oms.events import formats
from oms.events.choices import DeliveryState, EndpointFormat, EventType
from oms.events.models import Endpoint
from oms.events.services import EndpointChange, EndpointDraft, ReplayRequest

_LINES = {"rows": 3}
_INSTANT = {"type": "datetime-local"}


class SettingsForm(forms.Form):
    """What is asked of a new endpoint and of one that is there."""

    name = forms.CharField(max_length=255)
    url = forms.CharField(label="URL", max_length=2048)
    words = forms.CharField(
        label="Subscription",
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="Words of the format, one a line; empty: everything it offers",
    )
    headers = forms.CharField(
        label="Static headers",
        required=False,
        widget=forms.Textarea(attrs={**_LINES, "class": "json"}),
        help_text='Sent with every call, as JSON: {"X-Key": "..."}. Kept sealed, never shown again',
    )
    is_ordered = forms.BooleanField(label="Keep each subject's news in order", required=False)
    allow_private_network = forms.BooleanField(
        label="May be inside a private network, or an address without a name", required=False
    )
    max_in_flight = forms.IntegerField(min_value=1, max_value=100, initial=10)
    rate = forms.FloatField(
        label="Per second at most", min_value=0, initial=50, help_text="0: no limit"
    )

    def __init__(self, *args: Any, runs_this: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not runs_this:  # only who runs the installation may open its own network to us
            del self.fields["allow_private_network"]

    def clean_words(self) -> tuple[str, ...]:
        """One word a line or between commas."""
        return tuple(re.findall(r"[^\s,]+", str(self.cleaned_data["words"])))

    def clean_headers(self) -> dict[str, str] | None:
        """Names and values, both texts; None when nothing was typed."""
        text = str(self.cleaned_data["headers"]).strip()
        if not text:
            return None
        try:
            found = json.loads(text)
        except ValueError as exc:
            raise forms.ValidationError("This is not JSON.") from exc
        is_flat = isinstance(found, dict) and all(isinstance(v, str) for v in found.values())
        if not is_flat:
            raise forms.ValidationError("Names and values must be texts.")
        return dict(found)


class RegisterForm(SettingsForm):
    organization = forms.ChoiceField()
    client = forms.ModelChoiceField(
        queryset=ApiClient.objects.none(),
        required=False,
        empty_label="None: it hears of the whole organization",
    )
    format = forms.ChoiceField()

    field_order = ("organization", "client", "name", "format", "url", "words")

    def __init__(
        self, *args: Any, organizations: Sequence[Organization], runs_this: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, runs_this=runs_this, **kwargs)
        own = [(str(each.pk), each.name) for each in organizations]
        self.fields["organization"] = forms.ChoiceField(choices=own)
        clients = ApiClient.objects.filter(organization__in=organizations, is_active=True)
        chosen = self.fields["client"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = clients.order_by("name", "pk")
        offered = formats.offered()
        known = [(each.value, each.label) for each in EndpointFormat if each.value in offered]
        self.fields["format"] = forms.ChoiceField(choices=known)
        self.order_fields(self.field_order)

    def draft(self) -> EndpointDraft:
        """The answers, for the service."""
        said = self.cleaned_data
        return EndpointDraft(
            organization_id=int(said["organization"]),
            client_id=said["client"].pk if said["client"] else None,
            name=said["name"],
            url=said["url"],
            format=said["format"],
            words=said["words"],
            headers=said["headers"] or {},
            is_ordered=said["is_ordered"],
            allow_private_network=said.get("allow_private_network", False),
            max_in_flight=said["max_in_flight"],
            rate=said["rate"],
        )


class ChangeForm(SettingsForm):
    url = forms.CharField(
        label="URL",
        max_length=2048,
        required=False,
        help_text="Empty: as it is. It is not shown, because it may hold a secret",
    )

    @classmethod
    def of(cls, endpoint: Endpoint, posted: Any, *, runs_this: bool) -> "ChangeForm":
        """With what is set now; secrets are not shown, empty keeps them."""
        initial = {
            "name": endpoint.name,
            "words": "\n".join(endpoint.words),
            "is_ordered": endpoint.is_ordered,
            "allow_private_network": endpoint.allow_private_network,
            "max_in_flight": endpoint.max_in_flight,
            "rate": endpoint.rate,
        }
        return cls(posted, initial=initial, runs_this=runs_this)

    def change(self) -> EndpointChange:
        """The answers, for the service."""
        said = self.cleaned_data
        opened = "allow_private_network" in self.changed_data
        return EndpointChange(
            name=said["name"],
            url=said["url"] or None,
            words=said["words"],
            headers=said["headers"],
            is_ordered=said["is_ordered"],
            allow_private_network=said["allow_private_network"] if opened else None,
            max_in_flight=said["max_in_flight"],
            rate=said["rate"],
        )


class RotateForm(forms.Form):
    grace_seconds = forms.TypedChoiceField(
        label="The old secret signs on for",
        coerce=int,
        choices=[(86_400, "A day"), (604_800, "A week"), (3_600, "An hour"), (0, "Not at all")],
    )


class ReplayForm(forms.Form):
    """Which deliveries to send again; all answers together."""

    endpoint = forms.ModelChoiceField(queryset=Endpoint.objects.none())
    states = forms.MultipleChoiceField(
        label="That are",
        choices=[(s.value, s.label) for s in DeliveryState if s != DeliveryState.PENDING],
        widget=forms.CheckboxSelectMultiple,
        initial=[DeliveryState.EXHAUSTED, DeliveryState.SUPPRESSED],
    )
    type = forms.ChoiceField(
        label="About", required=False, choices=[("", "Everything"), *EventType.choices]
    )
    since = forms.DateTimeField(
        label="Written from",
        required=False,
        widget=forms.DateTimeInput(attrs=_INSTANT),
        help_text="In UTC",
    )
    until = forms.DateTimeField(
        label="Written before",
        required=False,
        widget=forms.DateTimeInput(attrs=_INSTANT),
        help_text="In UTC",
    )

    def __init__(self, *args: Any, endpoints: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["endpoint"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = endpoints

    def request(self) -> ReplayRequest:
        """The answers, for the service."""
        said = self.cleaned_data
        return ReplayRequest(
            endpoint_id=said["endpoint"].pk,
            states=tuple(said["states"]),
            types=(said["type"],) if said["type"] else (),
            since=said["since"],
            until=said["until"],
        )
