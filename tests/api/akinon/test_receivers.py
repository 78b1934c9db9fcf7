"""The three receivers: contract 2.3, 5.2 and 12a.8."""

import hashlib
import hmac
import json
import logging

import pytest

from channels_app.choices import InboundKind
from channels_app.models import InboundMessage
from oms.accounts import app_settings
from oms.api.akinon import settings_schemas
from oms.kernel.actors import SYSTEM
from tests.api.akinon.caller import PREFIX, Akinon
from tests.factories import NOW, make_organization

pytestmark = pytest.mark.django_db

UUID = "4f0a5b0e9d0c4f0b8c1d2e3f4a5b6c7d"
SECRET = "their-hook-secret"
PATHS = {
    "orders_omnitron": InboundKind.ORDER,
    "stocklocations-webhook": InboundKind.STORE,
}


@pytest.fixture
def api():
    return Akinon(make_organization())


@pytest.fixture
def signing(api):
    """The organization told Omnitron a secret, so its messages are signed."""
    for key, value in (
        (settings_schemas.SYNC, {"inbound_secret": SECRET}),
        (
            settings_schemas.CLIENT,
            {
                "auth": {"username": "u", "password": "p"},
                "urls": {"base_url": "https://o.example/api/v1", "oms_url": "https://m.example"},
                "timeouts": {"read": 1, "connect": 1},
            },
        ),
    ):
        app_settings.set_setting(
            organization_id=api.organization.pk, key=key, value=value, actor=SYSTEM, now=NOW
        )
    return api


def message(uuid=UUID, **payload):
    return {
        "event": {"type": "order.updated", "uuid": uuid},
        "payload": {"pk": 12345, "number": "279209", **payload},
    }


def signed(api, body, *, secret=SECRET, authorization=""):
    content = json.dumps(body).encode()
    digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return api.post(
        "orders_omnitron/",
        content,
        authorization=authorization,
        HTTP_X_WHISPERER_SIGNATURE=f"sha256={digest}",
    )


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", PATHS)
def test_a_message_is_kept_before_it_is_answered(api, path, slash):
    answer = api.post(f"{path}{slash}", message())

    assert (answer.status_code, answer.json()) == (200, {})
    kept = InboundMessage.objects.get()
    assert (kept.kind, kept.uuid, kept.organization_id) == (
        PATHS[path],
        UUID,
        api.organization.pk,
    )
    assert b"279209" not in bytes(kept.body)


def test_a_repeated_message_is_kept_once_dashes_or_not(api):
    dashed = "4F0A5B0E-9D0C-4F0B-8C1D-2E3F4A5B6C7D"

    answers = [api.post("orders_omnitron/", message(uuid)) for uuid in (UUID, dashed, UUID)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert InboundMessage.objects.count() == 1


def test_a_plan_for_items_nobody_knows_is_answered_with_its_judgement(api):
    plan = message(plan_type="cancel", order={"pk": 1}, cancellationplanorderitem_set=[70193])

    first, again = (api.post("cancellation_plan/", plan) for _ in range(2))

    assert first.status_code == 200
    assert again.json() == first.json()
    assert InboundMessage.objects.get().kind == InboundKind.CANCELLATION_PLAN


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]"])
def test_what_is_no_json_object_is_400(api, body):
    answer = api.post("orders_omnitron/", body)

    assert answer.status_code == 400
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("body", [{}, {"event": {}}, {"payload": None}, {"data": {"pk": 1}}])
def test_a_message_without_a_payload_is_400(api, body):
    answer = api.post("orders_omnitron/", body)

    assert answer.status_code == 400
    assert answer.json() == {
        "payload": ["The message has no payload"],
        "code": "payload_missing",
    }


@pytest.mark.parametrize("path", [*PATHS, "cancellation_plan"])
def test_a_wrong_token_is_401_and_nothing_is_kept(api, path):
    answer = api.post(f"{path}/", message(), authorization="Token nobody")

    assert answer.status_code == 401
    assert not InboundMessage.objects.exists()


def test_a_good_signature_lets_in_without_a_token(signing):
    answer = signed(signing, message())

    assert answer.status_code == 200
    assert InboundMessage.objects.get().organization_id == signing.organization.pk


@pytest.mark.parametrize("has_token", [True, False])
def test_a_wrong_signature_is_401_token_or_not(signing, has_token):
    authorization = f"Token {signing.token}" if has_token else ""

    answer = signed(signing, message(), secret="another", authorization=authorization)

    assert answer.status_code == 401
    assert not InboundMessage.objects.exists()


def test_a_signature_lets_into_the_receivers_only(signing):
    digest = hmac.new(SECRET.encode(), b"", hashlib.sha256).hexdigest()

    answer = signing.get("orders/", authorization="", HTTP_X_WHISPERER_SIGNATURE=f"sha256={digest}")

    assert answer.status_code == 401


def test_what_a_message_holds_is_never_logged(api, caplog):
    caplog.set_level(logging.DEBUG)

    api.post("orders_omnitron/", message(channel={"conf": {"password": "channel-secret"}}))
    api.post("orders_omnitron/", {"payload": "channel-secret"})

    assert "channel-secret" not in caplog.text


def test_a_post_without_a_slash_is_never_redirected(api):
    answers = [api.post(f"/{PREFIX.strip('/')}/{path}", message()) for path in PATHS]

    assert [answer.status_code for answer in answers] == [200, 200]
