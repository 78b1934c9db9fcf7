import pytest

from tests.integration.fulfillment.builders import disagreements


@pytest.fixture(autouse=True)
def _invariants_hold(db):
    """Whatever a test did, the books agree afterwards."""
    yield
    assert list(disagreements()) == []
