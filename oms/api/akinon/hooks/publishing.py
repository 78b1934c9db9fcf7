"""Telling a hook of something by hand (contract 3.4)."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db import transaction

from fulfillment.models import FulfillmentTask, TransferOrder
from oms.accounts.queries import MachineIdentity
from oms.api.akinon.hooks.inputs import Publication
from oms.api.akinon.hooks.reading import Hook, get_hook
from oms.api.akinon.hooks.words import WORDS, About
from oms.api.akinon.package_reads import task_number
from oms.events import outbox
from oms.events.choices import EventType, SubjectType
from oms.events.outbox import Fact
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict, NotFound
from oms.locations.models import FulfillmentPoint
from oms.orders import services as orders
from oms.orders.models import Order


class InstanceNotFound(NotFound):
    """There is no such object, or it is somebody else's."""

    code = "not_found"


class InstanceUnfit(Conflict):
    """The hook's event type is about another kind of object."""

    code = "hook_100_3"


class HookInactive(Conflict):
    """It is told nothing while it is not active."""

    code = "hook_100_4"


def publish(*, asked: Publication, machine: MachineIdentity, now: dt.datetime) -> None:
    """Have a hook told of an object as it is now, in its turn among that object's news.

    Raises HookNotFound, HookInactive, InstanceUnfit, InstanceNotFound.
    """
    hook = get_hook(machine, asked.hook)
    if not hook.is_active:
        raise HookInactive("The hook is not active")
    about = _MODELS.get(asked.model)
    if about is None or WORDS[hook.word].about not in about[0]:
        raise InstanceUnfit("The hook's event type is about another kind of object")
    with transaction.atomic():
        fact = about[1](asked.number, machine.actor, hook)
        outbox.record([fact], actor=machine.actor, now=now)


def _package(number: int, actor: Actor, hook: Hook) -> Fact:
    rows = FulfillmentTask.objects.visible_to(actor)
    row = rows.filter(number=task_number(number)).first()
    if row is None:
        raise InstanceNotFound("Not found.")
    orders.lock_order(order_id=row.order_id)
    return Fact(
        organization_id=row.organization_id,
        type=EventType.NEWS_PUBLISHED,
        subject_type=SubjectType.TASK,
        subject_id=row.pk,
        order_ref=row.order_id,
        channel_id=row.channel_id,
        point_id=row.point_id,
        status=FulfillmentTask.objects.values_list("status", flat=True).get(pk=row.pk),
        data=_named(hook),
    )


def _order(number: int, actor: Actor, hook: Hook) -> Fact:
    row = Order.objects.visible_to(actor).filter(number=number).first()
    if row is None:
        raise InstanceNotFound("Not found.")
    locked = orders.lock_order(order_id=row.pk)
    return Fact(
        organization_id=locked.organization_id,
        type=EventType.NEWS_PUBLISHED,
        subject_type=SubjectType.ORDER,
        subject_id=locked.pk,
        order_ref=locked.pk,
        channel_id=locked.channel_id,
        status=locked.status,
        data=_named(hook),
    )


def _transfer(number: int, actor: Actor, hook: Hook) -> Fact:
    rows = TransferOrder.objects.visible_to(actor).select_related("task")
    row = rows.filter(public_number=number).first()
    if row is None:
        raise InstanceNotFound("Not found.")
    orders.lock_order(order_id=row.task.order_id)
    return Fact(
        organization_id=row.organization_id,
        type=EventType.NEWS_PUBLISHED,
        subject_type=SubjectType.TRANSFER,
        subject_id=row.pk,
        order_ref=row.task.order_id,
        channel_id=row.task.channel_id,
        point_id=row.source_id,
        status=TransferOrder.objects.values_list("status", flat=True).get(pk=row.pk),
        data=_named(hook),
    )


def _location(number: int, actor: Actor, hook: Hook) -> Fact:
    rows = FulfillmentPoint.objects.visible_to(actor).select_for_update(of=("self",))
    row = rows.filter(number=number).first()
    if row is None:
        raise InstanceNotFound("Not found.")
    return Fact(
        organization_id=row.organization_id,
        type=EventType.NEWS_PUBLISHED,
        subject_type=SubjectType.POINT,
        subject_id=row.pk,
        point_id=row.pk,
        data=_named(hook),
    )


def _named(hook: Hook) -> Mapping[str, object]:
    return {"endpoint": str(hook.endpoint.public_id), "word": hook.word}


_Maker = Callable[[int, Actor, Hook], Fact]
_OF_PACKAGES = frozenset({About.PACKAGE, About.SHIPMENT})
_MODELS: Mapping[str, tuple[frozenset[About], _Maker]] = {
    "package": (_OF_PACKAGES, _package),
    "order": (frozenset({About.ORDER}), _order),
    "transferorder": (frozenset({About.TRANSFER, About.SHIPMENT}), _transfer),
    "transfer": (frozenset({About.TRANSFER, About.SHIPMENT}), _transfer),
    "stocklocation": (frozenset({About.LOCATION}), _location),
    "stock_location": (frozenset({About.LOCATION}), _location),
}
