from tests.event_schemas import pytest_runtest_call
from tests.live import live, shared_documents

__all__ = ["live", "pytest_runtest_call", "shared_documents"]
