"""The package API as staff's programs call it: log in, read lists, run commands."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from demo.wire import Request, Wire

Row = dict[str, Any]

OMS = "/api/v1/oms/"
NO_CONTENT = 204
UNAUTHORIZED = 401
REFUSALS = range(400, 500)
PAGE = 100


class UnexpectedAnswer(Exception):
    """The API answered what nothing here can go on with."""

    def __init__(self, method: str, path: str, said: "Said") -> None:
        super().__init__(f"{method} {path}: HTTP {said.status} {said.text[:300]}")
        self.said = said


@dataclass(frozen=True, slots=True)
class Said:
    """A status, and the text of the body."""

    status: int
    text: str

    @property
    def is_done(self) -> bool:
        return self.status < REFUSALS.start

    @property
    def document(self) -> Any:
        return json.loads(self.text) if self.text else None


@dataclass(slots=True)
class Api:
    """One login. Calls are repeated until they are answered, so a command may run before it is
    known to: whoever is refused looks at the package again."""

    base_url: str
    username: str
    password: str = field(repr=False)
    shop_key: str = field(default="", repr=False)
    wire: Wire = field(init=False)
    token: str = field(init=False, default="", repr=False)

    def __post_init__(self) -> None:
        self.wire = Wire(self.base_url)

    def log_in(self) -> str:
        """A new token. Raises UnexpectedAnswer."""
        body = {"username": self.username, "password": self.password}
        said = self._sent("POST", "/api/v1/auth/login/", body)
        if not said.is_done:
            raise UnexpectedAnswer("POST", "/api/v1/auth/login/", said)
        self.token = str(said.document["key"])
        return self.token

    def call(self, method: str, path: str, document: object = None) -> Said:
        """One call below `/api/v1/oms/`, logged in."""
        if not self.token:
            self.log_in()
        said = self._sent(method, OMS + path, document)
        if said.status == UNAUTHORIZED:
            self.log_in()
            said = self._sent(method, OMS + path, document)
        return said

    def expect(self, method: str, path: str, document: object = None) -> Any:
        """The answer's document. Raises UnexpectedAnswer."""
        said = self.call(method, path, document)
        if not said.is_done:
            raise UnexpectedAnswer(method, path, said)
        return said.document

    def page(self, path: str, **query: object) -> Row:
        """The envelope of the first page."""
        words = urlencode({"limit": PAGE, **query})
        return dict(self.expect("GET", f"{path}?{words}"))

    def rows(self, path: str, **query: object) -> Iterator[Row]:
        """Every row of a list, page after page as `next` says."""
        found = self.page(path, **query)
        while True:
            yield from found["results"]
            if not found["next"]:
                return
            parts = urlsplit(found["next"])
            found = dict(self.expect("GET", f"{parts.path.removeprefix(OMS)}?{parts.query}"))

    def package(self, number: int) -> Row:
        return dict(self.expect("GET", f"packages/{number}/"))

    def command(
        self, number: int, slug: str, arguments: Mapping[str, object] | None = None
    ) -> Said:
        """Run a command; 204 and no body when it was done."""
        document = {"package": number, "slug": slug, **(arguments or {})}
        return self.call("POST", f"packages/{number}/command/", document)

    def shop(self, method: str, path: str, document: object = None) -> Any:
        """One call of the open API as a shop, with its key. Raises UnexpectedAnswer."""
        headers = {
            "X-API-Key": self.shop_key,
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        body = b"" if document is None else json.dumps(document).encode()
        answer = self.wire.call(lambda: Request(method, f"/v1/{path}", headers, body))
        said = Said(answer.status, answer.body.decode("utf-8", "replace"))
        if not said.is_done:
            raise UnexpectedAnswer(method, path, said)
        return said.document

    def _sent(self, method: str, target: str, document: object) -> Said:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token and "auth/login" not in target:
            headers["Authorization"] = f"Token {self.token}"
        body = b"" if document is None else json.dumps(document).encode()
        answer = self.wire.call(lambda: Request(method, target, headers, body))
        return Said(answer.status, answer.body.decode("utf-8", "replace"))


def state_of(package: Mapping[str, Any]) -> str:
    """The state's number, of the long form and of the short."""
    state = package["state"]
    return str(state["enum_value"] if isinstance(state, dict) else state)
