"""Changes of state, read from events: what an event says is the state after it, and the state
before it is what the last one said of the same subject (contract 6.4).

A first state is no change, nor is one that this language does not tell from the one before.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When

from fulfillment.choices import TaskStatus, TransferStatus
from fulfillment.models import FulfillmentTask, TransferOrder, TransitionRule
from oms.api.akinon import states
from oms.api.akinon.command_words import WORDS
from oms.api.akinon.package_reads import package_id, task_number
from oms.api.akinon.states import State
from oms.events.choices import SubjectType
from oms.events.models import Event, EventQuerySet
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.orders.choices import OrderStatus
from oms.orders.models import Order

KINDS: Mapping[int, SubjectType] = {
    states.PACKAGES: SubjectType.TASK,
    states.ORDERS: SubjectType.ORDER,
    states.TRANSFERS: SubjectType.TRANSFER,
}


class LogEntryNotFound(errors.NotFound):
    """No such change of state, or not this actor's."""

    code = "log_entry_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of state; `object_id` is what its subject is called on the wire."""

    event: Event
    object_id: int
    old: State
    new: State
    command: str | None = None
    """The command that made it, in this language, where one did."""

    @property
    def content_type(self) -> int:
        return self.new.content_type


def changes(*, actor: Actor) -> EventQuerySet:
    """Events that changed a state the actor may see, with `old_state` and `new_state` by id.

    An entry's id is the event's place in the feed, so what was not relayed yet is not listed yet.
    """
    earlier = Event.objects.filter(
        subject_type=OuterRef("subject_type"),
        subject_id=OuterRef("subject_id"),
        sequence__lt=OuterRef("sequence"),
    ).exclude(status="")
    before = earlier.order_by("-sequence").values("status")[:1]
    rows: EventQuerySet = (
        Event.objects.visible_to(actor)
        .filter(subject_type__in=KINDS.values(), position__isnull=False)
        .exclude(status="")
        .annotate(before=Subquery(before))
        .annotate(old_state=_state_of("before"), new_state=_state_of("status"))
        .filter(old_state__isnull=False, new_state__isnull=False)
        .exclude(old_state=F("new_state"))
    )
    return rows


def get(*, position: int, actor: Actor) -> Event:
    """One change. Raises LogEntryNotFound."""
    found = changes(actor=actor).filter(position=position).first()
    if found is None:
        raise LogEntryNotFound("No such change of state")
    return found


def shown(events: Sequence[Event]) -> list[Change]:
    """Events of `changes` with the numbers of their subjects, in four statements for all."""
    numbers = _numbers(events)
    asked = {event.data["rule"] for event in events if "rule" in event.data}
    rules = TransitionRule.objects.filter(public_number__in=asked)
    commands = dict(rules.values_list("public_number", "command"))
    return [
        Change(
            event=event,
            object_id=numbers[event.subject_type, event.subject_id],
            old=_STATES[_annotated(event, "old_state")],
            new=_STATES[_annotated(event, "new_state")],
            command=WORDS.get(commands.get(event.data.get("rule", 0), "")),
        )
        for event in events
    ]


def about(number: int) -> Q:
    """Events of the package, order or transfer of this id."""
    tasks = FulfillmentTask.objects.filter(number=task_number(number))
    orders = Order.objects.filter(number=number)
    transfers = TransferOrder.objects.filter(public_number=number)
    return (
        Q(subject_type=SubjectType.TASK, subject_id__in=tasks.values("pk"))
        | Q(subject_type=SubjectType.ORDER, subject_id__in=orders.values("pk"))
        | Q(subject_type=SubjectType.TRANSFER, subject_id__in=transfers.values("pk"))
    )


def with_state(column: str, *, values: Collection[str] = (), name: str = "") -> Q:
    """Changes from or to states of these values, or of this name."""
    meant = [state.id for state in states.EVERY if state.enum_value in values or state.name == name]
    return Q(**{f"{column}__in": meant})


_STATES: Mapping[int, State] = {state.id: state for state in states.EVERY}


def _state_of(column: str) -> Case:
    """The id of the state that a status of ours is, by the kind of its subject."""
    known: list[tuple[SubjectType, str, State]] = [
        *((SubjectType.TASK, word, states.package_state(word)) for word in TaskStatus.values),
        *(
            (SubjectType.ORDER, word, states.order_state(states.ORDER_OF[OrderStatus(word)]))
            for word in OrderStatus.values
        ),
        *(
            (SubjectType.TRANSFER, word, states.transfer_state(word))
            for word in TransferStatus.values
        ),
    ]
    whens = [
        When(Q(subject_type=kind, **{column: word}), then=Value(state.id))
        for kind, word, state in known
    ]
    return Case(*whens, default=None, output_field=IntegerField())


def _annotated(event: Event, name: str) -> int:
    number: int = getattr(event, name)
    return number


def _numbers(events: Iterable[Event]) -> dict[tuple[str, int], int]:
    keys: dict[str, set[int]] = {kind: set() for kind in KINDS.values()}
    for event in events:
        keys[event.subject_type].add(event.subject_id)
    tasks = FulfillmentTask.objects.filter(pk__in=keys[SubjectType.TASK])
    orders = Order.objects.filter(pk__in=keys[SubjectType.ORDER])
    transfers = TransferOrder.objects.filter(pk__in=keys[SubjectType.TRANSFER])
    return {
        **{
            (SubjectType.TASK, pk): package_id(number)
            for pk, number in tasks.values_list("pk", "number")
        },
        **{(SubjectType.ORDER, pk): number for pk, number in orders.values_list("pk", "number")},
        **{
            (SubjectType.TRANSFER, pk): number
            for pk, number in transfers.values_list("pk", "public_number")
        },
    }
