"""The command line."""

import argparse
from dataclasses import dataclass

from .shop import Access
from .wire import Login

_ABOUT = """\
Checks an installation of the Increff contract for external fulfilment systems, call by call.

It needs a world made for tests:
  - an EFS channel with a login, and one location open to it (--location is its code there);
  - two products, whose bar codes and codes are given by --sku, once for each;
  - a sales channel served by that location, and a key of the open API that may place its orders
    (--shop-key); without it, or without --listen, whatever needs an order is skipped;
  - endpoints of the EFS for order and return events at http://HOST:PORT/ (--listen), with every
    event type named, Get Credential at http://HOST:PORT/credential, and the static headers given
    by --header, if any.
The stock it needs it puts there itself, by Update Inventory. Orders it makes stay; what is still
open at the end is cancelled. The workers of the installation must run.

All of it takes some minutes: one check is silent for 46 seconds and waits for the retry, another
calls 201 times within a minute, and the others wait when the rate limit is reached. --quick leaves
these two out.
"""
_SECRETS = "Secrets on a command line are seen by other users of the machine."


@dataclass(frozen=True, slots=True)
class Product:
    """A product, by the names each side has for it."""

    code: str
    """In the EFS channel."""
    barcode: str
    shop_sku: str


@dataclass(frozen=True, slots=True)
class Options:
    """What to check, and with what."""

    base_url: str
    login: Login
    location: str
    products: tuple[Product, Product]
    shop: Access | None
    closed_location: str | None
    headers: dict[str, str]
    patience: float
    is_quick: bool
    listen: tuple[str, int] | None


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line; ends the program when it is wrong."""
    parser = _parser()
    found = parser.parse_args(arguments)
    if len(found.sku) != 2:  # noqa: PLR2004 one to sell, one to confuse it with
        parser.error("--sku is needed twice")
    shop = None
    if found.shop_key is not None:
        if found.shop_url is None or found.channel is None:
            parser.error("--shop-key needs --shop-url and --channel")
        shop = Access(found.shop_url, found.shop_key, found.channel, found.currency)
    return Options(
        base_url=found.base_url,
        login=Login(found.user, found.password),
        location=found.location,
        products=(found.sku[0], found.sku[1]),
        shop=shop,
        closed_location=found.closed_location,
        headers=dict(found.header),
        patience=found.patience,
        is_quick=found.quick,
        listen=found.listen,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="conformance",
        description=_ABOUT,
        epilog=_SECRETS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("base_url", metavar="BASE_URL", help="such as https://host or https://host/assure-magic2")
    add("--user", required=True, help="authUsername")
    add("--password", required=True, help="authPassword")
    add("--location", required=True, metavar="CODE", help="the EFS channel's code of the location")
    add("--sku", type=_product, action="append", default=[], metavar="CODE:BARCODE:SHOP_SKU")
    add("--channel", metavar="CODE", help="the sales channel")
    add("--currency", default="SGD", help="of the orders (%(default)s)")
    add("--shop-url", metavar="URL", help="the open API, such as https://host/v1")
    add("--shop-key", metavar="KEY", help="its X-API-Key")
    add("--closed-location", metavar="CODE", help="a location the login may not see (403)")
    add("--header", type=_header, action="append", default=[], metavar="NAME=VALUE")
    add("--listen", type=_host_port, metavar="HOST:PORT", help="take pushes here")
    add("--quick", action="store_true", help="leave out the two checks that take minutes")
    add(
        "--patience",
        type=float,
        default=60,
        metavar="SECONDS",
        help="how long to wait for what workers do (%(default)s)",
    )
    return parser


def _product(text: str) -> Product:
    parts = text.split(":")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004 as the metavar says
        raise argparse.ArgumentTypeError("must be CODE:BARCODE:SHOP_SKU")
    return Product(*parts)


def _header(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError("must be NAME=VALUE")
    return name, value


def _host_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError("must be HOST:PORT")
    return host, int(port)
