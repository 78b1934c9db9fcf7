"""Boxes of orders packed by units, and what is then reported of them."""

from datetime import timedelta

from fulfillment import queries, services
from fulfillment.choices import Station
from fulfillment.models import Parcel
from fulfillment.services import BoxDraft, Reported, StationReport
from oms.kernel.actors import SYSTEM as ANYBODY
from oms.orders.models import OrderLine
from tests.factories import NOW
from tests.integration.fulfillment.builders import Case


def box(case: Case, units: dict[int, int] | None = None, **overrides) -> Parcel:
    """Pack units by place of the order line (from 0); none named: everything left."""
    lines = list(OrderLine.objects.filter(order=case.order).order_by("position"))
    wanted = {lines[place].number: quantity for place, quantity in (units or {}).items()}
    draft = BoxDraft(order=case.order.public_id, units=wanted, **overrides)
    return services.pack_units(draft=draft, actor=case.actor, now=NOW)


def report(case: Case, parcel: Parcel, station: Station, *, minutes: int = 0, **more) -> Reported:
    """Say where a parcel was some minutes after NOW; the clock shows the same."""
    at = NOW + timedelta(minutes=minutes)
    said = StationReport(parcel_id=parcel.pk, station=station, occurred_at=at, **more)
    return services.report_station(report=said, actor=case.actor, now=max(at, NOW))


def station(parcel: Parcel) -> Station:
    """Where a parcel is, as lists show it; the two ways of asking agree."""
    row = queries.parcels_feed(actor=ANYBODY).get(pk=parcel.pk)
    found = queries.station_of(row)
    assert Parcel.objects.filter(queries.at_stations([found]), pk=parcel.pk).exists()
    return found


def contents(parcel: Parcel) -> list[int]:
    return list(parcel.items.order_by("task_line_id").values_list("quantity", flat=True))
