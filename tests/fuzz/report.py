"""The table at the end of a run."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from demo.summary import table
from tests.fuzz import tally

ENOUGH = 0.95  # of the operations have to be reached with success


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: the document's operations, their answers, and what schemathesis says."""

    operations: Collection[str]
    answers: tally.Answers
    verdict: Mapping[str, Any]
    checks: Mapping[str, Counter[str]]
    """How answers fared, by check."""

    @property
    def missed(self) -> list[str]:
        """Operations that never answered with success."""
        return sorted(set(self.operations) - tally.reached(self.answers))

    @property
    def is_good(self) -> bool:
        """No finding, no fault of the tool itself, and enough of the operations reached."""
        is_clean = not self.verdict["failures"] and not self.verdict["errors"]
        is_wide = len(self.missed) <= (1 - ENOUGH) * len(self.operations)
        return bool(self.verdict["complete"]) and is_clean and is_wide


def checks_of(events: Iterable[str]) -> dict[str, Counter[str]]:
    """From the events of a run: what each check said, and how often."""
    found: dict[str, Counter[str]] = {}
    for line in events:
        finished = json.loads(line).get("ScenarioFinished")
        for checks in finished["recorder"].get("checks", {}).values() if finished else ():
            for check in checks:
                found.setdefault(check["name"], Counter())[check["status"]] += 1
    return found


def told(outcome: Outcome) -> str:
    """Operations, requests, findings, and both by check."""
    verdict, missed = outcome.verdict, outcome.missed
    reached = len(outcome.operations) - len(missed)
    rows: list[tuple[str, object]] = [
        ("operations", len(outcome.operations)),
        ("reached with 2xx", reached),
        ("reached, percent", round(100 * reached / len(outcome.operations))),
        ("requests", sum(sum(statuses.values()) for statuses in outcome.answers.values())),
        ("test cases", verdict["test_cases"]["generated"]),
        ("refused by rules the document announces", verdict["filtered"]),
        ("findings", sum(found["count"] for found in verdict["failures"])),
        ("faults of the tool", sum(found["count"] for found in verdict["errors"])),
        ("seed", str(verdict["seed"])),
    ]
    checks = [
        (name, f"{said.total():,} answers, {said['failure']} findings")
        for name, said in sorted(outcome.checks.items())
    ]
    parts = [table(rows, title="/v1 against its document"), table(checks, title="Checks")]
    parts += [f"{found['title']}: {found['operations']}" for found in verdict["failures"]]
    parts += [f"Never reached with 2xx: {', '.join(missed)}"] if missed else []
    return "\n\n".join(parts)
