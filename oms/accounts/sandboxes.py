"""Test organizations, whose clock can be moved ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from oms.accounts import clocks
from oms.accounts.models import Organization
from oms.kernel import errors
from oms.kernel.actors import Actor

LONGEST_MOVE = timedelta(days=366)
FURTHEST_AHEAD = timedelta(days=3660)


class NotASandbox(errors.Forbidden):
    """The organization is no test organization."""

    code = "not_a_sandbox"


class SandboxIsShared(errors.Forbidden):
    """A machine of one channel or point would act for all of the organization."""

    code = "sandbox_is_shared"


class ClockGoesForward(errors.InvalidInput):
    """A clock is moved ahead, never back."""

    code = "clock_goes_forward"


class MovedTooFar(errors.InvalidInput):
    """More than LONGEST_MOVE at a time, or more than FURTHEST_AHEAD of the real time."""

    code = "moved_too_far"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMove:
    """By how much a clock is moved, or to what time; one of the two."""

    by: timedelta | None = None
    to: datetime | None = None


def get_sandbox(*, organization_id: int, actor: Actor) -> Organization:
    """A test organization, for those who act for all of it. Raises NotASandbox, SandboxIsShared."""
    organization = Organization.objects.get(pk=organization_id)
    _check(organization, actor)
    return organization


@transaction.atomic
def move_clock(*, organization_id: int, move: ClockMove, actor: Actor, now: datetime) -> timedelta:
    """Move a test organization's clock ahead. Returns how far ahead it is then.

    `now` is the real time. What comes due by it is left to the sweeps. Raises NotASandbox,
    SandboxIsShared, ClockGoesForward, MovedTooFar.
    """
    locked = Organization.objects.select_for_update(no_key=True)
    organization = locked.get(pk=organization_id)
    _check(organization, actor)
    before: timedelta = organization.clock_offset
    by = move.to - now - before if move.to is not None else move.by or timedelta()
    _check_move(by, before=before, is_by_time=move.to is not None)
    organization.clock_offset = after = before + by
    organization.save(update_fields=["clock_offset", "updated_at"])
    clocks.forget()
    return after


def _check_move(by: timedelta, *, before: timedelta, is_by_time: bool) -> None:
    if by <= timedelta():
        raise ClockGoesForward("A clock is moved ahead only", is_by_time=is_by_time)
    if by > LONGEST_MOVE:
        told = f"A clock is moved by at most {LONGEST_MOVE.days} days at a time"
        raise MovedTooFar(told, is_by_time=is_by_time)
    if before + by > FURTHEST_AHEAD:
        told = f"A clock is at most {FURTHEST_AHEAD.days} days ahead"
        raise MovedTooFar(told, is_by_time=is_by_time)


def _check(organization: Organization, actor: Actor) -> None:
    if not organization.is_test or actor.organization_id not in {None, organization.pk}:
        raise NotASandbox("This is no test organization.")
    if actor.channel_ids is not None or actor.point_ids is not None:
        raise SandboxIsShared("This is for clients of the whole organization.")
