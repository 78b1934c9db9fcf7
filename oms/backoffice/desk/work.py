"""Who works where, and when."""

import datetime as dt
from dataclasses import dataclass

from oms.kernel.actors import Actor
from oms.locations.models import FulfillmentPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A person at a point. `actor` sees this point only; `now` is the organization's time,
    `real_now` everybody's.
    """

    point: FulfillmentPoint
    actor: Actor
    now: dt.datetime
    real_now: dt.datetime

    @property
    def person(self) -> str:
        """The user name."""
        return self.actor.ref
