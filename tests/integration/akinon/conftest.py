from collections.abc import Iterator

import pytest

from tests.integration.akinon.builders import Shop
from tests.simulators.akinon_books import ShopBooks
from tests.simulators.omnitron import Omnitron
from tests.simulators.seller_center import SellerCenter


@pytest.fixture
def omnitron() -> Iterator[Omnitron]:
    with Omnitron() as running:
        yield running


@pytest.fixture
def shop(db, omnitron) -> Shop:
    """Mode A, connected, with a channel and a point."""
    world = Shop(omnitron=omnitron)
    world.connect()
    world.open_channel()
    return world


@pytest.fixture
def market(db, omnitron) -> Iterator[Shop]:
    """Mode B, connected; its channel is not there yet."""
    books = ShopBooks()
    books.tables["products"] = omnitron.books.tables["products"]
    with SellerCenter(orders=books) as running:
        world = Shop(omnitron=omnitron, market=running)
        world.connect()
        yield world
