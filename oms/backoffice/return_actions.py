"""What staff can have done to returns. Services decide; this asks."""

from django import forms

from oms.backoffice.acting import Call, RowAction
from returns import services
from returns.choices import Disposition, QcStatus, RefundDecision, ReturnStatus, UnitStatus
from returns.drafts import Receipt, UnitResult
from returns.models import ReturnOrder, ReturnUnit


class InspectForm(forms.Form):
    qc_status = forms.ChoiceField(
        label="Result", choices=[each for each in QcStatus.choices if each[0] != QcStatus.PENDING]
    )
    disposition = forms.ChoiceField(label="The units are", choices=Disposition.choices)
    qc_reason = forms.CharField(
        label="Why", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RefundForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[each for each in RefundDecision.choices if each[0] != RefundDecision.PENDING],
        help_text="Final",
    )


def _in_state(row: ReturnOrder, status: UnitStatus) -> list[ReturnUnit]:
    return [unit for unit in row.units.all() if unit.status == status]


def _receive_refusal(row: ReturnOrder) -> str:
    return "" if _in_state(row, UnitStatus.EXPECTED) else "nothing of it is expected"


def _inspect_refusal(row: ReturnOrder) -> str:
    return "" if _in_state(row, UnitStatus.RECEIVED) else "nothing that arrived waits for it"


def _refund_refusal(row: ReturnOrder) -> str:
    if row.status == ReturnStatus.CANCELLED:
        return "it is cancelled"
    is_decided = row.refund_decision != RefundDecision.PENDING
    return f"its refund is {row.get_refund_decision_display().lower()}" if is_decided else ""


def _match_refusal(row: ReturnOrder) -> str:
    return "it has its order" if row.order_id is not None else ""


def _receive(call: Call) -> str:
    row: ReturnOrder = call.row
    services.receive_return(
        public_id=row.public_id, receipt=Receipt(), actor=call.actor, now=call.now
    )
    return "has arrived."


def _inspect(call: Call) -> str:
    row: ReturnOrder = call.row
    waiting = _in_state(row, UnitStatus.RECEIVED)
    results = [
        UnitResult(
            unit_id=unit.public_id,
            qc_status=QcStatus(call.answers["qc_status"]),
            disposition=Disposition(call.answers["disposition"]),
            qc_reason=call.answers["qc_reason"],
        )
        for unit in waiting
    ]
    services.inspect_return(
        public_id=row.public_id, results=results, actor=call.actor, now=call.now
    )
    return f"was inspected ({len(waiting)} units)."


def _decide(call: Call) -> str:
    decision = RefundDecision(call.answers["decision"])
    services.decide_refund(
        public_id=call.row.public_id, decision=decision, actor=call.actor, now=call.now
    )
    return f"has its refund {decision.label.lower()}."


def _cancel(call: Call) -> str:
    """The whole of it, or what did not come."""
    row: ReturnOrder = call.row
    missing = _in_state(row, UnitStatus.EXPECTED)
    named = [] if row.status == ReturnStatus.EXPECTED else [unit.public_id for unit in missing]
    services.cancel_return(public_id=row.public_id, unit_ids=named, actor=call.actor, now=call.now)
    return f"expects {len(missing)} units less." if named else "was cancelled."


def _match(call: Call) -> str:
    row = services.match_return(public_id=call.row.public_id, actor=call.actor, now=call.now)
    return f"belongs to order {row.order}."


RETURN_ACTIONS = (
    RowAction(
        name="receive",
        label="Receive",
        explanation="All units that are expected have arrived, at the point they were expected. "
        "Their order counts them as returned. Nothing is refunded by it.",
        permission="returns.receive_return",
        refusal=_receive_refusal,
        work=_receive,
    ),
    RowAction(
        name="inspect",
        label="Inspect",
        explanation="The result holds for every unit that arrived and has none yet. Units that go "
        "back on the shelf are on hand at once. Results are final.",
        permission="returns.receive_return",
        form=InspectForm,
        refusal=_inspect_refusal,
        work=_inspect,
    ),
    RowAction(
        name="refund",
        label="Decide refund",
        explanation="Whoever pays is told. A return that is inspected is closed with it.",
        permission="returns.decide_refund",
        form=RefundForm,
        refusal=_refund_refusal,
        work=_decide,
    ),
    RowAction(
        name="match",
        label="Find its order",
        explanation="For a return that was announced before we had its order.",
        permission="returns.receive_return",
        refusal=_match_refusal,
        work=_match,
    ),
    RowAction(
        name="cancel",
        label="Cancel what did not come",
        explanation="Units that are expected are expected no longer; with nothing else in it the "
        "return is cancelled. They can be announced again.",
        permission="returns.cancel_return",
        refusal=_receive_refusal,
        work=_cancel,
        is_destructive=True,
    ),
)
