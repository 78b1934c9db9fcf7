"""Section 1: signing, envelope, errors, paging."""

import json
from collections.abc import Callable

from . import shapes
from .kit import CANCEL_ORDER, CREATE_ORDER, Kit
from .reading import GET_ORDERS, GET_TASKS, GET_TASKS_BY_NO
from .verdicts import Chapter, NotApplicable, expect, expect_equal
from .wire import Call, now

OPENING: Chapter[Kit] = Chapter()
CLOSING: Chapter[Kit] = Chapter()
_EMPTY = b"{}"
_PAGE = 50
_DAY = 24 * 3600 * 1000
_TOO_MUCH = 10 * 1024 * 1024 + 1


@OPENING.check("1.1", "repeated slashes and another prefix lead to the same operation")
def any_prefix(kit: Kit) -> None:
    for path in (f"/{GET_ORDERS}", f"/another/prefix{GET_ORDERS}", GET_ORDERS.replace("/", "//")):
        call = Call(path=path, signed_path=GET_ORDERS, body=_EMPTY)
        kit.shop.send(call).succeeded()


def _without(name: str) -> Callable[[dict[str, str]], None]:
    return lambda headers: headers.__delitem__(name)


def _with(name: str, value: str) -> Callable[[dict[str, str]], None]:
    return lambda headers: headers.__setitem__(name, value)


@OPENING.check("1.3", "each of the four headers is mandatory")
def mandatory_headers(kit: Kit) -> None:
    for name in ("tenant_id", "api_key", "timestamp", "signature"):
        kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, tweak=_without(name))).refused("401")


@OPENING.check("1.3", "the body is JSON whatever its content type says")
def any_content_type(kit: Kit) -> None:
    tweak = _with("Content-Type", "text/plain")
    kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, tweak=tweak)).succeeded()


@OPENING.check("1.3", "unknown tenant and unknown key are refused with 401")
def unknown_credentials(kit: Kit) -> None:
    for name in ("tenant_id", "api_key"):
        tweak = _with(name, "conformance-nobody")
        kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, tweak=tweak)).refused("401")


@OPENING.check("1.4", "a wrong signature is refused with 401")
def wrong_signature(kit: Kit) -> None:
    tweak = _with("signature", "0" * 64)
    kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, tweak=tweak)).refused("401")


@OPENING.check("1.4", "a body other than the signed one is refused with 401")
def changed_body(kit: Kit) -> None:
    kit.shop.send(Call(path=GET_ORDERS, body=b'{"limit":1}', signed_body=b"{}")).refused("401")
    kit.shop.send(Call(path=GET_ORDERS, body=b'{"limit":1}', signed_body=b"")).refused("401")


@OPENING.check("1.4", "a signature of another path is refused with 401")
def changed_path(kit: Kit) -> None:
    call = Call(path=GET_ORDERS, signed_path=CANCEL_ORDER, body=_EMPTY)
    kit.shop.send(call).refused("401")


@OPENING.check("1.4", "a changed query is refused with 401")
def changed_query(kit: Kit) -> None:
    call = Call(method="GET", path=GET_TASKS, pairs=[("limit", "2")], signed_pairs=[("limit", "1")])
    kit.warehouse.send(call).refused("401")


@OPENING.check("1.4", "the signature comes before the form: a malformed body unsigned is 401")
def signature_first(kit: Kit) -> None:
    tweak = _with("signature", "0" * 64)
    kit.shop.send(Call(path=GET_ORDERS, body=b"{", tweak=tweak)).refused("401")


@OPENING.check("1.4", "the signature may be in upper-case hex")
def upper_case(kit: Kit) -> None:
    def tweak(headers: dict[str, str]) -> None:
        headers["signature"] = headers["signature"].upper()

    kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, tweak=tweak)).succeeded()


@OPENING.check("1.4", "query values may be signed decoded or as they are in the URL")
def encoded_values(kit: Kit) -> None:
    decoded = [("ft_nos", "[A B,C]")]
    for raw, signed in (
        ("ft_nos=%5BA%20B%2CC%5D", decoded),
        ("ft_nos=%5BA+B%2CC%5D", decoded),
        ("ft_nos=[A%20B,C]", decoded),
        ("ft_nos=%5BA%20B%2CC%5D", [("ft_nos", "%5BA%20B%2CC%5D")]),
    ):
        call = Call(
            method="GET", path=GET_TASKS_BY_NO, pairs=decoded, raw_query=raw, signed_pairs=signed
        )
        kit.warehouse.send(call).succeeded()


@OPENING.check("1.4", "empty query values may be signed or left out")
def empty_values(kit: Kit) -> None:
    pairs = [("limit", "1"), ("status", "")]
    for signed in (pairs, pairs[:1]):
        call = Call(method="GET", path=GET_TASKS, pairs=pairs, signed_pairs=signed)
        kit.warehouse.send(call).succeeded()


@OPENING.check("1.4", "the body of a GET may be signed or left out")
def body_of_get(kit: Kit) -> None:
    body = json.dumps({"limit": 1}).encode()
    for signed in (body, b""):
        call = Call(method="GET", path=GET_TASKS, body=body, signed_body=signed)
        kit.warehouse.send(call).succeeded()


@OPENING.check("1.4", "a timestamp in seconds is taken, one of yesterday refused with 401")
def timestamps(kit: Kit) -> None:
    kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, millis=now() // 1000)).succeeded()
    kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, millis="soon")).refused("401")
    for stale in (now() - _DAY, now() + _DAY):
        reply = kit.shop.send(Call(path=GET_ORDERS, body=_EMPTY, millis=stale))
        if reply.code == "200":
            raise NotApplicable("the installation does not check the time")
        reply.refused("401")


@OPENING.check("1.6", "a body that is not JSON, or no object, is refused with 400")
def malformed_body(kit: Kit) -> None:
    for body in (b"{", b"order_no=1", b"[]", b'"text"', b"\xff\xfe"):
        kit.shop.send(Call(path=GET_ORDERS, body=body)).refused("400")


@OPENING.check("1.6", "the key of one family is refused by the other with 403")
def wrong_family(kit: Kit) -> None:
    kit.shop.get(GET_TASKS).refused("403")
    kit.warehouse.post(GET_ORDERS, {}).refused("403")


@OPENING.check("1.6", "a signed call to an unknown path is refused with 404")
def unknown_path(kit: Kit) -> None:
    kit.shop.post("/rest/sc_api/order/conformance", {}).refused("404")
    kit.warehouse.get("/rest/fp_api/fulfillment_task/conformance").refused("404")


@OPENING.check("7a.5", "a wrong method is refused with 405")
def wrong_method(kit: Kit) -> None:
    kit.shop.get(CREATE_ORDER).refused("405")


@OPENING.check("1.6", "a body over 10 MiB is refused with 413")
def huge_body(kit: Kit) -> None:
    body = b'{"order_no":["' + b"x" * _TOO_MUCH + b'"]}'
    reply = kit.shop.send(Call(path=GET_ORDERS, body=body))
    expect_equal((reply.code, reply.status), ("413", 413), "code and HTTP status")


@OPENING.check("1.8", "limit above 50 is taken as 50; limit 0 and offset -1 are refused with 400")
def page_limits(kit: Kit) -> None:
    expect(len(kit.orders(limit=_PAGE + 1)) <= _PAGE, "more than 50 orders")
    kit.warehouse.get(GET_TASKS, limit=1000).succeeded()
    for wrong in ({"limit": 0}, {"offset": -1}, {"limit": "many"}):
        kit.shop.post(GET_ORDERS, wrong).refused("400")
        kit.warehouse.get(GET_TASKS, **wrong).refused("400")


@OPENING.check("1.9", "numbers may be sent as strings, and empty filters do not filter")
def tolerant_reader(kit: Kit) -> None:
    filters = {"limit": "1", "offset": "0", "order_no": [], "order_status": [], "unheard_of": 1}
    expect(len(kit.orders(**filters)) <= 1, "limit was not heeded")


@CLOSING.check("1.5", "every answer has a request_id of its own")
def own_ids(kit: Kit) -> None:
    ids = kit.shop.request_ids + kit.warehouse.request_ids
    expect_equal(len(set(ids)), len(ids), "different ids")


@CLOSING.check("1.8", "a walk by offset shows each task once, oldest first")
def walk(kit: Kit) -> None:
    seen: list[tuple[object, object]] = []
    for offset in range(0, 50, 2):
        reply = kit.warehouse.get(GET_TASKS, created_from=kit.began, offset=offset, limit=2)
        page = shapes.check(reply.succeeded(), shapes.TASK_PAGE, "data")
        tasks = shapes.objects(page["ft_list"], "ft_list")
        expect_equal(page["cursor"], offset + len(tasks), "cursor")
        seen += [(task["created_time"], task["ft_no"]) for task in tasks]
        if len(seen) == page["total_count"]:
            break
    expect_equal(len({number for _, number in seen}), len(seen), "different tasks")
    times = [int(str(time)) for time, _ in seen]
    expect_equal(times, sorted(times), "times")
