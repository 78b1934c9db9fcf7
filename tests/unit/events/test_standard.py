"""Standard Webhooks: the published vector, the standard's own library, words and secrets."""

import base64
import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from oms.events.choices import EventType
from oms.events.formats import Letter, SecretUnfit, UnknownWord
from oms.events.models import Endpoint
from oms.events.standard import SCHEDULE, StandardFormat, key_of, public, signature

STANDARD = StandardFormat()
ROUNDS = 1000


def headers_of(message_id: str, body: bytes, *keys: str, **overrides) -> dict[str, str]:
    values = {"type": "order.placed", "number": 1, "is_replay": False, "sent_at": datetime.now(UTC)}
    letter = Letter(message_id=message_id, body=body, **(values | overrides))
    return STANDARD.headers(letter, endpoint=Endpoint(), keys=keys)


def random_body(dice: random.Random) -> bytes:
    """JSON of any characters there are, surrogates aside."""
    text = "".join(chr(dice.randrange(0xD800)) for _ in range(dice.randrange(60)))
    return msgspec.json.encode({"text": text, "number": dice.random()})


def with_one_byte_changed(body: bytes, dice: random.Random) -> bytes:
    place = dice.choice([at for at, byte in enumerate(body) if byte < 128])
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def test_signs_the_published_vector():
    signed = signature(
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_standards_library_verifies_random_bodies_and_refuses_one_changed_byte():
    dice = random.Random(7)
    verified = refused = 0

    for number in range(ROUNDS):
        secret, body = STANDARD.make_secret(), random_body(dice)
        headers = headers_of(f"evt_{number}", body, secret)
        verified += Webhook(secret).verify(body, headers) == msgspec.json.decode(body)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(with_one_byte_changed(body, dice), headers, json_parse=False)
        refused += 1

    assert (verified, refused) == (ROUNDS, ROUNDS)


@pytest.mark.parametrize(("name", "value"), [("webhook-id", "evt_2"), ("webhook-timestamp", None)])
def test_identity_and_time_are_signed(name, value):
    secret = STANDARD.make_secret()
    headers = headers_of("evt_1", b"{}", secret)
    value = value or str(int(headers[name]) + 1)

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"{}", headers | {name: value})


def test_another_secret_does_not_verify():
    headers = headers_of("evt_1", b"{}", STANDARD.make_secret())

    with pytest.raises(WebhookVerificationError):
        Webhook(STANDARD.make_secret()).verify(b"{}", headers)


def test_every_key_signs():
    old, new = STANDARD.make_secret(), STANDARD.make_secret()

    headers = headers_of("evt_1", b"{}", new, old)

    assert Webhook(old).verify(b"{}", headers) == {}
    assert Webhook(new).verify(b"{}", headers) == {}
    assert len(headers["webhook-signature"].split(" ")) == 2


def test_tells_which_try_it_is_and_whether_a_replay():
    headers = headers_of("evt_1", b"{}", STANDARD.make_secret(), number=4, is_replay=True)

    assert (headers["webhook-attempt"], headers["webhook-replay"]) == ("4", "true")


@pytest.mark.parametrize("length", [24, 32, 64])
def test_takes_secrets_of_24_to_64_bytes(length):
    key = bytes(range(length))

    assert key_of("whsec_" + base64.b64encode(key).decode()) == key


@pytest.mark.parametrize("length", [0, 23, 65])
def test_refuses_shorter_and_longer_ones(length):
    secret = "whsec_" + base64.b64encode(bytes(length)).decode()

    with pytest.raises(SecretUnfit):
        STANDARD.check_secret(secret)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not-base64!", "whsec_ünfit"])
def test_refuses_what_is_no_secret_without_repeating_it(secret):
    with pytest.raises(SecretUnfit) as refusal:
        STANDARD.check_secret(secret)

    assert str(refusal.value) == "A secret is `whsec_` and the base64 of 24 to 64 bytes"


def test_a_secret_it_makes_has_32_random_bytes():
    first, second = STANDARD.make_secret(), STANDARD.make_secret()

    assert first.startswith("whsec_")
    assert (len(key_of(first)), first == second) == (32, False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["order.placed"], {"order.placed"}),
        (["label.ready", "label.failed"], {"label.ready", "label.failed"}),
        (["label.*"], {str(name) for name in EventType.values if name.startswith("label.")}),
        ([], {str(name) for name in EventType.values if not name.startswith("endpoint.")}),
        (["*"], {str(name) for name in EventType.values if not name.startswith("endpoint.")}),
        (["*", "endpoint.*"], set(EventType.values)),
    ],
)
def test_words_are_event_types_and_patterns(words, expected):
    assert STANDARD.types(Endpoint(words=words)) == expected


@pytest.mark.parametrize("word", ["order", "order.*.x", "ord*", "nothing.*", "order.plac", ""])
def test_a_word_that_means_nothing_is_refused(word):
    with pytest.raises(UnknownWord, match="is no event type and matches none"):
        STANDARD.types(Endpoint(words=[word]))


def test_database_keys_never_leave():
    data = {
        "order": "A",
        "order_id": 1,
        "line_ids": [2],
        "parts": [{"sku_id": 3, "n": {"x_id": 4}}],
    }

    assert public(data) == {"order": "A", "parts": [{"n": {}}]}


def test_tries_ten_times_over_75_hours():
    assert len(SCHEDULE.delays) == 9
    assert sum(SCHEDULE.delays, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
