"""The reasons points may give when they refuse a task."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from fulfillment.models import DenialReason
from oms.kernel import errors
from oms.kernel.actors import Actor


class TitleTaken(errors.InvalidInput):
    """The organization has a reason of this title."""

    code = "unique"


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialReasonDraft:
    """A reason as somebody asks for it; the lowest priority is shown first."""

    organization_id: int
    title: str
    remote_id: str = ""
    priority: int | None = None
    is_active: bool = True


def add_denial_reason(*, draft: DenialReasonDraft, actor: Actor, now: datetime) -> DenialReason:
    """A new reason. Raises TitleTaken, and Forbidden to another organization's actor."""
    if actor.organization_id not in (None, draft.organization_id):
        raise errors.Forbidden("This belongs to another organization")
    try:
        with transaction.atomic():
            reason = DenialReason.objects.create(
                organization_id=draft.organization_id,
                title=draft.title,
                remote_id=draft.remote_id,
                priority=draft.priority,
                is_active=draft.is_active,
                created_at=now,
                changed_at=now,
            )
    except IntegrityError as exc:
        raise TitleTaken("A denial reason with this title exists already.", field="title") from exc
    reason.refresh_from_db(fields=["public_number"])
    return reason
