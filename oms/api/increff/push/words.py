"""The event types of this language, and the events of the core they tell of (contract 1.11).

Everything about a sub-order is an event of its task, and everything about a return one of the
return: each is sent in order (1.10), and that is per subject of an event.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fulfillment import lifecycle
from fulfillment.choices import TaskStatus
from oms.events.choices import EventType
from oms.events.formats import UnknownWord
from oms.events.models import Event
from returns.choices import ReturnStatus


class Family(StrEnum):
    """What a message is about: clients may have a URL for each."""

    ORDER = "order"
    RETURN = "return"


def _always(_event: Event) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One event type. `is_default`: on for endpoints that name none (contract 5a.3)."""

    family: Family
    tells_of: Collection[EventType]
    fits: Callable[[Event], bool] = _always
    is_default: bool = True


_NOT_LEFT = frozenset(TaskStatus) - lifecycle.TASK_LEFT
_TRAVEL = frozenset({"carrier_code", "tracking_number"})


def _left(event: Event) -> bool:
    """The task left its point with this event; facts of the road that come late may be first."""
    return event.data.get("before") in _NOT_LEFT


def _advanced(event: Event) -> bool:
    before = event.data.get("before")
    packed = lifecycle.TASK_RANK[TaskStatus.PACKED]
    return before is None or lifecycle.TASK_RANK[TaskStatus(before)] < packed


def _travels_otherwise(event: Event) -> bool:
    return bool(_TRAVEL & set(event.data.get("changed", ())))


def _lost_units(event: Event) -> bool:
    return "units" in event.data.get("changed", ())


def _is_processed(event: Event) -> bool:
    return event.status in {ReturnStatus.INSPECTED, ReturnStatus.CLOSED}


WORDS: Mapping[str, Word] = {
    "SUBORDER_CREATE": Word(family=Family.ORDER, tells_of={EventType.TASK_CREATED}),
    "SUBORDER_PARTIAL_CANCEL": Word(family=Family.ORDER, tells_of={EventType.TASK_LINES_CANCELLED}),
    "SUBORDER_CANCEL": Word(
        family=Family.ORDER, tells_of={EventType.TASK_CANCELLED, EventType.TASK_HOPPED}
    ),
    "SUBORDER_COMPLETE": Word(
        family=Family.ORDER,
        tells_of={
            EventType.TASK_SHIPPED,
            EventType.TASK_ATTEMPTED,
            EventType.TASK_DELIVERED,
            EventType.TASK_RETURNED_TO_POINT,
            EventType.TASK_LOST,
        },
        fits=_left,
    ),
    "SUBORDER_PROPERTIES_UPDATE": Word(
        family=Family.ORDER, tells_of={EventType.TASK_TERMS_CHANGED}
    ),
    "PACKED": Word(
        family=Family.ORDER, tells_of={EventType.TASK_PACKED}, fits=_advanced, is_default=False
    ),
    "RETURN_ORDER_CREATE": Word(family=Family.RETURN, tells_of={EventType.RETURN_EXPECTED}),
    "RETURN_ORDER_UPDATE": Word(
        family=Family.RETURN,
        tells_of={EventType.RETURN_EDITED},
        fits=_travels_otherwise,
        is_default=False,
    ),
    "RETURN_ORDER_CANCEL": Word(family=Family.RETURN, tells_of={EventType.RETURN_CANCELLED}),
    "RETURN_ORDER_PARTIAL_CANCEL": Word(
        family=Family.RETURN,
        tells_of={EventType.RETURN_EDITED},
        fits=_lost_units,
        is_default=False,
    ),
    "RETURN_ORDER_COMPLETE": Word(
        family=Family.RETURN,
        tells_of={EventType.RETURN_INSPECTED},
        fits=_is_processed,
        is_default=False,
    ),
}


def wanted(words: Collection[str]) -> frozenset[str]:
    """The event types an endpoint with these words hears of. Raises UnknownWord."""
    if unknown := sorted(set(words) - WORDS.keys()):
        raise UnknownWord(f"events: `{unknown[0]}` is no event type of this language")
    return frozenset(words) or frozenset(name for name, word in WORDS.items() if word.is_default)


def types_of(words: Collection[str]) -> frozenset[str]:
    """The events of the core behind them. Raises UnknownWord."""
    return frozenset(str(kind) for name in wanted(words) for kind in WORDS[name].tells_of)


def word_for(event: Event, among: Collection[str]) -> str | None:
    """The one of these event types that tells of an event; None when there is nothing to tell."""
    for name, word in WORDS.items():
        if name in among and event.type in word.tells_of and word.fits(event):
            return name
    return None
