"""What is read of the texts in which shops say when an order is to be delivered."""

import datetime as dt
import json

import pytest

from oms.api.akinon import delivery_ranges
from oms.api.akinon.delivery_ranges import Span
from oms.orders import traits

AS_OBJECT = {"lower": "2026-01-17T10:00:00Z", "upper": "2026-01-17T12:00:00Z"}


def at(day: int, hour: int = 0, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 1, day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "begins_at", "ends_at"),
    [
        ("2026-01-17T10:00:00Z/2026-01-17T12:30:00Z", at(17, 10), at(17, 12, 30)),
        ("[2026-01-17T10:00:00.000000Z, 2026-01-17T12:00:00Z)", at(17, 10), at(17, 12)),
        ('["2026-01-17 10:00:00+00","2026-01-17 12:00:00+00")', at(17, 10), at(17, 12)),
        ("2026-01-17T13:00:00+03:00 - 2026-01-17T15:00:00+03:00", at(17, 10), at(17, 12)),
        ("2026-01-17T10:00 2026-01-17T12:00", at(17, 10), at(17, 12)),
        ("2026-01-17 10:00 - 2026-01-18 09:00", at(17, 10), at(18, 9)),
        ("2026-01-17 10:00-12:00", at(17, 10), at(17, 12)),
        ("17.01.2026 9:00 - 24:00", at(17, 9), at(18)),
        ("2026-01-17", at(17), at(18)),
        ("2026-01-17 / 2026-01-19", at(17), at(20)),
        (json.dumps(AS_OBJECT), at(17, 10), at(17, 12)),
        (AS_OBJECT, at(17, 10), at(17, 12)),
    ],
)
def test_both_ends_are_read(said, begins_at, ends_at):
    assert delivery_ranges.read(said) == Span(begins_at, ends_at)


@pytest.mark.parametrize(
    "said",
    [None, 7, "", "10:00-12:00", "tomorrow", "2026-13-40", "2026-01-17 25:00-26:00", {},
     "2026-01-17T12:00:00Z/2026-01-17T10:00:00Z"],
)  # fmt: skip
def test_what_names_no_days_in_their_order_has_no_ends(said):
    assert delivery_ranges.read(said) is None


def test_what_is_kept_is_in_the_order_of_its_instants():
    moscow = dt.timezone(dt.timedelta(hours=3))

    kept = [
        traits.instant(dt.datetime(2026, 1, 17, 12, tzinfo=moscow)),
        traits.instant(at(17, 10)),
    ]

    assert kept == ["2026-01-17T09:00:00Z", "2026-01-17T10:00:00Z"]
