import pytest

from oms.accounts import logins
from oms.accounts import queries as accounts
from tests.event_schemas import pytest_runtest_call

__all__ = ["pytest_runtest_call"]


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    """Each test's machines are read from its own rows."""
    accounts.forget_machines()
    logins.forget_login_tokens()
    yield
    accounts.forget_machines()
    logins.forget_login_tokens()
