"""What hooks are told, through the engine and over HTTP (contract 3)."""

import base64
import datetime as dt
import json

import pytest
from django.db import transaction

from oms.api.akinon.package_reads import package_id
from oms.events import services
from oms.events.choices import DeliveryState
from oms.events.formats import MASK, OptionsUnfit, SecretUnfit, UnknownWord
from oms.events.models import Delivery, DeliveryAttempt, Endpoint, Event, MessageBody
from oms.events.services import EndpointChange
from oms.kernel.actors import SYSTEM
from oms.locations import services as locations
from oms.locations.services import PointChange
from tests.factories import NOW, make_point
from tests.integration.akinon.hooks.builders import TRANSITIONED

BASIC = {"auth_type": "basic", "username": "oms", "password": "pa ss"}


def told(shop) -> list[tuple[str, str]]:
    """Event types with the values of states, in the order they came."""
    return [(call.word, call.payload["state"]["enum_value"]) for call in shop.receiver.of()]


def test_a_new_package_is_told(shop):
    shop.listen("package.created")

    order = shop.order()
    shop.push()

    [call] = shop.receiver.of()
    task = shop.task_of(order)
    made = Event.objects.get(type="task.created")
    assert call.message["event"] == {"type": "package.created", "uuid": made.public_id.hex}
    assert call.headers["x-whisperer-event"] == "package.created"
    assert "x-whisperer-signature" not in call.headers
    assert call.payload["id"] == package_id(task.number)
    assert call.payload["order_number"] == "279209"
    assert call.payload["state"]["enum_value"] == "100"
    assert call.payload["stock_location"]["erp_code"] == "369"
    assert call.payload["channel"] == shop.channel.number
    assert call.payload["commands"] == []
    assert [item["quantity"] for item in call.payload["packageitem_set"]] == [2]


def test_each_state_is_told_by_its_word_and_as_a_transition(shop):
    shop.listen("package.status.preparing", "package.status.packed", path="/states")
    shop.listen(TRANSITIONED)

    order = shop.order()
    shop.pick(order)
    shop.pack(order)
    shop.push()

    assert shop.receiver.words("/states") == ["package.status.preparing", "package.status.packed"]
    assert told(shop) == [(TRANSITIONED, "200"), (TRANSITIONED, "500")]
    uuids = {call.uuid for call in shop.receiver.calls}
    assert len(uuids) == 4


def test_a_message_has_the_state_its_event_led_to(shop):
    shop.listen("package.status.preparing")
    order = shop.order()
    shop.pick(order)
    shop.clock.advance(60)

    shop.pack(order)
    shop.push()

    [call] = shop.receiver.of()
    picking = Event.objects.get(type="task.picking")
    assert call.payload["state"]["enum_value"] == "200"
    assert call.payload["packageitem_set"][0]["state"]["enum_value"] == "200"
    assert call.payload["modified_date"] == picking.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_the_secret_signs_the_exact_bytes(shop):
    shop.receiver.secrets["/hooks"] = "s3cret"
    shop.listen("package.created", secret="s3cret")

    shop.order()
    shop.push()

    [call] = shop.receiver.of()
    assert (call.status, len(call.headers["x-whisperer-signature"])) == (200, 71)


def test_a_hook_of_another_channel_hears_nothing(shop):
    other = shop.make_channel()
    shop.listen("package.created", options={"config": {"channel": other.number}})
    shop.listen("package.created", path="/all")

    shop.order("A-1")
    shop.order("A-2", channel=other)
    shop.push()

    assert [call.payload["order_number"] for call in shop.receiver.of()] == ["A-2"]
    assert len(shop.receiver.of("/all")) == 2


def test_additional_headers_win_over_all_others(shop):
    shop.listen(
        "package.created",
        headers={"authorization": "Token abc", "X-Whisperer-Event": "mine", "X-More": "1"},
        options={"config": {"auth": BASIC}},
    )

    shop.order()
    shop.push()

    [call] = shop.receiver.of()
    assert call.headers["authorization"] == "Token abc"
    assert call.headers["x-whisperer-event"] == "mine"
    assert call.headers["x-more"] == "1"
    shop.receiver.problems.remove("X-Whisperer-Event is another type than the message's")


def test_basic_credentials_go_with_every_call(shop):
    shop.listen("package.created", options={"config": {"auth": BASIC}})

    shop.order()
    shop.push()

    [call] = shop.receiver.of()
    assert call.headers["authorization"] == f"Basic {base64.b64encode(b'oms:pa ss').decode()}"


def test_a_password_is_sealed_and_shown_nowhere(shop):
    endpoint = shop.listen("package.created", options={"config": {"auth": BASIC}})

    shop.order()
    shop.push()

    row = Endpoint.objects.get(pk=endpoint.pk)
    attempt = DeliveryAttempt.objects.get()
    assert row.options["config"]["auth"] == {**BASIC, "password": MASK}
    assert attempt.request_headers["Authorization"] == MASK
    facts = json.dumps(list(Event.objects.values_list("data", flat=True)))
    assert "pa ss" not in facts


def test_a_masked_password_stays_what_it_is(shop):
    endpoint = shop.listen("package.created", options={"config": {"auth": BASIC}})
    masked = {**BASIC, "username": "other", "password": MASK}

    services.update_endpoint(
        endpoint_id=endpoint.pk,
        change=EndpointChange(options={"config": {"auth": masked}}),
        actor=SYSTEM,
        now=NOW,
    )
    shop.order()
    shop.push()

    [call] = shop.receiver.of()
    assert call.headers["authorization"] == f"Basic {base64.b64encode(b'other:pa ss').decode()}"


@pytest.mark.parametrize(
    "options",
    [
        {"other": 1},
        {"config": []},
        {"config": {"chanel": 1}},
        {"config": {"channel": "1"}},
        {"config": {"auth": {"auth_type": "digest"}}},
        {"config": {"auth": {"auth_type": "basic", "username": "a"}}},
        {"config": {"auth": {"auth_type": "basic", "username": "a", "password": MASK}}},
        {"config": {"auth": {"auth_type": "token", "username": "a", "password": "b"}}},
        {"config": {"auth": {**BASIC, "url": "https://x.example/"}}},
        {
            "config": {
                "auth": {
                    "auth_type": "token",
                    "url": "https://x.example/",
                    "username": "a",
                    "password": "b",
                    "header_format": "Token",
                }
            }
        },
        {"retry_countdown_config": {"choice": "never"}},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(shop, options):
    with pytest.raises(OptionsUnfit):
        shop.listen("package.created", options=options)

    assert not Endpoint.objects.exists()


def test_a_secret_that_is_too_long_is_refused(shop):
    with pytest.raises(SecretUnfit):
        shop.listen("package.created", secret="x" * 256)


def test_an_endpoint_without_words_is_refused(shop):
    with pytest.raises(UnknownWord):
        shop.listen(words=())


def test_a_location_is_told_whole_when_it_changes(shop):
    shop.listen("stock_location.updated")

    locations.change_point(
        point_id=shop.point.pk,
        change=PointChange(max_quota=5),
        actor=SYSTEM,
        now=shop.clock(),
    )
    shop.push()

    [call] = shop.receiver.of()
    assert call.word == "stock_location.updated"
    assert (call.payload["erp_code"], call.payload["max_quota"]) == ("369", 5)
    assert call.payload["quota"] == 0


def test_a_location_that_is_made_is_told(shop):
    shop.listen("stock_location.created")
    point = make_point(organization=shop.organization, code="412")

    with transaction.atomic():
        locations.tell_made([point], actor=SYSTEM, now=shop.clock())
    shop.push()

    [call] = shop.receiver.of()
    assert (call.word, call.payload["erp_code"]) == ("stock_location.created", "412")


def test_what_a_hook_is_not_told_of_ends_at_once(shop):
    shop.listen("package.status.waiting")
    order = shop.order()

    shop.pick(order)
    shop.push()

    assert shop.receiver.calls == []
    assert not Delivery.objects.exclude(state=DeliveryState.SKIPPED).exists()


def test_the_log_of_hooks_is_kept_for_twelve_weeks(shop):
    shop.listen("package.created")
    other = shop.listen("package.created", path="/others")
    shop.order()
    shop.push()
    Endpoint.objects.filter(pk=other.pk).update(format="v1")
    finished = {delivery.finished_at for delivery in Delivery.objects.all()}

    kept = services.purge(now=max(finished) + dt.timedelta(weeks=12))
    left = Delivery.objects.values_list("endpoint__format", flat=True)

    assert (kept["deliveries"], kept["attempts"]) == (1, 1)
    assert not other.deliveries.exists()
    assert list(left) == ["whisperer"]
    assert DeliveryAttempt.objects.count() == 1

    gone = services.purge(now=max(finished) + dt.timedelta(weeks=12, seconds=1))

    assert (gone["deliveries"], gone["attempts"]) == (1, 1)
    assert not MessageBody.objects.exists()
