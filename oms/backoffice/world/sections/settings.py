"""Application settings. A value that is set already is no change; a mask keeps its secret."""

from datetime import datetime

from oms.accounts import app_settings
from oms.accounts.app_settings import SettingInvalid, SettingNotFound
from oms.backoffice.world.directory import Directory
from oms.backoffice.world.places import WorldRefused
from oms.backoffice.world.plan import SECRET, Plan
from oms.backoffice.world.reading import World, refuse_repeats
from oms.backoffice.world.shapes import Record
from oms.kernel.actors import Actor

SECTION = "settings"


def apply(world: World, directory: Directory, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Set and unset keys. Raises WorldRefused for a value its schema does not allow."""
    entries = world.sections.get(SECTION, [])
    keyed = [((directory.organization(entry).pk, entry.text("key")), entry) for entry in entries]
    refuse_repeats(keyed)
    for (organization_id, key), entry in keyed:
        if entry.is_absent:
            _unset(organization_id, key, plan, actor=actor, now=now)
        else:
            _set(organization_id, key, entry, plan, actor=actor, now=now)


def _set(
    organization_id: int, key: str, entry: Record, plan: Plan, *, actor: Actor, now: datetime
) -> None:
    if "value" not in entry.values:
        raise WorldRefused(entry.at, "`value` is missing")
    before = app_settings.setting_by_key(organization_id=organization_id, key=key)
    try:
        after = app_settings.set_setting(
            organization_id=organization_id,
            key=key,
            value=entry.values["value"],
            actor=actor,
            now=now,
        )
    except SettingInvalid as refusal:
        raise WorldRefused(entry.at, str(refusal)) from refusal
    label = f"setting {key}"
    if before is None:
        plan.created(label)
    elif before.version != after.version:
        plan.changed(label, {"value": (SECRET, SECRET)})


def _unset(organization_id: int, key: str, plan: Plan, *, actor: Actor, now: datetime) -> None:
    try:
        app_settings.remove_setting(organization_id=organization_id, key=key, actor=actor, now=now)
    except SettingNotFound:
        return
    plan.removed(f"setting {key}")
