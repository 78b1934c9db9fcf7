import pytest

from oms.accounts import clocks
from tests.integration.v1.orders.world import World, make_world


@pytest.fixture
def world(db) -> World:
    """An organization that may be played with. Orders, stock and shop are those of the contract."""
    clocks.forget()
    world = make_world()
    world.organization.is_test = True
    world.organization.save()
    return world
