"""Their words for why stock is set or corrected, and ours."""

from oms.inventory.choices import StockReason

REASON_IN = {
    "cycle_count": StockReason.CYCLE_COUNT,
    "correction": StockReason.CORRECTION,
    "received": StockReason.RECEIVED,
    "damaged": StockReason.DAMAGED,
    "returned": StockReason.RETURNED,
    "shrinkage": StockReason.SHRINKAGE,
    "sync": StockReason.SYNC,
    "other": StockReason.OTHER,
}
REASON_OUT = {ours: theirs for theirs, ours in REASON_IN.items()}
ADJUSTMENT = "adj_"
