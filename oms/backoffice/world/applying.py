"""Applying world files: one transaction, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DataError, IntegrityError, transaction

from oms.backoffice.models import WorldApplication
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import Plan
from oms.backoffice.world.reading import World, read_world
from oms.backoffice.world.sections import (
    bundles,
    channels,
    clients,
    endpoints,
    listings,
    organizations,
    points,
    scenarios,
    sellers,
    settings,
    skus,
    stock,
    users,
)
from oms.kernel import sql
from oms.kernel.actors import Actor

ACTOR = Actor(kind="world", ref="apply")
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('oms.world'))"


@dataclass(frozen=True, slots=True)
class Applied:
    """The changes of an application, one line each, and how it ended."""

    lines: tuple[str, ...]
    summary: str


def apply_world(
    *, paths: Sequence[Path], now: datetime, dry_run: bool = False, unless_applied: bool = False
) -> Applied:
    """Make the configuration be what the files say, or change nothing. Raises WorldRefused.

    A dry run does the same and rolls back. `unless_applied` skips files that are, byte for byte,
    the ones applied last. Afterwards endpoints whose URLs have to answer a ping are asked, those
    that did not answer the last time again; they do not undo anything.
    """
    world = read_world(paths)
    if unless_applied and _was_last(world):
        return Applied((), "applied before" + _unverified(world, now=now))
    plan = Plan()
    endpoints.check_urls(world)
    with transaction.atomic():
        _write(world, plan, now=now)
        if not dry_run:
            _remember(world, plan, now=now)
        transaction.set_rollback(dry_run)
    asked = "" if dry_run else _unverified(world, now=now)
    return Applied(tuple(plan.lines), plan.summary() + asked)


def _unverified(world: World, *, now: datetime) -> str:
    """Which endpoints of the files do not answer; news for them waits."""
    names = list(endpoints.verify(world, actor=ACTOR, now=now))
    return f"; unverified: {', '.join(names)}" if names else ""


def _write(world: World, plan: Plan, *, now: datetime) -> None:
    if sql.rows(_LOCK, {}) != [(True,)]:
        raise WorldRefused(world.files[0], "another application of world files is running")
    try:
        _apply_sections(world, plan, now=now)
    except (IntegrityError, DataError) as exc:
        # What the sections do not check themselves: a value another row has, or one that does
        # not fit. PostgreSQL names the rule and the value.
        detail = " ".join(str(exc).split())
        raise WorldRefused(", ".join(world.files), f"the database refuses it: {detail}") from exc


def _apply_sections(world: World, plan: Plan, *, now: datetime) -> None:
    """Whatever others refer to comes first; removals go the other way round, at the end."""
    directory = Directory()
    organizations.apply(world, directory, plan)
    points.apply(world, directory, plan, actor=ACTOR, now=now)
    channels.apply(world, directory, plan)
    sellers.apply(world, directory, plan)
    skus.apply(world, directory, plan)
    bundles.apply(world, directory, plan)
    listings.apply(world, directory, plan)
    clients.apply(world, directory, plan, now=now)
    endpoints.apply(world, directory, plan, actor=ACTOR, now=now)
    scenarios.apply(world, directory, plan, actor=ACTOR, now=now)
    settings.apply(world, directory, plan, actor=ACTOR, now=now)
    users.apply(world, directory, plan)
    stock.apply(world, directory, plan, actor=ACTOR, now=now)
    for section in (
        users, scenarios, clients, listings, bundles, skus, sellers, channels, points,
        organizations,
    ):  # fmt: skip
        section.remove_absent(world, directory, plan)


def _was_last(world: World) -> bool:
    last = WorldApplication.objects.order_by("-pk").first()
    return last is not None and last.digest == world.digest


def _remember(world: World, plan: Plan, *, now: datetime) -> None:
    if plan.lines or not _was_last(world):
        WorldApplication.objects.create(
            digest=world.digest,
            files="\n".join(world.files),
            changes=len(plan.lines),
            applied_at=now,
        )
