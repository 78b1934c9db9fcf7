"""The bodies of calls, as the document describes them.

Only described here: they are checked by `shapes`, one set of rules for single and for many orders.
A test holds the two against each other.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oms.api.v1.orders import mapping, shapes
from oms.api.v1.road.fields import (
    AddressInput,
    MomentField,
    MoneyField,
    ReferenceField,
    SkuCodeField,
)
from oms.api.v1.road.inputs import PatchSerializer, StrictSerializer

Listed = serializers.ListSerializer[Any]


class LineInput(StrictSerializer):
    """A position of a new order."""

    external_line_id = serializers.CharField(required=False, max_length=64)
    sku = SkuCodeField()
    name = serializers.CharField(required=False, max_length=255, allow_blank=True)
    quantity = serializers.IntegerField(min_value=1, max_value=shapes.MOST_UNITS)
    unit_price = MoneyField()
    discount = MoneyField(required=False)


class LineEditInput(LineInput):
    """A position as it is to be; one with an `id` stays the same line."""

    id = ReferenceField("oli_", required=False)
    external_line_id = serializers.CharField(required=False, max_length=64, allow_null=True)


class HoldInput(StrictSerializer):
    """Why an order is to wait."""

    reason = serializers.ChoiceField(choices=tuple(mapping.HOLD_REASON))
    note = serializers.CharField(required=False, max_length=1000, allow_blank=True)


def _tags(*, allow_null: bool = False) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=32),
        max_length=20,
        required=False,
        allow_null=allow_null,
    )


class OrderInput(StrictSerializer):
    """A new order."""

    external_id = serializers.CharField(max_length=64)
    channel = serializers.CharField(max_length=64, help_text="Code of a channel")
    type = serializers.ChoiceField(choices=tuple(mapping.ORDER_TYPE), required=False)
    payment_status = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_STATUS), required=False)
    payment_method = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_METHOD))
    currency = serializers.RegexField(r"^[A-Z]{3}\Z")
    customer_id = serializers.CharField(required=False, max_length=40)
    ship_to = AddressInput()
    bill_to = AddressInput(required=False)
    lines: Listed = serializers.ListSerializer(
        child=LineInput(), min_length=1, max_length=shapes.MOST_LINES
    )
    shipping_fee = MoneyField(required=False)
    order_discount = MoneyField(required=False)
    location_id = serializers.CharField(required=False, max_length=40)
    note = serializers.CharField(required=False, max_length=1000, allow_blank=True)
    packaging_note = serializers.CharField(required=False, max_length=1000, allow_blank=True)
    requested_ship_by = MomentField(required=False)
    tags = _tags()


class OrderPatchInput(PatchSerializer):
    """Changes of an order; what is not named stays."""

    never = tuple(sorted(shapes.PATCH.never))

    payment_status = serializers.ChoiceField(choices=tuple(mapping.PAYMENT_STATUS), required=False)
    ship_to = AddressInput(required=False)
    bill_to = AddressInput(required=False, allow_null=True)
    lines: Listed = serializers.ListSerializer(
        child=LineEditInput(), min_length=1, max_length=shapes.MOST_LINES, required=False
    )
    shipping_fee = MoneyField(required=False, allow_null=True)
    order_discount = MoneyField(required=False, allow_null=True)
    location_id = serializers.CharField(required=False, max_length=40, allow_null=True)
    note = serializers.CharField(required=False, max_length=1000, allow_blank=True, allow_null=True)
    packaging_note = serializers.CharField(
        required=False, max_length=1000, allow_blank=True, allow_null=True
    )
    requested_ship_by = MomentField(required=False, allow_null=True)
    hold = HoldInput(required=False, allow_null=True)
    tags = _tags(allow_null=True)


class CancelInput(StrictSerializer):
    """Why an order is cancelled."""

    reason = serializers.ChoiceField(choices=tuple(mapping.CANCEL_REASON))
    note = serializers.CharField(required=False, max_length=1000, allow_blank=True)


class WishedLineInput(StrictSerializer):
    """So many units of a line."""

    order_line_id = serializers.CharField(max_length=40)
    quantity = serializers.IntegerField(min_value=1, max_value=shapes.MOST_UNITS)


class CancellationRequestInput(StrictSerializer):
    """A wish to cancel; without `lines` it is about the whole order."""

    reason = serializers.CharField(max_length=1000)
    requested_by = serializers.CharField(required=False, max_length=120)
    lines: Listed = serializers.ListSerializer(
        child=WishedLineInput(), required=False, min_length=1, max_length=shapes.MOST_LINES
    )


class DecisionInput(StrictSerializer):
    """What becomes of a wish to cancel."""

    decision = serializers.ChoiceField(choices=tuple(mapping.DECISION))
    note = serializers.CharField(required=False, max_length=1000, allow_blank=True)


# An order that breaks the rules fails alone: the call takes any document in its place.
ANY_ORDER: dict[str, Any] = {
    "anyOf": [{"$ref": "#/components/schemas/OrderInput"}, {}],
    "description": "A new order. Whatever else stands here fails by itself, with its reason",
}
ANY_LINE = {"description": "An OrderInput a line; what is none fails by itself, with its reason"}


@extend_schema_field(ANY_ORDER)
class AnyOrderField(serializers.JSONField):
    """One of many orders, each judged alone."""


class BulkInput(StrictSerializer):
    """Many new orders."""

    orders = serializers.ListField(child=AnyOrderField(), min_length=1, max_length=500)
    error_policy = serializers.ChoiceField(
        choices=("reject_all", "skip_failed"),
        required=False,
        help_text="Whether one order that fails keeps the others from being stored",
    )
