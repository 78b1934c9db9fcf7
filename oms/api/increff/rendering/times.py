"""Instants as answers have them (contract 1.6)."""

import datetime as dt
from zoneinfo import ZoneInfo


def with_offset(at: dt.datetime, zone: ZoneInfo) -> str:
    """`2020-10-16T20:22:28.000+05:30`: the zone's own clock, milliseconds, its offset."""
    return at.astimezone(zone).isoformat(timespec="milliseconds")
