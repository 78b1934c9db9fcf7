"""Making and changing hooks. A hook is an endpoint with one word."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from oms.accounts.models import ApiClient
from oms.accounts.queries import MachineIdentity
from oms.api.akinon.hooks import options
from oms.api.akinon.hooks.origins import BY_API, leads_inside
from oms.api.akinon.hooks.reading import Hook
from oms.events import formats, services
from oms.events.choices import EndpointFormat, EndpointState
from oms.events.models import Endpoint
from oms.events.sending.receivers import static_headers
from oms.kernel.actors import Actor
from oms.kernel.errors import Conflict


class HookDoubled(Conflict):
    """The owner has an active hook of this event type to this URL."""

    code = "hook_100_1"


class HookFixed(Conflict):
    """The operator entered it for several event types; it cannot be changed alone."""

    code = "hook_100_2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a hook is to be. `headers` and `config` may have masks for what is known already."""

    word: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    config: Mapping[str, object] = field(default_factory=dict, repr=False)
    countdown: Mapping[str, object] = field(default_factory=dict)
    is_active: bool = True

    @property
    def options(self) -> dict[str, object]:
        return {options.CONFIG: dict(self.config), options.COUNTDOWN: dict(self.countdown)}

    @property
    def urls(self) -> list[str]:
        """Everywhere a message of it leads."""
        auth = self.config.get(options.AUTH)
        login = auth.get("url") if isinstance(auth, dict) else None
        return [self.url, login] if isinstance(login, str) else [self.url]


def subscribe(*, said: Subscription, machine: MachineIdentity, now: dt.datetime) -> Endpoint:
    """A new hook of the machine's client.

    Looks names up before it writes. Raises UrlRefused, HookDoubled and what endpoints refuse.
    """
    is_inside = leads_inside(said.urls, organization_id=machine.organization_id)
    with transaction.atomic():
        _refuse_double(said, client_id=machine.client_id, but=None)
        draft = services.EndpointDraft(
            organization_id=machine.organization_id,
            name=f"{machine.actor.ref[:200]} hook {secrets.token_hex(6)}",
            description=BY_API,
            url=said.url,
            format=EndpointFormat.WHISPERER,
            words=(said.word,),
            client_id=machine.client_id,
            secret=said.secret,
            headers=said.headers,
            options=said.options,
            allow_private_network=is_inside,
        )
        made = services.create_endpoint(draft=draft, actor=machine.actor, now=now).endpoint
        if not said.is_active:
            _switch(made, is_active=False, actor=machine.actor, now=now)
    return made


def change(*, hook: Hook, said: Subscription, machine: MachineIdentity, now: dt.datetime) -> None:
    """A hook as it is to be from now on.

    Looks names up before it writes. Raises UrlRefused, HookDoubled, HookFixed and what endpoints
    refuse.
    """
    _refuse_fixed(hook)
    endpoint = hook.endpoint
    is_inside = endpoint.allow_private_network
    if endpoint.description == BY_API:
        is_inside = leads_inside(said.urls, organization_id=endpoint.organization_id)
    with transaction.atomic():
        if said.is_active:
            _refuse_double(said, client_id=endpoint.client_id, but=endpoint.pk)
        services.update_endpoint(
            endpoint_id=endpoint.pk,
            change=services.EndpointChange(
                url=said.url,
                words=(said.word,),
                headers=_unmasked(said.headers, endpoint),
                options=said.options,
                allow_private_network=is_inside,
            ),
            actor=machine.actor,
            now=now,
        )
        if said.secret != formats.MASK:
            services.set_secret(
                endpoint_id=endpoint.pk, secret=said.secret, actor=machine.actor, now=now
            )
        _switch(endpoint, is_active=said.is_active, actor=machine.actor, now=now)


def deactivate(*, hook: Hook, actor: Actor, now: dt.datetime) -> None:
    """Send it nothing more; it stays as it is. Raises HookFixed."""
    _refuse_fixed(hook)
    with transaction.atomic():
        _switch(hook.endpoint, is_active=False, actor=actor, now=now)


def _switch(endpoint: Endpoint, *, is_active: bool, actor: Actor, now: dt.datetime) -> None:
    """Enable or disable, unless it is so already. A pause of the operator's ends with it."""
    state = EndpointState(endpoint.state)
    if is_active and state == EndpointState.DISABLED:
        services.enable_endpoint(endpoint_id=endpoint.pk, actor=actor, now=now)
    elif not is_active and state != EndpointState.DISABLED:
        if state == EndpointState.PAUSED:
            services.resume_endpoint(endpoint_id=endpoint.pk, actor=actor, now=now)
        reason = "Switched off through the hooks resource"
        services.disable_endpoint(endpoint_id=endpoint.pk, reason=reason, actor=actor, now=now)


def _refuse_fixed(hook: Hook) -> None:
    if len(hook.endpoint.words) > 1:
        raise HookFixed("The hook belongs to an endpoint the operator entered for several events")


def _refuse_double(said: Subscription, *, client_id: int | None, but: int | None) -> None:
    """The owner's row is locked, so that of two equal calls at once the second is refused."""
    if client_id is not None:
        ApiClient.objects.select_for_update(of=("self",), no_key=True).get(pk=client_id)
    others = Endpoint.objects.kept().exclude(state=EndpointState.DISABLED).exclude(pk=but or 0)
    same = others.filter(format=EndpointFormat.WHISPERER, client_id=client_id, url=said.url)
    if same.filter(words__contains=[said.word]).exists():
        raise HookDoubled("An active hook of this event type to this URL exists already")


def _unmasked(headers: Mapping[str, str], endpoint: Endpoint) -> dict[str, str]:
    """A masked value stays what it is; a mask without one is left out."""
    known = static_headers(endpoint)
    told = {
        name: known.get(name, "") if text == formats.MASK else text
        for name, text in headers.items()
    }
    return {name: text for name, text in told.items() if text or headers[name] != formats.MASK}
