"""Homes of their own: these tests start, kill and lose servers."""

from collections.abc import Iterator

import pytest

from oms.runtime.home import Home
from tests import servers


@pytest.fixture
def home() -> Iterator[Home]:
    """An empty home; whatever a test leaves running in it is stopped."""
    path = servers.short_home()
    yield Home(path)
    servers.erase(path)
