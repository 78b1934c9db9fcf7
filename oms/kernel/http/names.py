"""From a name to the addresses that may be dialled."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Sequence
from typing import Protocol

from oms.kernel.http.addresses import may_dial

WITHIN = 5.0
"""Seconds a look-up may take."""
_LOOKUPS = 64


class Resolver(Protocol):
    """Where addresses come from."""

    async def addresses(self, name: str) -> Sequence[str]:
        """Every A and AAAA of a name, numeric. Raises OSError when there is none."""


class NameUnknown(OSError):
    """The name has no address, or none was learnt in time."""


class AddressRefused(OSError):
    """The name has an address that may not be dialled."""


class SystemResolver:
    """The resolver of the operating system.

    Each look-up has a thread that nothing waits for. In an executor, whoever has names that
    are answered slowly could hold all of its few threads, and the end of the loop would wait.
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_LOOKUPS)

    async def addresses(self, name: str) -> Sequence[str]:
        """Every A and AAAA the system knows."""
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[list[str]] = loop.create_future()

        def finish(outcome: list[str] | OSError) -> None:
            self._slots.release()
            if answered.done():  # the caller gave up
                return
            if isinstance(outcome, OSError):
                answered.set_exception(outcome)
            else:
                answered.set_result(outcome)

        def look_up() -> None:
            outcome = _looked_up(name)
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(finish, outcome)

        threading.Thread(target=look_up, name="name look-up", daemon=True).start()
        return await answered


def _looked_up(name: str) -> list[str] | OSError:
    try:
        found = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    except OSError as exc:
        return exc
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def judged_addresses(resolver: Resolver, host: str, *, allow_private: bool) -> list[str]:
    """All addresses of a name, every one of which may be dialled.

    Raises NameUnknown, or AddressRefused when only one of them may not.
    """
    try:
        async with asyncio.timeout(WITHIN):
            found = list(await resolver.addresses(_absolute(host, allow_private=allow_private)))
    except OSError:  # a timeout is one as well
        raise NameUnknown("The name was not found.") from None
    if not found:
        raise NameUnknown("The name has no address.")
    if not all(may_dial(address, allow_private=allow_private) for address in found):
        raise AddressRefused("The name leads to an address that may not be reached.")
    return found


def _absolute(host: str, *, allow_private: bool) -> str:
    """With a final dot the resolver's search domains do not apply; names of one's own need them."""
    return host if allow_private and "." not in host else f"{host}."
