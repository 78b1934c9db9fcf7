"""What trying an order and a back-test ask for."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from channels_app.models import Channel
from fulfillment.choices import VersionState
from fulfillment.models import Scenario, ScenarioVersion
from fulfillment.services.dry_run import PlanDraft, PlanLine
from oms.backoffice.scope import limited
from oms.orders.models import Order

MOST_LINES = 100
MOST_UNITS = 1_000_000  # of a line
MOST_ORDERS = 2_000  # of a back-test that a page waits for
_DAY = {"type": "date"}


def offered_versions(request: HttpRequest, scenario: Scenario | None) -> list[tuple[str, str]]:
    """Drafts, and the versions of one scenario; the rules that act come first."""
    versions = limited(
        ScenarioVersion.objects.select_related("scenario"),
        request,
        "scenario__organization_id",
    )
    mine = versions.filter(scenario=scenario) if scenario else versions.none()
    drafts = versions.filter(state=VersionState.DRAFT)
    found = (mine | drafts).distinct().order_by("scenario__name", "-number")[:100]
    named = [(str(each.pk), _name(each)) for each in found]
    return [("", "The rules that act"), *named]


def _name(version: ScenarioVersion) -> str:
    state = version.get_state_display().lower()
    return f"{version.scenario.name}, version {version.number} ({state})"


class TryForm(forms.Form):
    """An order that exists, or one that is made up."""

    version = forms.ChoiceField(required=False, label="By", help_text="As though it acted")
    order = forms.CharField(
        required=False,
        max_length=128,
        label="Number of an order",
        help_text="Planned as though nothing of it were; leave the rest empty",
    )
    channel = forms.ModelChoiceField(required=False, queryset=Channel.objects.none())
    lines = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line: SKU, units, and the seller's code if there is one: SKU-1 2 S7",
    )
    country = forms.CharField(required=False, max_length=64)
    region = forms.CharField(required=False, max_length=64)
    postcode = forms.CharField(required=False, max_length=32)
    value = forms.DecimalField(
        required=False, min_value=Decimal(0), label="Value of the goods", max_digits=14
    )
    payment_option = forms.CharField(required=False, max_length=128)
    shipping_option = forms.CharField(required=False, max_length=128)
    customer_type = forms.CharField(required=False, max_length=64)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180)
    allow_split = forms.BooleanField(required=False, label="The order allows a split")

    def __init__(
        self, *args: Any, request: HttpRequest, scenario: Scenario | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        versions = self.fields["version"]
        if isinstance(versions, forms.ChoiceField):
            versions.choices = offered_versions(request, scenario)
        channels = self.fields["channel"]
        if isinstance(channels, forms.ModelChoiceField):
            seen = limited(Channel.objects.selling(), request, "organization_id")
            channels.queryset = seen.order_by("name", "pk")

    def clean_order(self) -> Order | None:
        """The newest order of this number that the person may see."""
        number = str(self.cleaned_data["order"]).strip().replace("\x00", "")
        if not number:
            return None
        seen = limited(Order.objects.all(), self.request, "organization_id")
        found = seen.filter(external_id=number).order_by("-pk").first()
        if found is None:
            raise forms.ValidationError("There is no order of this number.")
        return found

    def clean_lines(self) -> tuple[PlanLine, ...]:
        """SKU, units, seller."""
        rows = [row.split() for row in str(self.cleaned_data["lines"]).splitlines() if row.strip()]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(f"{MOST_LINES} lines at most.")
        return tuple(self._line(place, row) for place, row in enumerate(rows, 1))

    def _line(self, place: int, row: list[str]) -> PlanLine:
        code, units, seller = (*row, "1", "")[:3] if len(row) == 1 else (*row, "")[:3]
        if not units.isdecimal() or not 0 < int(units) <= MOST_UNITS:
            raise forms.ValidationError(f"Line {place}: units are a whole number from 1 on.")
        return PlanLine(sku_code=code, quantity=int(units), supplier_code=seller)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("order"):
            for name in ("channel", "lines"):
                if not cleaned.get(name):
                    self.add_error(name, "Give this, or the number of an order.")
        return cleaned

    def draft(self) -> PlanDraft:
        """The order that was made up."""
        said = dict(self.cleaned_data)
        channel = said.pop("channel")
        for name in ("version", "order"):
            said.pop(name)
        value = said.pop("value") or Decimal(0)
        return PlanDraft(channel_id=channel.pk, value=value, **said)


class BackTestForm(forms.Form):
    """Which version, and which past orders."""

    version = forms.TypedChoiceField(coerce=int)
    since = forms.DateField(label="Placed from", widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(label="Placed before", widget=forms.DateInput(attrs=_DAY))
    limit = forms.IntegerField(
        label="The newest",
        min_value=1,
        max_value=MOST_ORDERS,
        initial=500,
        help_text=f"Up to {MOST_ORDERS:,} here; `manage.py back_test` takes more",
    )

    def __init__(self, *args: Any, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.now().date()
        self.initial["since"] = today - timedelta(days=30)
        self.initial["until"] = today + timedelta(days=1)
        versions = self.fields["version"]
        if isinstance(versions, forms.TypedChoiceField):
            found = scenario.versions.order_by("-number")
            versions.choices = [(each.pk, _label(each)) for each in found]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", "This is not after the first day.")
        return cleaned


def _label(version: ScenarioVersion) -> str:
    return f"Version {version.number} ({version.get_state_display().lower()})"
