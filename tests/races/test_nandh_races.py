"""One N&H order sent by many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from oms.orders.models import Order
from tests.api.nandh.world import JSON, PREFIX, World, document

pytestmark = pytest.mark.django_db(transaction=True)

RIVALS = 8


def send_at_once(world, bodies):
    """What each answers; every rival has connections of its own."""
    document()  # made once, and not by several threads

    def send(body):
        try:
            http = Client(raise_request_exception=False)
            path = f"{PREFIX}/orders/create"
            return http.post(
                path, body, content_type=JSON, headers={"Authorization": world.api.key}
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(bodies)) as pool:
        return list(pool.map(send, bodies))


def test_an_order_sent_by_many_is_one_order_and_all_learn_its_number():
    world = World.build()

    answers = send_at_once(world, [world.order()] * RIVALS)

    number = Order.objects.get().number
    told = {(answer.status_code, answer.json()["data"]["order_id"]) for answer in answers}
    assert told == {(200, number)}


def test_of_different_orders_under_one_number_one_wins():
    world = World.build()
    bodies = [world.order(extra_info={"note": f"No {place}"}) for place in range(RIVALS)]

    answers = send_at_once(world, bodies)

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [409] * (RIVALS - 1)
    assert Order.objects.count() == 1
