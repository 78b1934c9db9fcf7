import json
import logging
import sys

import pytest

from oms.kernel import logs
from oms.kernel.errors import Conflict

CANARY = "Ada Canary, 1 Hidden Road"


def line(formatter=None, message="it happened", error=None) -> str:
    info = None
    if error is not None:
        try:
            raise error
        except type(error):
            info = sys.exc_info()
    record = logging.LogRecord("oms.test", logging.ERROR, __file__, 1, message, (), info)
    return (formatter or logs.JsonFormatter()).format(record)


def test_a_line_says_what_it_is_about():
    with logs.about(request_id="r-1"):
        logs.note(order="TH-7")
        said = json.loads(line())

    assert (said["request_id"], said["order"]) == ("r-1", "TH-7")
    assert (said["level"], said["logger"], said["message"]) == (
        "ERROR",
        "oms.test",
        "it happened",
    )


def test_nothing_is_left_for_the_next_request():
    with logs.about(request_id="r-1"):
        logs.note(order="TH-7")
    logs.note(order="TH-8")

    assert logs.current() == {}
    assert set(json.loads(line())) == {"time", "level", "logger", "message"}


def test_a_job_inside_a_request_adds_to_it_and_takes_it_back():
    with logs.about(request_id="r-1"):
        with logs.about(event="e-1"):
            inner = logs.current()
        outer = logs.current()

    assert (inner, outer) == ({"request_id": "r-1", "event": "e-1"}, {"request_id": "r-1"})


@pytest.mark.parametrize("error", [ValueError(CANARY), KeyError(CANARY), RuntimeError(CANARY)])
def test_an_exception_is_told_without_the_values_it_quotes(error):
    said = json.loads(line(error=error))

    assert said["exception"]["type"] == type(error).__name__
    assert said["exception"]["at"][-1].endswith(" line")
    assert CANARY not in json.dumps(said)


def test_a_refusal_is_told_with_its_message():
    said = json.loads(line(error=Conflict("The order is shipped")))

    assert said["exception"]["code"] == "conflict"
    assert said["exception"]["message"] == "The order is shipped"


def test_causes_are_told_likewise():
    error = RuntimeError("outer")
    error.__cause__ = ValueError(CANARY)

    said = json.loads(line(error=error))

    assert said["exception"]["cause"]["type"] == "ValueError"
    assert CANARY not in json.dumps(said)


def test_a_person_at_the_console_reads_what_it_is_about():
    with logs.about(request_id="r-1", order="TH-7"):
        said = line(logs.ConsoleFormatter())

    assert said.endswith("ERROR oms.test [request_id=r-1 order=TH-7] it happened")
