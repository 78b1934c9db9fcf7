"""The journey of a parcel."""

from dataclasses import dataclass
from datetime import datetime

from fulfillment.choices import ParcelStatus
from oms.kernel import errors
from oms.kernel.actors import Actor


class MilestoneUnknown(errors.InvalidInput):
    """Only stations of the journey can be reported: from SHIPPED on."""

    code = "milestone_unknown"


class ParcelVoided(errors.Conflict):
    """The parcel was voided: it cannot travel."""

    code = "parcel_voided"


class ChannelParcelMismatch(errors.Conflict):
    """The channel calls this parcel something else already."""

    code = "channel_parcel_mismatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReport:
    """Names the parcel by key, or by its task's number and the point's own parcel number.

    `milestone` None: only the text is kept. `channel_parcel_no` is stored if there is none yet.
    """

    milestone: ParcelStatus | None
    occurred_at: datetime
    description: str = ""
    parcel_id: int | None = None
    task_number: str = ""
    point_parcel_no: str = ""
    channel_parcel_no: str = ""


def report_milestone(*, report: MilestoneReport, actor: Actor, now: datetime) -> bool:
    """Keep a report; the latest by its own time decides. True when the state changed."""
    raise NotImplementedError
