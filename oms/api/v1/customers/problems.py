"""Refusals about customers, as problems."""

from collections.abc import Mapping

from oms.api.v1.road import identifiers
from oms.api.v1.road.problems import Translation, register
from oms.orders import services
from oms.orders.services import AddressNamedTwice, AddressUnknown, DefaultAddressNotSingle

_FAILED = "validation_failed"


def _existing(refusal: services.CustomerNumberTaken) -> Mapping[str, object]:
    return {"existing_id": identifiers.of_uuid("cus_", refusal.holder)}


def _erased(_refusal: services.CustomerErased) -> Mapping[str, object]:
    return {"current_status": "erased", "allowed": []}


def _id_of_address(refusal: AddressUnknown | AddressNamedTwice) -> str:
    return f"/addresses/{refusal.details['position']}/id"


def _default_of_address(refusal: DefaultAddressNotSingle) -> str:
    return f"/addresses/{refusal.details['position']}/is_default"


def register_refusals() -> None:
    """Called once, when the routes are loaded."""
    register(
        {
            services.CustomerNumberTaken: Translation(
                409, "duplicate_external_id", extensions=_existing
            ),
            services.CustomerErased: Translation(409, "invalid_state", extensions=_erased),
            services.CustomerNameMissing: Translation(
                422, _FAILED, "/full_name", field_code="required"
            ),
            services.CustomerContactMissing: Translation(
                422, _FAILED, "/phone", field_code="required"
            ),
            services.TaxCodeMalformed: Translation(
                422, _FAILED, "/tax_code", field_code="invalid_format"
            ),
            services.TooManyAddresses: Translation(
                422, _FAILED, "/addresses", field_code="too_many"
            ),
            services.DefaultAddressMissing: Translation(
                422, _FAILED, "/addresses/0/is_default", field_code="required"
            ),
            services.DefaultAddressNotSingle: Translation(
                422, _FAILED, _default_of_address, field_code="duplicate"
            ),
            services.AddressUnknown: Translation(422, _FAILED, _id_of_address),
            services.AddressNamedTwice: Translation(
                422, _FAILED, _id_of_address, field_code="duplicate"
            ),
        }
    )
