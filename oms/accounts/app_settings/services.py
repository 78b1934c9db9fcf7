"""Changing application settings. Every change is kept, with who made it and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from django.db import transaction

from oms.accounts.app_settings import kinds, secrets
from oms.accounts.app_settings.checking import problems_of
from oms.accounts.app_settings.queries import SettingNotFound, change_of, opened
from oms.accounts.models import ApplicationSetting, Organization, SettingChange
from oms.kernel import errors, sealed
from oms.kernel.actors import Actor

MOST_BYTES = 256 * 1024
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,127}")


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """What is wrong at one place of a value; the path of the whole is empty."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class SettingInvalid(errors.InvalidInput):
    """The key or the value cannot be meant this way; `problems` says what and where."""

    code = "setting_invalid"

    def __init__(self, problems: Mapping[str, str], *, field: str = "json_value") -> None:
        self.problems = tuple(SettingProblem(path, text) for path, text in problems.items())
        told = [str(problem) for problem in self.problems]
        super().__init__("; ".join(told), field=field, errors=told)


class SettingKeyTaken(errors.InvalidInput):
    """The organization has a setting of this key already."""

    code = "unique"


class SettingOutdated(errors.Conflict):
    """Somebody else changed the setting meanwhile."""

    code = "setting_outdated"


def create_setting(
    *, organization_id: int, key: str, value: Any, actor: Actor, now: datetime
) -> ApplicationSetting:
    """Set a key that is not set yet. Refuses as `set_setting`, and with SettingKeyTaken."""
    with transaction.atomic():
        _lock(organization_id, actor)
        if ApplicationSetting.objects.filter(organization_id=organization_id, key=key).exists():
            raise SettingKeyTaken("This key is set already.", field="key")
        return set_setting(
            organization_id=organization_id, key=key, value=value, actor=actor, now=now
        )


def set_setting(
    *,
    organization_id: int,
    key: str,
    value: Any,
    actor: Actor,
    now: datetime,
    expected_version: int | None = None,
) -> ApplicationSetting:
    """Make a setting have this value. A mask in place of a secret keeps the secret.

    Setting what is set already changes nothing. Refuses a value its schema does not allow
    (SettingInvalid), one that is based on an older version than there is (SettingOutdated), and
    another organization's (SettingNotFound).
    """
    if not _KEY.fullmatch(key):
        raise SettingInvalid({"": "Letters, digits, _, . and - only, a letter first."}, field="key")
    with transaction.atomic():
        _lock(organization_id, actor)
        row = _find(organization_id, key)
        if expected_version is not None and (row.version if row else 0) != expected_version:
            raise SettingOutdated("Somebody else changed this setting meanwhile.")
        known = opened(row) if row else {}
        masked, hidden = _checked(key, value, known)
        if row is not None and (row.value, known) == (masked, hidden):
            return row
        return _write(row, _Next(organization_id, key, masked, hidden), actor=actor, now=now)


def remove_setting(*, organization_id: int, key: str, actor: Actor, now: datetime) -> None:
    """Unset a key, so that its default holds. Its history stays. Refuses with SettingNotFound."""
    with transaction.atomic():
        _lock(organization_id, actor)
        row = _find(organization_id, key)
        if row is None:
            raise SettingNotFound("No such setting")
        change = _change(_Next(organization_id, key, None, {}), actor=actor, now=now)
        change.is_removal = True
        change.save(force_insert=True)
        row.delete()
        _tell(organization_id, key)


def restore_setting(
    *, organization_id: int, key: str, version: int, actor: Actor, now: datetime
) -> ApplicationSetting:
    """Give a setting the value it had at a version, with its secrets, as a new version.

    Refuses a version that is not there or was a removal (SettingNotFound), and a value that
    today's schema does not allow any more (SettingInvalid).
    """
    with transaction.atomic():
        _lock(organization_id, actor)
        change = change_of(organization_id=organization_id, key=key, version=version)
        if change.is_removal:
            raise SettingNotFound("The setting was removed with this version")
        whole = secrets.joined(change.value, kinds.schema_of(key), opened(change))
        return set_setting(
            organization_id=organization_id, key=key, value=whole, actor=actor, now=now
        )


@dataclass(frozen=True, slots=True)
class _Next:
    """What a setting becomes."""

    organization_id: int
    key: str
    value: Any
    secrets: secrets.Secrets

    def seal_into(self, row: ApplicationSetting | SettingChange) -> None:
        row.secrets = None
        if self.secrets:
            sealed.write(row, "secrets", msgspec.json.encode(self.secrets).decode())


def _lock(organization_id: int, actor: Actor) -> None:
    """The organization's row is the lock its settings change under."""
    seen = Organization.objects.filter(pk=organization_id).select_for_update(no_key=True)
    if actor.organization_id not in {None, organization_id} or seen.first() is None:
        raise SettingNotFound("No such setting")


def _find(organization_id: int, key: str) -> ApplicationSetting | None:
    return ApplicationSetting.objects.filter(organization_id=organization_id, key=key).first()


def _checked(key: str, value: Any, known: secrets.Secrets) -> tuple[Any, secrets.Secrets]:
    """The value and its secrets apart, once the whole is what the schema asks for."""
    schema = kinds.schema_of(key)
    whole, missing = secrets.kept(value, schema, known)
    if missing:
        said = "no secret is stored here that could be kept"
        raise SettingInvalid({place.strip("/").replace("/", "."): said for place in missing})
    if problems := problems_of(whole, schema):
        raise SettingInvalid(problems)
    if len(msgspec.json.encode(whole)) > MOST_BYTES:
        raise SettingInvalid({"": f"must have {MOST_BYTES} bytes or fewer"})
    return secrets.split(whole, schema)


def _write(
    row: ApplicationSetting | None, after: _Next, *, actor: Actor, now: datetime
) -> ApplicationSetting:
    change = _change(after, actor=actor, now=now)
    change.save(force_insert=True)
    if row is None:
        row = ApplicationSetting(organization_id=after.organization_id, key=after.key)
    is_new = row._state.adding  # noqa: SLF001 - where Django says so
    row.value, row.version, row.updated_at = after.value, change.version, now
    after.seal_into(row)
    if is_new:
        row.save(force_insert=True)
        row.refresh_from_db(fields=["number", "created_at"])
    else:
        row.save(update_fields=["value", "secrets", "version", "updated_at"])
    _tell(after.organization_id, after.key)
    return row


def _tell(organization_id: int, key: str) -> None:
    """Those who remember the value forget it, now and once others can see the new one."""
    kinds.written(key, organization_id)
    transaction.on_commit(partial(kinds.written, key, organization_id))


def _change(after: _Next, *, actor: Actor, now: datetime) -> SettingChange:
    """The next entry of the history, not saved yet. Versions go on after a removal."""
    own = SettingChange.objects.filter(organization_id=after.organization_id, key=after.key)
    last = own.order_by("-version").values_list("version", flat=True).first()
    change = SettingChange(
        organization_id=after.organization_id,
        key=after.key,
        version=(last or 0) + 1,
        value=after.value,
        changed_by=str(actor)[:160],
        changed_at=now,
    )
    after.seal_into(change)
    return change
