"""Which addresses may be dialled.

What a name resolved to is judged, never how it was written: `2130706433`, `127.1` and circled
digits all end as 127.0.0.1. `ipaddress.is_global` alone is not enough: it calls addresses that
wrap an IPv4 address, multicast and some clouds' metadata services global.
"""

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


# Services of clouds that hand out credentials, at addresses that otherwise look public or private.
# Those at 169.254.0.0/16, fe80::/10 and 192.0.0.192 are neither and need no line here.
_METADATA = _networks(
    "168.63.129.16/32",  # Azure
    "100.100.100.200/32",  # Alibaba
    "fd00:ec2::/32",  # AWS
    "fd20:ce::254/128",  # Google
)
_NOT_PUBLIC = _networks(
    "0.0.0.0/8",
    "100.64.0.0/10",  # shared by customers of one carrier
    "192.0.0.0/24",  # protocol assignments; Oracle's metadata
    "192.88.99.0/24",  # relays of 6to4
    "198.18.0.0/15",  # benchmarks
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",
    "2001::/23",  # protocol assignments, with Teredo, which wraps IPv4
    "2001:db8::/32",
    "2002::/16",  # 6to4, which wraps IPv4
    "3fff::/20",
)
# All that was ever given out. Outside lie the other wrappers of IPv4 (::/96, ::ffff:0:0:0/96,
# 64:ff9b::/96, 64:ff9b:1::/48), 100::/64, 5f00::/16, fc00::/7, fe80::/10, fec0::/10 and ff00::/8.
_UNICAST = ipaddress.IPv6Network("2000::/3")
_PRIVATE = _networks(
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "::1/128",
    "fc00::/7",
)


def may_dial(address: str, *, allow_private: bool) -> bool:
    """Whether a numeric address may be connected to.

    Public ones may. With `allow_private`, so may private networks and loopback, but never
    link-local ones, metadata services, multicast or addresses that wrap another.
    """
    if "%" in address:  # a zone: by its nature not public
        return False
    try:
        judged = _unmapped(ipaddress.ip_address(address))
    except ValueError:
        return False
    if _lies_in(judged, _METADATA):
        return False
    return _is_public(judged) or (allow_private and _lies_in(judged, _PRIVATE))


def _unmapped(address: Address) -> Address:
    """IPv4 written as ::ffff:a.b.c.d is dialled as IPv4, so that is what counts."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not _lies_in(address, _NOT_PUBLIC)


def _lies_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == net.version and address in net for net in networks)
