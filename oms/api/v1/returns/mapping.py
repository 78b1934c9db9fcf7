"""The words of the contract's returns and ours. The only file that knows both."""

from collections.abc import Mapping

from returns.choices import (
    Disposition,
    QcStatus,
    RefundDecision,
    ReturnStatus,
    ReturnType,
    UnitStatus,
)

TYPE: Mapping[str, ReturnType] = {each.lower(): each for each in ReturnType}
STATUS: Mapping[str, ReturnStatus] = {each.lower(): each for each in ReturnStatus}
UNIT_STATUS: Mapping[str, UnitStatus] = {each.lower(): each for each in UnitStatus}
QC_STATUS: Mapping[str, QcStatus] = {each.lower(): each for each in QcStatus}
DISPOSITION: Mapping[str, Disposition] = {each.lower(): each for each in Disposition}
REFUND_DECISION: Mapping[str, RefundDecision] = {each.lower(): each for each in RefundDecision}

QC_RESULTS = tuple(word for word, ours in QC_STATUS.items() if ours != QcStatus.PENDING)


def word(ours: str) -> str | None:
    """A word of ours in the contract's; None for what is not said yet."""
    return ours.lower() or None
