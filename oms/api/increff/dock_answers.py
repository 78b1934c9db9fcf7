"""The bodies of answers about picklists, boxes, manifests and hand-overs, for OpenAPI."""

from collections.abc import Mapping

from oms.api.increff.reader import Schema

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": "string", "nullable": True}
NUMBER: Schema = {"type": "number", "format": "double"}
COUNT: Schema = {"type": "integer", "format": "int32"}


def _object(members: Mapping[str, Schema], *, nullable: bool = False) -> Schema:
    """An object whose members are always there."""
    found: Schema = {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
    }
    return found | ({"nullable": True} if nullable else {})


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


PICKLIST = _object({"pickListId": COUNT})
MANIFEST = _object(
    {
        "manifestCode": TEXT,
        "externalManifestCode": TEXT,
        "manifestUrl": MAYBE_TEXT,
        "manifest": MAYBE_TEXT,
    }
)
HANDOVER = _object({"handoverDocumentUrl": TEXT})

_LABEL = _object(
    {
        "transporter": TEXT,
        "awbNumber": TEXT,
        "shippingLabelUrl": MAYBE_TEXT,
        "shippingLabel": MAYBE_TEXT,
    },
    nullable=True,
)
_TAX = _object({"type": TEXT, "rate": NUMBER, "taxPerUnit": NUMBER, "taxTotal": NUMBER})
_DETAIL = _object(
    {
        "channelSkuCode": TEXT,
        "clientSkuId": TEXT,
        "quantity": COUNT,
        "netTaxAmountPerUnit": NUMBER,
        "netTaxAmountTotal": NUMBER,
        "baseSellingPricePerUnit": NUMBER,
        "baseSellingPriceTotal": NUMBER,
        "actualSellingPricePerUnit": NUMBER,
        "actualSellingPriceTotal": NUMBER,
        "taxItems": _list(_TAX),
    }
)
PACKED = _object(
    {
        "orderCode": TEXT,
        "locationCode": TEXT,
        "channelId": TEXT,
        "shipmentCode": TEXT,
        "shipmentId": {"type": "integer", "format": "int64"},
        "shippingLabel": _LABEL,
        "invoiceUrl": MAYBE_TEXT,
        "invoice": MAYBE_TEXT,
        "invoiceCode": TEXT,
        "invoiceDate": TEXT,
        "invoiceDetails": _list(_DETAIL),
    }
)
