"""What staff can have done to a test organization, as its developers can through the API."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from fulfillment import services
from fulfillment.services import Unserved
from oms.accounts.models import Organization
from oms.accounts.sandboxes import ClockMove
from oms.backoffice import forms
from oms.backoffice.acting import Call, RowAction

_WHY = {
    "on_hold": "on hold",
    "unpaid": "not paid",
    "not_allocated": "without units or a point",
}


def _refusal(organization: Organization) -> str:
    return "" if organization.is_test else "it is no test organization"


def _ship(call: Call) -> str:
    done = services.ship_everything(
        organization_id=call.row.pk,
        is_delivered=call.answers["until"] == "delivered",
        actor=call.actor,
        now=call.now,
    )
    told = (
        f"had {done.orders} orders moved on: {done.boxes_packed} parcels packed,"
        f" {done.boxes_shipped} picked up, {done.boxes_delivered} delivered."
    )
    left = f" {done.remaining} orders are left for the next time." if done.remaining else ""
    return f"{told}{_kept_back(done.unserved)}{left}"


def _kept_back(unserved: tuple[Unserved, ...]) -> str:
    reasons = Counter(_WHY.get(each.reason, each.reason) for each in unserved)
    told = ", ".join(f"{number} {reason}" for reason, number in reasons.items())
    return f" Not served: {told}." if told else ""


def _advance(call: Call) -> str:
    move = ClockMove(by=timedelta(hours=call.answers["hours"]))
    # A clock is set by the real time, whatever it shows.
    done = services.advance_clock(
        organization_id=call.row.pk, move=move, actor=call.actor, now=timezone.now()
    )
    return f"has {done.now:%d %b %Y %H:%M} UTC now; {done.orders_completed} orders were completed."


SANDBOX_ACTIONS = (
    RowAction(
        name="ship",
        label="Ship everything",
        explanation="Open orders are routed, packed, picked up and delivered at once, as if all "
        "points and carriers had done so. At most 50 orders at a time.",
        permission="accounts.change_organization",
        form=forms.ShipEverythingForm,
        refusal=_refusal,
        work=_ship,
        organization_of=lambda row: int(row.pk),
    ),
    RowAction(
        name="advance",
        label="Move the clock ahead",
        explanation="What is due by then happens at once. A clock never goes back.",
        permission="accounts.change_organization",
        form=forms.ClockForm,
        refusal=_refusal,
        work=_advance,
        organization_of=lambda row: int(row.pk),
    ),
)
