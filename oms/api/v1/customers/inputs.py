"""What is read of customers (contract 4.11)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from oms.api.v1.customers import mapping
from oms.api.v1.road.fields import AddressInput, ReferenceField
from oms.api.v1.road.inputs import PatchSerializer, StrictSerializer
from oms.orders.customer_data import MOST_ADDRESSES

MOST_TAGS = 20
PHONE = r"^\+[1-9][0-9]{6,14}\Z"
_TAG = 32
_LABEL = 64
_NAME = 120
_NUMBER = 128
_NOTE = 1000
_TAX_CODE = 32


class CustomerAddressInput(AddressInput):
    label = serializers.CharField(required=False, allow_null=True, max_length=_LABEL)  # type: ignore[assignment]  # the framework takes fields off the class, its own `label` stays
    is_default = serializers.BooleanField(
        required=False, help_text="Exactly one; the first, where none says so"
    )


class CustomerAddressPatch(CustomerAddressInput):
    id = ReferenceField("adr_", required=False, help_text="Of an address that keeps its id")


def _tags() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=_TAG),
        required=False,
        allow_null=True,
        max_length=MOST_TAGS,
    )


def _phone() -> serializers.RegexField:
    return serializers.RegexField(
        PHONE,
        required=False,
        allow_null=True,
        error_messages={"invalid": _("E.164 expected")},
        help_text="E.164; phone or email is needed",
    )


class CustomerInput(StrictSerializer):
    """A customer to enter."""

    external_id = serializers.CharField(required=False, allow_null=True, max_length=_NUMBER)
    type = serializers.ChoiceField(required=False, choices=list(mapping.TYPES))
    full_name = serializers.CharField(max_length=_NAME)
    phone = _phone()
    email = serializers.EmailField(required=False, allow_null=True, max_length=254)
    tax_code = serializers.CharField(required=False, allow_null=True, max_length=_TAX_CODE)
    addresses: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CustomerAddressInput(),
        required=False,
        allow_null=True,
        max_length=MOST_ADDRESSES,
    )
    tags = _tags()
    note = serializers.CharField(required=False, allow_null=True, max_length=_NOTE)


class CustomerPatch(PatchSerializer):
    """What of a customer is to be another."""

    never = ("id", "version", "created_at", "updated_at", "erased_at")

    external_id = serializers.CharField(required=False, allow_null=True, max_length=_NUMBER)
    type = serializers.ChoiceField(required=False, choices=list(mapping.TYPES))
    full_name = serializers.CharField(required=False, max_length=_NAME)
    phone = _phone()
    email = serializers.EmailField(required=False, allow_null=True, max_length=254)
    tax_code = serializers.CharField(required=False, allow_null=True, max_length=_TAX_CODE)
    addresses: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CustomerAddressPatch(),
        required=False,
        allow_null=True,
        max_length=MOST_ADDRESSES,
        help_text="Replaces them all; those with an `id` keep it",
    )
    tags = _tags()
    note = serializers.CharField(required=False, allow_null=True, max_length=_NOTE)
    status = serializers.ChoiceField(required=False, choices=list(mapping.STATUSES))


class ErasureInput(StrictSerializer):
    """Nothing is asked: the path says whom, the key that it is meant."""
