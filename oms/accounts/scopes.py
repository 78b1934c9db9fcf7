"""What machines may do when their client names nothing narrower."""

from oms.accounts.choices import ClientKind

OF_KIND: dict[str, frozenset[str]] = {
    ClientKind.CHANNEL: frozenset(
        {
            "orders:read",
            "orders:write",
            "orders:cancel",
            "parcels:read",
            "parcels:write",
            "products:write",
        }
    ),
    ClientKind.POINT: frozenset(
        {"tasks:read", "tasks:write", "parcels:read", "parcels:write", "stock:write"}
    ),
    ClientKind.ORGANIZATION: frozenset(),
}


def scopes_of(*, kind: str, named: list[str]) -> frozenset[str]:
    """The client's own list, or what its kind needs when the list is empty."""
    return frozenset(named) if named else OF_KIND[kind]
