from types import SimpleNamespace

import pytest

from oms.api.base.permissions import HasScope


def may(method, *, scopes, held, allowed=("GET",)):
    machine = None if held is None else SimpleNamespace(scopes=frozenset(held))
    view = SimpleNamespace(scopes=scopes, allowed_methods=list(allowed))
    return HasScope().has_permission(SimpleNamespace(method=method, auth=machine), view)


@pytest.mark.parametrize(
    ("held", "passes"),
    [({"orders:read"}, True), ({"orders:write"}, False), (set(), False), (None, False)],
)
def test_the_client_must_hold_the_scope_of_the_method(held, passes):
    assert may("GET", scopes={"GET": "orders:read"}, held=held) is passes


def test_a_view_that_declares_nothing_is_closed():
    assert may("GET", scopes={}, held={"orders:read"}) is False


def test_a_method_without_a_scope_is_closed():
    assert may("POST", scopes={"GET": "a"}, held={"a"}, allowed=["GET", "POST"]) is False


def test_a_method_the_view_does_not_have_is_left_to_the_view():
    assert may("PUT", scopes={"GET": "a"}, held=set()) is True
