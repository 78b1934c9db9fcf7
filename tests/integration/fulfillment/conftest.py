import pytest

from tests.event_schemas import pytest_runtest_call
from tests.integration.fulfillment.builders import disagreements

__all__ = ["pytest_runtest_call"]


@pytest.fixture(autouse=True)
def _invariants_hold(db):
    """Whatever a test did, the books agree afterwards."""
    yield
    assert list(disagreements()) == []
