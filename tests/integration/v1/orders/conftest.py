import pytest

from tests.integration.v1.orders.world import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()
