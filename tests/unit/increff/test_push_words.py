import datetime as dt

import pytest

from fulfillment.choices import TaskStatus
from oms.api.increff.push import return_events, values
from oms.api.increff.push.format import IncreffPush
from oms.api.increff.push.taken import Taken
from oms.api.increff.push.words import WORDS, Family, types_of, wanted, word_for
from oms.api.increff.settings import EventDateStyle
from oms.events.choices import EventType
from oms.events.formats import RenewalUnreadable, UnknownWord
from oms.events.models import Event
from returns.choices import ReturnStatus, ReturnType, UnitStatus

ORDER_WORDS = {
    "SUBORDER_CREATE",
    "SUBORDER_PARTIAL_CANCEL",
    "SUBORDER_CANCEL",
    "SUBORDER_COMPLETE",
    "SUBORDER_PROPERTIES_UPDATE",
    "PACKED",
}
RETURN_WORDS = {
    "RETURN_ORDER_CREATE",
    "RETURN_ORDER_UPDATE",
    "RETURN_ORDER_CANCEL",
    "RETURN_ORDER_PARTIAL_CANCEL",
    "RETURN_ORDER_COMPLETE",
}
MOMENT = dt.datetime(2020, 10, 17, 1, 52, 28, 999_999, dt.timezone(dt.timedelta(hours=5.5)))


def told(event_type, among=WORDS, status="", **data):
    return word_for(Event(type=event_type, status=status, data=data), among)


def test_the_words_are_the_contracts():
    by_family = {
        family: {name for name, word in WORDS.items() if word.family == family} for family in Family
    }

    assert by_family == {Family.ORDER: ORDER_WORDS, Family.RETURN: RETURN_WORDS}


def test_naming_nothing_is_what_is_on_by_default():
    assert wanted([]) == (ORDER_WORDS - {"PACKED"}) | {
        "RETURN_ORDER_CREATE",
        "RETURN_ORDER_CANCEL",
    }


def test_naming_some_is_these_and_no_others():
    assert wanted(["PACKED"]) == {"PACKED"}
    assert types_of(["PACKED"]) == {"task.packed"}


def test_every_event_behind_a_word_is_about_a_task_or_a_return():
    assert {name.split(".")[0] for name in types_of(list(WORDS))} == {"task", "return"}


def test_a_word_nobody_knows_is_refused():
    with pytest.raises(UnknownWord, match="`packed`"):
        wanted(["packed"])


@pytest.mark.parametrize(
    ("event_type", "data", "word"),
    [
        (EventType.TASK_CREATED, {}, "SUBORDER_CREATE"),
        (EventType.TASK_LINES_CANCELLED, {}, "SUBORDER_PARTIAL_CANCEL"),
        (EventType.TASK_CANCELLED, {"before": "CREATED"}, "SUBORDER_CANCEL"),
        (EventType.TASK_HOPPED, {"before": "CREATED"}, "SUBORDER_CANCEL"),
        (EventType.TASK_TERMS_CHANGED, {}, "SUBORDER_PROPERTIES_UPDATE"),
        (EventType.TASK_PACKED, {"before": "PICKING"}, "PACKED"),
        (EventType.TASK_SHIPPED, {"before": "PACKED"}, "SUBORDER_COMPLETE"),
        (EventType.TASK_DELIVERED, {"before": "PACKED"}, "SUBORDER_COMPLETE"),
        (EventType.TASK_DELIVERED, {"before": "SHIPPED"}, None),
        (EventType.TASK_LOST, {"before": "ATTEMPTED"}, None),
        (EventType.TASK_RECEIVED, {}, None),
        (EventType.RETURN_EXPECTED, {}, "RETURN_ORDER_CREATE"),
        (EventType.RETURN_EDITED, {"changed": ["carrier_code"]}, "RETURN_ORDER_UPDATE"),
        (EventType.RETURN_EDITED, {"changed": ["units"]}, "RETURN_ORDER_PARTIAL_CANCEL"),
        (EventType.RETURN_EDITED, {"changed": ["note"]}, None),
        (EventType.RETURN_EDITED, {"changed": ["order"]}, None),
        (EventType.RETURN_CANCELLED, {}, "RETURN_ORDER_CANCEL"),
        (EventType.RETURN_RECEIVED, {}, None),
        (EventType.RETURN_CLOSED, {}, None),
    ],
)
def test_an_event_has_its_word(event_type, data, word):
    assert told(event_type, **data) == word


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (ReturnStatus.RECEIVED, None),
        (ReturnStatus.INSPECTED, "RETURN_ORDER_COMPLETE"),
        (ReturnStatus.CLOSED, "RETURN_ORDER_COMPLETE"),
    ],
)
def test_a_return_is_complete_when_its_last_unit_is_inspected(status, word):
    assert told(EventType.RETURN_INSPECTED, status=status) == word


def test_what_is_off_is_not_told():
    assert told(EventType.TASK_PACKED, among={"SUBORDER_CREATE"}, before="PICKED") is None


@pytest.mark.parametrize("before", TaskStatus)
def test_a_sub_order_is_completed_once(before):
    has_left = before in {
        "SHIPPED",
        "ATTEMPTED",
        "DELIVERY_FAILED",
        "DELIVERED",
        "RETURNED_TO_POINT",
        "LOST",
    }

    assert (told(EventType.TASK_LOST, before=before) is None) == has_left


def test_every_state_of_returns_has_a_word():
    assert return_events.STATUS.keys() == set(ReturnStatus)
    assert return_events.UNIT_STATUS.keys() == set(UnitStatus)
    assert return_events.ORDER_TYPE.keys() == set(ReturnType)


def test_dates_are_as_the_contract_prints_them():
    assert values.in_style(MOMENT, EventDateStyle.ZONED) == "2020-10-16T20:22:28Z[UTC]"
    assert values.in_style(MOMENT, EventDateStyle.OFFSET) == "2020-10-16T20:22:28.999+00:00"


def test_units_are_counted_for_who_took_them_and_never_more_than_were_cancelled():
    taken = Taken(cancelled=6)

    for quantity, party in ((1, "SELLER"), (1, "SYSTEM"), (2, ""), (9, "CUSTOMER")):
        taken.take(quantity, party)

    assert (taken.by_seller, taken.by_customer, taken.hopped) == (1, 3, 2)
    assert taken.told == 6


def test_the_schedule_is_the_contracts():
    schedule = IncreffPush.schedule

    minutes = [delay.total_seconds() / 60 for delay in schedule.delays]
    assert minutes == [1, 2, 4, 8, 15, 30, 60, *[60] * 22]
    assert sum(schedule.delays, dt.timedelta()) == dt.timedelta(hours=24)
    assert schedule.refused_delays == (dt.timedelta(minutes=5),) * 4
    assert set(range(400, 500)) - schedule.refusing_statuses == {401, 429}
    assert schedule.deadline == dt.timedelta(seconds=45)


def test_get_credential_answers_headers():
    body = b'{"X-Auth-Key":"k-2291","X-Auth-Tenant":"north","X-Shard":7}'

    assert IncreffPush().read_renewal(body) == {
        "X-Auth-Key": "k-2291",
        "X-Auth-Tenant": "north",
        "X-Shard": "7",
    }


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"a":null}', b'{"a":{}}', b'{"a":["b"]}', b"\xff"]
)
def test_anything_else_it_answers_is_refused_without_repeating_it(body):
    with pytest.raises(RenewalUnreadable) as refusal:
        IncreffPush().read_renewal(body)

    assert str(refusal.value) == "Get Credential did not answer a flat object"
