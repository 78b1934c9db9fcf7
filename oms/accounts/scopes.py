"""What machines may do when their client names nothing narrower."""

from oms.accounts.choices import ClientKind

# What /v1 asks for. Others are asked for by the older languages.
V1 = frozenset(
    {
        "orders:read",
        "orders:write",
        "inventory:read",
        "inventory:write",
        "shipments:read",
        "shipments:write",
        "customers:read",
        "customers:write",
        "returns:read",
        "returns:write",
        "events:read",
        "webhooks:manage",
        "sandbox:write",
    }
)

OF_KIND: dict[str, frozenset[str]] = {
    ClientKind.CHANNEL: frozenset(
        {
            "orders:read",
            "orders:write",
            "orders:cancel",
            "parcels:read",
            "parcels:write",
            "products:write",
            "inventory:read",
            "shipments:read",
            "customers:read",
            "customers:write",
            "returns:read",
            "returns:write",
            "events:read",
            "webhooks:manage",
        }
    ),
    ClientKind.POINT: frozenset(
        {
            "tasks:read",
            "tasks:write",
            "parcels:read",
            "parcels:write",
            "stock:write",
            "inventory:read",
            "inventory:write",
            "shipments:read",
            "shipments:write",
            "returns:read",
            "returns:write",
            "events:read",
            "webhooks:manage",
        }
    ),
    ClientKind.ORGANIZATION: frozenset(),
}


def scopes_of(*, kind: str, named: list[str]) -> frozenset[str]:
    """The client's own list, or what its kind needs when the list is empty."""
    return frozenset(named) if named else OF_KIND[kind]
