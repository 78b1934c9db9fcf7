"""The client, loaded when the first call goes out: processes that make none are 11 MB smaller."""

import asyncio
from typing import TYPE_CHECKING

from oms.kernel.http.messages import Answer, Request

if TYPE_CHECKING:
    from oms.kernel.http.client import Client


def open_client(*, connections: int = 500) -> "Client":
    """A client of this installation, with so many connections of either kind."""
    from oms.kernel.http.client import Client  # noqa: PLC0415 - see above

    return Client(connections=connections)


def fetch(request: Request) -> Answer:
    """Send from synchronous code, in an event loop of its own. Raises HttpError."""
    return asyncio.run(_fetch(request))


async def _fetch(request: Request) -> Answer:
    async with open_client(connections=1) as client:
        return await client.send(request)
