"""Asking Omnitron and Seller Center: log-in, a root and token per endpoint, paging, refusals.

A 401 leads to one log-in and one repetition. Everything else is left to whoever has the job's
row: nothing waits here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from channels_app.connectors.base import AuthorisationNeeded, RemoteRefused, RemoteUnavailable
from channels_app.connectors.omnitron import tokens
from channels_app.connectors.omnitron.endpoints import ENDPOINTS
from channels_app.connectors.omnitron.settings import ClientSettings
from channels_app.connectors.omnitron.wire import Wire
from oms.kernel import http

Row = Mapping[str, Any]

WITHIN = 90.0  # seconds; less than the time limit of a job (CELERY_TASK_TIME_LIMIT)
MOST_PAGES = 10_000
_TROUBLE = 499  # as Akinon's own client sees it
_PATIENCE = frozenset({408, 429})
_NO_ACCOUNT = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list, and what to ask for the next; None after the last."""

    rows: list[Row]
    following: Mapping[str, str] | None = None


class Client:
    """One installation of the other side, for the length of one job. A context manager."""

    def __init__(self, settings: ClientSettings, *, within: float = WITHIN) -> None:
        self.settings = settings
        self._wire = Wire(timeouts=settings.timeouts, within=within)
        self._login = tokens.name_of(settings.base_url, settings.username, settings.password)

    def __enter__(self) -> Self:
        self._wire.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wire.__exit__(kind, error, trace)

    @property
    def seconds_left(self) -> float:
        """Until the job should have come to its end."""
        return self._wire.seconds_left

    def pages(self, endpoint: str, **query: object) -> Iterator[list[Row]]:
        """The pages of a list until `next` is empty. Raises ConnectorError."""
        page = self.page(endpoint, query)
        yield page.rows
        for _ in range(MOST_PAGES):
            if page.following is None:
                return
            page = self.page(endpoint, page.following)
            yield page.rows
        raise RemoteRefused(f"{endpoint}: the list does not end")

    def page(self, endpoint: str, query: Mapping[str, object]) -> Page:
        """One page of a list; a bare array is the only one. Raises ConnectorError.

        Of `next` only the query is taken, so that no answer can send our token elsewhere.
        """
        asked = {name: _word(value) for name, value in query.items()}
        document = self._read(endpoint, asked)
        if isinstance(document, list):
            return Page(rows=_rows(document, endpoint))
        if not isinstance(document, dict):
            raise RemoteRefused(f"{endpoint}: neither a list nor an envelope")
        rows = _rows(document.get("results"), endpoint)
        following = document.get("next")
        if not following:
            return Page(rows=rows)
        return Page(
            rows=rows, following={**asked, **dict(parse_qsl(urlsplit(str(following)).query))}
        )

    def rows(self, endpoint: str, **query: object) -> list[Row]:
        """A whole list. Raises ConnectorError."""
        return [row for page in self.pages(endpoint, **query) for row in page]

    def one(self, endpoint: str, key: object) -> Row | None:
        """One object by its key; None when there is none. Raises ConnectorError."""
        path = self._template(endpoint)
        if "{pk}" not in path:
            path = path.rstrip("/") + "/{pk}/"
        try:
            document = self._exchange(endpoint, path, {"pk": _word(key)})
        except RemoteRefused as refused:
            if refused.status == 404:  # noqa: PLR2004 - the protocol's
                return None
            raise
        if not isinstance(document, dict):
            raise RemoteRefused(f"{endpoint}: not an object")
        return document

    def update_items(self, entries: Sequence[Row]) -> None:
        """Tell the states of order items. Raises ConnectorError."""
        endpoint = "order_item_bulk_update"
        body = {"orderitem_set": list(entries)}
        self._exchange(endpoint, self._template(endpoint), {}, body=body)

    def change(self, endpoint: str, key: object, body: Row) -> None:
        """Change members of one object. Raises ConnectorError."""
        path = self._template(endpoint).rstrip("/") + "/{pk}/"
        self._exchange(endpoint, path, {"pk": _word(key)}, body=body, method="PATCH")

    def create(self, endpoint: str, body: Row) -> None:
        """Make an object. Raises ConnectorError."""
        self._exchange(endpoint, self._template(endpoint), {}, body=body, method="POST")

    def log_in(self) -> str:
        """Trade the account for a token, also when one is known. Raises ConnectorError."""
        endpoint = "log-in"
        said = {"username": self.settings.username, "password": self.settings.password}
        url = _joined(self.settings.base_url, "auth/login/")
        answer = self._wire.send(
            "POST", url, headers=_JSON, body=json.dumps(said).encode(), endpoint=endpoint
        )
        if answer.status in _NO_ACCOUNT:
            raise AuthorisationNeeded("log-in: the account is refused", status=answer.status)
        document = _document(answer, endpoint)
        token = document.get("key") if isinstance(document, dict) else None
        if not isinstance(token, str) or not token:
            raise RemoteRefused("log-in: the answer has no token")
        tokens.keep(self._login, token)
        return token

    def _template(self, endpoint: str) -> str:
        """The path of an endpoint. One that is like another is asked at that one's own path."""
        known = ENDPOINTS[endpoint]
        if own := self.settings.endpoints.get(endpoint):
            return own.path or known.path
        like = self.settings.endpoints.get(known.like)
        if like and like.path:
            return like.path
        return known.path

    def _read(self, endpoint: str, query: Mapping[str, str]) -> object:
        return self._exchange(endpoint, self._template(endpoint), query)

    def _exchange(
        self,
        endpoint: str,
        path: str,
        params: Mapping[str, str],
        *,
        body: Row | None = None,
        method: str = "",
    ) -> object:
        """One call, with one repetition after a log-in where a token of ours was refused."""
        own = self.settings.of(endpoint)
        url = _url(own.base_url or self.settings.base_url, path, params)
        verb = method or own.method or ENDPOINTS[endpoint].method
        content = b"" if body is None else json.dumps(body).encode()
        if own.token:
            headers = _JSON | {"Authorization": authorization(own.token)}
            answer = self._wire.send(verb, url, headers=headers, body=content, endpoint=endpoint)
        else:
            answer = self._with_login(verb, url, content, endpoint)
        if answer.status == 401:  # noqa: PLR2004 - the protocol's
            raise AuthorisationNeeded(f"{endpoint}: the token is refused", status=401)
        return _document(answer, endpoint)

    def _with_login(self, verb: str, url: str, content: bytes, endpoint: str) -> http.Answer:
        token = tokens.known(self._login)
        if token is not None:
            headers = _JSON | {"Authorization": authorization(token)}
            answer = self._wire.send(verb, url, headers=headers, body=content, endpoint=endpoint)
            if answer.status != 401:  # noqa: PLR2004 - the protocol's
                return answer
            tokens.forget(self._login, token)
        headers = _JSON | {"Authorization": authorization(self.log_in())}
        return self._wire.send(verb, url, headers=headers, body=content, endpoint=endpoint)


_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


def authorization(token: str) -> str:
    """A value with a blank in it names its own scheme."""
    return token if " " in token else f"Token {token}"


def _joined(base_url: str, path: str) -> str:
    return f"{base_url.rstrip('/')}/{path.lstrip('/')}"


def _url(base_url: str, path: str, params: Mapping[str, str]) -> str:
    """Parameters the path names go into it, the others into the query."""
    rest = dict(params)
    for name in params:
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", quote(rest.pop(name), safe=""))
    query = f"?{urlencode(rest)}" if rest else ""
    return _joined(base_url, path) + query


def _word(value: object) -> str:
    return ("True" if value else "False") if isinstance(value, bool) else str(value)


def _rows(value: object, endpoint: str) -> list[Row]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise RemoteRefused(f"{endpoint}: the list holds something else than objects")
    return value


def _document(answer: http.Answer, endpoint: str) -> object:
    """The body of a success. Raises RemoteUnavailable, RemoteRefused."""
    status = answer.status
    if status >= _TROUBLE or status in _PATIENCE:
        raise RemoteUnavailable(f"{endpoint}: HTTP {status}", status=status)
    try:
        document = json.loads(answer.body) if answer.body.strip() else None
    except ValueError:
        document = ...
    if not 200 <= status < 300:  # noqa: PLR2004 - the protocol's
        members = _complained(document)
        raise RemoteRefused(f"{endpoint}: HTTP {status}", status=status, members=members)
    if document is ... or answer.is_truncated:
        raise RemoteRefused(f"{endpoint}: the answer is not JSON, or too long", status=status)
    return document


def _complained(document: object) -> tuple[str, ...]:
    if not isinstance(document, dict):
        return ()
    return tuple(sorted(str(name)[:64] for name in document if name != "code"))[:10]
