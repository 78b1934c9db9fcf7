"""What may happen to a return."""

from returns.drafts import Receipt, ReturnDraft, ReturnEdit, UnitDraft, UnitResult
from returns.services.allotting import (
    LineHasOtherSku,
    MoreThanShipped,
    UnitNamesNothing,
    UnknownReturnLine,
    UnknownReturnSku,
)
from returns.services.deciding import (
    RefundAlreadyDecided,
    ReturnArrived,
    ReturnChanged,
    cancel_return,
    decide_refund,
    edit_return,
)
from returns.services.expecting import (
    BadReturnUnits,
    ReturnAlreadyExpected,
    ReturnPointUnknown,
    expect_return,
)
from returns.services.inspecting import UnitAlreadyInspected, UnitInspectedTwice, inspect_return
from returns.services.locking import UnitNotFound
from returns.services.matching import OrderAlreadyFound, match_return
from returns.services.receiving import TrackingNumberDiffers, receive_return

__all__ = [
    "BadReturnUnits",
    "LineHasOtherSku",
    "MoreThanShipped",
    "OrderAlreadyFound",
    "Receipt",
    "RefundAlreadyDecided",
    "ReturnAlreadyExpected",
    "ReturnArrived",
    "ReturnChanged",
    "ReturnDraft",
    "ReturnEdit",
    "ReturnPointUnknown",
    "TrackingNumberDiffers",
    "UnitAlreadyInspected",
    "UnitDraft",
    "UnitInspectedTwice",
    "UnitNamesNothing",
    "UnitNotFound",
    "UnitResult",
    "UnknownReturnLine",
    "UnknownReturnSku",
    "cancel_return",
    "decide_refund",
    "edit_return",
    "expect_return",
    "inspect_return",
    "match_return",
    "receive_return",
]
