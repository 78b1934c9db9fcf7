"""`whisperer/hooks/` and what goes with it (contract 2.1, 3.4, 12a.1)."""

import pytest

from oms.accounts.models import ApplicationSetting
from oms.api.akinon.hooks.format import signature
from oms.events import services
from oms.events.choices import DeliveryState, EndpointState
from oms.events.models import Delivery, Endpoint, EndpointHealth, Event
from oms.kernel.actors import SYSTEM
from tests.api.akinon.caller import Akinon
from tests.factories import NOW, make_organization
from tests.integration.akinon.hooks.builders import Shop
from tests.integration.events.builders import Clock, become_due, send
from tests.simulators.hook_receiver import HookReceiver

pytestmark = pytest.mark.django_db

HOOKS = "/api/v1/oms/whisperer/hooks/"
EVENTS = "/api/v1/oms/whisperer/hook_events/"
PUBLISH = "/api/v1/oms/oms_hook_events/publish-event/"
RESEND = "/api/v1/oms/oms_hook_events/resend-event/"
MANAGES_HOOKS = ["webhooks:manage"]
TARGET = "https://hooks.example.com/packages/"
COUNTDOWN = {"choice": "exponential", "kwargs": {"base": 2}}


@pytest.fixture
def receiver():
    with HookReceiver() as running:
        yield running
    assert running.problems == []


@pytest.fixture
def shop(receiver) -> Shop:
    return Shop(receiver=receiver, clock=Clock())


@pytest.fixture
def caller(shop) -> Akinon:
    return Akinon(shop.organization)


def subscribe(caller: Akinon, **said):
    body = {
        "event_type": "package.created",
        "target_url": TARGET,
        "retry_countdown_config": COUNTDOWN,
    }
    return caller.post(HOOKS, body | said)


def at_receiver(shop: Shop, caller: Akinon, **said) -> dict:
    """A hook at the receiver, an origin the operator has named."""
    shop.listen("stock_location.created", path="/named", name="the operator's")
    answer = subscribe(caller, target_url=shop.receiver.url(), **said)
    assert answer.status_code == 201
    EndpointHealth.objects.update(tokens_at=NOW)
    return answer.json()


def push(shop: Shop) -> None:
    become_due(shop.clock())
    shop.clock.advance(1)
    send(shop.clock)


def test_a_hook_is_made_and_shown(caller):
    made = subscribe(caller)

    assert made.status_code == 201
    shown = made.json()
    number = shown["id"]
    assert isinstance(number, int)
    assert {
        name: shown[name] for name in shown if name not in ("created_date", "modified_date")
    } == {
        "id": number,
        "event_type": "package.created",
        "target_url": TARGET,
        "secret_key": None,
        "additional_headers": {},
        "config": {},
        "retry_countdown_config": COUNTDOWN,
        "callback": None,
        "is_active": True,
    }
    assert caller.get(f"{HOOKS}{number}/").json() == shown


@pytest.mark.parametrize("mount", ["/whisperer/", "/api/v1/whisperer/", "/api/v1/oms/whisperer/"])
def test_the_resource_is_at_three_places_with_and_without_a_slash(caller, mount):
    subscribe(caller)

    answers = [caller.get(f"{mount}hooks{end}") for end in ("", "/")]

    assert [answer.json()["count"] for answer in answers] == [1, 1]


def test_a_hyphen_is_accepted_and_a_dot_is_kept(caller):
    made = subscribe(caller, event_type="package-created")

    assert made.json()["event_type"] == "package.created"
    assert Endpoint.objects.get().words == ["package.created"]


def test_secrets_are_masked(caller):
    auth = {"auth_type": "basic", "username": "u", "password": "hush"}

    made = subscribe(
        caller,
        secret_key="s3cret",
        additional_headers={"Authorization": "Token abc"},
        config={"auth": auth},
    ).json()

    assert made["secret_key"] == "***"
    assert made["additional_headers"] == {"Authorization": "***"}
    assert made["config"] == {"auth": {**auth, "password": "***"}}


def test_what_is_masked_stays_what_it_is(shop, caller):
    hook = at_receiver(
        shop, caller, secret_key="s3cret", additional_headers={"Authorization": "Token abc"}
    )
    shop.receiver.secrets["/hooks"] = "s3cret"

    caller.put(f"{HOOKS}{hook['id']}/", hook)
    shop.order()
    push(shop)

    [call] = shop.receiver.of()
    assert call.status == 200
    assert call.headers["authorization"] == "Token abc"
    assert call.headers["x-whisperer-signature"] == signature(call.body, "s3cret")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"event_type": "package.eaten"}, "event_type"),
        ({"event_type": None}, "event_type"),
        ({"event_type": 5}, "event_type"),
        ({"target_url": ""}, "target_url"),
        ({"secret_key": 5}, "secret_key"),
        ({"secret_key": "***"}, "secret_key"),
        ({"additional_headers": []}, "additional_headers"),
        ({"additional_headers": {"X-A": 1}}, "additional_headers"),
        ({"config": "x"}, "config"),
        ({"config": {"chanel": 1}}, "config"),
        ({"retry_countdown_config": {"choice": "never"}}, "retry_countdown_config"),
        ({"callback": "os.system"}, "callback"),
        ({"is_active": "maybe"}, "is_active"),
    ],
)
def test_a_field_that_cannot_be_meant_is_refused_by_name(caller, said, field):
    answer = subscribe(caller, **said)

    assert answer.status_code == 400
    assert field in answer.json()
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "https://localhost/x", "https://10.0.0.1/x", "ftp://a.example/"]
)
def test_a_hook_does_not_lead_into_private_networks(caller, url):
    assert subscribe(caller, target_url=url).status_code == 400
    assert not Endpoint.objects.exists()


def test_a_log_in_does_not_lead_there_either(caller):
    auth = {"auth_type": "token", "url": "http://127.0.0.1:9/", "username": "u", "password": "p"}

    assert subscribe(caller, config={"auth": auth}).status_code == 400


def test_an_origin_the_operator_named_is_open(shop, caller):
    hook = at_receiver(shop, caller)

    shop.order()
    push(shop)

    assert shop.receiver.words() == ["package.created"]
    assert hook["target_url"] == shop.receiver.url()


def test_so_is_one_in_the_client_settings(shop, caller):
    ApplicationSetting.objects.create(
        organization=shop.organization,
        key="OMNITRON_CLIENT_SETTINGS",
        value={"urls": {"base_url": shop.receiver.url("/api/v1"), "oms_url": "https://x.example"}},
    )

    assert subscribe(caller, target_url=shop.receiver.url()).status_code == 201


def test_a_hook_made_by_api_names_no_origin(shop, caller):
    at_receiver(shop, caller)
    Endpoint.objects.filter(name="the operator's").update(removed_at=NOW)

    answer = subscribe(caller, event_type="package.refused", target_url=shop.receiver.url("/b"))

    assert answer.status_code == 400


def test_a_second_hook_of_the_same_is_refused(caller):
    subscribe(caller)

    answer = subscribe(caller)

    assert (answer.status_code, answer.json()["code"]) == (406, "hook_100_1")
    assert Endpoint.objects.count() == 1


def test_a_change_into_the_same_is_refused(caller):
    subscribe(caller)
    other = subscribe(caller, event_type="package.refused").json()

    answer = caller.patch(f"{HOOKS}{other['id']}/", {"event_type": "package.created"})

    assert (answer.status_code, answer.json()["code"]) == (406, "hook_100_1")


def test_deleting_deactivates(caller):
    hook = subscribe(caller).json()

    answer = caller.delete(f"{HOOKS}{hook['id']}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert caller.get(f"{HOOKS}{hook['id']}/").json()["is_active"] is False
    assert Endpoint.objects.get().state == EndpointState.DISABLED
    assert subscribe(caller).status_code == 201


def test_a_hook_is_switched_on_again(caller):
    hook = subscribe(caller, is_active=False).json()
    assert hook["is_active"] is False

    answer = caller.patch(f"{HOOKS}{hook['id']}/", {"is_active": True})

    assert answer.json()["is_active"] is True


def test_the_list_is_filtered_and_paged(caller):
    first = subscribe(caller).json()
    second = subscribe(caller, event_type="package.refused").json()
    caller.delete(f"{HOOKS}{second['id']}/")

    def ids(**query) -> list[int]:
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return [hook["id"] for hook in caller.get(f"{HOOKS}?{text}").json()["results"]]

    assert ids() == [first["id"], second["id"]]
    assert ids(event_type="package-created") == [first["id"]]
    assert ids(is_active="False") == [second["id"]]
    assert ids(target_url="https://elsewhere.example/") == []
    page = caller.get(f"{HOOKS}?limit=1").json()
    assert (page["count"], page["previous"], len(page["results"])) == (2, None, 1)
    assert page["next"].endswith("limit=1&page=2")


def test_the_registry_lists_every_event_type(caller):
    words = caller.get(f"{HOOKS}get_registry/").json()

    assert len(words) == 33
    assert words[0] == "package.created"


def test_a_client_sees_its_own_hooks_and_a_super_user_all(shop, caller):
    owner = Akinon(shop.organization, scopes=MANAGES_HOOKS)
    stranger = Akinon(shop.organization, scopes=MANAGES_HOOKS)
    hook = subscribe(owner).json()

    assert owner.get(HOOKS).json()["count"] == 1
    assert stranger.get(HOOKS).json()["count"] == 0
    assert stranger.get(f"{HOOKS}{hook['id']}/").status_code == 404
    assert stranger.delete(f"{HOOKS}{hook['id']}/").status_code == 404
    assert caller.get(HOOKS).json()["count"] == 1
    assert subscribe(stranger).status_code == 201


def test_a_client_without_the_scope_sees_nothing(shop):
    assert Akinon(shop.organization, scopes=["orders:read"]).get(HOOKS).status_code == 403


def test_the_operators_endpoints_are_listed_one_hook_an_event_type(shop, caller):
    shop.listen("package.status.preparing", "package.status.packed")

    hooks = caller.get(HOOKS).json()["results"]

    words = [hook["event_type"] for hook in hooks]
    assert words == ["package.status.preparing", "package.status.packed"]
    assert len({hook["id"] for hook in hooks}) == 2
    answer = caller.patch(f"{HOOKS}{hooks[0]['id']}/", {"is_active": False})
    assert (answer.status_code, answer.json()["code"]) == (406, "hook_100_2")


def test_the_log_shows_what_was_told(shop, caller):
    hook = at_receiver(shop, caller)
    order = shop.order()
    push(shop)

    [entry] = caller.get(EVENTS).json()["results"]

    sent = shop.receiver.of()[0].message
    assert entry["webhook"] == hook["id"]
    assert entry["event_type"] == "package.created"
    assert entry["uuid"] == sent["event"]["uuid"]
    assert entry["request_payload"] == sent
    assert (entry["delivered"], entry["response_http_status"], entry["retry_count"]) == (
        True,
        200,
        1,
    )
    assert (entry["content_type"], entry["object_id"]) == (26, sent["payload"]["id"])
    assert shop.task_of(order).number.endswith(str(entry["object_id"]))
    assert caller.get(f"{EVENTS}{entry['id']}/").json() == entry


def test_the_log_is_filtered(shop, caller):
    hook = at_receiver(shop, caller)
    shop.order()
    push(shop)
    [entry] = caller.get(EVENTS).json()["results"]
    day = entry["created_date"][:10]

    def count(query: str) -> int:
        return caller.get(f"{EVENTS}?{query}").json()["count"]

    fitting = [
        "event_type=package-created", "delivered=True", f"uuid={entry['uuid']}",
        "response_http_status=200", f"webhook={hook['id']}", f"object_id={entry['object_id']}",
        "content_type=26", f"created_date={day}", f"created_date__gte={day}",
    ]  # fmt: skip
    others = [
        "event_type=package.refused", "delivered=False", f"uuid={'0' * 32}",
        "response_http_status=500", "webhook=5", "object_id=999999", "content_type=2",
        f"created_date__gt={day}", f"created_date__lt={day}",
    ]  # fmt: skip
    assert [count(query) for query in fitting] == [1] * len(fitting)
    assert [count(query) for query in others] == [0] * len(others)
    assert caller.get(f"{EVENTS}?uuid=x").status_code == 400


def test_a_retry_of_what_arrived_is_refused_unless_forced(shop, caller):
    at_receiver(shop, caller)
    shop.order()
    push(shop)
    [entry] = caller.get(EVENTS).json()["results"]

    refused = caller.post(f"{EVENTS}{entry['id']}/retry/")
    forced = caller.post(f"{EVENTS}{entry['id']}/retry/", {"force": True})

    assert (refused.status_code, refused.json()["code"]) == (406, "event_100_3")
    assert forced.status_code == 200
    assert {name: forced.json()[name] for name in ("response_status", "delivered")} == {
        "response_status": 200,
        "delivered": True,
    }
    assert [call.uuid for call in shop.receiver.of()] == [entry["uuid"]] * 2


def test_a_retry_while_it_is_tried_by_itself_is_refused_unless_forced(shop, caller):
    at_receiver(shop, caller)
    shop.receiver.failing["/hooks"] = 502
    shop.order()
    push(shop)
    [entry] = caller.get(EVENTS).json()["results"]

    refused = caller.post(f"{EVENTS}{entry['id']}/retry/")
    forced = caller.post(f"{EVENTS}{entry['id']}/retry/", {"force": True})

    assert (refused.status_code, refused.json()["code"]) == (406, "event_100_6")
    assert forced.status_code == 406
    assert (forced.json()["response_status"], forced.json()["delivered"]) == (502, False)


def test_a_retry_of_what_stayed_undelivered_sends_it(shop, caller):
    at_receiver(shop, caller)
    shop.order()
    become_due(shop.clock())
    Delivery.objects.update(state=DeliveryState.EXHAUSTED, finished_at=NOW, attempts=19, tries=19)
    [entry] = caller.get(f"{EVENTS}?delivered=False").json()["results"]

    answer = caller.post(f"{EVENTS}{entry['id']}/retry/")

    assert (answer.status_code, answer.json()["delivered"]) == (200, True)
    assert shop.receiver.words() == ["package.created"]


def test_a_package_is_published_by_hand(shop, caller):
    hook = at_receiver(shop, caller, event_type="package.status.shipped")
    order = shop.order()
    number = int(shop.task_of(order).number.removeprefix("FT"))
    push(shop)

    answer = caller.post(
        PUBLISH, {"hook": hook["id"], "instance": {"pk": number, "model": "package"}}
    )
    push(shop)

    assert (answer.status_code, answer.content) == (202, b"")
    [call] = shop.receiver.of()
    assert (call.word, call.payload["id"]) == ("package.status.shipped", number)
    assert call.payload["state"]["enum_value"] == "100"
    published = Event.objects.get(type="news.published")
    assert (call.uuid, published.subject_id) == (published.public_id.hex, shop.task_of(order).pk)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"hook": "x", "instance": {"pk": 1, "model": "package"}}, 400),
        ({"hook": 12345, "instance": {"pk": 1, "model": "package"}}, 404),
    ],
)
def test_publishing_names_a_hook_and_an_object(caller, body, status):
    assert caller.post(PUBLISH, body).status_code == status


def test_a_hook_is_not_told_of_what_it_is_not_about(shop, caller):
    hook = at_receiver(shop, caller)
    shop.order()

    wrong = caller.post(PUBLISH, {"hook": hook["id"], "instance": {"pk": 1, "model": "order"}})
    absent = caller.post(
        PUBLISH, {"hook": hook["id"], "instance": {"pk": 10**9, "model": "package"}}
    )

    assert (wrong.status_code, wrong.json()["code"]) == (406, "hook_100_3")
    assert absent.status_code == 404


def test_a_message_is_sent_again_by_its_uuid(shop, caller):
    at_receiver(shop, caller)
    shop.order()
    push(shop)
    uuid = shop.receiver.of()[0].uuid

    answer = caller.post(RESEND, {"event": uuid})
    Delivery.objects.update(not_before=shop.clock())
    send(shop.clock)

    assert answer.status_code == 202
    assert [call.uuid for call in shop.receiver.of()] == [uuid, uuid]
    assert caller.post(RESEND, {"event": "0" * 32}).status_code == 404
    assert caller.post(RESEND, {"event": "x"}).status_code == 400


def test_a_split_order_is_told_with_its_packages(shop, caller):
    hook = at_receiver(shop, caller, event_type="order.fulfillment.multiple_packages")
    order = shop.order()

    answer = caller.post(
        PUBLISH, {"hook": hook["id"], "instance": {"pk": order.number, "model": "order"}}
    )
    push(shop)

    assert answer.status_code == 202
    [call] = shop.receiver.of()
    assert call.payload["id"] == order.number
    assert [part["stock_location_erp_code"] for part in call.payload["package_set"]] == ["369"]


def test_a_location_is_told_whole(shop, caller):
    hook = at_receiver(shop, caller, event_type="stock_location.updated")

    body = {"hook": hook["id"], "instance": {"pk": shop.point.number, "model": "stocklocation"}}
    caller.post(PUBLISH, body)
    push(shop)

    [call] = shop.receiver.of()
    assert (call.payload["id"], call.payload["erp_code"]) == (shop.point.number, "369")


def test_another_organization_sees_none_of_it(shop, caller):
    hook = at_receiver(shop, caller)
    stranger = Akinon(make_organization())

    assert stranger.get(HOOKS).json()["count"] == 0
    assert stranger.get(f"{HOOKS}{hook['id']}/").status_code == 404


def test_the_operator_s_pause_is_not_the_end_of_a_hook(caller):
    hook = subscribe(caller).json()
    services.pause_endpoint(endpoint_id=Endpoint.objects.get().pk, actor=SYSTEM, now=NOW)

    assert caller.get(f"{HOOKS}{hook['id']}/").json()["is_active"] is True
    caller.delete(f"{HOOKS}{hook['id']}/")
    assert Endpoint.objects.get().state == EndpointState.DISABLED
