import pytest

from tests.integration.v1.shipments.yard import Yard, make_yard


@pytest.fixture
def yard(db) -> Yard:
    return make_yard()
