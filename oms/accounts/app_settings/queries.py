"""Reads of application settings. Values are shown with masks; only `value_of` has the secrets."""

from typing import Any

import msgspec
from django.db.models import QuerySet

from oms.accounts.app_settings import kinds, secrets
from oms.accounts.models import ApplicationSetting, ApplicationSettingQuerySet, SettingChange
from oms.kernel import errors, sealed
from oms.kernel.actors import Actor


class SettingNotFound(errors.NotFound):
    """No such setting, or not this actor's organization's."""

    code = "setting_not_found"


def settings_feed(*, actor: Actor) -> ApplicationSettingQuerySet:
    """The settings the actor may see, by key."""
    return ApplicationSetting.objects.visible_to(actor).order_by("key", "number")


def setting_by_number(*, actor: Actor, number: int) -> ApplicationSetting:
    """One setting. Raises SettingNotFound."""
    found = settings_feed(actor=actor).filter(number=number).first()
    if found is None:
        raise SettingNotFound("No such setting")
    return found


def setting_by_key(*, organization_id: int, key: str) -> ApplicationSetting | None:
    """One setting of an organization; None while it is not set."""
    return ApplicationSetting.objects.filter(organization_id=organization_id, key=key).first()


def is_set(*, organization_id: int, key: str) -> bool:
    """Whether somebody set it."""
    return ApplicationSetting.objects.filter(organization_id=organization_id, key=key).exists()


def value_of(*, organization_id: int, key: str) -> Any:
    """The whole value with its secrets, for those who work with it; the default while not set.

    Never show or log it.
    """
    row = setting_by_key(organization_id=organization_id, key=key)
    if row is None:
        kind = kinds.kind_of(key)
        return None if kind is None else kind.default
    return secrets.joined(row.value, kinds.schema_of(key), opened(row))


def changes_feed(*, organization_id: int, key: str) -> QuerySet[SettingChange]:
    """What a setting was, newest first, also after it was removed."""
    changes = SettingChange.objects.filter(organization_id=organization_id, key=key)
    return changes.order_by("-version")


def change_of(*, organization_id: int, key: str, version: int) -> SettingChange:
    """What a setting was at a version. Raises SettingNotFound."""
    found = changes_feed(organization_id=organization_id, key=key).filter(version=version).first()
    if found is None:
        raise SettingNotFound("No such version of the setting")
    return found


def opened(row: ApplicationSetting | SettingChange) -> secrets.Secrets:
    """The secrets of a row by their places; raises crypto.SealBroken."""
    text = sealed.read(row, "secrets")
    found: secrets.Secrets = msgspec.json.decode(text) if text else {}
    return found
