"""What an application of world files did, as lines for people."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

SECRET = object()  # stands for a value that is not shown
_LONGEST = 120


@dataclass(slots=True)
class Plan:
    """One line per change, and how many of each kind."""

    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def created(self, label: str) -> None:
        """Something new."""
        self._add("created", label)

    def changed(self, label: str, changes: Mapping[str, tuple[object, object]]) -> None:
        """Something that was different; `changes` has old and new by the file's names."""
        self._add("changed", f"{label}: {', '.join(_change(*item) for item in changes.items())}")

    def removed(self, label: str) -> None:
        """Something that is gone."""
        self._add("removed", label)

    def summary(self) -> str:
        """How it ended, in one line."""
        if not self.lines:
            return "nothing to change"
        kinds = [kind for kind in ("created", "changed", "removed") if self.counts[kind]]
        return ", ".join(f"{self.counts[kind]} {kind}" for kind in kinds)

    def _add(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        self.lines.append(f"{kind} {what}")


def _change(name: str, values: tuple[object, object]) -> str:
    before, after = values
    if after is SECRET:
        return name
    return f"{name} {shown(before)} -> {shown(after)}"


def shown(value: object) -> str:
    """A value on one line."""
    if value is None or value == "":
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        value = f"[{', '.join(str(item) for item in value)}]"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
