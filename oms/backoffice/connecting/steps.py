"""One step of the set-up: whether it is done, what the database says of it, and where to go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Mode(TextChoices):
    """Where orders come from."""

    OMNITRON = "A", "Mode A: Omnitron only"
    SELLER_CENTER = "B", "Mode B: Seller Center"


class State(StrEnum):
    """How far a step is."""

    DONE = "done"
    MISSING = "missing"
    OPTIONAL = "optional"  # works as it is; may be changed
    UNKNOWN = "unknown"  # only the other side can tell


@dataclass(frozen=True, slots=True)
class Link:
    """Where a step is done."""

    label: str
    url: str
    permission: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the guide. `found` is what the database says, `advice` what to do."""

    name: str
    title: str
    state: State
    found: str
    advice: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Steps that belong together."""

    title: str
    steps: tuple[Step, ...]


def done_or_missing(is_done: object) -> State:
    """For steps without which nothing flows."""
    return State.DONE if is_done else State.MISSING


def listed(words: Iterable[str], *, most: int = 6) -> str:
    """Some words, and how many more."""
    every = list(words)
    shown = ", ".join(every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown


def counted(number: int, one: str, many: str = "") -> str:
    """`1 scenario`, `2 scenarios`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
