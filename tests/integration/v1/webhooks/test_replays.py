"""Deliveries of an endpoint, and sending them again."""

import datetime as dt

import pytest
from django.utils import timezone

from oms.events import services, tasks
from oms.events.choices import DeliveryState, EventType
from oms.events.models import Delivery, Endpoint, Event, Replay
from oms.kernel.actors import SYSTEM
from tests.factories import make_organization, relay_everything
from tests.integration.events.builders import happen
from tests.v1_client import V1

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
LONG_AGO = "2026-01-01T00:00:00.000Z"


class Case:
    """An endpoint that was told of five orders: two delivered, two given up, one that waits."""

    def __init__(self):
        self.organization = make_organization()
        self.api = V1(self.organization, scopes=["webhooks:manage"])
        body = {"url": "https://client.example.invalid/", "events": ["order.*"]}
        self.path = f"/webhook-endpoints/{self.api.post('/webhook-endpoints', body).json()['id']}"
        self.endpoint = Endpoint.objects.get()
        happen(self.organization, 1, 2, 3)
        happen(self.organization, 1, 2, event_type=EventType.ORDER_CANCELLED)
        relay_everything()
        self.now = timezone.now()
        states = ["DELIVERED", "DELIVERED", "EXHAUSTED", "EXHAUSTED"]
        for pk, state in zip(self.deliveries, states, strict=False):
            Delivery.objects.filter(pk=pk).update(
                state=state,
                finished_at=self.now,
                tries=10 if state == "EXHAUSTED" else 1,
                last_status=503 if state == "EXHAUSTED" else 200,
                last_error="" if state == "DELIVERED" else "It answered 503",
            )

    @property
    def deliveries(self) -> list[int]:
        return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))

    def states(self) -> list[str]:
        return list(Delivery.objects.order_by("pk").values_list("state", flat=True))

    def replay(self, body, query=""):
        return self.api.post(f"{self.path}/replay{query}", body)


@pytest.fixture
def case() -> Case:
    return Case()


def test_shows_how_telling_went_newest_first(case):
    listed = case.api.get(f"{case.path}/deliveries").json()

    events = Event.objects.filter(type__startswith="order.").order_by("-pk")
    assert [row["event_id"] for row in listed["data"]] == [
        f"evt_{event.public_id.hex}" for event in events
    ]
    waiting, given_up = listed["data"][0], listed["data"][1]
    assert (waiting["status"], waiting["event_type"]) == ("pending", "order.cancelled")
    assert waiting["next_attempt_at"] is not None
    assert given_up == {
        "event_id": given_up["event_id"],
        "event_type": "order.cancelled",
        "status": "failed",
        "attempts": 10,
        "last_status": 503,
        "last_error": "It answered 503",
        "next_attempt_at": None,
        "created_at": given_up["created_at"],
        "finished_at": given_up["finished_at"],
    }


def test_lists_by_status_and_walks_by_cursor(case):
    path = f"{case.path}/deliveries?status=delivered&limit=1"

    first = case.api.get(path).json()
    second = case.api.get(f"{path}&cursor={first['page']['next_cursor']}").json()
    elsewhere = case.api.get(
        f"{case.path}/deliveries?limit=1&cursor={first['page']['next_cursor']}"
    )

    assert [row["status"] for row in first["data"] + second["data"]] == ["delivered"] * 2
    assert (first["page"]["has_more"], second["page"]["has_more"]) == (True, False)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("query", ["status=lost", "state=delivered", "limit=0", "sort=status"])
def test_refuses_parameters_that_mean_nothing(case, query):
    answer = case.api.get(f"{case.path}/deliveries?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_a_dry_run_only_counts(case):
    answer = case.replay({"since": LONG_AGO}, "?dry_run=true")

    assert (answer.status_code, answer.json()) == (202, {"count": 4})
    assert not Replay.objects.exists()
    assert case.states() == ["DELIVERED", "DELIVERED", "EXHAUSTED", "EXHAUSTED", "PENDING"]


def test_sends_again_in_the_background_what_it_counted(case):
    answer = case.replay({"since": LONG_AGO})
    before = case.states()
    tasks.replay_due(is_sweep=True)

    assert (answer.status_code, answer.json()) == (202, {"count": 4})
    assert before.count("PENDING") == 1
    assert case.states() == ["PENDING"] * 5
    assert list(Delivery.objects.order_by("pk").values_list("replays", flat=True)) == [
        1,
        1,
        1,
        1,
        0,
    ]
    done = Replay.objects.get()
    assert (done.deliveries, done.finished_at is None) == (4, False)
    fact = Event.objects.get(type="endpoint.replayed")
    assert (fact.actor, fact.data["deliveries"]) == (f"client:{case.api.machine.name}", 4)


def test_a_type_and_an_id_narrow_it(case):
    one = Delivery.objects.order_by("pk").first().event

    by_type = case.replay({"since": LONG_AGO, "types": ["order.cancelled"]}, "?dry_run=true")
    by_id = case.replay({"ids": [f"evt_{one.public_id.hex}"]})
    tasks.replay_due(is_sweep=True)

    assert (by_type.json(), by_id.json()) == ({"count": 1}, {"count": 1})
    assert case.states()[:2] == ["PENDING", "DELIVERED"]


def test_what_is_told_after_it_was_asked_for_is_not_meant(case):
    case.replay({"since": LONG_AGO})
    happen(case.organization, 9)
    Delivery.objects.filter(pk=case.deliveries[-1]).update(
        state=DeliveryState.DELIVERED, finished_at=case.now
    )

    tasks.replay_due(is_sweep=True)

    assert case.states() == ["PENDING"] * 5 + ["DELIVERED"]


def test_goes_on_where_its_last_batch_ended(case):
    case.replay({"since": LONG_AGO})
    Replay.objects.update(delivery_id=case.deliveries[1], deliveries=2)

    assert services.replay_batch(now=case.now) == 2
    assert services.replay_batch(now=case.now) == 1  # finds the end
    assert services.replay_batch(now=case.now) == 0

    assert case.states() == ["DELIVERED", "DELIVERED", "PENDING", "PENDING", "PENDING"]
    assert Replay.objects.get().deliveries == 4


def test_nothing_to_send_is_no_job(case):
    answer = case.replay({"since": (case.now + HOUR).isoformat()})

    assert (answer.status_code, answer.json()) == (202, {"count": 0})
    assert not Replay.objects.exists()


def test_a_disabled_endpoint_is_enabled_first(case):
    services.disable_endpoint(endpoint_id=case.endpoint.pk, reason="x", actor=SYSTEM, now=case.now)

    answer = case.replay({"since": LONG_AGO})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "invalid_state")
    assert (problem["current_status"], problem["allowed"]) == ("disabled", ["enabled"])


@pytest.mark.parametrize(
    ("body", "status", "pointer", "code"),
    [
        ({}, 422, "/since", "required"),
        ({"types": ["order.*"]}, 422, "/since", "required"),
        ({"since": "yesterday"}, 422, "/since", "invalid_format"),
        ({"since": "2026-01-01T00:00:00Z", "types": ["x.y"]}, 422, "/types", "unknown_value"),
        ({"ids": ["evt_1"]}, 422, "/ids/0", "invalid_format"),
        ({"ids": []}, 422, "/ids", "out_of_range"),
        ({"since": "2026-01-01T00:00:00Z", "all": True}, 400, "/all", "unknown_field"),
    ],
)
def test_refuses_what_does_not_say_what_is_meant(case, body, status, pointer, code):
    answer = case.replay(body)

    assert answer.status_code == status
    errors = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert errors == [(pointer, code)]
    assert not Replay.objects.exists()


def test_a_finished_replay_is_forgotten_after_30_days(case):
    case.replay({"since": LONG_AGO})
    tasks.replay_due(is_sweep=True)

    services.purge(now=timezone.now() + dt.timedelta(days=29))
    kept = Replay.objects.count()
    services.purge(now=timezone.now() + dt.timedelta(days=31))

    assert (kept, Replay.objects.count()) == (1, 0)
