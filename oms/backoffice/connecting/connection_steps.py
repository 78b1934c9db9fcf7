"""Steps that tie us to the other side: accounts, endpoints, first-time copy, hooks."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.urls import reverse

from channels_app import remote_desk
from channels_app.choices import SyncKind, SyncState
from channels_app.models import InboundMessage, SyncMark
from channels_app.remote_desk import WantedHook
from oms.accounts.choices import CredentialKind
from oms.accounts.models import Credential
from oms.backoffice.connecting.facts import CONNECTION, REDIRECTED, Facts
from oms.backoffice.connecting.steps import (
    Link,
    Mode,
    State,
    Step,
    counted,
    done_or_missing,
    listed,
)
from oms.kernel.errors import DomainError

MAY_ACT = "channels_app.change_channel"
SEE_SETTINGS = "accounts.view_applicationsetting"
COPIES = (
    SyncKind.CHANNELS,
    SyncKind.ADDRESSES,
    SyncKind.RETAIL_STORES,
    SyncKind.STOCK_LOCATIONS,
    SyncKind.REASONS,
)
RECENT = timedelta(days=1)
THE_SIX = (
    "order.created",
    "order.updated",
    "cancellation_plan.created",
    "cancellation_plan.updated",
    "retail_store.created",
    "retail_store.updated",
)


def act_url(facts: Facts, name: str) -> str:
    """The page that asks before something is done at the other side."""
    return reverse("admin:remote_setup_act", args=[facts.organization.pk, name])


def setting_url(facts: Facts, key: str) -> str:
    """The form of a setting."""
    return reverse("admin:app_settings_edit", args=[facts.organization.pk, key])


def account(facts: Facts) -> Step:
    """The connection is set."""
    found = "No connection is set."
    if facts.connection is not None:
        found = f"{facts.connection.base_url}, as {facts.connection.username}."
    elif CONNECTION in facts.settings:
        found = "The connection that is set cannot be read."
    return Step(
        name="account",
        title="Connection to Omnitron",
        state=done_or_missing(facts.connection),
        found=found,
        advice="Set address, user name and password of the account that Omnitron made for the OMS.",
        links=(Link("Open the setting", setting_url(facts, CONNECTION), SEE_SETTINGS),),
    )


def answers(facts: Facts) -> Step:
    """The other side has been read, and the last time went well."""
    mark = facts.marks.get(SyncKind.ORDERS)
    is_well = mark is not None and mark.run_at is not None and not mark.error
    return Step(
        name="answers",
        title="Orders are read",
        state=done_or_missing(is_well),
        found=_reading(mark),
        advice="Test the connection: each endpoint is called once, and what it says is shown.",
        links=(Link("Test the connection", act_url(facts, "test"), MAY_ACT),),
    )


def _reading(mark: SyncMark | None) -> str:
    if mark is None or (mark.run_at is None and not mark.error):
        return "Orders have never been read."
    if mark.needs_authorisation:
        return "The account is not accepted any more; orders wait until it is put right."
    if mark.error:
        return f"The last reading failed: {mark.error}"
    return f"Last read {mark.run_at:%Y-%m-%d %H:%M} UTC."


def redirected(facts: Facts) -> Step:
    """Mode B: the endpoints of orders and addresses lead to Seller Center."""
    own = facts.connection.endpoints if facts.connection else {}
    missing = [name for name in REDIRECTED if name not in own]
    without = [name for name in REDIRECTED if name in own and not own[name].token]
    said = f"Not moved: {listed(missing)}." if missing else "All five lead to Seller Center."
    if without:
        said += f" Without a token: {listed(without)}."
    return Step(
        name="redirected",
        title="Endpoints lead to Seller Center",
        state=done_or_missing(not missing and not without),
        found=said,
        advice=f"Name {listed(REDIRECTED)} in the connection's own endpoints, each with Seller "
        "Center's address and token.",
        links=(Link("Open the setting", setting_url(facts, CONNECTION), SEE_SETTINGS),),
    )


def copied(facts: Facts) -> Step:
    """Everything that is copied once was."""
    missing = [kind for kind in COPIES if not _is_copied(facts, kind)]
    running = [kind for kind in missing if _state(facts, kind) in _UNDER_WAY]
    failed = [kind for kind in missing if _state(facts, kind) == SyncState.FAILED]
    said = "Everything was copied."
    if missing:
        said = "Not copied: " + listed(kind.label.lower() for kind in missing) + "."
    if running:
        said += " Under way: " + listed(kind.label.lower() for kind in running) + "."
    if failed:
        said += " Failed: " + listed(_failure(facts, kind) for kind in failed) + "."
    return Step(
        name="copied",
        title="First-time copy",
        state=done_or_missing(not missing),
        found=said,
        advice="Sales channels, places, stores and cancellation reasons are copied in the "
        "background; this page shows how far it is.",
        links=(Link("Copy what is missing", act_url(facts, "copy"), MAY_ACT),),
    )


_UNDER_WAY = {SyncState.PENDING, SyncState.RUNNING}


def missing_copies(facts: Facts) -> list[SyncKind]:
    """What was never copied to its end and is not under way."""
    return [
        kind
        for kind in COPIES
        if not _is_copied(facts, kind) and _state(facts, kind) not in _UNDER_WAY
    ]


def _state(facts: Facts, kind: SyncKind) -> str:
    mark = facts.marks.get(kind)
    return mark.state if mark else SyncState.IDLE


def _is_copied(facts: Facts, kind: SyncKind) -> bool:
    return _state(facts, kind) == SyncState.DONE


def _failure(facts: Facts, kind: SyncKind) -> str:
    mark = facts.marks[kind]
    return f"{kind.label.lower()} ({mark.error or 'no reason was told'})"


def six_hooks(facts: Facts, now: datetime) -> Step:
    """Omnitron's own hooks: on in mode A, off in mode B. Seen by what arrives here."""
    arrived = InboundMessage.objects.filter(
        organization=facts.organization, received_at__gte=now - RECENT
    ).count()
    is_market = facts.mode == Mode.SELLER_CENTER
    if is_market:
        state = State.MISSING if arrived else State.UNKNOWN
        advice = "Switch off the six hooks that Omnitron made when the OMS was installed."
        links = (Link("Look, and switch off the six", act_url(facts, "deactivate-hooks"), MAY_ACT),)
    else:
        state = State.DONE if arrived else State.UNKNOWN
        advice = "Make those of the six that are missing; until then orders are polled."
        links = (Link("Look, and make what is missing", act_url(facts, "create-hooks"), MAY_ACT),)
    return Step(
        name="six_hooks",
        title="Omnitron's six hooks are " + ("off" if is_market else "on"),
        state=state,
        found=f"{counted(arrived, 'message')} arrived here within a day.",
        advice=advice,
        links=links,
    )


def package_hooks(facts: Facts) -> Step:
    """Seller Center hears of packages."""
    wanted: Sequence[WantedHook] = ()
    with suppress(DomainError):  # no connection is set, or none that leads to a Seller Center
        wanted = remote_desk.desk().package_hooks(organization_id=facts.organization.pk)
    missing = [each.event_type for each in wanted if not each.is_there]
    said = f"Missing: {listed(missing)}." if missing else f"All {len(wanted)} are there."
    return Step(
        name="package_hooks",
        title="Seller Center hears of packages",
        state=done_or_missing(wanted and not missing),
        found=said if wanted else "Seller Center's address is not known yet.",
        advice="One hook for new packages and one for each of their states; those that are not "
        "wanted can be disabled afterwards.",
        links=(
            Link("Make the missing hooks", act_url(facts, "create-package-hooks"), MAY_ACT),
            Link("Hooks", reverse("admin:events_endpoint_changelist"), "events.view_endpoint"),
        ),
    )


def our_account(facts: Facts) -> Step:
    """The other side can log in here."""
    found = Credential.objects.filter(
        client__organization=facts.organization,
        client__is_active=True,
        kind__in=(CredentialKind.LOGIN, CredentialKind.TOKEN),
        revoked_at__isnull=True,
    ).count()
    clients = reverse("admin:accounts_apiclient_changelist")
    return Step(
        name="our_account",
        title="Account of the other side at the OMS",
        state=done_or_missing(found),
        found=f"{counted(found, 'log-in or token', 'log-ins and tokens')} can be used.",
        advice="Make an API client and give it a user name and password, or a fixed token.",
        links=(Link("API clients", clients, "accounts.view_apiclient"),),
    )
