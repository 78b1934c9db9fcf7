"""Section 1: mount points, credentials, JSON, errors."""

import json

from .kit import COMBINED, INVENTORY, LISTING, PACK, RETURN, Kit
from .shapes import Document
from .verdicts import Chapter, NotApplicable, expect, expect_equal
from .wire import FORBIDDEN, NOT_FOUND, UNAUTHORIZED, Reply

CHAPTER: Chapter[Kit] = Chapter()
_MOUNTS = ("", "/assure-magic2", "/assuremagic2")
_V0 = (
    ("POST", "/push/skuListing", LISTING),
    ("PUT", "/sellfast/inventories/absolute-update", INVENTORY),
    ("PUT", "/inventories/incremental-update", INVENTORY),
    ("PUT", "/sellfast/order/cancel-line-items", "/usp/order/cancel"),
    ("POST", "/sellfast/picklist/release", "/usp/picklist/create"),
    ("POST", "/sellfast/picklist/add-orders/7", "/usp/picklist/add-order"),
    ("POST", "/sellfast/pack/combined/7", PACK),
    ("POST", "/sellfast/handover", "/usp/handover"),
    ("POST", "/sellfast/manifest/combined", COMBINED),
)
_METHOD_REFUSED, _KIND_REFUSED = 405, 415
_LONGEST = 255


def _count(kit: Kit, **members: object) -> Document:
    product: Document = {"channelSkuCode": kit.first.code, "quantity": 1000, **members}
    return kit.at_location(products=[product])


def _counted(kit: Kit, headers: dict[str, str]) -> Reply:
    return kit.efs.send("PUT", INVENTORY, json.dumps(_count(kit)).encode(), headers)


@CHAPTER.check("1.1", "every path works at the root and under both prefixes, slash or not")
def mounts(kit: Kit) -> None:
    for prefix in _MOUNTS:
        for path in (INVENTORY, INVENTORY + "/"):
            kit.efs.mounted_at(prefix).put(path, _count(kit)).document()


@CHAPTER.check("1.1", "paths printed with a blank, and the older combined path, are known")
def misprints(kit: Kit) -> None:
    older = "/cims/push/usp/handover/combined"
    for path in ("/usp/%20manifest", "/usp/%20handover", older):
        kit.efs.post(path, {}).refused()


@CHAPTER.check("1.1", "a v0 path answers 404 and names the v1 path")
def version_zero(kit: Kit) -> None:
    for method, path, successor in _V0:
        error = kit.efs.send(method, path, b"{}").refused(NOT_FOUND, "NOT_FOUND")
        expect(successor in str(error["message"]), f"{path}: {error['message']!r}")


@CHAPTER.check("1.2", "without user name or password, or with wrong ones: 401 AUTH_ERROR")
def credentials(kit: Kit) -> None:
    known = kit.efs.credentials()
    for name in ("authUsername", "authPassword"):
        lacking = {key: value for key, value in known.items() if key != name}
        _counted(kit, lacking).refused(UNAUTHORIZED, "AUTH_ERROR")
        _counted(kit, known | {name: "conformance"}).refused(UNAUTHORIZED, "AUTH_ERROR")


@CHAPTER.check("1.2", "credentials come before the form: a broken body without them is 401")
def credentials_first(kit: Kit) -> None:
    headers = {"Content-Type": "application/json"}
    kit.efs.send("PUT", INVENTORY, b"{", headers).refused(UNAUTHORIZED, "AUTH_ERROR")


@CHAPTER.check("1.2", "header names are compared without regard to case")
def header_case(kit: Kit) -> None:
    for change in (str.lower, str.upper):
        headers = {change(name): value for name, value in kit.efs.credentials().items()}
        _counted(kit, headers).document()


@CHAPTER.check("1.2", "authDomainName is optional, and another one is ignored")
def domain(kit: Kit) -> None:
    _counted(kit, kit.efs.credentials() | {"AuthDomainname": "elsewhere"}).document()


@CHAPTER.check("1.2", "a location that is not open to the login: 403 AUTH_ERROR")
def closed_location(kit: Kit) -> None:
    closed = kit.options.closed_location
    if closed is None:
        raise NotApplicable("start with --closed-location to name one")
    document = {**_count(kit), "locationCode": closed}
    kit.efs.put(INVENTORY, document).refused(FORBIDDEN, "AUTH_ERROR")


@CHAPTER.check("1.4", "unknown fields are ignored; numbers may be strings (6.4)")
def tolerant(kit: Kit) -> None:
    document = {**_count(kit, quantity="1000", colour="red"), "unheardOf": [1]}
    answer = kit.efs.put(INVENTORY, document).document()
    expect_equal(answer["successProducts"], [kit.first.code], "successProducts")


@CHAPTER.check("1.4", "a text instead of a number is refused with 400")
def no_number(kit: Kit) -> None:
    kit.efs.put(INVENTORY, _count(kit, quantity="many")).refused()


@CHAPTER.check("1.4", "a text of more than 255 characters is refused with 400")
def long_text(kit: Kit) -> None:
    kit.efs.put(INVENTORY, _count(kit, channelSkuCode="x" * (_LONGEST + 1))).refused()
    answer = kit.efs.put(INVENTORY, _count(kit, channelSkuCode="x" * _LONGEST)).document()
    expect_equal(answer["failureProducts"], ["x" * _LONGEST], "failureProducts")


@CHAPTER.check("1.7", "failed field checks name the field in a bracketed list")
def field_checks(kit: Kit) -> None:
    for missing in ({}, {"channelSkuCode": None}):
        document = kit.at_location(products=[{"quantity": 1, **missing}])
        error = kit.efs.put(INVENTORY, document).refused()
        expect_equal(error["message"], "Input validation failed", "message")
        told = str(error["description"])
        expect(told.startswith("[") and told.endswith("]"), f"description {told!r}")
        expect("products[0].channelSkuCode: " in told, f"description {told!r}")


@CHAPTER.check("1.7", "an unknown path is 404 NOT_FOUND")
def unknown_path(kit: Kit) -> None:
    kit.efs.post("/usp/conformance", {}).refused(NOT_FOUND, "NOT_FOUND")


@CHAPTER.check("1.7", "a wrong method is 405, a body that is not JSON 415")
def wrong_method(kit: Kit) -> None:
    kit.efs.send("GET", INVENTORY, b"").refused(_METHOD_REFUSED)
    kit.efs.post(INVENTORY, _count(kit)).refused(_METHOD_REFUSED)
    headers = kit.efs.credentials() | {"Content-Type": "text/xml"}
    kit.efs.send("POST", RETURN, b"<return/>", headers).refused(_KIND_REFUSED)


@CHAPTER.check("5a.9", "broken JSON, or no object, under a JSON content type is 400")
def broken_json(kit: Kit) -> None:
    for body in (b"{", b"[]", b'"text"', b"\xff\xfe", b""):
        kit.efs.send("PUT", INVENTORY, body).refused()


@CHAPTER.check("5a.4", "an unknown location code is 400 and named")
def unknown_location(kit: Kit) -> None:
    document = {**_count(kit), "locationCode": "CK-NOWHERE"}
    kit.efs.put(INVENTORY, document).said("Invalid location code: CK-NOWHERE")
