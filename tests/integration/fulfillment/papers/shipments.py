"""Shipments of routed orders, packed and invoiced."""

from decimal import Decimal

from fulfillment import services
from fulfillment.choices import Completeness
from fulfillment.models import TaskLine
from fulfillment.services import PackedShipment, ShipmentDraft
from oms.orders.models import Order, OrderLine
from tests.factories import NOW
from tests.integration.fulfillment.builders import Case

BLOCK, SINGLE_PARTIAL, MULTI_PARTIAL = (
    Completeness.BLOCK_COMPLETE,
    Completeness.SINGLE_PARTIAL,
    Completeness.MULTI_PARTIAL,
)


def draft(case: Case, units: dict[int, int] | None = None, **overrides) -> ShipmentDraft:
    """Units by place of the task line (from 0); none named: all that is live."""
    lines = list(TaskLine.objects.filter(task=case.task).order_by("pk"))
    live = {line.pk: line.quantity_live for line in lines}
    named = {lines[place].pk: count for place, count in (units or {}).items()}
    return ShipmentDraft(task_id=case.task.pk, units=named or live, **overrides)


def ship(case: Case, units: dict[int, int] | None = None, **overrides) -> PackedShipment:
    now = overrides.pop("now", NOW)
    wanted = draft(case, units, **overrides)
    return services.pack_shipment(draft=wanted, actor=case.actor, now=now)


def priced(case: Case, *, price: str, tax: str | None = None, currency: str = "SGD") -> None:
    """Give every line of the order this price, and the tax of the whole line."""
    Order.objects.filter(pk=case.order.pk).update(currency=currency)
    OrderLine.objects.filter(order=case.order).update(
        unit_price=Decimal(price), tax_amount=None if tax is None else Decimal(tax)
    )
