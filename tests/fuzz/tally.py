"""How often each operation answered with which status, kept in a file for who started the run."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

Answers = Mapping[str, Counter[int]]


class Tally:
    """Appends a line per answer."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = Lock()

    def answered(self, operation_id: str, status: int) -> None:
        """One more answer."""
        with self._lock, self._path.open("a") as file:
            file.write(f"{operation_id} {status}\n")


def read(path: Path) -> Answers:
    """Answers by operation and status."""
    found: dict[str, Counter[int]] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        operation_id, status = line.split(" ")
        found.setdefault(operation_id, Counter())[int(status)] += 1
    return found


def reached(answers: Answers) -> set[str]:
    """The operations that answered with success."""
    return {
        operation_id
        for operation_id, statuses in answers.items()
        if any(200 <= status < 300 for status in statuses)
    }
