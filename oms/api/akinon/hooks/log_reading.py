"""Reads of what hooks were told (contract 2.1)."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict

from fulfillment.models import FulfillmentTask, TransferOrder
from oms.accounts.queries import MachineIdentity
from oms.api.akinon import filtering, states
from oms.api.akinon.filtering import Filter, Unreadable
from oms.api.akinon.hooks import numbers
from oms.api.akinon.hooks.reading import HookNotFound, endpoints_of
from oms.api.akinon.hooks.words import WORDS, possible_events, stored
from oms.api.akinon.package_reads import package_id, task_number
from oms.events.choices import DeliveryState, SubjectType
from oms.events.models import Delivery, DeliveryAttempt
from oms.orders.models import Order

NO_ANSWER = 500  # what no answer at all is recorded as
LOCATIONS = 30  # the kind of objects without a state, as `content_type` tells it
KINDS: Mapping[str, int] = {
    SubjectType.ORDER: states.ORDERS,
    SubjectType.TASK: states.PACKAGES,
    SubjectType.TRANSFER: states.TRANSFERS,
    SubjectType.POINT: LOCATIONS,
}


def log(machine: MachineIdentity, query: QueryDict) -> "QuerySet[Delivery]":
    """What hooks were told or are to be told, that fits the filters; in no order yet.

    What an event had nothing to say of is left out.
    """
    tried = DeliveryAttempt.objects.order_by("-number", "-pk")
    rows = (
        Delivery.objects.filter(endpoint__in=endpoints_of(machine))
        .exclude(state=DeliveryState.SKIPPED)
        .select_related("event", "endpoint", "body")
        .prefetch_related(Prefetch("tried", queryset=tried))
    )
    return filtering.filtered(rows, query, FILTERS)


def get_logged(machine: MachineIdentity, number: int) -> Delivery:
    """One entry of the log by its id. Raises HookNotFound."""
    key = numbers.delivery_of(number)
    found = log(machine, QueryDict()).filter(pk=key).first() if key else None
    if found is None:
        raise HookNotFound("Not found.")
    return found


def told_as(machine: MachineIdentity, uuid: str) -> list[Delivery]:
    """Everything that was told under a message's uuid. Raises HookNotFound, Unreadable."""
    found = list(log(machine, QueryDict()).filter(_by_uuid(uuid)).order_by("pk"))
    if not found:
        raise HookNotFound("Not found.")
    return found


def object_ids(rows: "list[Delivery]") -> dict[int, int]:
    """The public number of what each delivery is about, by its key; a query for each kind."""
    keys: dict[str, set[int]] = {}
    for row in rows:
        keys.setdefault(row.subject_type, set()).add(row.subject_id)
    numbers_of: dict[str, dict[int, int]] = {
        SubjectType.TASK: {
            pk: package_id(number)
            for pk, number in FulfillmentTask.objects.filter(
                pk__in=keys.get(SubjectType.TASK, ())
            ).values_list("pk", "number")
        },
        SubjectType.ORDER: dict(
            Order.objects.filter(pk__in=keys.get(SubjectType.ORDER, ())).values_list("pk", "number")
        ),
        SubjectType.TRANSFER: dict(
            TransferOrder.objects.filter(pk__in=keys.get(SubjectType.TRANSFER, ())).values_list(
                "pk", "public_number"
            )
        ),
    }
    return {
        row.pk: numbers_of[row.subject_type][row.subject_id]
        for row in rows
        if row.subject_id in numbers_of.get(row.subject_type, {})
    }


def _by_word(text: str) -> Q:
    word = WORDS.get(stored(text))
    if word is None:
        return Q(pk__in=[])
    return Q(endpoint__words__contains=[stored(text)], event__type__in=sorted(word.tells_of))


def _by_delivered(text: str) -> Q:
    arrived = Q(state=DeliveryState.DELIVERED)
    return arrived if filtering.flag(text) else ~arrived


def _by_uuid(text: str) -> Q:
    try:
        return Q(event__public_id__in=possible_events(UUID(text)))
    except ValueError:
        raise Unreadable("Enter a valid UUID.") from None


def _by_status(text: str) -> Q:
    status = filtering.whole(text)
    said = Q(last_status=status)
    return said | Q(last_status=None, tries__gt=0) if status == NO_ANSWER else said


def _by_hook(text: str) -> Q:
    key = numbers.hook_of(filtering.whole(text))
    return Q(pk__in=[]) if key is None else Q(endpoint_id=key[0])


def _by_kind(text: str) -> Q:
    kind = filtering.whole(text)
    return Q(subject_type__in=[subject for subject, known in KINDS.items() if known == kind])


def _by_object(text: str) -> Q:
    number = filtering.whole(text)
    tasks = FulfillmentTask.objects.filter(number=task_number(number)).values("pk")
    orders = Order.objects.filter(number=number).values("pk")
    transfers = TransferOrder.objects.filter(public_number=number).values("pk")
    return (
        Q(subject_type=SubjectType.TASK, subject_id__in=tasks)
        | Q(subject_type=SubjectType.ORDER, subject_id__in=orders)
        | Q(subject_type=SubjectType.TRANSFER, subject_id__in=transfers)
    )


def _by_day(lookup: str) -> Filter:
    def ask(text: str) -> Q:
        day = filtering.moment(text).date()
        begin = dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
        end = begin + dt.timedelta(days=1)
        return {
            "": Q(created_at__gte=begin, created_at__lt=end),
            "__gt": Q(created_at__gte=end),
            "__gte": Q(created_at__gte=begin),
            "__lt": Q(created_at__lt=begin),
            "__lte": Q(created_at__lt=end),
        }[lookup]

    return ask


FILTERS: Mapping[str, Filter] = {
    "event_type": _by_word,
    "delivered": _by_delivered,
    "uuid": _by_uuid,
    "response_http_status": _by_status,
    "webhook": _by_hook,
    "content_type": _by_kind,
    "object_id": _by_object,
    **{f"created_date{look}": _by_day(look) for look in ("", "__gt", "__gte", "__lt", "__lte")},
}
