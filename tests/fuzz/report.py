"""The table at the end of a run."""

from collections.abc import Collection, Mapping
from typing import Any

from demo.summary import table
from tests.fuzz.tally import Counts

ENOUGH = 0.95  # of the operations have to be reached with success


def missed(operations: Collection[str], counts: Counts) -> list[str]:
    """Operations that never answered with success."""
    return sorted(set(operations) - counts.reached)


def is_good(operations: Collection[str], counts: Counts, said: Mapping[str, Any]) -> bool:
    """No finding, no fault of the tool itself, and enough of the operations reached."""
    unreached = len(missed(operations, counts))
    is_clean = said["complete"] and not said["failures"] and not said["errors"]
    return is_clean and unreached <= (1 - ENOUGH) * len(operations)


def told(operations: Collection[str], counts: Counts, said: Mapping[str, Any]) -> str:
    """Operations, requests, checks and findings."""
    unreached = missed(operations, counts)
    reached = len(operations) - len(unreached)
    rows: list[tuple[str, object]] = [
        ("operations", len(operations)),
        ("reached with 2xx", reached),
        ("reached, percent", round(100 * reached / len(operations))),
        ("requests", sum(sum(statuses.values()) for statuses in counts.answers.values())),
        ("test cases", said["test_cases"]["generated"]),
        ("refused by rules of the document", said["filtered"]),
        ("findings", sum(found["count"] for found in said["failures"])),
        ("faults of the tool", sum(found["count"] for found in said["errors"])),
        ("seed", str(said["seed"])),
    ]
    checks = sorted(counts.checks.items())
    findings = [(found["title"], found["count"]) for found in said["failures"]]
    parts = [table(rows, title="/v1 against its document")]
    parts += [table(checks, title="Answers looked at, by check")] if checks else []
    parts += [table(findings, title="Findings")] if findings else []
    parts += [f"Never reached with 2xx: {', '.join(unreached)}"] if unreached else []
    return "\n\n".join(parts)
