"""Picklists made by criteria: for a carrier, before a cut-off, for a zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from fulfillment.choices import PicklistKind
from fulfillment.models import FulfillmentTask, Picklist, PicklistEntry
from fulfillment.models.tasks import TaskQuerySet
from fulfillment.services.dock import scenes
from fulfillment.services.dock.picklists import PicklistDraft, create_picklist, why_not
from fulfillment.services.dock.scenes import GATHERABLE, Wanted
from oms.kernel import errors
from oms.kernel.actors import Actor
from oms.kernel.contention import retried
from oms.orders.models import Hold

MOST = 100  # tasks a wave has, unless told otherwise


class NothingToPick(errors.Conflict):
    """No task of the point fits the wave."""

    code = "nothing_to_pick"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveDraft:
    """Which waiting tasks of a point to pick together; what is empty does not matter.

    `ship_by` takes orders that are to leave by then, `postcodes` those whose postcode begins with
    one of these. Of more than `most` tasks, the most urgent are taken.
    """

    point_id: int
    channel_id: int | None = None
    carrier: str = ""
    ship_by: datetime | None = None
    postcodes: tuple[str, ...] = ()
    most: int = MOST

    @property
    def criteria(self) -> Mapping[str, object]:
        said: dict[str, object] = {}
        if self.carrier:
            said["carrier"] = self.carrier
        if self.ship_by:
            said["ship_by"] = self.ship_by.isoformat()
        if self.postcodes:
            said["postcodes"] = list(self.postcodes)
        return said


@retried
@transaction.atomic
def plan_wave(*, draft: WaveDraft, actor: Actor, now: datetime) -> Picklist:
    """Make a picklist of the waiting tasks that fit, the most urgent ones first.

    What somebody else takes meanwhile is left to them; a second call takes what is left. Raises
    PointUnknown, NothingToPick.
    """
    scenes.get_point(point_id=draft.point_id, actor=actor)
    urgent = waiting_tasks(draft, actor=actor).order_by(
        F("order__ship_by_at").asc(nulls_last=True), "created_at", "pk"
    )
    chosen = list(urgent.values_list("pk", flat=True)[: draft.most])
    fit = _still_fit(draft, chosen, actor=actor) if chosen else []
    if not fit:
        raise NothingToPick("No task fits the wave")
    wave = PicklistDraft(
        point_id=draft.point_id,
        channel_id=draft.channel_id,
        task_ids=fit,
        kind=PicklistKind.WAVE,
        criteria=draft.criteria,
    )
    return create_picklist(draft=wave, actor=actor, now=now)


def waiting_tasks(draft: WaveDraft, *, actor: Actor) -> TaskQuerySet:
    """Tasks of the point that could be picked and fit, whatever `most` says."""
    held = Hold.objects.filter(order_id=OuterRef("order_id"), released_at__isnull=True)
    listed = PicklistEntry.objects.filter(task_id=OuterRef("pk"), is_active=True)
    waiting = FulfillmentTask.objects.visible_to(actor).filter(
        ~Exists(held), ~Exists(listed), point_id=draft.point_id, status__in=GATHERABLE
    )
    if draft.channel_id is not None:
        waiting = waiting.filter(channel_id=draft.channel_id)
    if draft.carrier:
        waiting = waiting.filter(carrier__iexact=draft.carrier)
    if draft.ship_by is not None:
        waiting = waiting.filter(order__ship_by_at__lte=draft.ship_by)
    if draft.postcodes:
        zones = (Q(order__postcode__istartswith=prefix) for prefix in draft.postcodes)
        waiting = waiting.filter(reduce(or_, zones))
    return waiting


def _still_fit(draft: WaveDraft, chosen: list[int], *, actor: Actor) -> list[int]:
    """Those of the tasks that are still waiting, now that their orders are locked."""
    wanted = Wanted(point_id=draft.point_id, channel_id=draft.channel_id, task_ids=chosen)
    scene = scenes.lock(wanted, actor=actor)
    listed = set(
        PicklistEntry.objects.filter(task__in=scene.tasks, is_active=True).values_list(
            "task_id", flat=True
        )
    )
    return [
        task.pk
        for task in scene.tasks
        if why_not(task, is_held=scene.is_held(task), is_listed=task.pk in listed) is None
    ]
