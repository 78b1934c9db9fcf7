"""What a run of schemathesis did, kept in a file for who started it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock


@dataclass(slots=True)
class Counts:
    """Answers by operation and status, and how often each check looked at one."""

    answers: dict[str, Counter[int]] = field(default_factory=dict)
    checks: Counter[str] = field(default_factory=Counter)

    @property
    def reached(self) -> set[str]:
        """The operations that answered with success."""
        return {
            operation_id
            for operation_id, statuses in self.answers.items()
            if any(200 <= status < 300 for status in statuses)
        }


class Tally:
    """Appends to the file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._lock = Lock()

    def answered(self, operation_id: str, status: int) -> None:
        """One more answer."""
        self._write(f"answer {operation_id} {status}\n")

    def checked(self, names: list[str]) -> None:
        """An answer was looked at by these checks."""
        self._write("".join(f"check {name} -\n" for name in names))

    def _write(self, text: str) -> None:
        with self._lock, self._path.open("a") as file:
            file.write(text)


def read(path: Path) -> Counts:
    """What is in the file."""
    found = Counts()
    for line in path.read_text().splitlines() if path.exists() else ():
        kind, name, status = line.split(" ")
        if kind == "check":
            found.checks[name] += 1
        else:
            found.answers.setdefault(name, Counter())[int(status)] += 1
    return found
