"""Asking a receiver's log-in before each try, where an endpoint says so."""

from collections.abc import Awaitable, Callable, Mapping

from oms.events.formats import SignIn
from oms.kernel.errors import DomainError
from oms.kernel.http import Answer, Request

_SUCCESS = range(200, 300)


class SignInRefused(Exception):
    """The log-in gave no token. The text holds nothing of the call or its answer."""


async def credential_headers(
    credential: Mapping[str, str] | SignIn, send: Callable[[Request], Awaitable[Answer]]
) -> Mapping[str, str]:
    """The headers a try proves itself with. Raises SignInRefused, HttpError."""
    if not isinstance(credential, SignIn):
        return credential
    answer = await send(credential.request)
    if answer.status not in _SUCCESS:
        raise SignInRefused(f"The log-in answered {answer.status}")
    try:
        headers = credential.read(answer.body)
        Request(method="POST", url=credential.request.url, headers=headers)  # can they be sent
    except DomainError:
        raise SignInRefused("The log-in answered no token") from None
    return headers
