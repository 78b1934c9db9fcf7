import pytest

from oms.api.v1.locations.mapping import location_id
from tests.event_schemas import pytest_runtest_call
from tests.factories import make_point, make_sku
from tests.v1_client import V1

__all__ = ["pytest_runtest_call"]


@pytest.fixture
def point(db):
    return make_point(code="HCM", country="VN", city="Hồ Chí Minh", ward="Bến Nghé")


@pytest.fixture
def place(point):
    """The point's id on the wire."""
    return location_id(point.public_id)


@pytest.fixture
def tee(point):
    return make_sku(point=point, on_hand=40, code="TEE-RED-M")


@pytest.fixture
def v1(point):
    return V1(point.organization)
