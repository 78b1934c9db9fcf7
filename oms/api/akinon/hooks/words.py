"""The event types of this language, and the events of the core they tell of (contract 3.1).

For every state of a package there is a word that fires when it is reached, beside the one that
fires for each change; transfers likewise. So one event of ours may be two words: a hook is for one
of them, and an endpoint may not be for two that tell of the same.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from fulfillment.choices import TaskStatus
from oms.api.akinon import states
from oms.events.choices import EventType as T
from oms.events.formats import UnknownWord
from oms.events.models import Event


class About(StrEnum):
    """What the payload of a word is."""

    PACKAGE = "package"
    SHIPMENT = "shipment"
    TRANSFER = "transfer"
    LOCATION = "stock_location"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One event type. `reaches` is the state of a package it tells of, empty for any.

    `echo` keeps the uuids of words apart that may tell of one event: receivers drop a uuid they
    have seen.
    """

    about: About
    tells_of: frozenset[T]
    fits: Callable[[Event], bool]
    reaches: str = ""
    echo: int = 0


def state_after(event: Event) -> states.State:
    """The state of a package after an event of its task."""
    is_wish = event.type == T.TASK_CANCEL_REQUESTED
    return states.package_state(event.status, is_cancel_wished=is_wish)


def _state_before(event: Event) -> str | None:
    if event.type == T.TASK_CANCEL_REQUESTED:
        return states.package_state(event.status).enum_value
    before = event.data.get("before")
    return None if before is None else states.PACKAGE_OF_TASK[TaskStatus(before)]


def _is_change(event: Event) -> bool:
    return _state_before(event) != state_after(event).enum_value


def _reached(value: str) -> Callable[[Event], bool]:
    def fits(event: Event) -> bool:
        return _is_change(event) and state_after(event).enum_value == value

    return fits


def _always(_event: Event) -> bool:
    return True


def _tracks(event: Event) -> bool:
    named = event.data.get("changed")
    return bool(event.data.get("tracking_number")) or (
        isinstance(named, list) and "tracking_number" in named
    )


# Which states of a package an event of its task may lead to.
_BACK = frozenset({"100", "150", "200", "300", "400", "500", "520"})
_MOVES: Mapping[T, frozenset[str]] = {
    T.TASK_REOPENED: _BACK,
    T.TASK_UNBLOCKED: _BACK,
    T.TASK_ACCEPTED: frozenset({"200"}),
    T.TASK_PICKING: frozenset({"200"}),
    T.TASK_PICKED: frozenset({"400"}),
    T.TASK_PACKED: frozenset({"500"}),
    T.TASK_READY_FOR_PICKUP: frozenset({"520"}),
    T.TASK_SHIPPED: frozenset({"600"}),
    T.TASK_ATTEMPTED: frozenset({"640"}),
    T.TASK_DELIVERED: frozenset({"650"}),
    T.TASK_DELIVERY_FAILED: frozenset({"660"}),
    T.TASK_RETURNED_TO_POINT: frozenset({"660"}),
    T.TASK_LOST: frozenset({"660"}),
    T.TASK_CANCEL_REQUESTED: frozenset({states.CANCELLATION_WAITING}),
    T.TASK_CANCELLED: frozenset({states.CANCELLED}),
    T.TASK_HOPPED: frozenset({states.CANCELLED}),
    T.TASK_NEEDS_REPLANNING: frozenset({"910"}),
    T.TASK_OUT_OF_STOCK: frozenset({"920"}),
    T.TASK_BLOCKED: frozenset({"1000"}),
    T.TASK_PACKED_FOR_REFUND: frozenset({"1100"}),
}
_TRANSFER_MOVES: Mapping[T, str] = {
    T.TRANSFER_READY: "ready_to_shipment",
    T.TRANSFER_DISPATCHED: "in_transit",
    T.TRANSFER_COMPLETED: "transferred",
    T.TRANSFER_CANCELLED: "cancelled",
}


def _word(about: About, *tells_of: T, echo: int = 0) -> Word:
    return Word(about=about, tells_of=frozenset(tells_of), fits=_always, echo=echo)


def _package_words() -> dict[str, Word]:
    reached = {
        f"package.status.{state.slug}": Word(
            about=About.PACKAGE,
            tells_of=frozenset(kind for kind, to in _MOVES.items() if value in to),
            fits=_reached(value),
            reaches=value,
        )
        for value, state in states.PACKAGE_STATES.items()
    }
    changed = Word(about=About.PACKAGE, tells_of=frozenset(_MOVES), fits=_is_change, echo=1)
    return {**reached, "package.status.transitioned": changed}


def _transfer_words() -> dict[str, Word]:
    reached = {
        f"transfer.status.{slug}": _word(About.TRANSFER, kind)
        for kind, slug in _TRANSFER_MOVES.items()
    }
    changed = _word(About.TRANSFER, *_TRANSFER_MOVES, echo=1)
    return {**reached, "transfer.status.transitioned": changed}


# In this order the ids of hooks are made: new words go to the end.
WORDS: Mapping[str, Word] = {
    "package.created": _word(About.PACKAGE, T.TASK_CREATED),
    **_package_words(),
    "package.refused": _word(About.PACKAGE, T.TASK_REFUSED),
    "package.shipment.awb_number": Word(
        about=About.PACKAGE,
        tells_of=frozenset(
            {T.LABEL_READY, T.LABEL_UPDATED, T.PARCEL_EDITED, T.TASK_SHIPMENT_CHANGED}
        ),
        fits=_tracks,
        echo=2,
    ),
    "shipment.created": _word(About.SHIPMENT, T.LABEL_READY, T.TRANSFER_READY, echo=3),
    "shipment.status.updated": _word(
        About.SHIPMENT,
        T.PARCEL_STATUS_CHANGED,
        T.TASK_SHIPMENT_CHANGED,
        T.TRANSFER_DISPATCHED,
        echo=4,
    ),
    "shipment.cancelled": _word(About.SHIPMENT, T.PARCEL_VOIDED, T.TRANSFER_CANCELLED, echo=5),
    "transfer.status.created": _word(About.TRANSFER, T.TRANSFER_CREATED),
    **_transfer_words(),
    "stock_location.created": _word(About.LOCATION, T.POINT_CREATED),
    "stock_location.updated": _word(About.LOCATION, T.POINT_UPDATED),
    "order.fulfillment.multiple_packages": _word(About.ORDER, T.ORDER_SPLIT),
}
PLACES: Mapping[str, int] = {name: place for place, name in enumerate(WORDS)}
_ECHOES = sorted({word.echo for word in WORDS.values()})


def stored(name: str) -> str:
    """A word as it is kept: hyphens are taken for dots."""
    return name.strip().replace("-", ".")


def types_of(words: Sequence[str]) -> frozenset[str]:
    """The events of the core behind the words of an endpoint. Raises UnknownWord."""
    if not words:
        raise UnknownWord("events: name at least one event type", field="event_type")
    for name in words:
        if name not in WORDS:
            raise UnknownWord(f'"{name}" is not a valid choice.', field="event_type")
    for one, other in combinations(words, 2):
        if one == other or _tell_of_the_same(WORDS[one], WORDS[other]):
            raise UnknownWord(
                f"events: `{one}` and `{other}` may tell of one fact; enter an endpoint for each",
                field="event_type",
            )
    told = frozenset(str(kind) for name in words for kind in WORDS[name].tells_of)
    return told | {str(T.NEWS_PUBLISHED)}


def word_for(event: Event, among: Collection[str]) -> str | None:
    """The one of these words that tells of an event; None when there is nothing to tell."""
    for name in among:
        word = WORDS.get(name)
        if word is not None and event.type in word.tells_of and word.fits(event):
            return name
    return None


def message_uuid(event: Event, name: str) -> UUID:
    """The event's own, or one that is made of it, where two words may tell of an event."""
    return UUID(int=event.public_id.int ^ WORDS[name].echo)


def possible_events(uuid: UUID) -> list[UUID]:
    """The public ids of events that a message with this uuid may tell of."""
    return [UUID(int=uuid.int ^ echo) for echo in _ECHOES]


def _tell_of_the_same(one: Word, other: Word) -> bool:
    is_apart = one.reaches and other.reaches and one.reaches != other.reaches
    return not is_apart and bool(one.tells_of & other.tells_of)
