"""Sending: one event loop in a thread of its own, as many messages at once as there is room for.

It never touches the database. Whoever posts messages fetches the results from a queue, so that
no transaction is open and no connection is held while a receiver thinks.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Protocol, Self

from oms.events.choices import AttemptOutcome
from oms.events.formats import Schedule
from oms.events.leases import AT_ONCE
from oms.events.sending import retries
from oms.events.sending.addressing import address, kept_answer
from oms.events.sending.letters import Message, Receiver, Try
from oms.events.sending.renewing import RenewalFailed, Renewals, may_renew
from oms.events.sending.signing_in import SignInRefused, credential_headers
from oms.kernel.http import Answer, HttpError, HttpFailure, Request, open_client

logger = logging.getLogger(__name__)

OUTCOMES = {
    HttpFailure.ADDRESS: AttemptOutcome.ADDRESS,
    HttpFailure.NAME: AttemptOutcome.CONNECTION,
    HttpFailure.CONNECTION: AttemptOutcome.CONNECTION,
    HttpFailure.TLS: AttemptOutcome.TLS,
    HttpFailure.TIMEOUT: AttemptOutcome.TIMEOUT,
    HttpFailure.PROTOCOL: AttemptOutcome.PROTOCOL,
}

GATHERED = 0.01  # seconds
PROMPT = 1.0  # seconds; who has not answered by then is not waited for with the others
_SUCCESS = range(200, 300)
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What a call came to."""

    outcome: AttemptOutcome
    status: int | None = None
    error: str = ""
    answer: Answer | None = None
    masked: Mapping[str, str] = field(default_factory=dict)
    """The headers it had, secrets masked."""
    renewed: Mapping[str, str] | None = None


class Transport(Protocol):
    """What carries a request: the product's HTTP client, or a test's."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def send(self, request: Request) -> Answer: ...


class Courier:
    """A context manager. Ends when everything posted has come back."""

    def __init__(
        self, *, clock: Callable[[], datetime], transport: Callable[[], Transport] = open_client
    ) -> None:
        self._clock = clock
        self._transport = transport
        self._results: SimpleQueue[Try] = SimpleQueue()
        self._started = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._posted: dict[int, float] = {}  # when each delivery on its way set out, oldest first

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(_START_SECONDS) or self._loop is None:
            raise RuntimeError("the courier did not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    @property
    def in_flight(self) -> int:
        """Messages that have not come back."""
        return len(self._posted)

    def post(self, messages: Sequence[Message]) -> None:
        """Send them; each comes back as one Try."""
        if messages and self._loop is not None:
            now = time.monotonic()
            self._posted |= {message.claimed.delivery_id: now for message in messages}
            self._loop.call_soon_threadsafe(self._take, messages)

    def results(self, *, wait: float, most: int) -> list[Try]:
        """What has come back: waits up to `wait` seconds for the first, takes up to `most`.

        What comes right behind the first is waited for as well: results are cheaper by the dozen.
        Receivers that hang are not: nothing comes right behind from them.
        """
        tries: list[Try] = []
        try:
            tries.append(self._results.get(timeout=wait) if wait else self._results.get_nowait())
            if self._results.qsize() < self._prompt() - 1:
                time.sleep(GATHERED)
            while len(tries) < most:
                tries.append(self._results.get_nowait())
        except Empty:
            pass
        for each in tries:
            self._posted.pop(each.claimed.delivery_id, None)
        return tries

    def _prompt(self) -> int:
        """How many set out so recently that they may come back any moment."""
        since = time.monotonic() - PROMPT
        return sum(1 for _ in takewhile(lambda at: at >= since, reversed(self._posted.values())))

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._started.set()

    async def _serve(self) -> None:
        async with self._transport() as transport:
            self._client = transport
            self._over = asyncio.Event()
            self._renewals = Renewals(transport.send)
            self._loop = asyncio.get_running_loop()
            self._started.set()
            await self._over.wait()
            if self._tasks:
                await asyncio.wait(self._tasks)

    def _take(self, messages: Sequence[Message]) -> None:
        for message in messages:
            task = asyncio.create_task(self._carry(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, message: Message) -> None:
        started_at, begun = self._clock(), time.monotonic()
        try:
            made = await self._told(message, sent_at=started_at)
        except Exception as exc:
            logger.exception("A message was lost on the way")
            error = f"Not sent: {type(exc).__name__}"
            made = _Made(outcome=AttemptOutcome.PROTOCOL, error=error)
        self._results.put(
            Try(
                claim_id=message.claim_id,
                claimed=message.claimed,
                receiver=message.receiver,
                started_at=started_at,
                duration_ms=round((time.monotonic() - begun) * 1000),
                outcome=made.outcome,
                status=made.status,
                error=made.error,
                asked=self._asked(made.answer),
                request_headers=made.masked,
                answer=kept_answer(made.answer),
                renewed=made.renewed,
            )
        )

    async def _told(self, message: Message, *, sent_at: datetime) -> _Made:
        """One try: repeated at once, with other headers, where these were refused."""
        try:
            proof = await credential_headers(message.receiver.credential, self._client.send)
        except SignInRefused as exc:
            return _Made(outcome=AttemptOutcome.REFUSED, error=str(exc))
        except HttpError as exc:
            return _Made(outcome=OUTCOMES[exc.failure], error=f"No log-in: {exc}")
        headers = self._renewals.headers_of(message.receiver)
        made = await self._sent(message, headers, proof, sent_at=sent_at)
        if not may_renew(message.receiver, made.status):
            return made
        try:
            renewed = await self._renewals.instead_of(headers, receiver=message.receiver)
        except RenewalFailed as exc:
            return replace(made, error=f"{made.error}, {exc}")
        again = await self._sent(message, renewed, proof, sent_at=sent_at)
        return replace(again, renewed=renewed)

    async def _sent(
        self,
        message: Message,
        headers: Mapping[str, str],
        proof: Mapping[str, str],
        *,
        sent_at: datetime,
    ) -> _Made:
        try:
            request, masked = address(message, extra=headers, credential=proof, sent_at=sent_at)
        except Exception as exc:
            logger.exception("A message could not be addressed")
            error = f"The message could not be made: {type(exc).__name__}"
            return _Made(outcome=AttemptOutcome.UNRENDERED, error=error)
        try:
            answer = await self._answered(message.receiver, request)
        except HttpError as exc:
            return _Made(outcome=OUTCOMES[exc.failure], error=str(exc), masked=masked)
        return _judged(answer, message.receiver.wire_format.schedule, masked)

    async def _answered(self, receiver: Receiver, request: Request) -> Answer:
        """The answer; a connection that failed at once is tried once more where that is wanted."""
        may_repeat = receiver.wire_format.schedule.retries_at_once and receiver.is_trusted
        try:
            return await self._client.send(request)
        except HttpError as exc:
            quick = exc.seconds < AT_ONCE.total_seconds()
            if not (may_repeat and quick and exc.failure == HttpFailure.CONNECTION):
                raise
        return await self._client.send(request)

    def _asked(self, answer: Answer | None) -> timedelta | None:
        if answer is None:
            return None
        return retries.asked_pause(answer.headers.get("retry-after"), now=self._clock())


def _judged(answer: Answer, schedule: Schedule, masked: Mapping[str, str]) -> _Made:
    if answer.status in _SUCCESS:
        outcome, error = AttemptOutcome.DELIVERED, ""
    else:
        gone = answer.status in schedule.gone_statuses
        outcome = AttemptOutcome.GONE if gone else AttemptOutcome.REFUSED
        error = f"Answered {answer.status}"
    return _Made(outcome=outcome, status=answer.status, error=error, answer=answer, masked=masked)
