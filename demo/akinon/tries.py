"""What came of trying commands, beside what the contract says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from demo.akinon.api import NO_CONTENT

REFUSED = range(400, 407)


@dataclass(frozen=True, slots=True)
class Try:
    """One command from one state: what was expected, and what came of it."""

    state: str
    slug: str
    expected: frozenset[str]
    status: int
    after: str
    said: str = ""

    @property
    def was_allowed(self) -> bool:
        return self.status == NO_CONTENT

    @property
    def surprise(self) -> str:
        """What is wrong about it, or nothing."""
        if self.expected and not self.was_allowed:
            return f"refused with {self.status} {self.said[:160]}"
        if self.expected and self.after not in self.expected:
            return f"went to {self.after}, expected {sorted(self.expected)}"
        if not self.expected and self.status not in REFUSED:
            return f"answered {self.status} {self.said[:160]}, a refusal was expected"
        if not self.expected and self.after != self.state:
            return f"was refused, yet is in {self.after}"
        return ""

    @property
    def cell(self) -> str:
        if self.surprise:
            return "!" + (self.after if self.was_allowed else str(self.status))
        return self.after if self.was_allowed else "·"


def surprises(tries: Iterable[Try]) -> list[str]:
    return [f"{each.slug} from {each.state}: {each.surprise}" for each in tries if each.surprise]


def drawn(title: str, states: Sequence[str], tries: Sequence[Try]) -> str:
    """Commands down, states across: where it went, a dot for a refusal, `!` for a surprise."""
    cells = {(each.slug, each.state): each.cell for each in tries}
    slugs = list(dict.fromkeys(each.slug for each in tries))
    left = max((len(slug) for slug in slugs), default=0)
    widths = [max(5, len(state)) for state in states]

    def line(first: str, words: Sequence[str]) -> str:
        shown = [f"{word:>{width}}" for word, width in zip(words, widths, strict=True)]
        return f"{first:<{left}}  " + " ".join(shown)

    rows = [line(slug, [cells.get((slug, state), "") for state in states]) for slug in slugs]
    return "\n".join([title, line("", list(states)), *rows])
