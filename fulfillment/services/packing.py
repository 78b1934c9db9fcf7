"""Packing a task into parcels."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from fulfillment.models import Parcel
from fulfillment.queries import TaskNotFound
from fulfillment.services.boxes import write_parcels
from fulfillment.services.packing_rules import (
    PackRequest,
    ParcelNumberTaken,
    check_carriers,
    check_form,
    check_lines,
    check_split,
    is_repeated,
    lines_of,
)
from fulfillment.services.settling import settle
from fulfillment.services.work import lock_task
from oms.kernel.actors import Actor
from oms.kernel.contention import retried


@retried
def pack_parcels(*, request: PackRequest, actor: Actor, now: datetime) -> list[Parcel]:
    """Pack all parcels of a call or none. Returns them, in the order of the call.

    A parcel number of the point with the same lines as before is a success without effect. A
    parcel planned with its task is the one that gets packed; any other asks for its label now,
    unless the point brings the carrier. The task is PACKED once every live line is in a box.

    Raises EmptyParcel, CarrierMissing, TaskNotFound, LineNotInTask, LineCancelled,
    LineAlreadyPacked, ParcelNumberTaken, SplitNotAllowed, TaskEnded.
    """
    check_form(request)
    try:
        with transaction.atomic():
            return _pack(request, actor=actor, now=now)
    except IntegrityError as error:
        if "fulfillment_parcel_point_no_uniq" in str(error):
            raise ParcelNumberTaken(
                "The parcel number is in use", task=request.task_number
            ) from error
        raise


def _pack(request: PackRequest, *, actor: Actor, now: datetime) -> list[Parcel]:
    work, task = lock_task(number=request.task_number, actor=actor)
    if request.order_external_id not in (None, work.order.external_id):
        raise TaskNotFound(f"No task {request.task_number} of that order")
    contents = {packed.point_parcel_no: lines_of(packed, task) for packed in request.parcels}
    fresh = [packed for packed in request.parcels if not is_repeated(packed, task, contents)]
    if not fresh:
        return _in_order(request, [])
    check_carriers(fresh, task)
    check_lines(contents, fresh, task)
    check_split(fresh, task)
    parcels, said = write_parcels(work, task, fresh, contents, now=now)
    settle(work, said=said, actor=actor, now=now, cause=task.number)
    return _in_order(request, parcels)


def _in_order(request: PackRequest, parcels: Sequence[Parcel]) -> list[Parcel]:
    """The parcels of the call, packed now or before."""
    by_number = {parcel.point_parcel_no: parcel for parcel in parcels}
    wanted = [packed.point_parcel_no for packed in request.parcels]
    if missing := [number for number in wanted if number not in by_number]:
        before = Parcel.objects.filter(
            task__number=request.task_number, point_parcel_no__in=missing
        )
        by_number |= {parcel.point_parcel_no: parcel for parcel in before}
    return [by_number[number] for number in wanted]
