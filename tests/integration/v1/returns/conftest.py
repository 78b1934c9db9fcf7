import pytest

from oms.api.v1.road import identifiers
from tests.event_schemas import pytest_runtest_call
from tests.integration.returns.builders import shipped
from tests.v1_client import V1

__all__ = ["pytest_runtest_call"]


@pytest.fixture
def case(db):
    """An order of two lines, two units and one, that was delivered."""
    return shipped(quantities=(2, 1))


@pytest.fixture
def api(case):
    return V1(case.point.organization)


@pytest.fixture
def order_id(case):
    return identifiers.of_uuid("ord_", case.order.public_id)


@pytest.fixture
def announce(api, case, order_id):
    """Announces one unit of the first line, or what is said."""

    def post(client=None, **members):
        body = {"order_id": order_id, "units": [{"sku": case.skus[0].code}], **members}
        body = {name: value for name, value in body.items() if value is not ...}
        return (client or api).post("/returns", body)

    return post
