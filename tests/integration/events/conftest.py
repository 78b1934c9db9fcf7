from collections.abc import Iterator

import pytest

from tests.integration.events.builders import Clock
from tests.simulators.receiver import Receiver


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver(clock: Clock) -> Iterator[Receiver]:
    with Receiver(clock.unix) as running:
        yield running
