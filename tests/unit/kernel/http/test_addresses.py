import pytest

from oms.kernel.http.addresses import may_dial
from tests.unit.kernel.http.corpus import DENIED_ADDRESSES, PUBLIC_ADDRESSES

PRIVATE = [
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.8.8.8",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "fc00::1",
    "fd00::1",
]


@pytest.mark.parametrize("address", DENIED_ADDRESSES)
def test_a_tenant_may_not_reach_it(address):
    assert may_dial(address, allow_private=False) is False


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
@pytest.mark.parametrize("allow_private", [False, True])
def test_everybody_may_reach_what_is_public(address, allow_private):
    assert may_dial(address, allow_private=allow_private) is True


@pytest.mark.parametrize("address", PRIVATE)
def test_an_operator_may_reach_private_networks_and_loopback(address):
    assert may_dial(address, allow_private=True) is True


@pytest.mark.parametrize("address", sorted(set(DENIED_ADDRESSES) - set(PRIVATE)))
def test_not_even_an_operator_may_reach_it(address):
    assert may_dial(address, allow_private=True) is False


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "8.8.8", "8.8.8.8:443", "[::1]"])
@pytest.mark.parametrize("allow_private", [False, True])
def test_what_is_no_canonical_address_is_not_dialled(text, allow_private):
    assert may_dial(text, allow_private=allow_private) is False
