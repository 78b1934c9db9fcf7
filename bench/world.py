"""The installation the benchmarks run on, as a world file, and the keys to it."""

from dataclasses import dataclass

from demo.signing import Credentials

ORGANIZATION = "BENCH"
NEWS = "NEWS"
"""The organization whose endpoints are sent to, and its channel."""
SECRET = "bench-secret"  # noqa: S105 - of an installation that lives for minutes
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel with a point of its own, so that figures do not meet each other's tasks."""

    code: str
    delivery: str
    number: int

    @property
    def point(self) -> str:
        return f"WH-{self.code}"

    @property
    def channel_key(self) -> Credentials:
        return Credentials(ORGANIZATION, f"{self.number}1", SECRET)

    @property
    def point_key(self) -> Credentials:
        return Credentials(ORGANIZATION, f"{self.number}2", SECRET)


INTAKE = Lane("INTAKE", "CHANNEL_CARRIER_MULTI", 710)
LIFE = Lane("LIFE", "CHANNEL_CARRIER_SINGLE", 720)
LABELS = Lane("LABELS", "CHANNEL_CARRIER_SINGLE", 730)
STOCK = Lane("STOCK", "CHANNEL_CARRIER_MULTI", 740)
LANES = (INTAKE, LIFE, LABELS, STOCK)

_HEAD = f"""# Made by the benchmarks.
organizations:
  - {{code: {ORGANIZATION}, name: Benchmark, currency: SGD, country: SG, timezone: Asia/Singapore}}
  - {{code: {NEWS}, name: News, currency: SGD, country: SG, timezone: Asia/Singapore}}
users:
  - {{username: {ADMIN}, password: {ADMIN}, superuser: true}}
"""
_POINT = """  - code: {point}
    organization: {organization}
    name: Warehouse {code}
    type: GENERAL
    address: {{line1: 1 Sample Dock Road, city: Singapore, postcode: "000001", country: SG}}
    carriers: [Heron Parcel]
"""
_CHANNEL = """  - code: {code}
    organization: {organization}
    name: Shop {code}
    type: GENERAL
    fulfillment_points: [{point}]
    delivery: {delivery}
"""
_NEWS_CHANNEL = f"  - {{code: {NEWS}, organization: {NEWS}, name: News, type: GENERAL}}\n"
_CLIENTS = """  - name: shop {code}
    organization: {organization}
    channel: {code}
    rate_limit: {rate_limit}
    credentials: [{{kind: oms4, key: "{channel_key}", secret: {secret}}}]
  - name: warehouse {code}
    organization: {organization}
    fulfillment_point: {point}
    rate_limit: {rate_limit}
    credentials: [{{kind: oms4, key: "{point_key}", secret: {secret}}}]
"""


def world_file(*, rate_limit: int = 0) -> str:
    """Channels, points and clients; SKUs and stock are loaded apart."""
    sections = (("fulfillment_points", _POINT), ("channels", _CHANNEL), ("clients", _CLIENTS))
    parts = [_HEAD]
    for name, template in sections:
        parts.append(f"{name}:\n")
        parts += [_filled(template, lane, rate_limit) for lane in LANES]
        if name == "channels":
            parts.append(_NEWS_CHANNEL)
    return "".join(parts)


def _filled(template: str, lane: Lane, rate_limit: int) -> str:
    return template.format(
        code=lane.code,
        point=lane.point,
        delivery=lane.delivery,
        organization=ORGANIZATION,
        rate_limit=rate_limit,
        channel_key=lane.channel_key.api_key,
        point_key=lane.point_key.api_key,
        secret=SECRET,
    )
