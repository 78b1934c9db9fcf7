"""What must always hold, each as one query that returns the rows where it does not.

The numbers are those of the domain's list, I1 to I12, and go on from there. Every module has the
statements of one concern; `checking` runs them.
"""

from oms.backoffice.invariants import (
    dock,
    documents,
    events,
    invoices,
    ledger,
    orders,
    ownership,
    returns,
    transfers,
)
from oms.backoffice.invariants.base import Invariant
from oms.backoffice.invariants.checking import Result, verify

INVARIANTS: tuple[Invariant, ...] = (
    ledger.NEVER_OVERSOLD,
    ledger.LEVEL_IS_SUM_OF_MOVEMENTS,
    orders.LINE_QUANTITIES,
    orders.ONE_ORDER_PER_NUMBER,
    events.EVERY_CHANGE_HAS_ITS_EVENT,
    events.EVERY_DELIVERY_EXISTS,
    events.EVERY_DELIVERY_GOES_ON,
    documents.NO_OLD_LEASE,
    documents.ONE_LIVE_LABEL,
    ledger.RESERVED_IS_OWED,
    ownership.ONE_ORGANIZATION,
    ledger.ENDED_HOLDS_NOTHING,
    orders.STATUS_IS_DERIVED,
    returns.RETURNED_IS_BOOKED,
    returns.RETURNED_IS_COUNTED,
    returns.RETURN_STATUS_IS_DERIVED,
    invoices.NUMBERS_HAVE_NO_GAPS,
    invoices.TOTALS_ARE_SUMS,
    invoices.NOTHING_VOID_IS_INVOICED,
    invoices.NO_MORE_IS_CREDITED,
    dock.PICKLISTS_AGREE,
    dock.ONE_MANIFEST,
    dock.HANDED_OVER_HAS_LEFT,
    dock.SHORT_IS_CANCELLED,
    orders.UNRESERVED_WAITS,
    orders.BUNDLES_ARE_THEIR_PARTS,
    transfers.LINES_COME_AS_THEY_SAY,
)

__all__ = ["INVARIANTS", "Invariant", "Result", "verify"]
