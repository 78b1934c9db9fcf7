"""How the state of a return follows from its units and its refund. No database, no clock."""

from collections.abc import Iterable

from oms.kernel import errors
from returns.choices import RefundDecision, ReturnStatus, UnitStatus

S, U = ReturnStatus, UnitStatus

TRANSITIONS: dict[ReturnStatus, frozenset[ReturnStatus]] = {
    S.EXPECTED: frozenset({S.RECEIVED, S.CANCELLED}),
    S.RECEIVED: frozenset({S.INSPECTED}),
    S.INSPECTED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
    S.CANCELLED: frozenset(),
}
UNIT_TRANSITIONS: dict[UnitStatus, frozenset[UnitStatus]] = {
    U.EXPECTED: frozenset({U.RECEIVED, U.CANCELLED}),
    U.RECEIVED: frozenset({U.INSPECTED}),
    U.INSPECTED: frozenset(),
    U.CANCELLED: frozenset(),
}
ARRIVED = frozenset({U.RECEIVED, U.INSPECTED})
ENDED = frozenset({S.CLOSED, S.CANCELLED})


class ReturnTransitionRefused(errors.Conflict):
    """A return in this state cannot become what is asked for."""

    code = "return_transition_refused"


class UnitTransitionRefused(errors.Conflict):
    """A unit in this state cannot become what is asked for."""

    code = "return_unit_transition_refused"


def check(*, source: str, target: ReturnStatus) -> None:
    """Raises ReturnTransitionRefused."""
    if target not in TRANSITIONS[S(source)]:
        raise ReturnTransitionRefused(
            f"A return that is {S(source).label.lower()} cannot become {target.label.lower()}",
            current=source,
            allowed=sorted(TRANSITIONS[S(source)]),
        )


def check_unit(*, source: str, target: UnitStatus) -> None:
    """Raises UnitTransitionRefused."""
    if target not in UNIT_TRANSITIONS[U(source)]:
        raise UnitTransitionRefused(
            f"A unit that is {U(source).label.lower()} cannot become {target.label.lower()}",
            current=source,
            allowed=sorted(UNIT_TRANSITIONS[U(source)]),
        )


def inspection_status(units: Iterable[str]) -> ReturnStatus:
    """How far a return has come, by the states of its units; whether it is closed comes later.

    It is received once anything of it arrived, and inspected when every unit that was not
    cancelled has a result.
    """
    live = {U(unit) for unit in units} - {U.CANCELLED}
    if not live:
        return S.CANCELLED
    if live == {U.INSPECTED}:
        return S.INSPECTED
    return S.RECEIVED if live & ARRIVED else S.EXPECTED


def return_status(units: Iterable[str], *, refund: str) -> ReturnStatus:
    """The state of a return: closed as soon as it is inspected and its refund is decided."""
    reached = inspection_status(units)
    is_decided = refund != RefundDecision.PENDING
    return S.CLOSED if reached == S.INSPECTED and is_decided else reached
