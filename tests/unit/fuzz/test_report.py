import json
from collections import Counter

import pytest

from tests.fuzz import report, tally

CLEAN = {
    "complete": True,
    "failures": [],
    "errors": [],
    "filtered": 3,
    "seed": 1,
    "test_cases": {"generated": 40},
}
FINDING = {"title": "Server error", "count": 2, "operations": ["POST /v1/orders"]}


def outcome(*, reached=20, verdict=CLEAN):
    operations = [f"op{number}" for number in range(20)]
    answers = {name: Counter({200: 1, 422: 1}) for name in operations[:reached]}
    return report.Outcome(operations, answers, verdict, {"use_after_free": Counter(success=4)})


@pytest.mark.parametrize(("reached", "is_good"), [(20, True), (19, True), (18, False)])
def test_nearly_all_operations_have_to_be_reached(reached, is_good):
    assert outcome(reached=reached).is_good is is_good


@pytest.mark.parametrize(
    "flaw", [{"failures": [FINDING]}, {"errors": [FINDING]}, {"complete": False}]
)
def test_a_finding_a_fault_or_a_cut_run_fails(flaw):
    assert not outcome(verdict={**CLEAN, **flaw}).is_good


def test_the_table_tells_what_was_found_and_what_was_missed():
    text = report.told(outcome(reached=18, verdict={**CLEAN, "failures": [FINDING]}))

    assert "use_after_free  4 answers, 0 findings" in text
    assert "Server error: ['POST /v1/orders']" in text
    assert "Never reached with 2xx: op18, op19" in text


def test_checks_are_counted_from_the_events_of_a_run():
    check = {"name": "ignored_auth", "status": "success"}
    failed = {"name": "ignored_auth", "status": "failure"}
    lines = [
        {"PhaseStarted": {}},
        {"ScenarioFinished": {"recorder": {"checks": {"a": [check], "b": [check, failed]}}}},
        {"ScenarioFinished": {"recorder": {}}},
    ]

    assert report.checks_of(map(json.dumps, lines)) == {
        "ignored_auth": Counter(success=2, failure=1)
    }


def test_answers_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "tally"
    kept = tally.Tally(str(path))
    kept.answered("getOrder", 200)
    kept.answered("getOrder", 404)
    kept.answered("getOrder", 404)

    answers = tally.read(path)

    assert answers == {"getOrder": Counter({404: 2, 200: 1})}
    assert tally.reached(answers) == {"getOrder"}
