"""What a check is, and how it ends."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

World = TypeVar("World")


class Verdict(enum.StrEnum):
    """The third column of the table."""

    PASS = "PASS"  # noqa: S105 a verdict, not a password
    FAIL = "FAIL"
    SKIPPED = "SKIPPED"


class Broken(Exception):
    """The installation does not keep the contract; the text says where."""


class NotApplicable(Exception):
    """The check cannot be made here; the text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    section: str
    what: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Check(Generic[World]):
    """One promise of the contract, and how to see whether it is kept."""

    section: str
    what: str
    run: Callable[[World], None]

    def line(self, world: World) -> Line:
        """Make the check."""
        try:
            self.run(world)
        except NotApplicable as exc:
            return Line(self.section, self.what, Verdict.SKIPPED, str(exc))
        except Broken as exc:
            return Line(self.section, self.what, Verdict.FAIL, str(exc))
        except (KeyError, IndexError, TypeError, ValueError) as exc:
            # An answer so unlike the contract's that the check stumbled over it.
            reason = f"unexpected answer: {type(exc).__name__} {exc}"
            return Line(self.section, self.what, Verdict.FAIL, reason)
        except OSError as exc:
            return Line(self.section, self.what, Verdict.FAIL, f"no answer: {exc}")
        return Line(self.section, self.what, Verdict.PASS)


@dataclass(slots=True)
class Chapter(Generic[World]):
    """Checks in the order in which they are made."""

    checks: list[Check[World]] = field(default_factory=list)

    def check(
        self, section: str, what: str
    ) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
        """Decorate a function that raises Broken or NotApplicable, or returns."""

        def add(run: Callable[[World], None]) -> Callable[[World], None]:
            self.checks.append(Check(section, what, run))
            return run

        return add

    def lines(self, world: World) -> Iterator[Line]:
        """Make all checks, one after the other."""
        for check in self.checks:
            yield check.line(world)


def expect(is_kept: object, otherwise: str) -> None:
    """Raise Broken unless the promise is kept."""
    if not is_kept:
        raise Broken(otherwise)


def expect_equal(found: object, wanted: object, what: str) -> None:
    """Raise Broken unless both are the same."""
    if found != wanted:
        raise Broken(f"{what}: {found!r} instead of {wanted!r}")
