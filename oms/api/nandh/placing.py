"""Taking an order in, once."""

from datetime import datetime

import msgspec

from fulfillment import services as fulfillment
from oms.accounts.queries import MachineIdentity
from oms.api.nandh import drafting, mapping
from oms.api.nandh.errors import Refused
from oms.api.nandh.reading import Values
from oms.orders import queries
from oms.orders import services as orders
from oms.orders.services import Intake


def place(said: Values, *, body: bytes, machine: MachineIdentity, now: datetime) -> Intake:
    """Store a new order, or answer the first one when the same body is sent again.

    This language has no idempotency key, and its clients cannot look an order up by their own
    number: a repeat after a time-out has to find out what the first call made. Another body under
    a number that is taken is refused like in /v1: 409 duplicate_external_id.
    """
    draft = drafting.order_draft(said, machine=machine, now=now, raw_body=body)
    hold = drafting.hold_of(said)
    try:
        return fulfillment.place_new_order(draft=draft, hold=hold, actor=machine.actor, now=now)
    except orders.OrderAlreadyPlaced as refusal:
        [first] = refusal.orders
        if _is_repeat(body, first, machine):
            return first
        code = mapping.order_code(first.number)
        raise Refused(
            409, "duplicate_external_id", f"/extra_info/order_number: is the one of {code}"
        ) from refusal


def _is_repeat(body: bytes, first: Intake, machine: MachineIdentity) -> bool:
    """Whether the first order came with the same document; nobody knows that after erasure."""
    kept = queries.body_of(actor=machine.actor, number=first.number)
    return kept is not None and msgspec.json.decode(kept) == msgspec.json.decode(body)
