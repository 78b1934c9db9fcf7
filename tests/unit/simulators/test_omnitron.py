"""The Omnitron that tests and the demo talk to keeps to the contract."""

import datetime as dt
import http.client
import json

import pytest

from tests.simulators.akinon_books import ShopBooks
from tests.simulators.akinon_wire import Answer, SimulatedServer
from tests.simulators.omnitron import Basket, Fault, Omnitron, Sold
from tests.simulators.whisperer import THE_SIX, signature
from tests.unit.simulators.wire import call

NOON = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


class Receiver(SimulatedServer):
    """Answers everything the same."""

    said = Answer(200, {})

    def respond(self, request):
        return self.said


@pytest.fixture
def seconds():
    return [0.0]


@pytest.fixture
def omnitron(seconds):
    books = ShopBooks(clock=lambda: NOON)
    with Omnitron(books=books, token_seconds=60, ticks=lambda: seconds[0]) as found:
        found.whisperer.pause = 0.01
        yield found


@pytest.fixture
def token(omnitron):
    body = {"username": omnitron.username, "password": omnitron.password}
    status, answer = call("POST", f"{omnitron.base_url}/auth/login/", body)
    assert (status, set(answer)) == (200, {"key"})
    return answer["key"]


@pytest.fixture
def get(omnitron, token):
    return lambda path: call("GET", f"{omnitron.base_url}/{path}", token=token)


def test_wrong_credentials_are_a_400(omnitron):
    body = {"username": omnitron.username, "password": "guess"}

    status, answer = call("POST", f"{omnitron.base_url}/auth/login/", body)

    assert status == 400
    assert answer["non_field_errors"] == ["Unable to log in with provided credentials."]


def test_both_spellings_of_the_token_are_let_in_until_it_is_old(omnitron, token, seconds):
    url, header = f"{omnitron.base_url}/orders/", {"Authorization": f"Bearer {token}"}

    statuses = [call("GET", url, token=token)[0], call("GET", url, headers=header)[0]]
    seconds[0] = 60.0
    statuses += [call("GET", url, token=token)[0], call("GET", url)[0]]

    assert statuses == [200, 200, 401, 401]


def test_a_line_of_three_is_three_items_with_one_key(omnitron, get):
    order = omnitron.books.place(Basket("279209", (Sold("A", 3, "250.00"), Sold("B"))))

    _, answer = get(f"order_items/?order={order['pk']}&sort=id")

    keys = [row["extra_field"]["id"] for row in answer["results"]]
    assert keys == ["279209-1"] * 3 + ["279209-2"]
    assert [row["pk"] for row in answer["results"]] == [70193, 70194, 70195, 70196]
    assert order["amount"] == "760.00"


def test_pages_are_walked_by_absolute_addresses(omnitron, get):
    for number in range(5):
        omnitron.books.place(Basket(str(number), (Sold("A"),)))

    _, first = get("orders/?limit=2&sort=-modified_date")
    _, second = call("GET", first["next"], token=omnitron.new_token())

    assert [row["number"] for row in first["results"]] == ["4", "3"]
    assert [row["number"] for row in second["results"]] == ["2", "1"]
    assert first["next"].startswith(f"{omnitron.base_url}/orders/?limit=2")
    assert (first["count"], first["previous"]) == (5, None)
    assert second["previous"].endswith("page=1")


def test_a_page_after_the_last_is_not_found(get):
    assert get("orders/?page=2")[0] == 404


def test_changes_are_found_by_their_time(omnitron, get):
    first = omnitron.books.place(Basket("1", (Sold("A"),)))
    omnitron.books.place(Basket("2", (Sold("A"),)))

    _, later = get(f"orders/?modified_date__gt={first['modified_date']}&sort=modified_date")

    assert [row["number"] for row in later["results"]] == ["2"]


def test_a_comma_list_chooses(omnitron, get):
    orders = [omnitron.books.place(Basket(str(number), (Sold("A"),))) for number in range(3)]

    _, found = get(f"orders/?pk__in={orders[0]['pk']},{orders[2]['pk']}")

    assert [row["number"] for row in found["results"]] == ["0", "2"]


def test_an_unknown_parameter_filters_nothing_and_is_noted(omnitron, get):
    omnitron.books.place(Basket("1", (Sold("A"),)))

    _, found = get("orders/?colour=red")

    assert found["count"] == 1
    assert omnitron.books.tables["orders"].ignored == {"colour"}


def test_one_order_comes_expanded(omnitron, get):
    order = omnitron.books.place(Basket("1", (Sold("A"),)))

    _, found = get(f"orders/{order['pk']}/")

    assert found["channel"]["name"] == "Shop"
    assert found["customer"]["email"] == "ada@buyers.example"
    assert [item["pk"] for item in found["orderitem_set"]] == [70193]


def patch(omnitron, *entries):
    url = f"{omnitron.base_url}/order_items/bulk_status_update/"
    return call("PATCH", url, {"orderitem_set": list(entries)}, token=omnitron.new_token())


def test_a_push_moves_the_items_and_their_order(omnitron):
    order = omnitron.books.place(Basket("1", (Sold("A", 2),)))

    status, _ = patch(omnitron, {"id": 70193, "status": "450"}, {"id": 70194, "status": "450"})

    assert status == 200
    assert omnitron.books.histories[70193] == ["400", "450"]
    assert order["status"] == "450"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"id": 70193, "status": "425"}, "status"),
        ({"id": 70193, "status": "550"}, "status"),
        ({"id": 1, "status": "450"}, "id"),
        ({"id": 70193, "price": "1.00"}, "price"),
    ],
)
def test_an_entry_that_is_refused_refuses_the_call_by_name(omnitron, entry, field):
    omnitron.books.place(Basket("1", (Sold("A", 2),)))

    status, answer = patch(omnitron, {"id": 70194, "status": "450"}, entry)

    assert status == 400
    assert answer["orderitem_set"][0] == {}
    assert set(answer["orderitem_set"][1]) == {"id", field}
    assert omnitron.books.histories[70194] == ["400"]


def test_the_same_push_again_is_taken_and_counted(omnitron):
    omnitron.books.place(Basket("1", (Sold("A"),)))

    statuses = [patch(omnitron, {"id": 70193, "status": "450"})[0] for _ in range(2)]

    assert statuses == [200, 200]
    assert omnitron.books.histories[70193] == ["400", "450"]
    assert omnitron.books.repeats == [70193]


def test_one_item_may_be_changed_alone(omnitron, token):
    omnitron.books.place(Basket("1", (Sold("A"),)))

    status, row = call(
        "PATCH",
        f"{omnitron.base_url}/order_items/70193/",
        {"status": "500", "tracking_number": "TRK1", "extra_field": {"seen": "yes"}},
        token=token,
    )

    assert (status, row["status"], row["tracking_number"]) == (200, "500", "TRK1")
    assert row["extra_field"] == {"id": "1-1", "seen": "yes"}


def test_of_an_order_only_is_send_may_change(omnitron, token):
    order = omnitron.books.place(Basket("1", (Sold("A"),)))
    url = f"{omnitron.base_url}/orders/{order['pk']}/"

    statuses = [
        call("PATCH", url, body, token=token)[0] for body in ({"status": "100"}, {"is_send": True})
    ]

    assert statuses == [400, 200]
    assert (order["status"], order["is_send"]) == ("400", True)


def test_the_six_are_among_thirty_hooks(omnitron, get):
    ours = omnitron.whisperer.fill("http://oms.example", total=30)

    _, found = get("whisperer/hooks/?limit=999")

    assert (found["count"], len(ours)) == (30, 6)
    chosen = [hook for hook in found["results"] if hook["id"] in ours]
    assert {hook["event_type"]: hook["target_url"] for hook in chosen} == {
        name: f"http://oms.example{path}" for name, path in THE_SIX.items()
    }


def test_a_hook_is_switched_off_and_stays(omnitron, token):
    first, second = omnitron.whisperer.fill("http://oms.example", total=6)[:2]
    hooks = f"{omnitron.base_url}/whisperer/hooks"

    statuses = [
        call("PATCH", f"{hooks}/{first}/", {"is_active": False}, token=token)[0],
        call("DELETE", f"{hooks}/{second}/", token=token)[0],
        call("PATCH", f"{hooks}/{first}/", {"is_active": False}, token=token)[0],
    ]

    assert statuses == [200, 204, 200]
    assert omnitron.whisperer.changed == [first, second]
    assert len(omnitron.whisperer.hooks.rows) == 6


@pytest.mark.parametrize(
    ("event_type", "status"),
    [("order.created", 406), ("order.read", 400), ("product.created", 201)],
)
def test_a_hook_is_made_once(omnitron, token, event_type, status):
    omnitron.whisperer.add_hook("order.created", "http://oms.example/")
    body = {"event_type": event_type, "target_url": "http://oms.example/"}

    answer = call("POST", f"{omnitron.base_url}/whisperer/hooks/", body, token=token)

    assert answer[0] == status


def test_an_order_is_told_signed_and_expanded(omnitron):
    with Receiver() as receiver:
        omnitron.whisperer.fill(receiver.origin, total=6, secret_key="k")

        omnitron.books.place(Basket("1", (Sold("A"),)))

        assert omnitron.whisperer.wait_idle()
        [told] = receiver.calls
    message = json.loads(told.request.body)
    assert told.request.path == "/api/v1/oms/orders_omnitron/"
    assert told.request.headers["x-whisperer-signature"] == signature("k", told.request.body)
    assert told.request.headers["x-whisperer-event"] == message["event"]["type"] == "order.created"
    assert len(message["event"]["uuid"]) == 32
    assert message["payload"]["channel"]["pk"] == 1


def test_what_is_not_taken_is_sent_again_as_it_was(omnitron):
    with Receiver() as receiver:
        receiver.misbehave(Fault(status=500, count=2))
        omnitron.whisperer.fill(receiver.origin, total=6)

        omnitron.books.add_retail_store("369")

        assert omnitron.whisperer.wait_idle()
    assert [call.status for call in receiver.calls] == [500, 500, 200]
    assert len({call.request.body for call in receiver.calls}) == 1


@pytest.mark.parametrize(
    ("answer", "item", "plan"),
    [
        (Answer(200, {"cancellable": True}), "100", "confirmed"),
        (Answer(406, {"code": "oms_cancel_shipped", "en": "It left."}), "450", "rejected"),
    ],
)
def test_a_cancellation_ends_as_it_was_judged(omnitron, answer, item, plan):
    order = omnitron.books.place(Basket("1", (Sold("A"),)))
    omnitron.books.change_item(70193, {"status": "450"})
    with Receiver() as receiver:
        receiver.said = answer
        target = f"{receiver.origin}/api/v1/oms/cancellation_plan/"
        omnitron.whisperer.add_hook("cancellation_plan.created", target)

        omnitron.books.ask_to_cancel(order["pk"], [70193])

        assert omnitron.whisperer.wait_idle()
    assert omnitron.books.histories[70193] == ["400", "450", "50", item]
    assert [row["status"] for row in omnitron.books.tables["cancellation_plans"].rows.values()] == [
        plan
    ]


def test_faults_are_used_up_by_what_fits(omnitron, get):
    omnitron.misbehave(Fault(path="orders/", status=500, count=2))
    omnitron.misbehave(Fault(path="cities/", ends_tokens=True))

    statuses = [get(path)[0] for path in ("orders/", "countries/", "orders/", "orders/", "cities/")]

    assert statuses == [500, 200, 500, 200, 401]


def test_a_lost_answer_has_had_its_effect(omnitron):
    omnitron.books.place(Basket("1", (Sold("A"),)))
    omnitron.misbehave(Fault(method="PATCH", is_lost=True))

    with pytest.raises(http.client.RemoteDisconnected):
        patch(omnitron, {"id": 70193, "status": "450"})

    assert omnitron.books.histories[70193] == ["400", "450"]


def test_after_an_outage_it_knows_what_it_knew(omnitron):
    omnitron.books.place(Basket("1", (Sold("A"),)))
    url, token = f"{omnitron.base_url}/orders/", omnitron.new_token()

    omnitron.go_down()
    with pytest.raises(ConnectionRefusedError):
        call("GET", url, token=token)
    omnitron.come_up()

    assert call("GET", url, token=token)[1]["count"] == 1


def test_news_that_come_during_the_judgement_show_afterwards(omnitron):
    order = omnitron.books.place(Basket("1", (Sold("A"),)))
    plan = omnitron.books.ask_to_cancel(order["pk"], [70193])

    status, _ = patch(omnitron, {"id": 70193, "status": "450"})
    omnitron.books.settle(plan["pk"], is_granted=False)

    assert status == 200
    assert omnitron.books.histories[70193] == ["400", "50", "450"]
