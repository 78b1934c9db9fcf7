"""The fields of commands besides those all have, checked before anything is looked up (contract 9).

What is wrong is told per field, never with the value.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from fulfillment.choices import DiscrepancyReason
from fulfillment.choices import TransitionCommand as C
from fulfillment.models import TransitionRule
from oms.api.akinon.errors import WHOLE, Refused, invalid_fields

MOST_ITEMS = 1_000
_LONGEST_DOCUMENT = 8 * 1024 * 1024
_DOCUMENTS = ("pdf", "html", "url")
_REASONS = {reason.lower(): reason for reason in DiscrepancyReason}
Values = dict[str, Any]
Parameters = serializers.Serializer[Any]


class Nothing(Parameters):
    """A command without fields of its own."""


class PackWithShipment(Parameters):
    shipping_company = serializers.CharField(required=False, max_length=255)
    parcel_count = serializers.IntegerField(required=False, min_value=1, max_value=100)
    desi = serializers.DecimalField(
        required=False, max_digits=10, decimal_places=3, min_value=Decimal(0)
    )
    weight = serializers.DecimalField(
        required=False, max_digits=10, decimal_places=3, min_value=Decimal(0)
    )


class Refuse(Parameters):
    denial_reason = serializers.IntegerField(min_value=0)
    description = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class ItemsNotFound(Parameters):
    package_items = serializers.ListField(
        child=serializers.IntegerField(min_value=0), allow_empty=False, max_length=MOST_ITEMS
    )
    reason = serializers.ChoiceField(choices=sorted(_REASONS), required=False)


class Block(Parameters):
    user = serializers.CharField(required=False, allow_blank=True, max_length=255)
    token = serializers.CharField(required=False, allow_blank=True, max_length=2048)


class UpdateInvoice(Parameters):
    invoice_number = serializers.CharField(max_length=128)
    invoice_date = serializers.DateTimeField(default_timezone=dt.UTC)
    document_type = serializers.ChoiceField(choices=_DOCUMENTS)
    document_content = serializers.CharField(max_length=_LONGEST_DOCUMENT)


class AssignmentGroup(Parameters):
    packageitem_set = serializers.ListField(
        child=serializers.IntegerField(min_value=0), allow_empty=False, max_length=MOST_ITEMS
    )
    stock_location = serializers.CharField(max_length=64)


class AssignManually(Parameters):
    assignment_groups = serializers.ListField(
        child=AssignmentGroup(), allow_empty=False, max_length=MOST_ITEMS
    )


class NumbersFromOutside(Parameters):
    tracking_number = serializers.CharField(max_length=128)
    shipping_company = serializers.CharField(max_length=255)


class UpdateShipmentInfo(NumbersFromOutside):
    query_number = serializers.CharField(required=False, allow_blank=True, max_length=128)


class Collect(Parameters):
    pickup_code = serializers.CharField(required=False, allow_blank=True, max_length=64)


class TransferNotFound(Parameters):
    reason = serializers.ChoiceField(choices=sorted(_REASONS), required=False)


PARAMETERS: Mapping[str, type[Parameters]] = {
    C.COMPLETE_PACKING: PackWithShipment,
    C.COMPLETE_PACKING_BY_CHANNEL: PackWithShipment,
    C.REFUSE: Refuse,
    C.ITEMS_NOT_FOUND: ItemsNotFound,
    C.ITEMS_NOT_FOUND_ADVANCED: ItemsNotFound,
    C.BLOCK: Block,
    C.UPDATE_INVOICE: UpdateInvoice,
    C.ASSIGN_MANUALLY: AssignManually,
    C.SHIP_ADVANCED: NumbersFromOutside,
    C.UPDATE_SHIPMENT_INFO: UpdateShipmentInfo,
    C.COLLECT: Collect,
    C.TRANSFER_READY: NumbersFromOutside,
    C.TRANSFER_NOT_FOUND: TransferNotFound,
}


def read(rule: TransitionRule, document: Mapping[str, Any]) -> Values:
    """The checked fields of a transition's command: 400 by field.

    An invoice that the brand's service is asked for need not be told.
    """
    is_fetched = "remote_invoice_call" in rule.config and "invoice_number" not in document
    if rule.command == C.UPDATE_INVOICE and is_fetched:
        return checked(Nothing, document)
    return checked(PARAMETERS.get(rule.command, Nothing), document)


def checked(kind: type[Parameters], document: Mapping[str, Any]) -> Values:
    """The checked values of an object: 400 by field. Members nobody knows are left out."""
    reader = kind(data=document)
    if not reader.is_valid():
        raise refused(reader.errors)
    values: Values = reader.validated_data
    return values


def refused(told: Mapping[str, Any]) -> Refused:
    """400 with what a serializer said; what is wrong inside a list is told of the list."""
    codes = list(_codes(told))
    fields = {name or WHOLE: list(_texts(said)) for name, said in told.items()}
    return invalid_fields(fields, code=codes[0] if codes else "invalid")


def parameters_of(command: str) -> list[dict[str, Any]]:
    """What may be sent with a command, for whoever offers it."""
    fields = PARAMETERS.get(command, Nothing)().fields
    return [{"name": name, "required": field.required} for name, field in fields.items()]


def _texts(said: Any) -> list[str]:
    if isinstance(said, Mapping):
        return [text for inner in said.values() for text in _texts(inner)]
    if isinstance(said, list | tuple):
        return [text for inner in said for text in _texts(inner)]
    return [str(said)]


def _codes(said: Any) -> list[str]:
    if isinstance(said, Mapping):
        return [code for inner in said.values() for code in _codes(inner)]
    if isinstance(said, list | tuple):
        return [code for inner in said for code in _codes(inner)]
    return [str(getattr(said, "code", "invalid"))]
