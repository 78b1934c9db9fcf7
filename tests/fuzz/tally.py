"""How often each operation answered with which status, kept in a file for who started the run."""

from collections import Counter
from pathlib import Path
from threading import Lock


class Tally:
    """Counts answers; lines of `operation status` in the file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = Lock()

    def count(self, operation_id: str, status: int) -> None:
        """One more answer."""
        with self._lock, self._path.open("a") as file:
            file.write(f"{operation_id} {status}\n")


def read(path: Path) -> dict[str, Counter[int]]:
    """Answers by operation and status."""
    found: dict[str, Counter[int]] = {}
    if path.exists():
        for line in path.read_text().splitlines():
            operation_id, status = line.rsplit(" ", 1)
            found.setdefault(operation_id, Counter())[int(status)] += 1
    return found
