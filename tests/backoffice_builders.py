"""Rows for the tests of the back office, written directly: what a page shows, not how it came."""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission

from catalog.models import Bundle, BundlePart, Listing, Sku, Spu
from channels_app.models import Channel, Seller
from fulfillment.models import (
    CancellationLine,
    CancellationTask,
    Document,
    FulfillmentTask,
    Handover,
    HandoverParcel,
    Manifest,
    ManifestParcel,
    Parcel,
    ParcelItem,
    ParcelMilestone,
    Picklist,
    PicklistEntry,
    RoutingDecision,
    ShelfPlace,
    TaskActivity,
    TaskLine,
)
from oms.accounts.choices import ClientKind
from oms.accounts.models import ApiClient, Organization, User
from oms.events.models import Delivery, DeliveryAttempt, Endpoint, Event, MessageBody
from oms.inbox.models import Entry
from oms.inventory.models import StockLevel, StockMovement
from oms.kernel.identifiers import uuid7
from oms.locations.models import ChannelPoint, FulfillmentPoint
from oms.orders import contacts
from oms.orders.drafts import ContactDraft
from oms.orders.models import (
    Buyer,
    CancelRequest,
    CancelRequestLine,
    Customer,
    Hold,
    Order,
    OrderLine,
)
from returns.models import ReturnOrder, ReturnUnit

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
_serial = itertools.count(1)


def make_organization(**overrides: Any) -> Organization:
    number = next(_serial)
    values = {
        "code": f"org{number}",
        "name": f"Organization {number}",
        "currency": "EUR",
        "country": "DE",
        "timezone": "Europe/Berlin",
    }
    return Organization.objects.create(**values | overrides)


def make_superuser(**overrides: Any) -> User:
    return User.objects.create_superuser(
        overrides.pop("username", f"root{next(_serial)}"), password="pass", **overrides
    )


def make_staff(*organizations: Organization, perms: tuple[str, ...] = ()) -> User:
    user = User.objects.create_user(f"anna{next(_serial)}", password="pass", is_staff=True)
    user.organizations.set(organizations)
    for name in perms:
        app, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user


def make_channel(organization: Organization | None = None, **overrides: Any) -> Channel:
    number = next(_serial)
    values = {"code": f"ch{number}", "name": f"Shop {number}"}
    owner = organization or make_organization()
    return Channel.objects.create(organization=owner, **values | overrides)


def make_point(channel: Channel, **overrides: Any) -> FulfillmentPoint:
    number = next(_serial)
    values = {
        "code": f"wh{number}",
        "name": f"Warehouse {number}",
        "city": "Berlin",
        "country": "DE",
    }
    point = FulfillmentPoint.objects.create(organization=channel.organization, **values | overrides)
    ChannelPoint.objects.create(channel=channel, point=point, location_code=point.code)
    return point


def make_sku(organization: Organization, **overrides: Any) -> Sku:
    number = next(_serial)
    values = {"code": f"SKU-{number}", "name": f"Article {number}"}
    return Sku.objects.create(organization=organization, **values | overrides)


def make_bundle(sku: Sku, **overrides: Any) -> Bundle:
    """Two of a SKU."""
    values = {"code": f"SET-{next(_serial)}", "name": "Pair"}
    bundle = Bundle.objects.create(organization=sku.organization, **values | overrides)
    BundlePart.objects.create(bundle=bundle, sku=sku, quantity=2)
    return bundle


def make_order(channel: Channel | None = None, *, lines: int = 1, **overrides: Any) -> Order:
    channel = channel or make_channel()
    number = next(_serial)
    values = {
        "external_id": f"A-{number:05d}",
        "status": "PAID",
        "is_paid": True,
        "currency": "EUR",
        "country": "DE",
        "city": "Berlin",
        "placed_at": NOW,
        "channel_updated_at": NOW,
        "goods_total": Decimal("19.90"),
    }
    order = Order.objects.create(
        organization=channel.organization, channel=channel, **values | overrides
    )
    for position in range(1, lines + 1):
        make_line(order, position=position)
    return order


def make_line(order: Order, **overrides: Any) -> OrderLine:
    sku = overrides.pop("sku", None) or make_sku(order.organization)
    values = {
        "external_id": f"L{next(_serial)}",
        "position": 1,
        "sku": sku,
        "sku_code": sku.code,
        "name": sku.name,
        "quantity_ordered": 2,
        "unit_price": Decimal("9.95"),
    }
    return OrderLine.objects.create(order=order, **values | overrides)


def make_buyer(
    order: Order,
    *,
    email: str = "ada@example.com",
    phone: str = "+49 30 1234",
    name: str = "Ada Lovelace",
) -> Buyer:
    contact = ContactDraft(
        customer_name=name,
        customer_email=email,
        customer_phone=phone,
        name=name,
        address="Unter den Linden 1",
        city="Berlin",
    )
    return Buyer.objects.create(
        order=order,
        sealed_for=order.public_id,
        contact=contacts.seal_contact(contact, key=order.public_id),
        email_hash=contacts.email_hash(email),
        phone_hash=contacts.phone_hash(phone),
    )


def make_customer(order: Order, external_id: str = "C-77") -> Customer:
    customer = Customer.objects.create(
        organization=order.organization, channel=order.channel, external_id=external_id
    )
    order.customer = customer
    order.save(update_fields=["customer"])
    return customer


def make_task(
    order: Order, point: FulfillmentPoint | None = None, **overrides: Any
) -> FulfillmentTask:
    point = point or make_point(order.channel)
    values = {"delivery": "CHANNEL_CARRIER_SINGLE", "status": "CREATED"}
    task = FulfillmentTask.objects.create(
        organization=order.organization,
        channel=order.channel,
        order=order,
        point=point,
        **values | overrides,
    )
    for line in order.lines.all():
        TaskLine.objects.create(
            task=task, order_line=line, sku=line.sku, quantity=line.quantity_ordered
        )
    task.refresh_from_db()
    return task


def make_parcel(task: FulfillmentTask, **overrides: Any) -> Parcel:
    values = {
        "status": "PACKED",
        "packed_at": NOW,
        "point_parcel_no": f"P{next(_serial)}",
        "tracking_number": f"TRK{next(_serial)}",
    }
    parcel = Parcel.objects.create(
        organization=task.organization, task=task, point=task.point, **values | overrides
    )
    for line in task.lines.all():
        ParcelItem.objects.create(parcel=parcel, task_line=line, quantity=line.quantity)
    parcel.refresh_from_db()
    return parcel


def make_document(parcel: Parcel, **overrides: Any) -> Document:
    values = {"kind": "LABEL", "status": "PENDING", "carrier": "oms", "reference": uuid7().hex[:30]}
    return Document.objects.create(
        organization=parcel.organization, parcel=parcel, **values | overrides
    )


def make_milestone(parcel: Parcel, **overrides: Any) -> ParcelMilestone:
    values = {"milestone": "SHIPPED", "occurred_at": NOW, "actor": "client:dock"}
    return ParcelMilestone.objects.create(parcel=parcel, **values | overrides)


def make_cancellation(task: FulfillmentTask, **overrides: Any) -> CancellationTask:
    values = {"reason": "Bought twice"}
    cancellation = CancellationTask.objects.create(
        organization=task.organization, task=task, **values | overrides
    )
    for line in task.lines.all():
        CancellationLine.objects.create(cancellation=cancellation, task_line=line, quantity=1)
    cancellation.refresh_from_db()
    return cancellation


def make_picklist(task: FulfillmentTask, **overrides: Any) -> Picklist:
    values = {"created_by": "client:dock", "created_at": NOW}
    picklist = Picklist.objects.create(
        organization=task.organization, point=task.point, **values | overrides
    )
    PicklistEntry.objects.create(picklist=picklist, task=task, position=1)
    picklist.refresh_from_db()
    return picklist


def make_manifest(parcel: Parcel, **overrides: Any) -> Manifest:
    values = {"carrier": "J&T", "created_by": "client:dock", "created_at": NOW}
    manifest = Manifest.objects.create(
        organization=parcel.organization, point=parcel.point, **values | overrides
    )
    ManifestParcel.objects.create(manifest=manifest, parcel=parcel)
    manifest.refresh_from_db()
    return manifest


def make_handover(parcel: Parcel, **overrides: Any) -> Handover:
    values = {"carrier": "J&T", "created_by": "client:dock", "handed_over_at": NOW}
    handover = Handover.objects.create(
        organization=parcel.organization, point=parcel.point, **values | overrides
    )
    HandoverParcel.objects.create(handover=handover, parcel=parcel)
    handover.refresh_from_db()
    return handover


def make_shelf(sku: Sku, point: FulfillmentPoint, **overrides: Any) -> ShelfPlace:
    values = {"shelf": "A-02-3", "organization": point.organization}
    return ShelfPlace.objects.create(point=point, sku=sku, **values | overrides)


def make_activity(task: FulfillmentTask, **overrides: Any) -> TaskActivity:
    values = {"description": "Picking began", "occurred_at": NOW, "actor": "client:dock"}
    return TaskActivity.objects.create(task=task, **values | overrides)


def make_hold(order: Order, **overrides: Any) -> Hold:
    values = {
        "reason": "FRAUD",
        "note": "Five orders, one card",
        "holder": "staff:anna",
        "placed_at": NOW,
    }
    return Hold.objects.create(order=order, **values | overrides)


def make_request(order: Order, *lines: OrderLine, **overrides: Any) -> CancelRequest:
    values = {"requested_by": "the customer", "reason": "Too late", "requested_at": NOW}
    request = CancelRequest.objects.create(order=order, **values | overrides)
    for line in lines:
        CancelRequestLine.objects.create(request=request, line=line)
    return request


def make_decision(order: Order, point: FulfillmentPoint, **overrides: Any) -> RoutingDecision:
    values = {
        "outcome": "SERVED",
        "reason": "One point ships everything",
        "explanation": {
            "scenario": "built-in",
            "version": 0,
            "split_allowed": False,
            "candidates": [
                {"point": "gone", "verdict": "left out", "why": "the point is closed"},
                {
                    "point": "near",
                    "verdict": "short",
                    "short": [{"sku": "SKU-1", "wanted": 2, "available": 1}],
                },
                {"point": point.code, "verdict": "ships everything"},
            ],
        },
        "first_decided_at": NOW,
        "decided_at": NOW,
    }
    return RoutingDecision.objects.create(
        organization=order.organization, order=order, **values | overrides
    )


def make_event(order: Order, kind: str = "order.placed", **overrides: Any) -> Event:
    values = {
        "subject_type": "order",
        "subject_id": order.pk,
        "sequence": next(_serial),
        "status": order.status,
        "actor": "system:oms",
        "occurred_at": NOW,
        "data": {"order": order.external_id},
    }
    return Event.objects.create(
        organization=order.organization, type=kind, order_ref=order.pk, **values | overrides
    )


def make_level(
    sku: Sku, point: FulfillmentPoint, *, on_hand: int = 10, reserved: int = 0, **overrides: Any
) -> StockLevel:
    """A level and the movements it is the sum of."""
    level = StockLevel.objects.create(
        organization=point.organization,
        sku=sku,
        point=point,
        on_hand=on_hand,
        reserved=reserved,
        **overrides,
    )
    make_movement(level, kind="COUNT", on_hand_delta=on_hand, cause="first count")
    if reserved:
        make_movement(level, kind="RESERVE", reserved_delta=reserved, cause="FT0000000001")
    return level


def make_movement(level: StockLevel, **overrides: Any) -> StockMovement:
    values = {"kind": "ADJUST", "cause": "found behind the shelf", "actor": "staff:anna"}
    return StockMovement.objects.create(
        organization=level.organization, level=level, **values | overrides
    )


def make_client(organization: Organization, **overrides: Any) -> ApiClient:
    values = {"name": f"client {next(_serial)}", "kind": ClientKind.ORGANIZATION}
    return ApiClient.objects.create(organization=organization, **values | overrides)


def later(**delta: float) -> datetime:
    """An instant relative to NOW."""
    return NOW + timedelta(**delta)


def next_number() -> int:
    """A number nobody else was given."""
    return next(_serial)


def make_seller(organization: Organization, **overrides: Any) -> Seller:
    number = next(_serial)
    values = {"code": f"s{number}", "name": "Seller", "supplier_code": f"s{number}"}
    return Seller.objects.create(organization=organization, **values | overrides)


def make_spu(channel: Channel, **overrides: Any) -> Spu:
    values = {"external_id": f"U{next(_serial)}", "name": "Product"}
    return Spu.objects.create(channel=channel, **values | overrides)


def make_listing(spu: Spu, sku: Sku | None, **overrides: Any) -> Listing:
    values = {"channel_sku_code": f"C{next(_serial)}"}
    return Listing.objects.create(channel=spu.channel, spu=spu, sku=sku, **values | overrides)


def make_entry(organization: Organization, **overrides: Any) -> Entry:
    values = {
        "kind": "no_stock",
        "subject_type": "order",
        "subject_id": next(_serial),
        "title": f"A-{next(_serial):05d}",
        "reason": "Out of stock: SKU-1",
        "raised_at": NOW,
        "last_seen_at": NOW,
    }
    return Entry.objects.create(organization=organization, **values | overrides)


def make_endpoint(organization: Organization, **overrides: Any) -> Endpoint:
    values = {
        "name": f"Shop {next(_serial)}",
        "url": "https://shop.example/hooks",
        "format": "standard",
        "state": "ACTIVE",
        "types": ["order.placed"],
        "verified_at": NOW,
    }
    return Endpoint.objects.create(organization=organization, **values | overrides)


def make_delivery(endpoint: Endpoint, event: Event, **overrides: Any) -> Delivery:
    """The row the trigger writes, brought to a state."""
    finished = None if overrides.get("state", "PENDING") == "PENDING" else NOW
    values = {
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "not_before": NOW,
        "finished_at": finished,
    }
    delivery, _ = Delivery.objects.update_or_create(
        endpoint=endpoint, event=event, defaults=values | overrides
    )
    return delivery


def make_attempt(delivery: Delivery, **overrides: Any) -> DeliveryAttempt:
    values = {
        "number": 1,
        "started_at": NOW,
        "duration_ms": 87,
        "outcome": "REFUSED",
        "status": 500,
        "request_headers": {"webhook-id": "msg_1", "authorization": "***"},
        "answer": "out of order",
    }
    return DeliveryAttempt.objects.create(delivery=delivery, **values | overrides)


def make_body(delivery: Delivery, body: bytes = b'{"type":"order.placed"}') -> MessageBody:
    made = MessageBody.objects.create(event=delivery.event, variant="standard", body=body)
    delivery.body = made
    delivery.save(update_fields=["body"])
    return made


def make_return(
    order: Order, point: FulfillmentPoint, *, units: int = 1, **overrides: Any
) -> ReturnOrder:
    values = {
        "organization": order.organization,
        "channel": order.channel,
        "order": order,
        "order_external_id": order.external_id,
        "point": point,
        "created_at": NOW,
        "changed_at": NOW,
    }
    row = ReturnOrder.objects.create(**values | overrides)
    row.refresh_from_db()
    line = order.lines.order_by("pk").first()
    for position in range(1, units + 1):
        ReturnUnit.objects.create(
            return_order=row, position=position, order_line=line, sku=line.sku, reason="too small"
        )
    return row
