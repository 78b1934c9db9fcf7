import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured

from oms.events import formats
from oms.events.leases import LEASE, LONGEST_TRY
from oms.events.standard import SCHEDULE, StandardFormat


class Patient(StandardFormat):
    schedule = replace(SCHEDULE, deadline=LONGEST_TRY + dt.timedelta(milliseconds=1))


def test_a_format_that_waits_longer_than_a_lease_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="while a lease lasts 0:02:00"):
        formats.register(Patient())

    assert isinstance(formats.format_of("standard"), StandardFormat)
    assert not isinstance(formats.format_of("standard"), Patient)


def test_a_lease_outlasts_the_longest_wait_by_more_than_five_seconds():
    assert dt.timedelta(seconds=5) < LEASE - LONGEST_TRY


def test_a_format_nobody_registered_is_refused():
    with pytest.raises(formats.UnknownWord):
        formats.format_of("telegram")
