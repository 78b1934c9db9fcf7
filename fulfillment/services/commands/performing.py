"""The one door for configured transitions: which command runs, and with what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fulfillment.choices import DiscrepancyReason, TaskStatus, TransitionCommand
from fulfillment.models import FulfillmentTask, TransitionRule
from fulfillment.services.commands import (
    agreeing,
    assigning,
    blocking,
    details,
    packing_whole,
    preparing,
    refunding,
    returning,
    shipping,
    states,
    transferring,
)
from fulfillment.services.commands.assigning import Group
from fulfillment.services.commands.details import InvoiceDraft, ShipmentNumbers
from fulfillment.services.commands.moves import OF_TRANSFERS
from fulfillment.services.commands.packing_whole import WholePacking
from fulfillment.services.commands.scene import Asked, MoveNotAllowed
from oms.kernel import errors
from oms.kernel.actors import Actor

C = TransitionCommand


class RuleMisplaced(errors.InvalidInput):
    """The transition is another organization's, or one of transfers was named for a task."""

    code = "rule_misplaced"


class ArgumentMissing(errors.InvalidInput):
    """The command needs to be told more. `details["names"]` are what is missing."""

    code = "argument_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """Everything commands can be told; each reads its own. Lines are public numbers."""

    reason_number: int | None = None
    note: str = ""
    line_numbers: tuple[int, ...] = ()
    discrepancy: DiscrepancyReason = DiscrepancyReason.NOT_FOUND
    groups: tuple[Group, ...] = ()
    carrier: str = ""
    tracking_number: str = ""
    query_number: str = ""
    parcel_count: int = 1
    weight_g: int | None = None
    invoice: InvoiceDraft | None = None

    @property
    def numbers(self) -> ShipmentNumbers:
        return ShipmentNumbers(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            query_number=self.query_number,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One command about to run: on a task, or on a transfer."""

    task_id: int
    rule: TransitionRule
    arguments: Arguments
    actor: Actor
    now: datetime

    @property
    def asked(self) -> Asked:
        synced = self.rule.config.get("sync_remote_order_status") is not False
        return Asked(
            rule=self.rule.public_number,
            slug=self.rule.slug,
            source=self.rule.source,
            destination=self.rule.destination,
            is_synced=synced,
        )


def perform(
    *, task_id: int, rule: TransitionRule, arguments: Arguments, actor: Actor, now: datetime
) -> None:
    """Run the command of a transition on a task, or refuse and change nothing.

    Under the order's lock the task must be in the transition's source state. What has to follow
    after the commit is said in the events: `rule`, `slug`, `is_synced`.
    Shipping without integration first asks the source of the order, so no transaction may be open.
    Raises RuleMisplaced, ArgumentMissing, MoveNotAllowed, agreeing.SourceUnreachable and what the
    command itself refuses.
    """
    if rule.command in OF_TRANSFERS:
        raise RuleMisplaced("It is a transition of transfers", slug=rule.slug)
    call = _Call(
        task_id=task_id,
        rule=_right_one(rule, task_id),
        arguments=arguments,
        actor=actor,
        now=now,
    )
    _check_arguments(call)
    if rule.command == C.SHIP_UNINTEGRATED:
        agreeing.refuse_unless_agreed(task_id=task_id, actor=actor)
    _TASKS[C(rule.command)](call)


def perform_on_transfer(
    *, transfer_id: int, rule: TransitionRule, arguments: Arguments, actor: Actor, now: datetime
) -> None:
    """Run the command of a transition on a transfer, as `perform` does on a task.

    Raises RuleMisplaced, transferring.TransferNotFound, MoveNotAllowed.
    """
    if rule.command not in OF_TRANSFERS:
        raise RuleMisplaced("It is no transition of transfers", slug=rule.slug)
    call = _Call(task_id=transfer_id, rule=rule, arguments=arguments, actor=actor, now=now)
    _TRANSFERS[C(rule.command)](call)


def _right_one(rule: TransitionRule, task_id: int) -> TransitionRule:
    """The transition meant: one that unblocks leads where the task was, by whatever sibling.

    Raises RuleMisplaced.
    """
    task = FulfillmentTask.objects.filter(pk=task_id)
    found = task.values_list("organization_id", "blocked_from").first()
    if found is None:
        return rule  # the command says that there is no such task
    organization_id, blocked_from = found
    if organization_id != rule.organization_id:
        raise RuleMisplaced("The transition is another organization's", slug=rule.slug)
    if rule.command != C.UNBLOCK or rule.slug != rule.family or not blocked_from:
        return rule
    before = states.STATE_OF[TaskStatus(blocked_from)]
    family = TransitionRule.objects.filter(
        organization_id=organization_id, family=rule.family, command=C.UNBLOCK, destination=before
    )
    return family.first() or rule


_NEEDED: Mapping[TransitionCommand, tuple[str, ...]] = {
    C.REFUSE: ("reason_number",),
    C.ITEMS_NOT_FOUND: ("line_numbers",),
    C.ITEMS_NOT_FOUND_ADVANCED: ("line_numbers",),
    C.ASSIGN_MANUALLY: ("groups",),
    C.UPDATE_INVOICE: ("invoice",),
    C.SHIP_ADVANCED: ("carrier", "tracking_number"),
    C.UPDATE_SHIPMENT_INFO: ("carrier", "tracking_number"),
}


def _check_arguments(call: _Call) -> None:
    names = _NEEDED.get(C(call.rule.command), ())
    if missing := [name for name in names if getattr(call.arguments, name) in (None, "", ())]:
        raise ArgumentMissing("The command needs more", names=missing)


def _state_transition(call: _Call) -> None:
    by_move: Mapping[tuple[str, str], Callable[..., None]] = {
        (states.WAITING, states.PREPARING): preparing.start_preparing,
        (states.REMOTE, states.PREPARING): preparing.start_preparing,
        (states.PREPARING, states.READY_TO_PACK): preparing.make_ready_for_packing,
        (states.REMOTE, states.WAITING): preparing.confirm_remote,
    }
    run = by_move.get((call.rule.source, call.rule.destination))
    if run is None:
        raise MoveNotAllowed("No state transition leads there", state=call.rule.source)
    _plain(run)(call)


def _plain(run: Callable[..., None]) -> Callable[[_Call], None]:
    """A command that is told nothing besides the task."""

    def command(call: _Call) -> None:
        run(task_id=call.task_id, actor=call.actor, now=call.now, asked=call.asked)

    return command


def _pack(call: _Call) -> None:
    packing = WholePacking(
        with_shipment=call.rule.command == C.COMPLETE_PACKING,
        carrier=call.arguments.carrier,
        parcel_count=call.arguments.parcel_count,
        weight_g=call.arguments.weight_g,
    )
    packing_whole.pack_whole(
        task_id=call.task_id, packing=packing, actor=call.actor, now=call.now, asked=call.asked
    )


def _pack_by_channel(call: _Call) -> None:
    """With the carrier the transition names for the order's channel, or the one the caller does
    instead; where it names none, without a shipment.
    """
    carrier = _carrier_of_channel(call)
    packing = WholePacking(
        with_shipment=bool(carrier),
        carrier=(call.arguments.carrier or carrier) if carrier else "",
        parcel_count=call.arguments.parcel_count,
        weight_g=call.arguments.weight_g,
    )
    packing_whole.pack_whole(
        task_id=call.task_id, packing=packing, actor=call.actor, now=call.now, asked=call.asked
    )


def _carrier_of_channel(call: _Call) -> str:
    """What the transition names by the channel's public number, else by its code."""
    carriers = call.rule.config.get("carriers", {})
    tasks = FulfillmentTask.objects.filter(pk=call.task_id)
    number, code = tasks.values_list("channel__number", "channel__code").first() or (0, "")
    return carriers.get(str(number), carriers.get(code)) or ""


def _refuse(call: _Call) -> None:
    returning.refuse_task(
        task_id=call.task_id,
        reason_number=call.arguments.reason_number or 0,
        note=call.arguments.note,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _report_missing(call: _Call) -> None:
    returning.report_missing_items(
        task_id=call.task_id,
        line_numbers=call.arguments.line_numbers,
        reason=call.arguments.discrepancy,
        is_whole=call.rule.command == C.ITEMS_NOT_FOUND,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _block(call: _Call) -> None:
    blocking.block_task(
        task_id=call.task_id,
        note=call.arguments.note,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _assign(call: _Call) -> None:
    assigning.assign_manually(
        task_id=call.task_id,
        groups=call.arguments.groups,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _ship(call: _Call) -> None:
    is_told = call.rule.command == C.SHIP_ADVANCED
    shipping.ship_task(
        task_id=call.task_id,
        numbers=call.arguments.numbers if is_told else None,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


_BY_DESTINATION: Mapping[str, Callable[..., None]] = {
    states.DELIVERED: shipping.deliver_task,
    states.ATTEMPTED: shipping.record_attempt,
    states.FAILED: shipping.record_delivery_failure,
}


def _update_status(call: _Call) -> None:
    _plain(_BY_DESTINATION[call.rule.destination])(call)


def _update_numbers(call: _Call) -> None:
    details.change_shipment(
        task_id=call.task_id,
        numbers=call.arguments.numbers,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _update_invoice(call: _Call) -> None:
    if call.arguments.invoice is not None:
        details.change_invoice(
            task_id=call.task_id,
            invoice=call.arguments.invoice,
            actor=call.actor,
            now=call.now,
            asked=call.asked,
        )


_TASKS: Mapping[TransitionCommand, Callable[[_Call], None]] = {
    C.STATE_TRANSITION: _state_transition,
    C.COMPLETE_PACKING: _pack,
    C.COMPLETE_PACKING_UNSHIPPED: _pack,
    C.COMPLETE_PACKING_BY_CHANNEL: _pack_by_channel,
    C.REFUSE: _refuse,
    C.ITEMS_NOT_FOUND: _report_missing,
    C.ITEMS_NOT_FOUND_ADVANCED: _report_missing,
    C.PACK_FOR_REFUND: _plain(refunding.pack_for_refund),
    C.BLOCK: _block,
    C.UNBLOCK: _plain(blocking.unblock_task),
    C.RELEASE_RESERVATIONS: _plain(preparing.release_reservations),
    C.REPLAN: _plain(returning.replan_task),
    C.UPDATE_INVOICE: _update_invoice,
    C.ASSIGN_MANUALLY: _assign,
    C.SHIP: _ship,
    C.SHIP_BASIC: _ship,
    C.SHIP_ADVANCED: _ship,
    C.SHIP_UNINTEGRATED: _ship,
    C.UPDATE_SHIPMENT_STATUS: _update_status,
    C.UPDATE_SHIPMENT_INFO: _update_numbers,
    C.READY_FOR_PICKUP: _plain(shipping.make_ready_for_pickup),
    C.COLLECT: _plain(shipping.collect_task),
}


def _transfer_ready(call: _Call) -> None:
    transferring.dispatch_advance(
        transfer_id=call.task_id,
        carrier=call.arguments.carrier,
        tracking_number=call.arguments.tracking_number,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _transfer_missing(call: _Call) -> None:
    transferring.report_transfer_missing(
        transfer_id=call.task_id,
        reason=call.arguments.discrepancy,
        actor=call.actor,
        now=call.now,
        asked=call.asked,
    )


def _of_transfer(run: Callable[..., None]) -> Callable[[_Call], None]:
    def command(call: _Call) -> None:
        run(transfer_id=call.task_id, actor=call.actor, now=call.now, asked=call.asked)

    return command


_TRANSFERS: Mapping[TransitionCommand, Callable[[_Call], None]] = {
    C.TRANSFER_READY: _transfer_ready,
    C.TRANSFER_DISPATCH: _of_transfer(transferring.dispatch_transfer),
    C.TRANSFER_COMPLETE: _of_transfer(transferring.complete_transfer),
    C.TRANSFER_NOT_FOUND: _transfer_missing,
}
