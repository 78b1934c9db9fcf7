"""The command line."""

import argparse
from dataclasses import dataclass

from .signing import Key

_ABOUT = """\
Checks an installation of the OMS4 Open API against its contract, call by call.

It needs a world made for tests:
  - a sales channel of type General with a key of its own;
  - a fulfillment point of type General with a key of its own, the only one assigned to that
    channel, or the first in its order;
  - a SKU known by --sku-brand and --sku-code; orders name it by --seller-sku.
The stock it needs it puts there itself, by Update Inventory. Orders, tasks and parcels it makes
stay; what is still open at the end is cancelled. The workers of the installation must run.

Which of the three delivery scenarios is checked follows from the channel's setting: run it once
with a channel for each to see them all.

With --listen HOST:PORT it also takes pushes: start it, then enter http://HOST:PORT/ (or an https
address that leads there) as push URL of both keys, with every message type. It waits up to
--patience for both to be verified by a `ping`.
"""
_SECRETS = "Secrets on a command line are seen by other users of the machine."


@dataclass(frozen=True, slots=True)
class Options:
    """What to check, and with what."""

    base_url: str
    channel: Key
    point: Key
    sku_brand: str
    sku_code: str
    seller_sku: str
    patience: float
    listen: tuple[str, int] | None


def parse(arguments: list[str] | None = None) -> Options:
    """Read the command line; ends the program when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="conformance",
        description=_ABOUT,
        epilog=_SECRETS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("base_url", metavar="BASE_URL", help="such as https://host/openapi/")
    parser.add_argument("--tenant", required=True, help="tenant_id of both keys")
    for owner in ("channel", "point"):
        parser.add_argument(f"--{owner}-key", required=True, help=f"api_key of the {owner}")
        parser.add_argument(f"--{owner}-secret", required=True, help=f"secret of the {owner}")
    parser.add_argument("--sku-brand", default="HEARTH", help="brand_code (%(default)s)")
    parser.add_argument(
        "--sku-code", default="HEARTH-MUG-HARBOUR", help="brand_sku_code (%(default)s)"
    )
    parser.add_argument("--seller-sku", default="MUG-HARBOUR", help="seller_sku_code (%(default)s)")
    parser.add_argument(
        "--patience",
        type=float,
        default=30,
        metavar="SECONDS",
        help="how long to wait for what workers do (%(default)s)",
    )
    parser.add_argument("--listen", type=_host_port, metavar="HOST:PORT", help="take pushes here")
    found = parser.parse_args(arguments)
    return Options(
        base_url=found.base_url,
        channel=Key(found.tenant, found.channel_key, found.channel_secret),
        point=Key(found.tenant, found.point_key, found.point_secret),
        sku_brand=found.sku_brand,
        sku_code=found.sku_code,
        seller_sku=found.seller_sku,
        patience=found.patience,
        listen=found.listen,
    )


def _host_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError("must be HOST:PORT")
    return host, int(port)
