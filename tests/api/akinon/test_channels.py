"""Channels, cancellation reasons and the first-time copy: contract 2.4, 5.4, 12a.3."""

import json

import pytest

from channels_app.choices import ChannelType, RemoteKind, SyncKind
from channels_app.models import RemoteKey, SyncMark
from tests.api.akinon.caller import Akinon
from tests.factories import make_channel, make_organization

pytestmark = pytest.mark.django_db

COPIES = {
    "setup/addresses": SyncKind.ADDRESSES,
    "setup/channels": SyncKind.CHANNELS,
    "setup/retail_stores": SyncKind.RETAIL_STORES,
    "stock_locations": SyncKind.STOCK_LOCATIONS,
}


@pytest.fixture
def api():
    return Akinon(make_organization())


def test_channels_are_listed_without_their_configuration(api):
    first = make_channel(
        organization=api.organization,
        type=ChannelType.SELLER_CENTER,
        name="Market",
        connector={"pk": 7, "is_static": True, "password": "hidden"},
    )
    second = make_channel(organization=api.organization, type=ChannelType.OMNITRON, code="12")
    make_channel(organization=api.organization, type=ChannelType.EFS)

    answer = api.get("channels/")

    assert answer.json()["results"] == [
        {
            "id": first.number,
            "omnitron_id": 7,
            "name": "Market",
            "channel_type": "seller_center",
            "is_static": True,
        },
        {
            "id": second.number,
            "omnitron_id": 12,
            "name": second.name,
            "channel_type": "omnitron",
            "is_static": False,
        },
    ]
    assert "hidden" not in json.dumps(answer.json())


def test_a_channel_is_shown_by_its_number(api):
    channel = make_channel(organization=api.organization)

    assert api.get(f"channels/{channel.number}/").json()["name"] == channel.name
    assert api.get(f"channels/{channel.number + 1}/").status_code == 404


def test_cancellation_reasons_are_what_was_copied(api):
    for key, data in (
        ("3", {"subject": "Changed my mind", "cancellation_type": "cancel", "order": 1}),
        ("4", {"subject": "Damaged", "cancellation_type": "refund", "is_active": False}),
    ):
        RemoteKey.objects.create(
            organization=api.organization, kind=RemoteKind.REASON, remote_key=key, data=data
        )

    assert api.results("cancellation-reasons/") == [
        {
            "id": 3,
            "omnitron_id": 3,
            "subject": "Changed my mind",
            "cancellation_type": "cancel",
            "order": 1,
            "is_active": True,
        },
        {
            "id": 4,
            "omnitron_id": 4,
            "subject": "Damaged",
            "cancellation_type": "refund",
            "order": None,
            "is_active": False,
        },
    ]


def test_pulling_reasons_is_asked_of_a_worker(api):
    answer = api.get("cancellation-reasons/pull_from_omnitron/")

    assert (answer.status_code, answer.content) == (200, b"")
    mark = SyncMark.objects.get()
    assert (mark.kind, mark.state) == (SyncKind.REASONS, "PENDING")


@pytest.mark.parametrize("path", COPIES)
def test_a_copy_is_required_asked_for_and_watched(api, path):
    before = api.get(f"{path}/is_required/")
    waiting = api.get(f"{path}/get_async_status/")
    asked = api.get(f"{path}/execute/")
    after = api.get(f"{path}/get_async_status/")

    assert before.json() == {"is_required": True}
    assert waiting.json() == {"status": "pending", "detail": None}
    assert (asked.status_code, asked.content) == (202, b"")
    assert after.json() == {"status": "pending", "detail": None}
    assert SyncMark.objects.get().kind == COPIES[path]


def test_a_copy_may_be_asked_for_by_post_without_a_slash(api):
    answer = api.post("setup/addresses/execute", {})

    assert answer.status_code == 202


def test_a_copy_that_was_made_is_not_required(api):
    SyncMark.objects.create(
        organization=api.organization,
        kind=SyncKind.ADDRESSES,
        state="DONE",
        run_at="2026-01-15T12:00:00Z",
        position={"country": 1, "city": 81},
    )

    required = api.get("setup/addresses/is_required/")
    status = api.get("setup/addresses/get_async_status/")

    assert required.json() == {"is_required": False}
    assert status.json() == {"status": "done", "detail": "city: 81, country: 1"}
