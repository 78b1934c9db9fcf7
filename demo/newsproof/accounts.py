"""Whether everything arrived, and why some of it twice. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]
"""Path of the endpoint and id of the message."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message as it arrived."""

    at: float
    """Unix seconds."""
    path: str
    message_id: str
    is_genuine: bool = True

    @property
    def key(self) -> Key:
        return self.path, self.message_id


@dataclass(frozen=True, slots=True)
class Tried:
    """What was recorded of a delivery's tries."""

    tries: int
    unfinished: int = 0
    """Of them, those that failed or came back after their lease: each is followed by another."""


@dataclass(slots=True)
class Account:
    """Sent against received."""

    expected: int = 0
    receipts: int = 0
    lost: list[Key] = field(default_factory=list)
    unknown: list[Key] = field(default_factory=list)
    forged: int = 0
    duplicates: int = 0
    cut: int = 0
    """Duplicates of tries that arrived and were never recorded: their worker was killed."""
    repeated: int = 0
    """Duplicates of tries that were recorded as failed or late."""
    longest_gap: float = 0.0
    """Seconds between two arrivals of one message."""

    @property
    def unexplained(self) -> int:
        return self.duplicates - self.cut - self.repeated

    def problems(self, *, most_cut: int) -> list[str]:
        """One sentence per contradiction. At most `most_cut` tries can have been cut by kills."""
        found = []
        if self.lost:
            found.append(f"{len(self.lost)} messages are lost, first: {self.lost[:3]}")
        if self.unknown:
            found.append(f"{len(self.unknown)} messages nobody sent, first: {self.unknown[:3]}")
        if self.forged:
            found.append(f"{self.forged} messages whose signature is wrong")
        if self.unexplained:
            found.append(f"{self.unexplained} duplicates without a reason")
        if self.cut > most_cut:
            found.append(f"{self.cut} tries cut, but the kills explain {most_cut} at most")
        return found


def account(
    expected: Collection[Key], receipts: Iterable[Receipt], tried: Mapping[Key, Tried]
) -> Account:
    """Compare what had to arrive with what did, and duplicates with the tries on record."""
    found = Account(expected=len(expected))
    copies: Counter[Key] = Counter()
    last: dict[Key, float] = {}
    for receipt in receipts:
        found.forged += not receipt.is_genuine
        copies[receipt.key] += 1
        gap = receipt.at - last.get(receipt.key, receipt.at)
        found.longest_gap = max(found.longest_gap, gap)
        last[receipt.key] = receipt.at
    found.receipts = copies.total()
    found.lost = sorted(set(expected) - copies.keys())
    found.unknown = sorted(copies.keys() - set(expected))
    for key, count in copies.items():
        _explain(found, count, tried.get(key, Tried(0)))
    return found


def _explain(found: Account, copies: int, tried: Tried) -> None:
    """A message that came n times has n - 1 duplicates.

    A try that is not on record was cut; a recorded one is followed by another only if it failed
    or came late.
    """
    duplicates = copies - 1
    cut = min(duplicates, max(0, copies - tried.tries))
    found.duplicates += duplicates
    found.cut += cut
    found.repeated += min(duplicates - cut, tried.unfinished)
