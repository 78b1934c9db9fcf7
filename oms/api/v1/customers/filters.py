"""The query parameters of the list of customers."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from oms.api.v1.customers import mapping
from oms.api.v1.road.fields import MomentField
from oms.api.v1.road.inputs import ParametersSerializer
from oms.orders.customer_data import SHORTEST_PREFIX
from oms.orders.queries import CustomerSearch

SORTS: Mapping[str, str] = {"created_at": "created_at", "updated_at": "changed_at"}


class CustomerParameters(ParametersSerializer):
    external_id = serializers.CharField(required=False, max_length=128)
    phone = serializers.CharField(required=False, max_length=20, help_text="The whole number")
    email = serializers.CharField(required=False, max_length=254, help_text="The whole address")
    q = serializers.CharField(
        required=False,
        min_length=SHORTEST_PREFIX,
        max_length=120,
        help_text="How the name begins; letter case and accents do not matter",
    )
    status = serializers.ChoiceField(required=False, choices=list(mapping.STATUSES))
    updated_at_from = MomentField(required=False, help_text="Changed then or later")
    updated_at_to = MomentField(required=False, help_text="Changed before then")


def search(said: Mapping[str, Any]) -> CustomerSearch:
    """The parameters in our words."""
    return CustomerSearch(
        external_id=said.get("external_id"),
        phone=_phone(said.get("phone")),
        email=said.get("email"),
        name_prefix=said.get("q"),
        status=mapping.STATUSES.get(said.get("status", "")),
        changed_from=said.get("updated_at_from"),
        changed_to=said.get("updated_at_to"),
    )


def _phone(text: str | None) -> str | None:
    """A plus that was not percent-encoded arrives as a space."""
    digits = (text or "").removeprefix(" ")
    return f"+{digits}" if digits.isdigit() else text
