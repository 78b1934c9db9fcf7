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

# Of the type `EFS`: a machine bound to such a channel runs points and brings no orders.
EFS = "EFS"
OF_EFS = frozenset(
    {
        "products:write",
        "stock:write",
        "orders:cancel",
        "tasks:write",
        "parcels:write",
        "returns:write",
    }
)


def scopes_of(*, kind: str, named: list[str], channel_type: str = "") -> frozenset[str]:
    """The client's own list, or what its kind needs when the list is empty."""
    if named:
        return frozenset(named)
    return OF_EFS if channel_type == EFS else OF_KIND[kind]
