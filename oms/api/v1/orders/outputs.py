"""The bodies of answers, as the document describes them; `rendering` makes them."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from oms.api.v1.orders import mapping
from oms.api.v1.road.fields import AddressOutput, MoneyOutput

Base = serializers.Serializer[Any]


class LineOutput(Base):
    """A position of an order."""

    id = serializers.CharField()
    external_line_id = serializers.CharField(allow_null=True)
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneyOutput()
    discount = MoneyOutput()
    total = MoneyOutput()
    quantity_allocated = serializers.IntegerField()
    quantity_shipped = serializers.IntegerField()
    quantity_cancelled = serializers.IntegerField()
    quantity_returned = serializers.IntegerField()


class HoldOutput(Base):
    """Why an order waits."""

    reason = serializers.ChoiceField(choices=tuple(mapping.HOLD_REASON))
    note = serializers.CharField(allow_null=True)


class CancellationOutput(Base):
    """Why and when an order was cancelled."""

    reason = serializers.ChoiceField(choices=tuple(mapping.CANCEL_REASON))
    note = serializers.CharField(allow_null=True)
    cancelled_at = serializers.DateTimeField()


class OrderOutput(Base):
    """An order."""

    id = serializers.CharField()
    number = serializers.CharField()
    external_id = serializers.CharField()
    channel = serializers.CharField()
    type = serializers.ChoiceField(choices=tuple(mapping.ORDER_TYPE))
    status = serializers.ChoiceField(choices=mapping.STATUSES)
    payment_status = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_STATUS))
    payment_method = serializers.ChoiceField(
        choices=tuple(mapping.PAYMENT_METHOD),
        allow_null=True,
        help_text="Null for orders of channels that do not tell",
    )
    currency = serializers.CharField()
    customer_id = serializers.CharField(allow_null=True)
    ship_to = AddressOutput(
        allow_null=True, help_text="Null when it was erased, or nothing is delivered"
    )
    bill_to = AddressOutput(allow_null=True)
    lines = LineOutput(many=True)
    shipping_fee = MoneyOutput()
    order_discount = MoneyOutput()
    subtotal = MoneyOutput()
    total = MoneyOutput()
    cod_amount = MoneyOutput()
    location_id = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    packaging_note = serializers.CharField(allow_null=True)
    requested_ship_by = serializers.DateTimeField(allow_null=True)
    hold = HoldOutput(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    cancellation = CancellationOutput(allow_null=True)
    backordered = serializers.BooleanField()
    shipment_ids = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WishedLineOutput(Base):
    """So many units of a line."""

    order_line_id = serializers.CharField()
    quantity = serializers.IntegerField()


class CancellationRequestOutput(Base):
    """A wish to cancel, and what became of it."""

    id = serializers.CharField()
    order_id = serializers.CharField()
    requested_by = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    lines = WishedLineOutput(many=True, allow_null=True)
    status = serializers.ChoiceField(choices=tuple(mapping.REQUEST_STATUS.values()))
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class DecisionOutput(CancellationRequestOutput):
    """A decided wish, with the units it was too late for."""

    not_cancelled = WishedLineOutput(many=True)


# Members of a serializer class cannot be called `errors`.
ROW_PROBLEM: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "status": serializers.IntegerField(),
    "code": serializers.CharField(),
    "title": serializers.CharField(),
    "detail": serializers.CharField(),
    "errors": serializers.ListField(child=serializers.DictField(), required=False),
    "existing_id": serializers.CharField(required=False),
}


class RowOutput(Base):
    """What became of one order of many."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=("created", "failed"))
    id = serializers.CharField(allow_null=True)
    number = serializers.CharField(allow_null=True)
    external_id = serializers.CharField(allow_null=True)
    error = inline_serializer("OrderProblem", ROW_PROBLEM, allow_null=True)


class BulkOutput(Base):
    """What became of many orders, in the order they were sent."""

    created = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = RowOutput(many=True)
