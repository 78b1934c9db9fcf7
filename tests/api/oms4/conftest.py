import pytest

from oms.accounts import queries as accounts
from tests.api.oms4.world import World
from tests.live import live

__all__ = ["live"]


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    """Each test's machines are read from its own rows."""
    accounts.forget_machines()
    yield
    accounts.forget_machines()


@pytest.fixture
def world(db):
    """The shop, the warehouse and the T-shirt of the contract's examples."""
    return World.build()


@pytest.fixture
def elsewhere(db):
    """Another organization with the same kind of things."""
    return World.build(prefix="X")


@pytest.fixture
def next_door(world):
    """Another shop and another warehouse of the same organization."""
    return World.build(prefix="Y", organization=world.organization)
