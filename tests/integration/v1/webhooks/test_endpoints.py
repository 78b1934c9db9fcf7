"""Endpoints through the API (contract 4.12)."""

import pytest
from django.utils import timezone

from oms.events import services
from oms.events.models import Endpoint, EndpointSecret, Event
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM
from tests.factories import make_channel, make_oms4_client, make_organization, make_point
from tests.v1_client import V1

pytestmark = pytest.mark.django_db

URL = "https://client.example.invalid/hooks"
BODY = {
    "url": URL,
    "events": ["order.*", "shipment.status_changed"],
    "description": "ERP",
}


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def api(organization):
    return V1(organization, scopes=["webhooks:manage"])


def made_by_operators(organization, **overrides) -> Endpoint:
    values = {
        "organization_id": organization.pk,
        "name": "legacy",
        "url": "http://127.0.0.1:9/hooks",
        "format": "standard",
        "words": ["order.placed"],
        "headers": {"Authorization": "hush"},
        "allow_private_network": True,
    }
    draft = services.EndpointDraft(**(values | overrides))
    return services.create_endpoint(draft=draft, actor=SYSTEM, now=timezone.now()).endpoint


def pointers(answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_a_new_endpoint_is_shown_with_its_secret_once(api):
    answer = api.post("/webhook-endpoints", BODY)

    assert answer.status_code == 201
    said = answer.json()
    endpoint = Endpoint.objects.get()
    secret = sealed.read(EndpointSecret.objects.get(), "secret")
    assert said == {
        "id": said["id"],
        **BODY,
        "status": "enabled",
        "status_reason": None,
        "format": "v1",
        "secret": secret,
        "version": endpoint.version,
        "created_at": said["created_at"],
        "updated_at": said["updated_at"],
    }
    assert answer.headers["Location"] == f"/v1/webhook-endpoints/{said['id']}"
    assert answer.headers["ETag"] == f'"v{endpoint.version}"'
    again = api.get(f"/webhook-endpoints/{said['id']}").json()
    assert again == {name: value for name, value in said.items() if name != "secret"}


def test_an_endpoint_is_subscribed_to_what_its_patterns_stand_for(api):
    api.post("/webhook-endpoints", BODY | {"events": ["order.created", "inventory.*"]})

    endpoint = Endpoint.objects.get()
    assert (endpoint.format, endpoint.types) == ("v1", ["order.placed", "stock.level_changed"])
    assert endpoint.allow_private_network is False


def test_without_events_it_hears_everything(api):
    answer = api.post("/webhook-endpoints", {"url": URL})

    assert answer.json()["events"] == ["*"]
    assert "customer.created" in Endpoint.objects.get().types


def test_a_repeated_call_makes_one_endpoint(api):
    first = api.post("/webhook-endpoints", BODY, key="same")
    second = api.post("/webhook-endpoints", BODY, key="same")

    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Endpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "pointer", "code"),
    [
        ({"url": "http://client.example.com/x"}, 422, "/url", "not_allowed"),
        ({"url": "https://10.0.0.1/x"}, 422, "/url", "not_allowed"),
        ({"url": "https://localhost.localdomain.:8080/"}, 422, "/url", "not_allowed"),
        ({"url": "https://u:p@client.example.com/"}, 422, "/url", "not_allowed"),
        ({"url": 7}, 422, "/url", "invalid_type"),
        ({"url": None}, 422, "/url", "invalid_type"),
        ({"events": ["order.placed"]}, 422, "/events", "unknown_value"),
        ({"events": []}, 422, "/events", "out_of_range"),
        ({"events": ["order.*", 1]}, 422, "/events/1", "invalid_type"),
        ({"description": "x" * 256}, 422, "/description", "too_long"),
        ({"headers": {"X": "1"}}, 400, "/headers", "unknown_field"),
        ({"format": "oms4"}, 400, "/format", "unknown_field"),
    ],
)
def test_refuses_what_cannot_be_and_makes_nothing(api, change, status, pointer, code):
    answer = api.post("/webhook-endpoints", BODY | change)

    assert answer.status_code == status
    assert pointers(answer) == [(pointer, code)]
    assert not Endpoint.objects.exists()


def test_a_name_that_is_not_known_yet_is_judged_when_it_is_called(api):
    assert api.post("/webhook-endpoints", BODY).status_code == 201


def test_lists_endpoints_of_every_format_and_no_other_organizations(api, organization):
    made_by_operators(make_organization())
    legacy = made_by_operators(organization)
    made = api.post("/webhook-endpoints", BODY).json()

    listed = api.get("/webhook-endpoints?limit=200").json()

    assert [(row["id"], row["format"]) for row in listed["data"]] == [
        (made["id"], "v1"),
        (listed["data"][1]["id"], "standard"),
    ]
    assert listed["data"][1]["url"] == legacy.url
    assert "hush" not in str(listed)
    assert "secret" not in str(listed)


def test_walks_a_list_by_cursor(api):
    made = [api.post("/webhook-endpoints", BODY).json()["id"] for _ in range(3)]

    first = api.get("/webhook-endpoints?limit=2").json()
    second = api.get(f"/webhook-endpoints?limit=2&cursor={first['page']['next_cursor']}").json()

    assert [row["id"] for row in first["data"] + second["data"]] == made[::-1]
    assert second["page"] == {"next_cursor": None, "has_more": False}


def test_changes_what_is_named(api):
    made = api.post("/webhook-endpoints", BODY).json()
    path = f"/webhook-endpoints/{made['id']}"

    changed = api.patch(path, {"events": ["customer.*"], "description": None})

    assert changed.status_code == 200
    said = changed.json()
    assert (said["events"], said["description"], said["url"]) == (["customer.*"], None, URL)
    assert said["version"] > made["version"]
    assert Endpoint.objects.get().types == [
        "customer.created",
        "customer.erased",
        "customer.updated",
    ]


def test_a_patch_of_an_older_version_is_refused(api):
    made = api.post("/webhook-endpoints", BODY).json()
    path, seen = f"/webhook-endpoints/{made['id']}", f'"v{made["version"]}"'
    api.patch(path, {"description": "A"}, headers={"If-Match": seen})

    late = api.patch(path, {"description": "B"}, headers={"If-Match": seen})

    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    assert Endpoint.objects.get().description == "A"


@pytest.mark.parametrize("member", ["secret", "status", "format", "id", "version"])
def test_what_can_never_be_patched_is_said_so(api, member):
    made = api.post("/webhook-endpoints", BODY).json()

    answer = api.patch(f"/webhook-endpoints/{made['id']}", {member: "x"})

    assert answer.status_code == 422
    assert pointers(answer) == [(f"/{member}", "not_allowed")]


def test_what_operators_allowed_for_one_address_does_not_go_to_another(api, organization):
    legacy = made_by_operators(organization)
    [row] = api.get("/webhook-endpoints").json()["data"]
    path = f"/webhook-endpoints/{row['id']}"

    kept = api.patch(path, {"description": "old ERP"})
    inside = api.patch(path, {"url": "http://127.0.0.1:10/hooks"})
    legacy.refresh_from_db()
    headers_before = legacy.headers
    moved = api.patch(path, {"url": URL})

    assert (kept.status_code, inside.status_code, moved.status_code) == (200, 422, 200)
    assert headers_before is not None
    legacy.refresh_from_db()
    assert (legacy.url, legacy.headers, legacy.allow_private_network) == (URL, None, False)


def test_a_removed_endpoint_is_gone(api):
    made = api.post("/webhook-endpoints", BODY).json()
    path = f"/webhook-endpoints/{made['id']}"

    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert api.get(path).status_code == 404
    assert not EndpointSecret.objects.exists()


def test_rotates_the_secret_and_shows_it_once(api):
    made = api.post("/webhook-endpoints", BODY).json()
    path = f"/webhook-endpoints/{made['id']}"

    rotated = api.post(f"{path}/rotate-secret", {"grace_seconds": 60})

    assert rotated.status_code == 200
    assert rotated.json()["secret"] != made["secret"]
    keys = {sealed.read(row, "secret") for row in EndpointSecret.objects.all()}
    assert keys == {made["secret"], rotated.json()["secret"]}
    assert "secret" not in api.get(path).json()


def test_a_rotation_needs_no_body_and_refuses_a_third_old_secret(api):
    made = api.post("/webhook-endpoints", BODY).json()
    path = f"/webhook-endpoints/{made['id']}/rotate-secret"

    answers = [api.post(path) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].json()["code"] == "invalid_state"


def test_an_endpoint_signed_by_its_clients_key_has_no_secret_to_rotate(api, organization):
    client = make_oms4_client(channel=make_channel(organization=organization))
    made_by_operators(organization, format="oms4", words=[], client_id=client.client_id)
    [row] = api.get("/webhook-endpoints").json()["data"]

    answer = api.post(f"/webhook-endpoints/{row['id']}/rotate-secret")

    assert (row["format"], row["events"]) == ("oms4", ["*"])
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_state")


def test_pauses_and_resumes(api):
    made = api.post("/webhook-endpoints", BODY).json()
    path = f"/webhook-endpoints/{made['id']}"

    paused = api.post(f"{path}/pause")
    twice = api.post(f"{path}/pause")
    resumed = api.post(f"{path}/resume")

    assert (paused.json()["status"], resumed.json()["status"]) == ("paused", "enabled")
    assert twice.status_code == 409
    problem = twice.json()
    assert (problem["code"], problem["current_status"], problem["allowed"]) == (
        "invalid_state",
        "paused",
        ["enabled"],
    )


def test_resuming_enables_a_disabled_endpoint(api):
    made = api.post("/webhook-endpoints", BODY).json()
    services.disable_endpoint(
        endpoint_id=Endpoint.objects.get().pk, reason="Gone", actor=SYSTEM, now=timezone.now()
    )
    path = f"/webhook-endpoints/{made['id']}"
    disabled = api.get(path).json()

    resumed = api.post(f"{path}/resume")

    assert (disabled["status"], disabled["status_reason"]) == ("disabled", "Gone")
    assert (resumed.json()["status"], resumed.json()["status_reason"]) == ("enabled", None)


def test_a_client_of_a_channel_makes_and_sees_that_ones_endpoints_only(organization):
    channel = make_channel(organization=organization)
    point = make_point(organization=organization)
    shop = V1(organization, scopes=["webhooks:manage"], channel=channel)
    dock = V1(organization, scopes=["webhooks:manage"], point=point)
    erp = V1(organization, scopes=["webhooks:manage"])
    for_shop = shop.post("/webhook-endpoints", BODY).json()["id"]
    for_all = erp.post("/webhook-endpoints", BODY).json()["id"]

    assert [row["id"] for row in shop.get("/webhook-endpoints").json()["data"]] == [for_shop]
    assert dock.get("/webhook-endpoints").json()["data"] == []
    assert len(erp.get("/webhook-endpoints").json()["data"]) == 2
    assert shop.get(f"/webhook-endpoints/{for_all}").status_code == 404
    assert shop.patch(f"/webhook-endpoints/{for_all}", {"url": URL}).status_code == 404
    assert shop.delete(f"/webhook-endpoints/{for_all}").status_code == 404
    refs = Endpoint.objects.order_by("pk").values_list("channel_ref", "point_ref")
    assert list(refs) == [(channel.pk, None), (None, None)]


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/rotate-secret"),
        ("POST", "/pause"),
        ("POST", "/resume"),
        ("POST", "/replay"),
        ("GET", "/deliveries"),
    ],
)
def test_another_organizations_endpoint_does_not_exist(api, method, rest):
    stranger = V1(make_organization(), scopes=["webhooks:manage"])
    made = stranger.post("/webhook-endpoints", BODY).json()
    json = {} if method in {"PATCH", "POST"} else None

    answer = api.call(method, f"/webhook-endpoints/{made['id']}{rest}", json=json)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Endpoint.objects.get().state == "ACTIVE"


@pytest.mark.parametrize("text", ["whe_", "whe_nonsense", "ord_01JD3", "1", "%00"])
def test_what_is_no_id_does_not_exist(api, text):
    assert api.get(f"/webhook-endpoints/{text}").status_code == 404


def test_needs_the_scope(organization):
    reader = V1(organization, scopes=["events:read"])

    answer = reader.post("/webhook-endpoints", BODY)

    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert not Endpoint.objects.exists()


def test_events_say_who_made_an_endpoint(api):
    api.post("/webhook-endpoints", BODY)

    registered = Event.objects.get(type="endpoint.registered")
    assert registered.actor == f"client:{api.machine.name}"
