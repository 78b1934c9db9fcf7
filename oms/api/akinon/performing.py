"""A configured transition as this language runs it: with the invoice its configuration asks for."""

import datetime as dt
from dataclasses import replace

from fulfillment.choices import TransitionCommand
from fulfillment.models import TransitionRule
from fulfillment.services import commands
from fulfillment.services.commands import InvoiceDraft, rule_configs
from oms.api.akinon import package_reads
from oms.api.akinon.rendering import packages
from oms.api.akinon.sync import invoicing
from oms.kernel.actors import Actor


def perform(
    *,
    task_id: int,
    rule: TransitionRule,
    arguments: commands.Arguments,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Fetch the invoice first, for a failure stops the transition; then run the command.

    The invoice is kept once the command is done. Raises what `commands.perform` does, and
    invoicing.InvoiceCallFailed.
    """
    invoice = _invoice(task_id, rule, actor=actor, now=now)
    is_all = rule.command == TransitionCommand.UPDATE_INVOICE
    if invoice is not None and is_all:
        arguments = replace(arguments, invoice=invoice)
    commands.perform(task_id=task_id, rule=rule, arguments=arguments, actor=actor, now=now)
    if invoice is not None and not is_all:
        commands.change_invoice(task_id=task_id, invoice=invoice, actor=actor, now=now)


def _invoice(
    task_id: int, rule: TransitionRule, *, actor: Actor, now: dt.datetime
) -> InvoiceDraft | None:
    """What the configuration asks for; a command that will be refused asks nobody."""
    if not invoicing.is_asked(rule.config):
        return None
    found = package_reads.shown(list(package_reads.feed(actor=actor).filter(pk=task_id)), now=now)
    if not found or found[0].state.enum_value != rule.source:
        return None
    return invoicing.asked_for(
        rule_configs.config_of(rule),
        organization_id=found[0].task.organization_id,
        order_id=found[0].task.order_id,
        package=packages.package(found[0]),
    )
