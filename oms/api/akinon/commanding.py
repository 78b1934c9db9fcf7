"""From the fields of a command to what the core is told, and from its refusals to answers."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from fulfillment.choices import DiscrepancyReason, InvoiceDocument
from fulfillment.services import DocumentTooLarge, LineNotInTask, commands
from fulfillment.services.commands import Arguments, Group, InvoiceDraft
from oms.api.akinon.errors import Refused, invalid, invalid_fields
from oms.kernel import errors

Values = Mapping[str, Any]
Result = TypeVar("Result")
GRAMS = Decimal(1000)
NOT_ALLOWED = "The transition is not allowed from the present state."
DISAGREES = "The order's source has items of the package in another state."

# Which field a refusal is about, and what it says of it.
_ABOUT: Mapping[type[errors.DomainError], str] = {
    commands.DenialReasonUnknown: "denial_reason",
    LineNotInTask: "package_items",
    commands.ItemsNotNamed: "package_items",
    commands.GroupsIncomplete: "assignment_groups",
    commands.GroupPointUnknown: "assignment_groups",
    commands.ParcelsTooMany: "parcel_count",
    commands.InvoiceDocumentUnreadable: "document_content",
    DocumentTooLarge: "document_content",
}
# What the core misses, by the fields of this language.
_NAMES: Mapping[str, str] = {
    "reason_number": "denial_reason",
    "line_numbers": "package_items",
    "groups": "assignment_groups",
    "invoice": "invoice_number",
    "carrier": "shipping_company",
}


def arguments(values: Values) -> Arguments:
    """What the core is told; the fields a command has not got are left as they are."""
    return Arguments(
        reason_number=values.get("denial_reason"),
        note=values.get("description", ""),
        line_numbers=tuple(values.get("package_items", ())),
        discrepancy=_reason(values.get("reason")),
        groups=_groups(values.get("assignment_groups", ())),
        carrier=values.get("shipping_company", ""),
        tracking_number=values.get("tracking_number", ""),
        query_number=values.get("query_number", ""),
        parcel_count=values.get("parcel_count", 1),
        weight_g=_grams(values.get("weight")),
        invoice=_invoice(values) if "invoice_number" in values else None,
    )


def answered(run: Callable[[], Result]) -> Result:
    """What a command returns; its refusals as this language tells them.

    400 where the state does not allow it or a field is wrong; other rules are 406 by themselves.
    """
    try:
        return run()
    except commands.SourceDisagrees as refusal:
        raise invalid(DISAGREES, code=refusal.code) from refusal
    except commands.MoveNotAllowed as refusal:
        raise invalid(NOT_ALLOWED, code=refusal.code) from refusal
    except commands.ArgumentMissing as refusal:
        raise _missing(refusal) from refusal
    except tuple(_ABOUT) as refusal:
        field = next(_ABOUT[kind] for kind in type(refusal).__mro__ if kind in _ABOUT)
        raise invalid_fields({field: str(refusal)}, code=refusal.code) from refusal


def _missing(refusal: errors.DomainError) -> Refused:
    names = refusal.details.get("names")
    told = [str(name) for name in names] if isinstance(names, list) else []
    fields = {_NAMES.get(name, name): "This field is required." for name in told}
    return invalid_fields(fields, code="required")


def _reason(word: str | None) -> DiscrepancyReason:
    return DiscrepancyReason(word.upper()) if word else DiscrepancyReason.NOT_FOUND


def _groups(told: Sequence[Values]) -> tuple[Group, ...]:
    return tuple(
        Group(line_numbers=tuple(each["packageitem_set"]), point_code=each["stock_location"])
        for each in told
    )


def _grams(kilograms: Decimal | None) -> int | None:
    return None if kilograms is None else int(kilograms * GRAMS)


def _invoice(values: Values) -> InvoiceDraft:
    kind = InvoiceDocument(values["document_type"].upper())
    issued_at: datetime = values["invoice_date"]
    is_address = kind == InvoiceDocument.URL
    return InvoiceDraft(
        number=values["invoice_number"],
        issued_at=issued_at,
        kind=kind,
        content=b"" if is_address else _decoded(values["document_content"]),
        url=values["document_content"] if is_address else "",
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid_fields({"document_content": "Not valid base64."}) from error
