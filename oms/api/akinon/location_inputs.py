"""What may be changed of a stock location (contract 8.5, 12a.6)."""

from collections.abc import Mapping
from typing import Any

from oms.api.akinon.reading import Fields
from oms.locations.services import PointChange

FLAGS = (
    "is_active",
    "is_fulfillment_center",
    "is_pickup_location",
    "is_delivery_location",
    "is_return_available",
    "is_fast_delivery_available",
)
_TEXTS = {
    "name": ("name", 255),
    "email": ("email", 254),
    "daytime_phone": ("phone", 32),
    "evening_phone": ("evening_phone", 32),
    "fax_number": ("fax", 32),
}
SUPPLIER_CODE = "supplier_code"
# Kept by us or by the other side: sent back unchanged by clients that send the whole object.
FIXED = ("quota",)
_LONGEST_TAG, _LONGEST_CODE = 64, 64


def change_of(body: Mapping[str, Any]) -> PointChange:
    """The change a body asks for; members nobody knows mean nothing. 400 by field."""
    fields = Fields(body)
    values: dict[str, Any] = {
        column: fields.text(name, longest=longest, is_required=name == "name")
        for name, (column, longest) in _TEXTS.items()
        if name in fields
    }
    values |= {name: fields.flag(name) for name in FLAGS if name in fields}
    if "priority" in fields:
        values["priority"] = fields.whole("priority") or 0
    if "max_quota" in fields:
        values["max_quota"] = fields.whole("max_quota", least=0)
    if "tags" in fields:
        values["tags"] = _tags(fields)
    if "conf" in fields:
        values |= _conf(fields)
    fields.refuse()
    return PointChange(**values)


def _tags(fields: Fields) -> list[str]:
    tags = list(dict.fromkeys(fields.listed("tags", str, most=100)))
    if any(not 0 < len(tag) <= _LONGEST_TAG for tag in tags):
        fields.wrong("tags", f"Tags have 1 to {_LONGEST_TAG} characters.")
    return tags


def _conf(fields: Fields) -> dict[str, Any]:
    """The seller's code has a column of its own."""
    conf = dict(fields.mapping("conf"))
    if SUPPLIER_CODE not in conf:
        return {"conf": conf}
    code = conf.pop(SUPPLIER_CODE)
    if code is not None and not (isinstance(code, str) and len(code) <= _LONGEST_CODE):
        fields.wrong("conf", f"supplier_code: a string of at most {_LONGEST_CODE} characters.")
        return {}
    return {"conf": conf, SUPPLIER_CODE: (code or "").strip()}
