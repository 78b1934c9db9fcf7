"""The HTTP request of a try, and what of it is kept for people to read."""

from collections.abc import Collection, Mapping
from datetime import datetime

from oms.events.formats import Anonymous, Letter, YieldsToStatic
from oms.events.sending.letters import Message
from oms.kernel.http import Answer, Request

ANSWER_KEPT = 4096  # bytes of an answer
MASK = "***"
_SECRET_NAMES = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})


def address(
    message: Message,
    *,
    extra: Mapping[str, str],
    credential: Mapping[str, str],
    sent_at: datetime,
) -> tuple[Request, dict[str, str]]:
    """The request of one try, and its headers with the secrets masked. `extra` are the headers the
    endpoint has beside those of its format, `credential` those the try proves itself with.

    What the format says wins over a static header of the same name, unless it yields to them.
    Static headers are masked whatever they are called: they are where receivers want their
    passwords.
    """
    receiver, claimed = message.receiver, message.claimed
    letter = Letter(
        message_id=message_id(message),
        type=message.type,
        body=message.body,
        number=claimed.tries + 1,
        is_replay=claimed.replays > 0,
        sent_at=sent_at,
    )
    own = receiver.wire_format.headers(letter, endpoint=receiver.endpoint, keys=receiver.keys)
    told = {"Content-Type": "application/json"}
    hidden = {name.lower() for name in (*extra, *credential)}
    if isinstance(receiver.wire_format, YieldsToStatic):
        headers = _layered(told, own, credential, extra)
    else:
        headers = _layered(told, extra, credential, own)
        hidden -= {name.lower() for name in own}
    request = Request(
        method="POST",
        url=receiver.endpoint.url,
        headers=headers,
        body=message.body,
        allow_private=receiver.endpoint.allow_private_network,
        deadline=receiver.wire_format.schedule.deadline.total_seconds(),
        is_anonymous=isinstance(receiver.wire_format, Anonymous),
    )
    return request, _masked(headers, hidden)


def message_id(message: Message) -> str:
    """The same on every try and on replays."""
    return f"evt_{message.public_id.hex}"


def kept_answer(answer: Answer | None) -> str:
    """The first 4 KB of an answer as text."""
    if answer is None:
        return ""
    return (
        answer.body[:ANSWER_KEPT]
        .decode("utf-8", "replace")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


def _layered(*layers: Mapping[str, str]) -> dict[str, str]:
    """All of them, each in the place of an earlier one of its name."""
    names = {name.lower(): name for layer in layers for name in layer}
    texts = {name.lower(): text for layer in layers for name, text in layer.items()}
    return {name: texts[key] for key, name in names.items()}


def _masked(headers: Mapping[str, str], hidden: Collection[str]) -> dict[str, str]:
    return {
        name: MASK if name.lower() in _SECRET_NAMES | set(hidden) else text
        for name, text in headers.items()
    }
