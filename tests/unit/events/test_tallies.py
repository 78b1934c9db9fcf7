import datetime as dt

import pytest

from oms.events import tallies
from tests.factories import NOW


def test_ten_minutes_begin_on_the_clock():
    moment = NOW + dt.timedelta(minutes=19, seconds=59)

    assert tallies.begin_of(moment) == NOW + dt.timedelta(minutes=10)


@pytest.mark.parametrize(
    ("duration", "place"), [(0, 0), (5, 0), (6, 1), (1000, 7), (20_000, 11), (20_001, 12)]
)
def test_each_duration_has_one_place(duration, place):
    assert tallies.place_of(duration) == place


@pytest.mark.parametrize(
    ("durations", "bound"),
    [
        ([0] * 13, None),
        ([95, 5, *[0] * 11], 5),
        ([94, 6, *[0] * 11], 10),
        ([*[0] * 12, 3], 20_000),
    ],
)
def test_the_95th_percentile_is_a_bound(durations, bound):
    assert tallies.percentile(durations, 0.95) == bound
