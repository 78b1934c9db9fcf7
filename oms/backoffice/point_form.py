"""The form of a fulfillment point, with its opening hours and the days it is closed."""

import calendar
import datetime as dt
from typing import Any

from django import forms

from oms.backoffice.formats import zone_named
from oms.locations import calendars
from oms.locations.models import FulfillmentPoint, PointCalendar

_DAYS = {name: str(number) for number, name in enumerate(calendar.day_abbr, 1)}
_LINES = {"rows": 4}
_KEPT_AS = {"opening_hours": "calendar", "closed_days": "calendar"}


class PointForm(forms.ModelForm[FulfillmentPoint]):
    opening_hours = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="One day a line, on the point's own clock: Mon 09:00-12:00 13:00-18:00. Days "
        "that are not named are closed; empty: it always works",
    )
    closed_days = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="One day a line: 2026-12-25",
    )

    class Meta:
        model = FulfillmentPoint
        fields = (
            "organization",
            "code",
            "name",
            "type",
            "is_active",
            "priority",
            "max_quota",
            "accept_within",
            "carriers",
            "supplier_code",
            "tags",
            "is_fulfillment_center",
            "is_pickup_location",
            "is_return_available",
            "line1",
            "line2",
            "city",
            "state",
            "postcode",
            "country",
            "timezone",
            "latitude",
            "longitude",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = (
            PointCalendar.objects.filter(point=self.instance).first() if self.instance.pk else None
        )
        if kept is not None:
            self.initial["opening_hours"] = hours_text(kept.hours)
            self.initial["closed_days"] = "\n".join(map(str, sorted(kept.closed_days)))

    def clean_timezone(self) -> str:
        name = str(self.cleaned_data["timezone"])
        if name and zone_named(name).key != name:
            raise forms.ValidationError("Nobody knows this time zone; an example: Asia/Bangkok.")
        return name

    def clean_opening_hours(self) -> dict[str, list[list[str]]]:
        """As the calendar keeps them."""
        hours: dict[str, list[list[str]]] = {}
        for line in str(self.cleaned_data["opening_hours"]).splitlines():
            name, *spans = line.split() or [""]
            if not name:
                continue
            day = _DAYS.get(name.title())
            if day is None or not spans:
                raise forms.ValidationError(f"“{line.strip()}” is not like Mon 09:00-18:00.")
            hours.setdefault(day, []).extend(span.split("-") for span in spans)
        if found := calendars.problems(hours):
            raise forms.ValidationError(found)
        return hours

    def clean_closed_days(self) -> list[dt.date]:
        """In their order, each once."""
        lines = str(self.cleaned_data["closed_days"]).split()
        try:
            return sorted({dt.date.fromisoformat(line) for line in lines})
        except ValueError as exc:
            raise forms.ValidationError("A day is written as 2026-12-25.") from exc

    def clean(self) -> dict[str, Any]:
        """A place has both coordinates or none; closed days need hours they are taken from."""
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", "Give both coordinates, or none.")
        if cleaned.get("closed_days") and not cleaned.get("opening_hours") and not self.errors:
            self.add_error("opening_hours", "Say when it works on other days.")
        return cleaned

    @property
    def changed_names(self) -> list[str]:
        """What is different of the point, by column; its hours and closed days are its calendar."""
        return sorted({_KEPT_AS.get(name, name) for name in self.changed_data})

    def keep_calendar(self) -> None:
        """Store the hours of the point that was saved; a point without any has no calendar."""
        hours, closed = self.cleaned_data["opening_hours"], self.cleaned_data["closed_days"]
        if hours:
            PointCalendar.objects.update_or_create(
                point=self.instance, defaults={"hours": hours, "closed_days": closed}
            )
        else:
            PointCalendar.objects.filter(point=self.instance).delete()


def hours_text(hours: dict[str, list[list[str]]]) -> str:
    """One day a line, as the form takes it."""
    return "\n".join(
        f"{name} " + " ".join("-".join(span) for span in hours[day])
        for name, day in _DAYS.items()
        if hours.get(day)
    )
