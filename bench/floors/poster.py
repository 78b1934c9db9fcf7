"""F8: the bare HTTP client of the product, posting signed bodies of 2 kB from one process."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator

import aiohttp

from bench.helpers import Job, Result, serve

AT_ONCE = 64
BODY = b'{"filling": "%s"}' % (b"x" * 1_984)  # 2,000 bytes
_SUCCESS = range(200, 300)


class PosterError(Exception):
    """A post was not taken."""


def main() -> None:
    serve(prepare)


def prepare(job: Job) -> Callable[[], Result]:
    """`posts` of them to `port`; the result is how many a second."""
    url, secret = f"http://127.0.0.1:{job['port']}/floor", job["secret"].encode()
    return lambda: asyncio.run(_run(url, secret, posts=job["posts"]))


async def _run(url: str, secret: bytes, *, posts: int) -> Result:
    numbers = iter(range(posts))
    begun = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(_post(session, url, secret, numbers) for _ in range(AT_ONCE)))
    return {"per_second": posts / (time.perf_counter() - begun)}


async def _post(
    session: aiohttp.ClientSession, url: str, secret: bytes, numbers: Iterator[int]
) -> None:
    for number in numbers:
        async with session.post(url, data=BODY, headers=_signed(secret, number)) as answer:
            if answer.status not in _SUCCESS:
                raise PosterError(f"the sink answered {answer.status}")
            await answer.read()


def _signed(secret: bytes, number: int) -> dict[str, str]:
    name, timestamp = f"evt_{number:032x}", int(time.time())
    digest = hmac.new(secret, b"%s.%d.%s" % (name.encode(), timestamp, BODY), hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest.digest()).decode()}",
    }


if __name__ == "__main__":
    main()
