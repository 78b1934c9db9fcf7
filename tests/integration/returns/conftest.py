import pytest
from django.db import connection

from oms.backoffice.invariants import INVARIANTS, verify
from tests.event_schemas import pytest_runtest_call

__all__ = ["pytest_runtest_call"]


@pytest.fixture(autouse=True)
def _invariants_hold(db):
    """Whatever a test did, the books agree afterwards."""
    yield
    if not connection.needs_rollback:
        broken = [result.invariant.code for result in map(verify, INVARIANTS) if not result.holds]
        assert broken == []
