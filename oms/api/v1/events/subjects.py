"""What events are about, found by its id on the wire."""

from collections.abc import Callable, Mapping

from django.db.models import Model

from fulfillment.models import Parcel
from oms.api.v1.road import identifiers
from oms.events.choices import SubjectType
from oms.events.models import Endpoint
from oms.orders.models import Customer, Order
from returns.models import ReturnOrder

Find = Callable[[str, int], int | None]


def _by_uuid(model: type[Model], prefix: str) -> Find:
    def find(text: str, organization_id: int) -> int | None:
        key = identifiers.uuid_of(prefix, text)
        if key is None:
            return None
        rows = model._default_manager.filter(  # noqa: SLF001 - Django's name for any model's
            organization_id=organization_id, public_id=key
        )
        return rows.values_list("pk", flat=True).first()

    return find


def _shipment(text: str, organization_id: int) -> int | None:
    number = identifiers.number_of("shp_", text)
    if number is None:
        return None
    row = Parcel.objects.filter(organization_id=organization_id, number=number).first()
    if row is None or identifiers.of_number("shp_", row.number, row.created_at) != text:
        return None
    return row.pk


KINDS: Mapping[str, tuple[SubjectType, Find]] = {
    "ord_": (SubjectType.ORDER, _by_uuid(Order, "ord_")),
    "shp_": (SubjectType.PARCEL, _shipment),
    "cus_": (SubjectType.CUSTOMER, _by_uuid(Customer, "cus_")),
    "ret_": (SubjectType.RETURN, _by_uuid(ReturnOrder, "ret_")),
    "whe_": (SubjectType.ENDPOINT, _by_uuid(Endpoint, "whe_")),
}
"""By the prefix of an id: what kind of subject it names, and its key if there is one."""
