from collections.abc import Iterator

import pytest

from tests.event_schemas import pytest_runtest_call
from tests.integration.akinon.hooks.builders import Shop
from tests.integration.events.builders import Clock
from tests.simulators.hook_receiver import HookReceiver

__all__ = ["pytest_runtest_call"]


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    with HookReceiver() as running:
        yield running


@pytest.fixture
def shop(db, receiver) -> Shop:
    world = Shop(receiver=receiver, clock=Clock())
    receiver.clock = world.clock.unix
    return world


@pytest.fixture(autouse=True)
def _nothing_breaks_the_contract(receiver) -> Iterator[None]:
    yield
    assert receiver.problems == []
