"""`GET /v1/events`: the feed on the wire."""

import pytest

from oms.events.models import Endpoint, Event
from tests.factories import make_channel, make_organization, make_point, make_sku, place
from tests.factories import relay_everything as relay
from tests.v1_client import V1

pytestmark = pytest.mark.django_db

NOTHING_YET = "evt_" + "0" * 32


class Shop:
    """A channel whose orders are told of."""

    def __init__(self, organization=None):
        self.organization = organization or make_organization()
        self.point = make_point(organization=self.organization)
        self.channel = make_channel(points=[self.point])
        self.sku = make_sku(point=self.point, on_hand=100)
        self.api = V1(self.organization, scopes=["events:read"])

    def order(self, number):
        order = place(channel=self.channel, lines=[(self.sku, 1)], external_id=number)
        relay()
        return order

    def read(self, query="", api=None) -> dict:
        answer = (api or self.api).get(f"/events{query}")
        assert answer.status_code == 200
        return answer.json()


@pytest.fixture
def shop() -> Shop:
    return Shop()


def numbers(page) -> list[str]:
    return [message["data"]["object"]["external_id"] for message in page["data"]]


def test_tells_what_webhooks_tell(shop):
    shop.order("WEB-1")

    page = shop.read("?type=order.created")

    event = Event.objects.get(type="order.placed")
    newest = Event.objects.order_by("-position").first()
    [message] = page["data"]
    assert (message["id"], message["type"], message["sequence"], message["api_version"]) == (
        f"evt_{event.public_id.hex}",
        "order.created",
        1,
        "v1",
    )
    assert page["page"] == {"next_cursor": f"evt_{newest.public_id.hex}", "has_more": False}


def test_goes_on_and_never_ends(shop):
    for number in range(3):
        shop.order(f"WEB-{number}")

    first = shop.read("?type=order.created&limit=2")
    second = shop.read(f"?type=order.created&limit=2&after={first['page']['next_cursor']}")
    end = second["page"]["next_cursor"]
    shop.order("WEB-9")
    later = shop.read(f"?type=order.created&after={end}")

    assert (numbers(first), numbers(second)) == (["WEB-0", "WEB-1"], ["WEB-2"])
    assert (first["page"]["has_more"], second["page"]["has_more"]) == (True, False)
    assert numbers(later) == ["WEB-9"]


def test_can_be_gone_on_from_the_last_webhook(shop):
    for number in range(3):
        shop.order(f"WEB-{number}")
    known = shop.read("?type=order.created")["data"][1]["id"]

    assert numbers(shop.read(f"?type=order.created&after={known}")) == ["WEB-2"]


def test_has_a_cursor_before_anything_happened(shop):
    fresh = Shop()

    page = fresh.read()
    fresh.order("WEB-1")

    assert page == {"data": [], "page": {"next_cursor": NOTHING_YET, "has_more": False}}
    assert numbers(fresh.read(f"?type=order.*&after={NOTHING_YET}")) == ["WEB-1"]


def test_a_subject_is_named_by_its_public_id(shop):
    orders = [shop.order(f"WEB-{number}") for number in range(2)]
    [first, _] = shop.read("?type=order.created")["data"]
    subject = first["data"]["object"]["id"]

    assert numbers(shop.read(f"?subject={subject}")) == ["WEB-0"]
    assert len(orders) == 2


def test_a_subject_that_is_not_ours_had_no_events(shop):
    stranger = Shop()
    stranger.order("WEB-1")
    [message] = stranger.read("?type=order.created")["data"]

    assert shop.read(f"?subject={message['data']['object']['id']}")["data"] == []


def test_events_without_a_message_are_left_out(shop):
    shop.order("WEB-1")

    told = {message["type"] for message in shop.read("?limit=200")["data"]}

    assert "order.created" in told
    assert all("task" not in name and "stock" not in name for name in told)


def test_endpoints_are_asked_for_by_name(shop):
    erp = V1(shop.organization, scopes=["webhooks:manage"])
    made = erp.post("/webhook-endpoints", {"url": "https://x.example.invalid/"}).json()
    erp.post(f"/webhook-endpoints/{made['id']}/pause")
    relay()

    assert [each["type"] for each in shop.read("?type=*")["data"]] == []
    [paused] = shop.read("?type=webhook_endpoint.*")["data"]
    assert paused["data"]["object"] == {
        "id": made["id"],
        "status": "paused",
        "version": Endpoint.objects.get().version,
    }


def test_a_client_of_a_channel_reads_that_ones_events(shop):
    neighbour = Shop(organization=shop.organization)
    shop.order("WEB-1")
    neighbour.order("WEB-2")
    bound = V1(shop.organization, scopes=["events:read"], channel=shop.channel)

    assert numbers(shop.read("?type=order.created", api=bound)) == ["WEB-1"]
    assert numbers(shop.read("?type=order.created")) == ["WEB-1", "WEB-2"]


def test_nobody_reads_another_organizations_events(shop):
    stranger = Shop()
    stranger.order("WEB-1")
    foreign = stranger.read()["page"]["next_cursor"]

    assert shop.read("?limit=200&type=order.*")["data"] == []
    answer = shop.api.get(f"/events?after={foreign}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "cursor", ["", "evt_", "evt_1", "evt_" + "G" * 32, "evt_" + "A" * 32, "evt_" + "0a" * 16]
)
def test_a_damaged_or_unknown_cursor_is_refused(shop, cursor):
    answer = shop.api.get(f"/events?after={cursor}")

    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid_cursor", "invalid_parameter"}


@pytest.mark.parametrize(
    "query",
    [
        "type=order.placed",
        "type=order.*,",
        "subject=loc_1",
        "subject=x",
        "limit=0",
        "limit=201",
        "sort=created_at",
        "cursor=x",
        "since=2026-01-01T00:00:00Z",
    ],
)
def test_refuses_parameters_that_mean_nothing(shop, query):
    answer = shop.api.get(f"/events?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_needs_the_scope(shop):
    reader = V1(shop.organization, scopes=["orders:read"])

    assert reader.get("/events").status_code == 403
