"""What may happen to a return."""

from returns.drafts import (
    Arrival,
    Finding,
    Receipt,
    ReturnDraft,
    ReturnEdit,
    UnitDraft,
    UnitResult,
)
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
from returns.services.processing import ReturnUnitUnknown, UnitToldTwice, process_units
from returns.services.receiving import TrackingNumberDiffers, receive_return

__all__ = [
    "Arrival",
    "BadReturnUnits",
    "Finding",
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
    "ReturnUnitUnknown",
    "TrackingNumberDiffers",
    "UnitAlreadyInspected",
    "UnitDraft",
    "UnitInspectedTwice",
    "UnitNamesNothing",
    "UnitNotFound",
    "UnitResult",
    "UnitToldTwice",
    "UnknownReturnLine",
    "UnknownReturnSku",
    "cancel_return",
    "decide_refund",
    "edit_return",
    "expect_return",
    "inspect_return",
    "match_return",
    "process_units",
    "receive_return",
]
