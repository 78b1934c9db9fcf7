"""How one operation leads to others: the links of the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Operation = dict[str, Any]


class Follower(NamedTuple):
    """An operation that takes up what another answered.

    `parameters` and `body` name members of the answer by JSON Pointer.
    """

    operation_id: str
    parameters: Mapping[str, str]
    body: Mapping[str, Any] | None = None


def _with(parameter: str, *operation_ids: str, at: str = "/id") -> tuple[Follower, ...]:
    return tuple(Follower(name, {parameter: at}) for name in operation_ids)


_OF_ORDER = _with(
    "order_id",
    "getOrder",
    "editOrder",
    "cancelOrder",
    "listCancellationRequests",
    "createCancellationRequest",
)
_OF_SHIPMENT = _with(
    "shipment_id",
    "getShipment",
    "updateShipment",
    "reportShipmentStatus",
    "trackShipment",
    "getShipmentLabel",
    "cancelShipment",
)
_OF_RETURN = _with(
    "return_id", "getReturn", "updateReturn", "receiveReturn", "inspectReturn", "cancelReturn"
)
_OF_CUSTOMER = _with(
    "customer_id", "getCustomer", "updateCustomer", "exportCustomer", "eraseCustomer"
)
_OF_ENDPOINT = _with(
    "endpoint_id",
    "getWebhookEndpoint",
    "updateWebhookEndpoint",
    "rotateWebhookSecret",
    "pauseWebhookEndpoint",
    "resumeWebhookEndpoint",
    "replayWebhookDeliveries",
    "listWebhookDeliveries",
    "deleteWebhookEndpoint",
)
_LEVEL = {"sku": "/sku", "location_id": "/location_id"}
_FIRST_LEVEL = {"sku": "/data/0/sku", "location_id": "/data/0/location_id"}
_SHIP = Follower("createShipment", {}, {"order_id": "$response.body#/id"})
_BRING_BACK = Follower("createReturn", {}, {"order_id": "$response.body#/id"})

LINKS: Mapping[str, tuple[Follower, ...]] = {
    "createOrder": (*_OF_ORDER, _SHIP, _BRING_BACK),
    "listOrders": _with("order_id", "getOrder", at="/data/0/id"),
    "createCancellationRequest": _with("request_id", "decideCancellationRequest"),
    "listCancellationRequests": _with("request_id", "decideCancellationRequest", at="/data/0/id"),
    "createShipment": (*_OF_SHIPMENT, *_with("order_id", "getOrder", at="/order_id")),
    "listShipments": _with("shipment_id", "getShipment", at="/data/0/id"),
    "createReturn": (*_OF_RETURN, *_with("order_id", "getOrder", at="/order_id")),
    "listReturns": _with("return_id", "getReturn", at="/data/0/id"),
    "createCustomer": _OF_CUSTOMER,
    "listCustomers": _with("customer_id", "getCustomer", at="/data/0/id"),
    "createWebhookEndpoint": _OF_ENDPOINT,
    "listWebhookEndpoints": _with("endpoint_id", "getWebhookEndpoint", at="/data/0/id"),
    "adjustInventory": _with("adjustment_id", "getAdjustment"),
    "listInventory": (
        Follower("getInventory", {"sku": "/data/0/sku"}),
        Follower("setInventoryLevel", _FIRST_LEVEL),
    ),
    "setInventoryLevel": (
        Follower("getInventory", {"sku": "/sku"}),
        Follower("getLocation", {"location_id": "/location_id"}),
        Follower("setInventoryLevel", _LEVEL),
    ),
    "listLocations": _with("location_id", "getLocation", at="/data/0/id"),
}


def with_links(result: Any, **_: Any) -> Any:
    """Put the links into the document; every operation they name has to be there."""
    operations = dict(operations_of(result))
    for operation_id, followers in LINKS.items():
        response = _success(operations[operation_id])
        response["links"] = {
            follower.operation_id: _link(follower, operations[follower.operation_id])
            for follower in followers
        }
    return result


def operations_of(document: Any) -> Iterator[tuple[str, Operation]]:
    """Every operation by its id."""
    for item in document["paths"].values():
        for operation in item.values():
            yield operation["operationId"], operation


def _success(operation: Operation) -> Operation:
    status = next(status for status in operation["responses"] if status.startswith("2"))
    response: Operation = operation["responses"][status]
    return response


def _link(follower: Follower, operation: Operation) -> dict[str, Any]:
    pointers = follower.parameters.items()
    link: dict[str, Any] = {"operationId": operation["operationId"]}
    if pointers:
        link["parameters"] = {name: f"$response.body#{at}" for name, at in pointers}
    if follower.body is not None:
        link["requestBody"] = dict(follower.body)
    return link
