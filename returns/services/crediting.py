"""Giving back what was invoiced of units that came back."""

import datetime as dt
from collections import Counter

from fulfillment import services as fulfillment
from oms.kernel.actors import Actor
from returns.choices import RefundDecision, UnitStatus
from returns.models import ReturnOrder


def credit_return(*, return_id: int, actor: Actor, now: dt.datetime) -> None:
    """Issue credit notes for the units of a closed return whose refund was approved.

    What nobody invoiced is left out; doing it again changes nothing.
    """
    row = ReturnOrder.objects.filter(pk=return_id).first()
    if row is None or row.order_id is None or row.refund_decision != RefundDecision.APPROVED:
        return
    arrived = row.units.filter(status=UnitStatus.INSPECTED, order_line__isnull=False)
    fulfillment.credit_returned(
        order_id=row.order_id,
        units=Counter(arrived.values_list("order_line_id", flat=True)),
        cause=row.number,
        reason=f"Return {row.number}",
        actor=actor,
        now=now,
    )
