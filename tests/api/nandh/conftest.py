import pytest

from oms.accounts import queries as accounts
from tests.api.nandh.world import World
from tests.event_schemas import pytest_runtest_call

__all__ = ["pytest_runtest_call"]


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    """Each test's machines are read from its own rows."""
    accounts.forget_machines()
    yield
    accounts.forget_machines()


@pytest.fixture
def world(db):
    """The store, the warehouse and the T-shirt of the contract's examples."""
    return World.build()


@pytest.fixture
def elsewhere(db):
    """Another organization with the same kind of things."""
    return World.build()
