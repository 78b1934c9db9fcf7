"""Asking receivers for the headers they want, once for all messages refused with the old ones."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from oms.events.formats import Anonymous, RenewsHeaders
from oms.events.sending.letters import Receiver
from oms.kernel.errors import DomainError
from oms.kernel.http import Answer, HttpError, Request

Headers = Mapping[str, str]


class RenewalFailed(Exception):
    """No new headers were to be had. The text holds nothing of the call."""


@dataclass(frozen=True, slots=True)
class _HandedOut:
    headers: Headers
    refused: tuple[Headers, ...]
    """Earlier ones, the static ones first: whoever still has one of these takes the new ones."""


class Renewals:
    """What receivers handed out lately. Lives in the courier's event loop."""

    def __init__(self, send: Callable[[Request], Awaitable[Answer]]) -> None:
        self._send = send
        self._known: dict[int, _HandedOut] = {}
        self._asking: dict[int, asyncio.Task[Headers]] = {}

    def headers_of(self, receiver: Receiver) -> Headers:
        """The headers to send with: those the receiver handed out since the endpoint was read."""
        known = self._known.get(receiver.endpoint.pk)
        is_old = known is not None and receiver.headers in known.refused
        return known.headers if known is not None and is_old else receiver.headers

    async def instead_of(self, refused: Headers, *, receiver: Receiver) -> Headers:
        """Other headers than those that were refused. Raises RenewalFailed.

        Asks the receiver, unless somebody did meanwhile; who comes while it is being asked waits
        for the same answer.
        """
        key = receiver.endpoint.pk
        known = self._known.get(key)
        if known is not None and refused in known.refused:
            return known.headers
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(receiver, refused))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, receiver: Receiver, refused: Headers) -> Headers:
        try:
            headers = await self._handed_out(receiver)
        except HttpError as exc:
            raise RenewalFailed(f"no new credential: {exc}") from None
        except DomainError:
            raise RenewalFailed("no new credential: the answer is no set of headers") from None
        known = self._known.get(receiver.endpoint.pk)
        before = known.refused if known is not None and known.headers == refused else ()
        self._known[receiver.endpoint.pk] = _HandedOut(headers, (*before, refused))
        return headers

    async def _handed_out(self, receiver: Receiver) -> Headers:
        wire_format, endpoint = receiver.wire_format, receiver.endpoint
        if not isinstance(wire_format, RenewsHeaders):
            raise RenewalFailed("no new credential: the format has none")
        request = Request(
            method="GET",
            url=wire_format.renewal_url(endpoint),
            headers=receiver.static_headers,
            allow_private=endpoint.allow_private_network,
            deadline=wire_format.renewing_deadline.total_seconds(),
            is_anonymous=isinstance(wire_format, Anonymous),
        )
        answer = await self._send(request)
        if answer.status != HTTPStatus.OK:
            raise RenewalFailed(f"no new credential: answered {answer.status}")
        headers = wire_format.read_renewal(answer.body)
        Request(method="POST", url=endpoint.url, headers=headers)  # can they be sent at all
        return headers


def may_renew(receiver: Receiver, status: int | None) -> bool:
    """Whether an answer of this status asks for other headers, and the receiver hands some out."""
    wire_format = receiver.wire_format
    return (
        isinstance(wire_format, RenewsHeaders)
        and status in wire_format.renewing_statuses
        and bool(wire_format.renewal_url(receiver.endpoint))
    )
