"""API keys as credentials, whatever header a language has them in."""

import datetime as dt
import ipaddress
from functools import lru_cache

from oms.accounts import keys, proofs
from oms.accounts import queries as accounts
from oms.accounts.choices import CredentialKind
from oms.accounts.queries import MachineIdentity

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def machine_of(text: str, *, now: dt.datetime) -> MachineIdentity | None:
    """Whose key it is. One that cannot be a key is known for that without the database."""
    key = keys.parse(text)
    if key is None:
        return None
    machine = accounts.machine(kind=CredentialKind.API_KEY, tenant="", key=key.identifier)
    if machine is None or not proofs.is_machines(machine, CredentialKind.API_KEY, text):
        return None
    is_over = machine.expires_at is not None and machine.expires_at <= now
    return None if is_over else machine


def may_come_from(networks: tuple[str, ...], address: str) -> bool:
    """Whether a credential with these networks may be used from an address; none: from any."""
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped:
        caller = caller.ipv4_mapped
    return any(caller in network for network in _parsed(networks))


@lru_cache(maxsize=1_000)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in networks)
