"""Endpoints and deliveries: what staff see of them, and what they can have done."""

import datetime as dt
import json

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from oms.backoffice.admin.endpoints import bare_url
from oms.backoffice.formats import page_url
from oms.events.models import Delivery, Endpoint, EndpointHealth, EndpointSecret, EndpointTally
from oms.events.tallies import PLACES, begin_of
from tests import backoffice_builders as build

ENDPOINTS = reverse("admin:events_endpoint_changelist")
DELIVERIES = reverse("admin:events_delivery_changelist")
REPLAY = reverse("admin:events_delivery_replay")
ADD = reverse("admin:events_endpoint_add")
NEW = {
    "name": "ERP",
    "url": "https://93.184.216.34/hooks?key=sesame",
    "format": "standard",
    "words": "order.placed, order.packed",
    "max_in_flight": "5",
    "rate": "20",
}
BY_ADDRESS = NEW | {"allow_private_network": "on"}


def said(response):
    return [(message.level_tag, str(message)) for message in get_messages(response.wsgi_request)]


def act(browser, row, name, **answers):
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_act", args=[name])
    return browser.post(url, {"ids": row.pk, **answers})


@pytest.fixture
def endpoint(db) -> Endpoint:
    return build.make_endpoint(build.make_organization(), name="ERP", types=["order.packed"])


def deliveries_of(endpoint, *states, kind="order.placed"):
    channel = build.make_channel(endpoint.organization)
    return [
        build.make_delivery(
            endpoint, build.make_event(build.make_order(channel), kind), state=state
        )
        for state in states
    ]


def test_the_page_says_how_it_goes(root, endpoint):
    now = timezone.now()
    durations = [0] * PLACES
    durations[4] = 200
    EndpointTally.objects.create(
        endpoint=endpoint, started_at=begin_of(now), attempts=200, failures=1, durations=durations
    )
    EndpointHealth.objects.filter(endpoint=endpoint).update(
        breaker="OPEN",
        breaker_until=now + dt.timedelta(seconds=30),
        failing_since=now,
        failures_in_a_row=3,
        last_error="Answered 503",
        last_failure_at=now,
    )
    [waiting] = deliveries_of(endpoint, "PENDING")
    Delivery.objects.filter(pk=waiting.pk).update(created_at=now - dt.timedelta(hours=2))

    context = root.get(page_url(endpoint)).context

    figures = {label: str(value) for label, value in context["stats"]}
    assert "99.5 %" in figures["Success, 1 h"]
    assert "199 of 200" in figures["7 days"]
    assert figures["95 % within"] == "100 ms"
    assert figures["Oldest waiting"] == "2\xa0hours"
    assert "Breaker open" in str(context["headline"])
    troubles = " ".join(map(str, context["troubles"]))
    assert "The breaker is open" in troubles
    assert "3 times in a row" in troubles


def test_a_url_is_shown_without_what_may_be_secret_in_it(root, endpoint):
    Endpoint.objects.filter(pk=endpoint.pk).update(
        url="https://user:pass@shop.example/hooks?key=sesame"
    )

    html = root.get(page_url(endpoint)).content.decode()

    assert "https://shop.example/hooks?…" in html
    assert "sesame" not in html
    assert "pass@" not in html


def test_urls_without_secrets_are_shown_whole():
    assert bare_url("https://shop.example:8443/a/b") == "https://shop.example:8443/a/b"


@pytest.mark.parametrize(
    ("state", "action", "answers", "after"),
    [
        ("ACTIVE", "pause", {}, "PAUSED"),
        ("PAUSED", "resume", {}, "ACTIVE"),
        ("ACTIVE", "disable", {"reason": "They moved"}, "DISABLED"),
        ("DISABLED", "enable", {"recover": "on"}, "ACTIVE"),
        ("UNVERIFIED", "verify", {}, "ACTIVE"),
    ],
)
def test_endpoints_are_switched(root, endpoint, state, action, answers, after):
    Endpoint.objects.filter(pk=endpoint.pk).update(state=state)

    response = act(root, endpoint, action, **answers)

    endpoint.refresh_from_db()
    assert [level for level, _ in said(response)] == ["success"]
    assert endpoint.state == after


def test_enabling_sends_what_was_held_back_if_somebody_wants_that(root, endpoint):
    Endpoint.objects.filter(pk=endpoint.pk).update(state="DISABLED")
    deliveries_of(endpoint, "SUPPRESSED", "EXHAUSTED")

    act(root, endpoint, "enable", recover="on")

    states = Delivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["PENDING", "EXHAUSTED"]


def test_a_paused_endpoint_cannot_be_paused(root, endpoint):
    Endpoint.objects.filter(pk=endpoint.pk).update(state="PAUSED")

    response = act(root, endpoint, "pause")

    assert said(response) == [("warning", "ERP: it is paused")]


def test_an_endpoint_is_removed_and_no_longer_listed(root, endpoint):
    act(root, endpoint, "remove")

    assert list(root.get(ENDPOINTS).context["cl"].result_list) == []
    assert root.get(page_url(endpoint)).status_code == 404


def test_a_new_endpoint_shows_its_secret_once(root):
    organization = build.make_organization()

    response = root.post(ADD, BY_ADDRESS | {"organization": organization.pk})

    made = Endpoint.objects.get()
    secret = response.context["secret"]
    assert (made.name, made.words, made.max_in_flight) == (
        "ERP",
        ["order.placed", "order.packed"],
        5,
    )
    assert "no-store" in response["Cache-Control"]
    assert secret.startswith("whsec_")
    assert secret not in root.get(page_url(made)).content.decode()


def test_an_endpoint_that_is_refused_says_why(root):
    organization = build.make_organization()

    response = root.post(
        ADD, NEW | {"organization": organization.pk, "url": "https://127.0.0.1/hooks"}
    )

    assert response.status_code == 200
    assert len(response.context["question"].form.non_field_errors()) == 1
    assert Endpoint.objects.exists() is False


def test_only_who_runs_the_installation_may_open_its_network(signed_in):
    organization = build.make_organization()
    anna = build.make_staff(organization, perms=("events.view_endpoint", "events.add_endpoint"))

    response = signed_in(anna).post(ADD, BY_ADDRESS | {"organization": organization.pk})

    form = response.context["question"].form
    assert "allow_private_network" not in form.fields
    assert len(form.non_field_errors()) == 1
    assert Endpoint.objects.exists() is False


def test_settings_are_changed_and_the_url_stays_when_none_is_typed(root, endpoint):
    url = reverse("admin:events_endpoint_settings", args=[endpoint.pk])
    asked = root.get(url)

    response = root.post(url, NEW | {"name": "New", "url": "", "is_ordered": "on"})

    endpoint.refresh_from_db()
    assert "shop.example" not in asked.content.decode()
    assert response.status_code == 302
    assert (endpoint.name, endpoint.is_ordered, endpoint.rate) == ("New", True, 20.0)
    assert endpoint.url == "https://shop.example/hooks"


def test_headers_that_are_no_texts_are_asked_for_again(root, endpoint):
    url = reverse("admin:events_endpoint_settings", args=[endpoint.pk])

    response = root.post(url, NEW | {"url": "", "headers": json.dumps({"X-Key": 1})})

    form = response.context["question"].form
    assert form.errors == {"headers": ["Names and values must be texts."]}


def test_a_rotated_secret_is_shown_once(root):
    root.post(ADD, BY_ADDRESS | {"organization": build.make_organization().pk})
    made = Endpoint.objects.get()

    response = root.post(
        reverse("admin:events_endpoint_rotate", args=[made.pk]), {"grace_seconds": "3600"}
    )

    assert response.context["secret"].startswith("whsec_")
    assert EndpointSecret.objects.filter(expires_at__isnull=False).count() == 1


@pytest.mark.parametrize("name", ["pause", "resume", "enable", "verify", "disable", "remove"])
def test_nobody_switches_without_the_permission(signed_in, endpoint, name):
    person = build.make_staff(endpoint.organization, perms=("events.view_endpoint",))

    response = act(signed_in(person), endpoint, name, reason="x")

    assert response.status_code == 403
    assert Endpoint.objects.get().state == "ACTIVE"


@pytest.mark.parametrize("page", ["settings", "rotate"])
def test_forms_are_closed_to_those_who_may_only_look(signed_in, endpoint, page):
    person = build.make_staff(endpoint.organization, perms=("events.view_endpoint",))
    browser = signed_in(person)

    answers = [
        browser.post(reverse(f"admin:events_endpoint_{page}", args=[endpoint.pk]), NEW),
        browser.post(ADD, NEW),
        browser.post(REPLAY, {}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("page", ["settings", "rotate"])
def test_another_organizations_endpoint_does_not_exist(signed_in, endpoint, page):
    perms = ("events.view_endpoint", "events.change_endpoint")
    stranger = build.make_staff(build.make_organization(), perms=perms)
    url = reverse(f"admin:events_endpoint_{page}", args=[endpoint.pk])

    assert signed_in(stranger).post(url, NEW).status_code == 404


@pytest.fixture
def sent(endpoint) -> list[Delivery]:
    return deliveries_of(endpoint, "DELIVERED", "EXHAUSTED", "PENDING")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [2, 1, 0]),
        ("?state=EXHAUSTED", [1]),
        ("?type=order.placed", [2, 1, 0]),
        ("?type=order.packed", []),
        ("?written=hour", [2, 1, 0]),
        ("?endpoint=0", []),
    ],
)
def test_deliveries_are_found(root, sent, query, found):
    shown = root.get(DELIVERIES + query).context["cl"].result_list

    assert [row.pk for row in shown] == [sent[place].pk for place in found]


def test_deliveries_are_found_by_any_number_of_their_order(root, sent):
    order = sent[1].event.data["order"]

    shown = root.get(f"{DELIVERIES}?q={order}").context["cl"].result_list

    assert list(shown) == [sent[1]]


def test_a_delivery_shows_its_tries_and_its_body(root, sent):
    build.make_body(sent[1], b'{"name":"Ada"}')
    for number, status in ((1, 500), (2, 503)):
        build.make_attempt(sent[1], number=number, status=status, answer=f"down {number}")

    response = root.get(page_url(sent[1]))

    tried = [attempt.status for attempt, _ in response.context["attempts"]]
    assert tried == [503, 500]
    assert response.context["request_headers"] == [
        ("authorization", "***"),
        ("webhook-id", "msg_1"),
    ]
    assert response.context["body"] == '{"name":"Ada"}'


def test_a_body_is_shown_to_those_who_may_see_buyers_data(signed_in, endpoint, sent):
    build.make_body(sent[1], b'{"name":"Ada"}')
    person = build.make_staff(endpoint.organization, perms=("events.view_delivery",))

    response = signed_in(person).get(page_url(sent[1]))

    assert "Ada" not in response.content.decode()
    assert response.context["body_note"].startswith("14 bytes.")


def test_one_delivery_is_sent_again(root, sent):
    response = act(root, sent[1], "resend")

    sent[1].refresh_from_db()
    assert said(response) == [("success", "order.placed to ERP is sent again.")]
    assert (sent[1].state, sent[1].replays) == ("PENDING", 1)


def test_nothing_is_sent_to_a_disabled_endpoint(root, endpoint, sent):
    Endpoint.objects.filter(pk=endpoint.pk).update(state="DISABLED")

    response = act(root, sent[1], "resend")

    refusal = "order.placed to ERP: its endpoint is disabled; enable that first"
    assert said(response) == [("warning", refusal)]


def test_many_are_counted_before_they_are_sent_again(root, endpoint, sent):
    wanted = {"endpoint": endpoint.pk, "states": ["EXHAUSTED", "DELIVERED"]}

    counted = root.post(REPLAY, wanted)
    before = Delivery.objects.filter(state="PENDING").count()
    response = root.post(REPLAY, wanted | {"confirm": "yes"})

    assert (counted.context["count"], before) == (2, 1)
    assert said(response) == [("success", "2 deliveries to ERP are sent again.")]
    assert Delivery.objects.filter(state="PENDING").count() == 3


def test_a_range_of_time_is_sent_again(root, endpoint, sent):
    Delivery.objects.filter(pk=sent[1].pk).update(created_at=build.NOW)
    wanted = {"endpoint": endpoint.pk, "states": ["EXHAUSTED"]}

    inside = root.post(REPLAY, wanted | {"since": "2026-03-16T09:30", "until": "2026-03-16T09:31"})
    outside = root.post(REPLAY, wanted | {"until": "2026-03-16T09:30"})

    assert (inside.context["count"], outside.context["count"]) == (1, 0)


def test_only_own_endpoints_can_be_replayed(signed_in, endpoint):
    stranger = build.make_staff(build.make_organization(), perms=("events.change_delivery",))

    response = signed_in(stranger).post(
        REPLAY, {"endpoint": endpoint.pk, "states": ["EXHAUSTED"], "confirm": "yes"}
    )

    assert "endpoint" in response.context["form"].errors


@pytest.mark.parametrize(
    ("state", "endpoint_state", "error", "why"),
    [
        ("DELIVERED", "ACTIVE", "", ""),
        ("EXHAUSTED", "ACTIVE", "Answered 500", "Answered 500"),
        ("PENDING", "PAUSED", "", "The endpoint is paused"),
        ("PENDING", "UNVERIFIED", "", "The endpoint is not verified"),
        ("SUPPRESSED", "DISABLED", "", "Held back: They moved"),
    ],
)
def test_the_order_says_why_its_news_did_not_arrive(
    root, endpoint, state, endpoint_state, error, why
):
    order = build.make_order(build.make_channel(endpoint.organization))
    delivery = build.make_delivery(endpoint, build.make_event(order), state=state, last_error=error)
    Endpoint.objects.filter(pk=endpoint.pk).update(state=endpoint_state, state_reason="They moved")

    [told] = root.get(page_url(order)).context["news"]

    assert (told.row, told.why) == (delivery, why)
