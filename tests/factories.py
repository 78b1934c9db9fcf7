"""Builders: plain functions with defaults. A test states only what it is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from catalog.models import Bundle, BundlePart, Sku
from channels_app.choices import DeliveryScenario
from channels_app.models import Channel
from oms.accounts import services as accounts
from oms.accounts.choices import ClientKind, CredentialKind
from oms.accounts.models import ApiClient, Credential, Organization
from oms.events import relay
from oms.inventory import services as inventory
from oms.inventory.models import StockLevel
from oms.kernel import sealed
from oms.kernel.actors import SYSTEM, Actor
from oms.locations.models import ChannelPoint, FulfillmentPoint
from oms.orders import services as orders
from oms.orders.drafts import ContactDraft, LineDraft, OrderDraft
from oms.orders.models import Order

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
_serial = count(1)


def make_organization(**overrides) -> Organization:
    number = next(_serial)
    defaults = {"code": f"O{number}", "name": f"Org {number}", "currency": "SGD", "country": "SG"}
    return Organization.objects.create(**{**defaults, **overrides})


def make_channel(*, points: Sequence[FulfillmentPoint] = (), **overrides) -> Channel:
    number = next(_serial)
    if "organization" not in overrides:
        overrides["organization"] = points[0].organization if points else make_organization()
    defaults = {
        "code": f"C{number}",
        "name": f"Channel {number}",
        "delivery": DeliveryScenario.CHANNEL_CARRIER_MULTI,
    }
    channel = Channel.objects.create(**{**defaults, **overrides})
    for point in points:
        ChannelPoint.objects.create(channel=channel, point=point, location_code=point.code)
    return channel


def make_point(**overrides) -> FulfillmentPoint:
    number = next(_serial)
    if "organization" not in overrides:
        overrides["organization"] = make_organization()
    defaults = {
        "code": f"P{number}",
        "name": f"Point {number}",
        "line1": "1 Dock Road",
        "city": "Singapore",
        "country": "SG",
        "carriers": ["J&T"],
    }
    return FulfillmentPoint.objects.create(**{**defaults, **overrides})


def make_sku(*, point: FulfillmentPoint | None = None, on_hand: int = 0, **overrides) -> Sku:
    number = next(_serial)
    if "organization" not in overrides:
        overrides["organization"] = point.organization if point else make_organization()
    defaults = {
        "code": f"SKU-{number}",
        "name": f"Thing {number}",
        "brand_code": "BR1",
        "brand_sku_code": f"BR1-{number}",
    }
    sku = Sku.objects.create(**{**defaults, **overrides})
    if point is not None and on_hand:
        count_units(point=point, sku=sku, on_hand=on_hand)
    return sku


def make_bundle(*, parts: Sequence[tuple[Sku, int]], **overrides) -> Bundle:
    """A bundle of SKUs of one organization; weights are all the same."""
    number = next(_serial)
    defaults = {
        "organization": parts[0][0].organization,
        "code": f"SET-{number}",
        "name": f"Set {number}",
    }
    bundle = Bundle.objects.create(**{**defaults, **overrides})
    for sku, quantity in parts:
        BundlePart.objects.create(bundle=bundle, sku=sku, quantity=quantity)
    return bundle


def count_units(
    *, point: FulfillmentPoint, sku: Sku, on_hand: int | None, now: datetime = NOW
) -> None:
    inventory.count_stock(
        point=point,
        counts=[inventory.StockCount(sku_id=sku.pk, on_hand=on_hand)],
        actor=SYSTEM,
        now=now,
        cause="count",
    )


def relay_everything() -> int:
    """Relay until nothing is due. Events come due by the database's clock, so look far ahead."""
    total = 0
    while taken := relay.relay_batch(now=NOW + timedelta(days=3650)):
        total += taken
    return total


def level_of(point: FulfillmentPoint, sku: Sku) -> StockLevel:
    return StockLevel.objects.get(point=point, sku=sku)


def make_draft(
    *, channel: Channel, lines: Sequence[tuple[Sku | str, int]], **overrides
) -> OrderDraft:
    number = next(_serial)
    defaults = {
        "organization_id": channel.organization_id,
        "channel_id": channel.pk,
        "external_id": f"ORD-{number}",
        "is_paid": True,
        "currency": "SGD",
        "country": "SG",
        "placed_at": NOW,
        "channel_updated_at": NOW,
        "contact": ContactDraft(
            customer_name="A. Sample",
            customer_email="sample@example.com",
            address="1 Sample Road",
            city="Singapore",
            postcode="048624",
            name="A. Sample",
        ),
        "raw_body": b'{"sample":1}',
        "lines": tuple(
            LineDraft(
                external_id=str(90000 + position),
                sku_codes=(code := sku if isinstance(sku, str) else sku.code,),
                sku_code=code,
                quantity=quantity,
                unit_price=Decimal("9.90"),
            )
            for position, (sku, quantity) in enumerate(lines, 1)
        ),
    }
    return OrderDraft(**{**defaults, **overrides})


def place(
    *, channel: Channel, lines: Sequence[tuple[Sku | str, int]], now: datetime = NOW, **overrides
) -> Order:
    draft = make_draft(channel=channel, lines=lines, **overrides)
    intake = orders.place_order(draft=draft, actor=channel_actor(channel), now=now)
    return Order.objects.get(pk=intake.order_id)


def channel_actor(channel: Channel) -> Actor:
    return Actor(
        kind="client",
        ref=channel.code,
        organization_id=channel.organization_id,
        channel_ids=frozenset({channel.pk}),
    )


def point_actor(point: FulfillmentPoint) -> Actor:
    return Actor(
        kind="client",
        ref=point.code,
        organization_id=point.organization_id,
        point_ids=frozenset({point.pk}),
    )


def make_oms4_client(
    *,
    channel: Channel | None = None,
    point: FulfillmentPoint | None = None,
    key: str | None = None,
    secret: str = "demo-secret",
    **overrides,
) -> Credential:
    owner = channel or point
    number = next(_serial)
    kind = ClientKind.CHANNEL if channel else ClientKind.POINT
    defaults = {"name": f"client {number}", "rate_limit": 0}
    client = ApiClient.objects.create(
        organization=owner.organization,
        kind=kind,
        channel=channel,
        point=point,
        **{**defaults, **overrides},
    )
    credential = Credential(
        client=client,
        organization=owner.organization,
        kind=CredentialKind.OMS4,
        identifier=key or str(2000 + number),
    )
    sealed.write(credential, "secret", secret)
    credential.save()
    return credential


def make_api_client(
    organization: Organization,
    *,
    channel: Channel | None = None,
    point: FulfillmentPoint | None = None,
    **overrides,
) -> ApiClient:
    kind = ClientKind.ORGANIZATION
    if channel or point:
        kind = ClientKind.CHANNEL if channel else ClientKind.POINT
    defaults = {"name": f"client {next(_serial)}", "rate_limit": 0}
    return ApiClient.objects.create(
        organization=organization,
        kind=kind,
        channel=channel,
        point=point,
        **{**defaults, **overrides},
    )


def make_api_key(client: ApiClient, **options) -> str:
    """A new API key of a client, as its owner has it."""
    _credential, key = accounts.issue_credential(
        client=client,
        kind=CredentialKind.API_KEY,
        actor=SYSTEM,
        now=datetime.now(UTC),
        **options,
    )
    return key
