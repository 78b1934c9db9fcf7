"""Which shipments a list has."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from rest_framework import serializers

from fulfillment import queries
from fulfillment.models.parcels import ParcelQuerySet
from oms.api.v1.road import identifiers
from oms.api.v1.road.fields import MomentField
from oms.api.v1.road.inputs import ParametersSerializer, WordsField
from oms.api.v1.shipments import mapping

_PLAIN: Mapping[str, str] = {
    "tracking_number": "tracking_number",
    "created_at_from": "created_at__gte",
    "created_at_to": "created_at__lt",
    "updated_at_from": "changed_at__gte",
    "updated_at_to": "changed_at__lt",
}
_CODES = tuple(code for code in mapping.CARRIERS if code != mapping.OTHER)


class ShipmentParameters(ParametersSerializer):
    """The filters of `GET /shipments`; `status` and `carrier_code` are comma lists."""

    order_id = serializers.CharField(required=False, max_length=64)
    status = WordsField(required=False, choices=tuple(mapping.STATUS))
    carrier_code = WordsField(required=False, choices=mapping.CARRIERS)
    tracking_number = serializers.CharField(required=False, max_length=128)
    location_id = serializers.CharField(required=False, max_length=64)
    created_at_from = MomentField(required=False)
    created_at_to = MomentField(required=False)
    updated_at_from = MomentField(required=False)
    updated_at_to = MomentField(required=False)


class LabelParameters(ParametersSerializer):
    """Which kind of file."""

    format = serializers.ChoiceField(choices=tuple(mapping.FORMAT), required=False, default="pdf")


def filtered(rows: ParcelQuerySet, asked: Mapping[str, Any]) -> ParcelQuerySet:
    """Leave the shipments that fit every filter. What names nothing is the id of nothing."""
    rows = rows.filter(**{path: asked[name] for name, path in _PLAIN.items() if name in asked})
    if "order_id" in asked:
        key = identifiers.uuid_of("ord_", asked["order_id"])
        rows = rows.filter(task__order__public_id=key) if key else rows.none()
    if "location_id" in asked:
        key = identifiers.uuid_of("loc_", asked["location_id"])
        rows = rows.filter(point__public_id=key) if key else rows.none()
    if "status" in asked:
        stations = [mapping.STATUS[word] for word in asked["status"]]
        rows = rows.filter(queries.at_stations(stations))
    if "carrier_code" in asked:
        rows = _of_carriers(rows, set(asked["carrier_code"]))
    return rows


def _of_carriers(rows: ParcelQuerySet, codes: set[str]) -> ParcelQuerySet:
    named = rows.alias(carrier_word=Lower("carrier"))
    found = Q(carrier_word__in=codes - {mapping.OTHER})
    if mapping.OTHER in codes:
        found |= ~Q(carrier_word__in=["", *_CODES])
    return named.filter(found)
