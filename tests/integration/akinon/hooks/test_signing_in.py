"""A token is asked for before each try (contract 3.3, `auth_type` token)."""

from oms.events.choices import AttemptOutcome, DeliveryState
from oms.events.formats import MASK
from oms.events.models import Delivery, DeliveryAttempt
from tests.integration.akinon.hooks.builders import Shop

PASSWORD = "not for logs"
FIXED = {"choice": "fixed", "kwargs": {"seconds": 5}}


def listen(shop: Shop, **auth) -> None:
    shop.receiver.accounts["oms"] = PASSWORD
    shop.receiver.guarded.add("/hooks")
    block = {
        "auth_type": "token",
        "url": shop.receiver.url("/login"),
        "username": "oms",
        "password": PASSWORD,
        **auth,
    }
    shop.listen(
        "package.created", options={"config": {"auth": block}, "retry_countdown_config": FIXED}
    )


def test_every_call_has_a_token_of_its_own(shop):
    listen(shop)

    shop.order("A-1")
    shop.order("A-2")
    shop.push()

    assert [call.status for call in shop.receiver.of()] == [200, 200]
    assert sorted(call.headers["authorization"] for call in shop.receiver.of()) == [
        "Token token-1",
        "Token token-2",
    ]
    assert len(shop.receiver.of("/login")) == 2


def test_every_retry_asks_anew(shop):
    listen(shop)
    shop.receiver.script["/hooks"] = [500]
    shop.order()
    shop.push()

    shop.pass_seconds(5)

    assert shop.receiver.tokens == ["token-1", "token-2"]
    assert [call.status for call in shop.receiver.of()] == [500, 200]


def test_the_credentials_go_as_a_form_with_the_names_that_are_set(shop):
    listen(shop, username_field="user", password_field="pass", token_key="access")

    shop.order()
    shop.push()

    [login] = shop.receiver.of("/login")
    assert login.headers["content-type"] == "application/x-www-form-urlencoded"
    assert login.body == b"user=oms&pass=not+for+logs"


def test_the_header_is_as_the_format_says(shop):
    listen(shop, header_format="Bearer {}")

    shop.order()
    shop.push()

    [call] = shop.receiver.of()
    assert call.headers["authorization"] == "Bearer token-1"


def test_a_log_in_that_is_refused_fails_the_try(shop):
    listen(shop)
    shop.receiver.accounts["oms"] = "another"
    shop.order()

    shop.push()

    row, attempt = Delivery.objects.get(), DeliveryAttempt.objects.get()
    assert (row.state, attempt.outcome) == (DeliveryState.PENDING, AttemptOutcome.REFUSED)
    assert attempt.error == "The log-in answered 400"
    assert shop.receiver.of() == []


def test_a_log_in_without_a_token_fails_the_try(shop):
    listen(shop, token_key="access")
    shop.order()

    shop.push()

    assert DeliveryAttempt.objects.get().error == "The log-in answered no token"
    assert shop.receiver.of() == []


def test_nothing_of_it_is_kept_or_logged(shop, caplog):
    listen(shop)

    shop.order()
    shop.push()

    attempt = DeliveryAttempt.objects.get()
    kept = f"{attempt.request_headers} {attempt.answer} {attempt.error} {caplog.text}"
    assert attempt.request_headers["Authorization"] == MASK
    assert "token-1" not in kept
    assert PASSWORD not in kept
