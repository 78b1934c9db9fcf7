"""P7 and P8: lists over many stored orders, one client."""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from statistics import median
from urllib.parse import urlencode

import msgspec

from bench import orders, world
from bench.context import Bench, FigureError, Values
from bench.history import PREFIX

PAGE = 50
LIST = "/rest/sc_api/order/list"
STAFF_LIST = "/admin/orders/order/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_REDIRECTED = 302


def p7(bench: Bench) -> Values:
    """The first page and the last of a walk; Get Orders pages by offset, as its contract says."""
    stored = bench.database.number(
        "SELECT count(*) FROM orders_order o JOIN channels_app_channel c ON c.id = o.channel_id"
        " WHERE c.code = %(code)s",
        {"code": world.INTAKE.code},
    )
    bench.note("lists", f"Lists are measured over {stored:,} orders of one channel.")
    client = Client(bench.port)
    first = client.milliseconds(bench.sizes.list_calls, lambda: client.page(0))
    values = {"P7.first": first}
    try:
        begun = time.perf_counter()
        client.page(stored - 2 * PAGE)
        jump = (time.perf_counter() - begun) * 1000
        far = client.milliseconds(bench.sizes.far_calls, lambda: client.page(stored - PAGE))
        values["P7.far"] = far / first
        bench.note(
            "far",
            f"Get Orders: first page {first:.1f} ms; the last one {far:.1f} ms for whoever read "
            f"the one before; a jump to there without having read any, {jump:.1f} ms.",
        )
    except FigureError as error:
        bench.note("far", f"Get Orders gave no last page: {error}")
    client.log_in()
    newest = client.milliseconds(bench.sizes.list_calls, lambda: client.look(STAFF_LIST))
    oldest = client.milliseconds(bench.sizes.list_calls, lambda: client.look(f"{STAFF_LIST}?last="))
    return values | {"P7.keyset": oldest / newest}


def p8(bench: Bench) -> Values:
    """What staff wait for."""
    client = Client(bench.port)
    client.log_in()
    numbers = iter(range(1, 10**9, bench.stored // (bench.sizes.list_calls + 2)))

    def search() -> None:
        number = f"{PREFIX}-{next(numbers):09d}"
        if number not in client.look(f"{STAFF_LIST}?q={number}"):
            raise FigureError(f"{number} was not found")

    return {
        "P8.first": client.milliseconds(bench.sizes.list_calls, lambda: client.look(STAFF_LIST)),
        "P8.search": client.milliseconds(bench.sizes.list_calls, search),
    }


class Client:
    """One kept-alive connection, as a machine of the channel and as a person."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def milliseconds(self, calls: int, call: Callable[[], object]) -> float:
        """The median, after a call that does not count."""
        call()
        taken = []
        for _ in range(calls):
            begun = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begun)
        return median(taken) * 1000

    def page(self, offset: int) -> None:
        """One page of Get Orders, full."""
        body = msgspec.json.encode({"offset": offset, "limit": PAGE})
        whole = orders.signed(LIST, body, port=self._port, key=world.INTAKE.channel_key)
        head = whole[: -len(body)].decode("ascii").strip().split("\r\n")[1:]
        headers = dict(line.split(": ", 1) for line in head)
        answer = self._ask("POST", LIST, body, headers)
        rows = msgspec.json.decode(answer).get("data")
        if not isinstance(rows, list) or len(rows) != PAGE:
            raise FigureError(f"no page of {PAGE} at {offset}: {answer[:200]!r}")

    def look(self, target: str) -> str:
        """A page of the back office."""
        page = self._ask("GET", target, b"", {}).decode()
        if "csrfmiddlewaretoken" in page and "id_password" in page:
            raise FigureError("the session is gone")
        return page

    def log_in(self) -> None:
        """As the administrator of the benchmark's world."""
        form = self._ask("GET", "/admin/login/", b"", {}).decode()
        found = _TOKEN.search(form)
        if found is None:
            raise FigureError("the log-in form has no token")
        fields = {
            "csrfmiddlewaretoken": found[1],
            "username": world.ADMIN,
            "password": world.ADMIN,
            "next": STAFF_LIST,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", "/admin/login/", urlencode(fields).encode(), headers)
        if "sessionid" not in self._cookies:
            raise FigureError("the log-in was refused")

    def _ask(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = dict(headers) | ({"Cookie": cookies} if cookies else {})
        self._connection.request(method, target, body, sent)
        answer = self._connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: told.value for name, told in SimpleCookie(line).items()}
        if answer.status not in {http.client.OK, _REDIRECTED}:
            raise FigureError(f"{method} {target}: {answer.status} {content[:200]!r}")
        return content
