"""What staff see and the actions they may take, one module per area of work."""

from oms.backoffice.admin import (
    accounts,
    catalog,
    channels,
    clients,
    customers,
    deliveries,
    endpoints,
    events,
    inbox,
    orders,
    parcels,
    requests,
    returns,
    stock,
    tasks,
)

__all__ = [
    "accounts",
    "catalog",
    "channels",
    "clients",
    "customers",
    "deliveries",
    "endpoints",
    "events",
    "inbox",
    "orders",
    "parcels",
    "requests",
    "returns",
    "stock",
    "tasks",
]
