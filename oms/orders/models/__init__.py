"""Orders, their lines and buyers, and what may stand in their way."""

from oms.orders.models.buyers import Buyer
from oms.orders.models.customers import Customer, CustomerAddress, CustomerQuerySet
from oms.orders.models.holds import CancelRequest, CancelRequestLine, Hold
from oms.orders.models.lines import OrderLine
from oms.orders.models.orders import Order, OrderQuerySet

__all__ = [
    "Buyer",
    "CancelRequest",
    "CancelRequestLine",
    "Customer",
    "CustomerAddress",
    "CustomerQuerySet",
    "Hold",
    "Order",
    "OrderLine",
    "OrderQuerySet",
]
