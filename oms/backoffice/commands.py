"""Commands of tasks and transfers for staff: which are offered, and what each has to be told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms

from fulfillment.choices import DiscrepancyReason, InvoiceDocument, TaskStatus, TransferStatus
from fulfillment.choices import TransitionCommand as C
from fulfillment.models import DenialReason, FulfillmentTask, TransferOrder, TransitionRule
from fulfillment.services.commands import (
    OF_TRANSFERS,
    STATE_OF,
    TRANSFER_STATE_OF,
    Arguments,
    Group,
    InvoiceDraft,
)
from oms.locations.models import FulfillmentPoint

_INSTANT = {"type": "datetime-local"}


def rules_for(row: FulfillmentTask | TransferOrder) -> list[TransitionRule]:
    """The transitions that are shown and begin where a task or transfer is."""
    if isinstance(row, TransferOrder):
        state, is_ours = TRANSFER_STATE_OF[TransferStatus(row.status)], OF_TRANSFERS.__contains__
    else:
        state, is_ours = STATE_OF[TaskStatus(row.status)], lambda name: name not in OF_TRANSFERS
    rules = TransitionRule.objects.filter(
        organization_id=row.organization_id, source=state, is_visible=True
    ).order_by("pk")
    offered = [rule for rule in rules if is_ours(C(rule.command))]
    return _once_unblocked(row, offered)


def _once_unblocked(row: Any, rules: Iterable[TransitionRule]) -> list[TransitionRule]:
    """Of the ways out of a block only the one to where the task was before."""
    before = getattr(row, "blocked_from", "")
    back = STATE_OF[TaskStatus(before)] if before else ""
    return [rule for rule in rules if rule.command != C.UNBLOCK or rule.destination == back]


class CommandForm(forms.Form):
    """A command that needs to be told nothing."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.prepare()

    def prepare(self) -> None:
        """Hook: what there is to choose from."""

    def arguments(self) -> Arguments:
        """The answers, for the service."""
        return Arguments()


class PackForm(CommandForm):
    carrier = forms.CharField(required=False, max_length=255, help_text="Empty: the task's own")
    parcel_count = forms.IntegerField(label="Parcels", min_value=1, max_value=100, initial=1)
    weight_g = forms.IntegerField(label="Weight in grams", required=False, min_value=1)

    def arguments(self) -> Arguments:
        return Arguments(**self.cleaned_data)


class RefuseForm(CommandForm):
    reason = forms.ModelChoiceField(queryset=DenialReason.objects.none())
    note = forms.CharField(
        required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        field = self.fields["reason"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = DenialReason.objects.filter(
                organization_id=self.row.organization_id, is_active=True
            ).order_by("priority", "title")

    def arguments(self) -> Arguments:
        said = self.cleaned_data
        return Arguments(reason_number=said["reason"].public_number, note=said["note"])


def _lines_of(task: FulfillmentTask) -> list[tuple[int, str]]:
    lines = task.lines.select_related("sku", "order_line").order_by("pk")
    return [
        (line.number, f"{line.quantity_live} of {line.sku.code} {line.order_line.name}".strip())
        for line in lines
        if line.quantity_live
    ]


class MissingForm(CommandForm):
    lines = forms.TypedMultipleChoiceField(
        label="What is missing", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ChoiceField(choices=DiscrepancyReason)

    def prepare(self) -> None:
        field = self.fields["lines"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = _lines_of(self.row)

    def arguments(self) -> Arguments:
        said = self.cleaned_data
        return Arguments(
            line_numbers=tuple(said["lines"]), discrepancy=DiscrepancyReason(said["reason"])
        )


class TransferMissingForm(CommandForm):
    reason = forms.ChoiceField(choices=DiscrepancyReason)

    def arguments(self) -> Arguments:
        return Arguments(discrepancy=DiscrepancyReason(self.cleaned_data["reason"]))


class NumbersForm(CommandForm):
    carrier = forms.CharField(max_length=255)
    tracking_number = forms.CharField(max_length=128)

    def arguments(self) -> Arguments:
        return Arguments(**self.cleaned_data)


class ShipmentForm(NumbersForm):
    query_number = forms.CharField(
        required=False, max_length=128, help_text="Where the carrier is asked by another number"
    )


class InvoiceForm(CommandForm):
    number = forms.CharField(label="Invoice number", max_length=128)
    issued_at = forms.DateTimeField(
        label="Issued", widget=forms.DateTimeInput(attrs=_INSTANT), help_text="In UTC"
    )
    url = forms.URLField(label="Address of the document", max_length=2048, assume_scheme="https")

    def arguments(self) -> Arguments:
        said = self.cleaned_data
        draft = InvoiceDraft(
            number=said["number"],
            issued_at=said["issued_at"],
            kind=InvoiceDocument.URL,
            url=said["url"],
        )
        return Arguments(invoice=draft)


class PlanForm(CommandForm):
    """A point for each line; lines of one point become one task."""

    def prepare(self) -> None:
        points = FulfillmentPoint.objects.filter(
            organization_id=self.row.organization_id, is_active=True
        ).order_by("priority", "name")
        choices = [(point.code, f"{point.name} ({point.code})") for point in points]
        for line, label in _lines_of(self.row):
            self.fields[f"line_{line}"] = forms.ChoiceField(
                label=label, choices=choices, initial=self.row.point.code
            )

    def arguments(self) -> Arguments:
        by_point: dict[str, list[int]] = {}
        for name, code in self.cleaned_data.items():
            by_point.setdefault(code, []).append(int(name.removeprefix("line_")))
        groups = tuple(
            Group(line_numbers=tuple(lines), point_code=code) for code, lines in by_point.items()
        )
        return Arguments(groups=groups)


FORMS: Mapping[str, type[CommandForm]] = {
    C.COMPLETE_PACKING: PackForm,
    C.COMPLETE_PACKING_BY_CHANNEL: PackForm,
    C.REFUSE: RefuseForm,
    C.ITEMS_NOT_FOUND: MissingForm,
    C.ITEMS_NOT_FOUND_ADVANCED: MissingForm,
    C.UPDATE_INVOICE: InvoiceForm,
    C.ASSIGN_MANUALLY: PlanForm,
    C.SHIP_ADVANCED: NumbersForm,
    C.UPDATE_SHIPMENT_INFO: ShipmentForm,
    C.TRANSFER_READY: NumbersForm,
    C.TRANSFER_NOT_FOUND: TransferMissingForm,
}
DESTRUCTIVE: Sequence[str] = (C.REFUSE, C.ITEMS_NOT_FOUND, C.PACK_FOR_REFUND, C.ASSIGN_MANUALLY)


def form_of(command: str) -> Callable[..., CommandForm]:
    """The form of a command."""
    return FORMS.get(command, CommandForm)
