"""What the back office can have done at the other side; plugged in by this facade's `apps`."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

from channels_app import remote_desk
from channels_app.choices import SyncKind
from channels_app.connectors.base import ConnectorError
from oms.accounts import app_settings
from oms.api.akinon.carriers.records import records_of
from oms.api.akinon.carriers.trials import try_extensions
from oms.api.akinon.sync import hooks, package_hooks, setup, testing
from oms.api.akinon.sync.configuration import CLIENT, client_settings
from oms.kernel import errors
from oms.kernel.actors import Actor

T = TypeVar("T")


class OtherSideFailed(errors.Conflict):
    """The other side could not be asked, or said no."""

    code = "other_side_failed"


class Desk:
    """Omnitron and Seller Center, seen by staff."""

    def test(self, *, organization_id: int) -> Sequence[remote_desk.Answer]:
        """Call each endpoint once."""
        _said(lambda: client_settings(organization_id))
        value = app_settings.value_of(organization_id=organization_id, key=CLIENT)
        return [
            remote_desk.Answer(
                endpoint=trial.endpoint,
                url=trial.host,
                is_well=trial.is_good,
                said=trial.said,
                milliseconds=round(trial.seconds * 1000),
            )
            for trial in testing.try_connection(value)
        ]

    def test_carriers(self, *, organization_id: int) -> Sequence[remote_desk.Answer]:
        """Ask each extension of `SHIPPING_SETTINGS` for a shipment that does not exist."""
        known = records_of(organization_id)
        if not known:
            raise OtherSideFailed("No shipping company has a carrier extension (conf.base_url)")
        return try_extensions(known)

    def hooks(self, *, organization_id: int) -> Sequence[remote_desk.RemoteHook]:
        """The webhooks of the other side."""
        return [_shown(hook) for hook in _said(lambda: hooks.hooks_of(
            organization_id=organization_id))]  # fmt: skip

    def deactivate_hooks(
        self, *, organization_id: int, actor: Actor, now: dt.datetime
    ) -> Sequence[remote_desk.RemoteHook]:
        """Switch off those of the six that are on; returns them."""
        del actor, now  # it happens at the other side, in its own books
        change = _said(lambda: hooks.deactivate(organization_id=organization_id))
        return [_shown(hook) for hook in change.deactivated]

    def create_hooks(
        self, *, organization_id: int, actor: Actor, now: dt.datetime
    ) -> Sequence[remote_desk.RemoteHook]:
        """Make those of the six that are missing there; returns them."""
        del actor, now  # likewise
        change = _said(lambda: hooks.create_missing(organization_id=organization_id))
        found = _said(lambda: hooks.hooks_of(organization_id=organization_id))
        made = set(change.created)
        return [
            _shown(hook)
            for hook in found
            if hook.is_ours and hook.is_active and hook.event_type in made
        ]

    def package_hooks(self, *, organization_id: int) -> Sequence[remote_desk.WantedHook]:
        """The webhooks of packages that Seller Center needs. Uses no network."""
        found = _said(lambda: package_hooks.wanted_hooks(organization_id=organization_id))
        return [_wanted(hook) for hook in found]

    def create_package_hooks(
        self, *, organization_id: int, actor: Actor, now: dt.datetime
    ) -> Sequence[remote_desk.WantedHook]:
        """Make those that are missing here; returns them."""
        made = _said(
            lambda: package_hooks.create_missing(
                organization_id=organization_id, actor=actor, now=now
            )
        )
        return [_wanted(hook) for hook in made]

    def start_copy(
        self, *, organization_id: int, kind: str, actor: Actor, now: dt.datetime
    ) -> None:
        """Have one kind of thing copied from the other side, soon."""
        del actor  # nothing of ours changes yet
        setup.start(organization_id=organization_id, kind=SyncKind(kind), now=now)


def _said(ask: Callable[[], T]) -> T:
    """What staff are told when it fails."""
    try:
        return ask()
    except ConnectorError as error:
        raise OtherSideFailed(str(error)) from None


def _shown(hook: hooks.Hook) -> remote_desk.RemoteHook:
    return remote_desk.RemoteHook(
        key=hook.key,
        event_type=hook.event_type,
        target_url=hook.target_url,
        is_active=hook.is_active,
        is_ours=hook.is_ours,
    )


def _wanted(hook: package_hooks.Wanted) -> remote_desk.WantedHook:
    return remote_desk.WantedHook(event_type=hook.word, target_url=hook.url, is_there=hook.is_there)
