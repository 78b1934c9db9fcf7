"""Signature and schedule of pushes: contract section 6.1."""

import datetime as dt

from oms.api.oms4.push.format import Oms4Push, authorization
from oms.events.formats import Letter
from oms.events.models import Endpoint

BODY = (
    b'{"tenant_id":"1001","api_key":"2001","webhook_type":"FP","message_type":"ping","data":{},'
    b'"timestamp":1727345777022}'
)
SIGNED = "d565e0c20c3a0f8df2578cfa0f350f568022685151a9a1a535bd82f688ab360b"


def test_the_vector_of_the_contract():
    assert authorization("demo-secret", api_key="2001", body=BODY) == SIGNED


def test_the_header_is_signed_for_the_key_the_message_names():
    letter = Letter(
        message_id="evt_1",
        type="ping",
        body=BODY,
        number=3,
        is_replay=True,
        sent_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )

    headers = Oms4Push().headers(letter, endpoint=Endpoint(), keys=["demo-secret"])

    assert headers == {"Content-Type": "application/json", "Authorization": SIGNED}


def test_twelve_further_attempts_half_an_hour_apart():
    schedule = Oms4Push.schedule

    assert [delay.total_seconds() for delay in schedule.delays] == [60] + [1800] * 11
    assert (schedule.jitter, schedule.deadline) == (0, dt.timedelta(seconds=5))
    assert (schedule.heeds_retry_after, schedule.retries_at_once) == (False, False)
    assert (schedule.least_when_slow, schedule.gone_statuses) == (dt.timedelta(0), frozenset())
