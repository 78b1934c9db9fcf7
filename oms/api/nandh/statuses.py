"""The numbers of states. The vendor's tables are not public, so operators may set every number.

`OMS_NANDH_STATUS` is JSON such as `{"order": {"shipped": 320}, "shipment": {}, "product": {}}`;
what it does not name stays as it is here. Known of the vendor: 220 is a shipment that is packed and
labelled (contract 2.7), 450 a product in use (2.8). 300 and 500 for shipments are those of its
second generation.
"""

from collections.abc import Mapping
from functools import lru_cache

import msgspec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from fulfillment.choices import Station
from oms.orders.choices import OrderStatus

Table = Mapping[str, int]

ON_HOLD = "on_hold"
COMPLETED = "completed"
IN_USE = "in_use"

DEFAULTS: Mapping[str, Table] = {
    "order": {
        OrderStatus.CREATED.lower(): 100,
        OrderStatus.PAID.lower(): 100,
        ON_HOLD: 110,
        OrderStatus.UNALLOCATED.lower(): 120,
        OrderStatus.ALLOCATED.lower(): 150,
        OrderStatus.IN_FULFILLMENT.lower(): 200,
        OrderStatus.PACKED.lower(): 220,
        OrderStatus.SHIPPED.lower(): 300,
        OrderStatus.OUT_FOR_DELIVERY.lower(): 320,
        OrderStatus.DELIVERED.lower(): 400,
        COMPLETED: 410,
        OrderStatus.RETURNED_TO_POINT.lower(): 440,
        OrderStatus.RETURNED.lower(): 450,
        OrderStatus.LOST.lower(): 460,
        OrderStatus.CANCELLED.lower(): 500,
    },
    "shipment": {
        Station.CREATED.lower(): 100,
        Station.LABEL_PENDING.lower(): 200,
        Station.LABEL_FAILED.lower(): 210,
        Station.READY.lower(): 220,
        Station.PICKUP_FAILED.lower(): 230,
        Station.SHIPPED.lower(): 300,
        Station.IN_TRANSIT.lower(): 310,
        Station.OUT_FOR_DELIVERY.lower(): 320,
        Station.DELIVERY_FAILED.lower(): 330,
        Station.RETURNING.lower(): 340,
        Station.DELIVERED.lower(): 400,
        Station.RETURNED_TO_POINT.lower(): 450,
        Station.LOST.lower(): 460,
        Station.DAMAGED.lower(): 470,
        Station.CANCELLED.lower(): 500,
    },
    "product": {IN_USE: 450},
}


def order(word: str) -> int:
    """The number of an order's state: one of ours in small letters, or ON_HOLD, COMPLETED."""
    return configured()["order"][word]


def shipment(station: Station) -> int:
    """The number of where a shipment is."""
    return configured()["shipment"][station.lower()]


def product() -> int:
    """The number of a product that is in use, as all of ours are."""
    return configured()["product"][IN_USE]


def configured() -> Mapping[str, Table]:
    """The tables of this installation. Raises ImproperlyConfigured."""
    return tables(settings.OMS_NANDH_STATUS)


@lru_cache(maxsize=8)
def tables(text: str) -> Mapping[str, Table]:
    """The defaults with what a setting says. Raises ImproperlyConfigured for nonsense."""
    try:
        said = msgspec.json.decode(text or "{}", type=dict[str, dict[str, int]])
    except msgspec.DecodeError as error:
        raise ImproperlyConfigured(f"OMS_NANDH_STATUS is not JSON as documented: {error}") from None
    for name, table in said.items():
        unknown = sorted(set(table) - set(DEFAULTS.get(name, {})))
        if name not in DEFAULTS or unknown:
            raise ImproperlyConfigured(f"OMS_NANDH_STATUS does not know {name}: {unknown}")
    return {name: {**table, **said.get(name, {})} for name, table in DEFAULTS.items()}
