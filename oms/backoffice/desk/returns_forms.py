"""What is asked of a unit that came back."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from returns.choices import Disposition, QcStatus
from returns.drafts import UnitResult

MAX_PICTURES = 10
LONGEST = 2048  # characters of an address
REASONS = (
    "Stained or dirty",
    "Broken or torn",
    "Used",
    "Packaging damaged",
    "Part missing",
    "Tag missing",
    "Wrong article",
    "Wrong size or colour",
    "Expired",
)
_is_address = URLValidator(schemes=["http", "https"])


class UnitForm(forms.Form):
    """The result of one unit. A unit that failed needs a reason."""

    qc_status = forms.ChoiceField(
        label="Result",
        choices=[each for each in QcStatus.choices if each[0] != QcStatus.PENDING],
        widget=forms.RadioSelect,
    )
    disposition = forms.ChoiceField(
        label="It goes", choices=Disposition.choices, widget=forms.RadioSelect
    )
    qc_reason = forms.CharField(
        label="Why",
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"list": "reasons"}),
    )
    image_urls = forms.CharField(
        label="Addresses of photos",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One a line",
    )

    def clean_image_urls(self) -> tuple[str, ...]:
        """Addresses, each whole and for the web."""
        lines = str(self.cleaned_data["image_urls"]).split()
        if len(lines) > MAX_PICTURES:
            raise ValidationError(f"At most {MAX_PICTURES} photos.")
        for address in lines:
            if len(address) > LONGEST:
                raise ValidationError("An address is too long.")
            _is_address(address)
        return tuple(lines)

    def clean(self) -> dict[str, Any]:
        """Whoever gets the unit back wants to know what is wrong with it."""
        said = super().clean() or self.cleaned_data
        if said.get("qc_status") == QcStatus.FAIL and not said.get("qc_reason"):
            self.add_error("qc_reason", "Say what is wrong with it.")
        return said

    def result(self, unit_id: UUID) -> UnitResult:
        """The answers, for the service."""
        said = self.cleaned_data
        return UnitResult(
            unit_id=unit_id,
            qc_status=QcStatus(said["qc_status"]),
            disposition=Disposition(said["disposition"]),
            qc_reason=said["qc_reason"],
            image_urls=said["image_urls"],
        )
