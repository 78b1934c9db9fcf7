from collections.abc import Iterator

import pytest

from tests.integration.events.builders import Clock
from tests.integration.increff.builders import Efs
from tests.simulators.efs_receiver import EfsReceiver


@pytest.fixture
def receiver() -> Iterator[EfsReceiver]:
    with EfsReceiver() as running:
        yield running


@pytest.fixture
def efs(db, receiver) -> Efs:
    world = Efs(receiver=receiver, clock=Clock())
    receiver.clock = world.clock.unix
    return world


@pytest.fixture(autouse=True)
def _nothing_breaks_the_contract(receiver) -> Iterator[None]:
    yield
    assert receiver.problems == []
