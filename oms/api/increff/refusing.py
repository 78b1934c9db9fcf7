"""What is wrong with orders of a call, told all at once (contract APIs 5, 6, 8, 9, 12).

The message is that of the first bad order, in stable words, so that a client with one order reads
it alone; the description lists every bad order with its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from fulfillment.services import TasksUnfit, Unfit
from oms.api.increff import errors
from oms.api.increff.errors import Refused
from oms.api.increff.suborders import SubOrder

WORDS: Mapping[Unfit, str] = {
    Unfit.NOT_FOUND: "Order not found",
    Unfit.ELSEWHERE: "Order not found",
    Unfit.OTHER_CHANNEL: "Order not found",
    Unfit.ON_HOLD: "Order is on hold",
    Unfit.OUT_OF_STOCK: "Order is out of stock",
    Unfit.BEGUN: "Order is already released",
    Unfit.ON_PICKLIST: "Order is already released",
    Unfit.NOT_PACKED: "Order is not packed",
    Unfit.PACKED: "Order is already packed",
    Unfit.MANIFESTED: "Order is already manifested",
    Unfit.LEFT: "Order is already handed over",
    Unfit.CANCELLED: "Order is cancelled",
}


def keys_of(codes: Sequence[str], suborders: Mapping[str, SubOrder]) -> dict[str, int]:
    """Tasks by the codes of a call, in its order.

    A code without a sub-order gets a key that no task has, so that whoever is asked refuses it
    together with all others that do not fit.
    """
    return {
        code: suborders[code].task_id if code in suborders else -place
        for place, code in enumerate(codes, 1)
    }


@contextmanager
def by_code(keys: Mapping[str, int], suborders: Mapping[str, SubOrder]) -> Iterator[None]:
    """Turn a refusal of tasks into one of the orders they were called by."""
    try:
        yield
    except TasksUnfit as refusal:
        names = {str(key): code for code, key in keys.items()}
        names |= {each.task_number: each.code for each in suborders.values()}
        reasons = {names[name]: WORDS[reason] for name, reason in refusal.reasons.items()}
        raise bad_orders({code: reasons[code] for code in keys if code in reasons}) from refusal


def bad_orders(reasons: Mapping[str, str]) -> Refused:
    """400 for orders by code, each with the words for why it cannot be taken."""
    told = [(code, f"{words}: {code}") for code, words in reasons.items()]
    return errors.bad_data(told[0][1], errors.listing(told))


def refuse_doubles(codes: Sequence[str]) -> None:
    """400 for an order that a picklist names twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise errors.bad_data(f"Duplicate order in request: {code}")
        seen.add(code)
