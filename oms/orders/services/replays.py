"""The same order again: an upsert while nothing is allocated, otherwise a quiet success."""

from datetime import datetime

import msgspec
from django.db import transaction

from oms.events import outbox
from oms.events.choices import EventType
from oms.events.models import Event
from oms.kernel import sql
from oms.kernel.actors import Actor
from oms.orders import contacts, hints
from oms.orders.choices import OrderStatus, PaymentStatus
from oms.orders.drafts import Intake, OrderDraft
from oms.orders.models import Buyer, Customer, Order, OrderLine
from oms.orders.services import progress, rows
from oms.orders.services.statements import REPLACE_LINES


@transaction.atomic
def replay(*, draft: OrderDraft, actor: Actor, now: datetime) -> Intake:
    """Take an order that is already there. Never creates a second one, never moves it back.

    Replaced is an order nothing of which was ever allocated or cancelled, by a draft that is not
    older by the channel's own clock. A move from paid back to unpaid is ignored.
    """
    order = Order.objects.locked().get(channel_id=draft.channel_id, external_id=draft.external_id)
    if not _may_replace(order, draft):
        return _intake(order, "unchanged")
    was_paid = order.is_paid
    _replace(order, draft, now=now)
    _replace_lines(order, draft)
    facts = [progress.order_fact(order, EventType.ORDER_UPDATED)]
    if order.is_paid and not was_paid:
        facts.append(progress.order_fact(order, EventType.ORDER_PAID))
    outbox.record(facts, actor=actor, now=now)
    if order.is_paid:
        hints.routing_is_due()
    return _intake(order, "updated")


def _intake(order: Order, outcome: str) -> Intake:
    return Intake(
        order_id=order.pk, public_id=order.public_id, number=order.number, outcome=outcome
    )


def _may_replace(order: Order, draft: OrderDraft) -> bool:
    if draft.channel_updated_at < order.channel_updated_at or not order.is_open:
        return False
    if draft.channel_updated_at == order.channel_updated_at and _is_same_body(order, draft):
        return False
    touched = (EventType.ORDER_ALLOCATED, EventType.ORDER_LINES_CANCELLED)
    events = Event.objects.filter(order_ref=order.pk)
    if events.filter(type__in=(*touched, EventType.TASK_CREATED)).exists():
        return False
    lines = OrderLine.every.filter(order=order)
    return not any(line.quantity_allocated or line.quantity_cancelled for line in lines)


def _is_same_body(order: Order, draft: OrderDraft) -> bool:
    buyer = Buyer.objects.filter(order=order).first()
    if buyer is None or buyer.raw_body is None or not draft.raw_body:
        return draft.is_paid == order.is_paid
    return contacts.open_body(buyer.raw_body, key=order.public_id) == draft.raw_body


def _replace(order: Order, draft: OrderDraft, *, now: datetime) -> None:
    row = rows.upsert_row(order.public_id, draft)
    for name, value in row.items():
        setattr(order, name, value)
    if draft.is_paid and not order.is_paid:
        order.is_paid = True
        order.payment_status = PaymentStatus.PAID
    order.customer = _customer(draft)
    order.changed_at = now
    if order.is_paid:
        order.allocation_due_at = now
    order.allocation_tried_at = None
    order.waiting_for = ""
    order.status = OrderStatus.PAID if order.is_paid else OrderStatus.CREATED
    order.save(
        update_fields=[
            *row, "status", "is_paid", "payment_status", "customer", "changed_at",
            "allocation_due_at", "allocation_tried_at", "waiting_for",
        ]
    )  # fmt: skip
    _replace_buyer(order, draft)


def _customer(draft: OrderDraft) -> Customer | None:
    if not draft.customer_id:
        return None
    customer, _ = Customer.objects.get_or_create(
        channel_id=draft.channel_id,
        external_id=draft.customer_id,
        defaults={"organization_id": draft.organization_id},
    )
    return customer


def _replace_buyer(order: Order, draft: OrderDraft) -> None:
    key = order.public_id
    Buyer.objects.filter(order=order, erased_at__isnull=True).update(
        contact=contacts.seal_contact(draft.contact, key=key),
        raw_body=contacts.seal_body(draft.raw_body, key=key) if draft.raw_body else None,
        email_hash=contacts.email_hash(rows.email_of(draft.contact)),
        phone_hash=contacts.phone_hash(rows.phone_of(draft.contact)),
    )


def _replace_lines(order: Order, draft: OrderDraft) -> None:
    order.lines.exclude(external_id__in=[line.external_id for line in draft.lines]).delete()
    lines = [
        rows.line_row(line, position, public_id=order.public_id, draft=draft)
        for position, line in enumerate(draft.lines, 1)
    ]
    params: dict[str, object] = {
        "order_id": order.pk,
        "lines": msgspec.json.encode(lines).decode(),
    }
    sql.rows(REPLACE_LINES, params)
