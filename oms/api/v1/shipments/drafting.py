"""From the words of a call to what services take."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from fulfillment.services import BoxDraft, LineNotOfOrder, StationReport, UnitsExceeded
from fulfillment.services.parcel_changes import Value
from oms.api.v1.road.fields import Money
from oms.api.v1.road.problems import FieldError, Problem, validation_failed
from oms.api.v1.shipments import mapping
from oms.api.v1.shipments.reads import OrderHead, point_id
from oms.kernel.actors import Actor

_SIZES: Mapping[str, tuple[str, int]] = {
    "weight_g": ("weight_kg", 1000),
    "length_mm": ("length_cm", 10),
    "width_mm": ("width_cm", 10),
    "height_mm": ("height_cm", 10),
}
_PLAIN = ("external_id", "tracking_number", "tracking_url", "note")


def draft(values: Mapping[str, Any], order: OrderHead, actor: Actor) -> BoxDraft:
    """A new shipment. Raises Problem for what the order or organization does not have."""
    location = values.get("location_id")
    return BoxDraft(
        order=order.public_id,
        point_id=None if location is None else point_id(location, actor),
        units=_units(values.get("lines", ()), order),
        carrier=values.get("carrier_code", ""),
        service_level=mapping.SERVICE_LEVEL[values["service_level"]],
        cod_amount=_amount(values, "cod_amount", order),
        insured_value=_amount(values, "insured_value", order),
        **_sizes(values.get("parcel", {})),
        **{name: values[name] for name in _PLAIN if name in values},
    )


def _units(lines: Any, order: OrderHead) -> dict[int, int]:
    unknown = [
        FieldError(f"/lines/{index}/order_line_id", "unknown_value", _("is no line of the order"))
        for index, line in enumerate(lines)
        if line["order_line_id"] not in order.lines
    ]
    if unknown:
        raise validation_failed(unknown)
    return {order.lines[line["order_line_id"]]: line["quantity"] for line in lines}


def _amount(values: Mapping[str, Any], name: str, order: OrderHead) -> Decimal | None:
    asked: Money | None = values.get(name)
    if asked is None:
        return None
    if asked.currency != order.currency:
        told = _("must be the currency of the order")
        raise validation_failed([FieldError(f"/{name}/currency", "unknown_value", told)])
    return asked.amount


def _sizes(parcel: Mapping[str, int | None]) -> dict[str, Any]:
    found = {}
    for name, value in parcel.items():
        column, parts = _SIZES[name]
        found[column] = None if value is None else Decimal(value) / parts
    return found


def misfit(refusal: UnitsExceeded | LineNotOfOrder, units: Mapping[int, int]) -> Problem:
    """A refusal about one of the lines, at its place in the call."""
    index = list(units).index(refusal.line)
    if isinstance(refusal, LineNotOfOrder):
        error = FieldError(
            f"/lines/{index}/order_line_id", "unknown_value", _("is no line of the order")
        )
    else:
        told = _("at most %d units are left") % refusal.remaining
        error = FieldError(
            f"/lines/{index}/quantity",
            "out_of_range",
            told,
            extensions={"remaining": refusal.remaining},
        )
    return validation_failed([error])


def change(values: Mapping[str, Any]) -> dict[str, Value]:
    """New values of a patch by our columns."""
    found: dict[str, Value] = {}
    for name in ("tracking_number", "tracking_url", "note"):
        if name in values:
            found[name] = values[name] or ""
    if "carrier_code" in values:
        found["carrier"] = values["carrier_code"]
    if "service_level" in values:
        found["service_level"] = mapping.SERVICE_LEVEL[values["service_level"]]
    if "parcel" in values:
        parcel = values["parcel"]
        found |= _sizes(dict.fromkeys(_SIZES) if parcel is None else parcel)
    return found


def report(values: Mapping[str, Any], parcel_id: int) -> StationReport:
    """A status update."""
    plain = ("occurred_at", "description", "location_text", "source_event_id", "proof_url")
    return StationReport(
        parcel_id=parcel_id,
        station=mapping.STATUS[values["status"]],
        source=mapping.SOURCE[values["source"]],
        **{name: values[name] for name in plain if name in values},
    )
