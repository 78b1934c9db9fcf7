"""What the tests of the client share."""

import asyncio

from oms.kernel.http import Request
from oms.kernel.http.client import Client


def call(url, *, method="POST", body=b"{}", client=None, **options):
    """One request by a client of its own: the answer, or HttpError."""
    return calls(Request(method=method, url=url, body=body, **options), **(client or {}))[0]


def calls(*requests, **client):
    """Requests one after the other by one client."""

    async def run():
        async with Client(**client) as sender:
            return [await sender.send(request) for request in requests]

    return asyncio.run(run())
