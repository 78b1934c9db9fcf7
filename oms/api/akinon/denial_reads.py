"""Reasons to refuse packages, and which of them a list has (contract 9.5)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from fulfillment.models import DenialReason
from oms.api.akinon import filtering
from oms.api.akinon.filtering import Filter
from oms.api.akinon.rendering.values import stamp, text_or_none
from oms.kernel import errors
from oms.kernel.actors import Actor


class DenialReasonNotFound(errors.NotFound):
    """No such reason, or not this actor's."""

    code = "denial_reason_not_found"


def feed(*, actor: Actor) -> "QuerySet[DenialReason]":
    """The reasons of the actor's organization."""
    rows = DenialReason.objects.all()
    if actor.organization_id is None:
        return rows
    return rows.filter(organization_id=actor.organization_id)


def get(*, number: int, actor: Actor) -> DenialReason:
    """One reason. Raises DenialReasonNotFound, also for somebody else's."""
    found = feed(actor=actor).filter(public_number=number).first()
    if found is None:
        raise DenialReasonNotFound("No such denial reason", denial_reason=number)
    return found


def shown(reason: DenialReason) -> dict[str, Any]:
    """A reason as it is answered."""
    return {
        "id": reason.public_number,
        "title": reason.title,
        "remote_id": text_or_none(reason.remote_id),
        "priority": reason.priority,
        "is_active": reason.is_active,
        "created_date": stamp(reason.created_at),
        "modified_date": stamp(reason.changed_at),
    }


FILTERS: Mapping[str, Filter] = {
    "is_active": filtering.of_flag("is_active"),
    "title": filtering.of_text("title__icontains"),
    "title__exact": filtering.of_text("title"),
    "priority": filtering.of_whole("priority"),
    "remote_id": filtering.of_text("remote_id"),
}
SORTS: Mapping[str, str] = {"id": "public_number", "title": "title", "priority": "priority"}
