"""What the core asks for by the codes of extensions; plugged in by this facade's `apps`."""

from functools import partial

from oms.api.akinon.carriers import destinations, records
from oms.api.akinon.carriers.adapter import ExtensionCarrier
from oms.api.akinon.carriers.choosing import Chosen


class ShippingSettings:
    """The carriers of every organization's `SHIPPING_SETTINGS`."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen

    def code_for(self, name: str, *, organization_id: int) -> str | None:
        """Who makes labels for a carrier of this name; None where no active record is called so."""
        return self._chosen.code_for(name, organization_id=organization_id)

    def carrier(self, code: str) -> ExtensionCarrier:
        """The carrier of a code, as it is set now. Raises LookupError, crypto.SealBroken."""
        organization_id, erp_code = records.parts_of(code)
        record = records.record_of(organization_id, erp_code)
        places = partial(destinations.places_of, organization_id=organization_id)
        return ExtensionCarrier(record, places)
