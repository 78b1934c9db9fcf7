"""The check of a URL somebody enters. It is made again for every connection."""

import asyncio

from oms.kernel.http import names, urls
from oms.kernel.http.urls import UrlRefused


def check_url(
    url: str,
    *,
    allow_private: bool = False,
    must_resolve: bool = True,
    resolver: names.Resolver | None = None,
) -> None:
    """Read the URL, look its name up and judge every address. Raises UrlRefused, which says why.

    With `must_resolve` off, a name that is not known passes: it is judged when it is called.
    Takes as long as the look-up, at most five seconds; not for code that runs in an event loop.
    """
    target = urls.read(url, allow_private=allow_private)
    if target.is_numeric:
        return  # judged when it was read
    try:
        asyncio.run(_judge(target.host, allow_private=allow_private, resolver=resolver))
    except names.NameUnknown:
        if must_resolve:
            raise UrlRefused("The host of the URL is not known.") from None
    except names.AddressRefused:
        raise UrlRefused("The host of the URL has an address that may not be reached.") from None


async def _judge(host: str, *, allow_private: bool, resolver: names.Resolver | None) -> None:
    await names.judged_addresses(
        resolver or names.SystemResolver(), host, allow_private=allow_private
    )
