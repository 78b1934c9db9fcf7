"""The logical endpoints, with the method and path a setting may replace (contract 1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path below the root. `{name}` takes a parameter; the others go into the query.

    An endpoint that no setting names uses the settings of its `like`.
    """

    method: str
    path: str
    like: str = ""


ENDPOINTS: Mapping[str, Endpoint] = {
    "order_item_bulk_update": Endpoint("PATCH", "order_items/bulk_status_update/"),
    "orders": Endpoint("GET", "orders/"),
    "order": Endpoint("GET", "orders/{pk}/", like="orders"),
    "orderitem_set": Endpoint("GET", "order_items/"),
    "order_items": Endpoint("GET", "order_items/", like="orderitem_set"),
    "addresses": Endpoint("GET", "addresses/"),
    "countries": Endpoint("GET", "countries/"),
    "cities": Endpoint("GET", "cities/"),
    "townships": Endpoint("GET", "townships/"),
    "districts": Endpoint("GET", "districts/"),
    "products": Endpoint("GET", "products/"),
    "channels": Endpoint("GET", "channels/"),
    "retail_stores": Endpoint("GET", "retail_stores/"),
    "cancellation_plans": Endpoint("GET", "cancellation_plans/"),
    "cancellation_reasons": Endpoint("GET", "cancellation_reasons/"),
    "cargo_companies": Endpoint("GET", "cargo_companies/"),
    "hooks": Endpoint("GET", "whisperer/hooks/"),
}
READABLE = tuple(name for name, each in ENDPOINTS.items() if each.method == "GET")
