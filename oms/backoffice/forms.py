"""What staff are asked before an action is taken."""

from django import forms

from oms.orders.choices import CancelParty, HoldReason


class CancelForm(forms.Form):
    party = forms.ChoiceField(
        label="Whose wish",
        choices=[
            (CancelParty.CUSTOMER, "The customer's"),
            (CancelParty.SELLER, "Ours"),
        ],
        initial=CancelParty.CUSTOMER,
    )
    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text="Told to the point"
    )


class HoldForm(forms.Form):
    reason = forms.ChoiceField(choices=HoldReason)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    expires_at = forms.DateTimeField(
        label="Ends by itself",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="In UTC; empty: when somebody releases it",
    )


class DecisionForm(forms.Form):
    comment = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))


class EraseForm(forms.Form):
    is_sure = forms.BooleanField(label="I know that this cannot be undone")


class AdjustForm(forms.Form):
    delta = forms.IntegerField(
        label="Change of units on hand",
        help_text="Negative takes away",
        min_value=-1_000_000,
        max_value=1_000_000,
    )
    reason = forms.CharField(max_length=160, help_text="Stands in the ledger for good")

    def clean_delta(self) -> int:
        delta = int(self.cleaned_data["delta"])
        if delta == 0:
            raise forms.ValidationError("Zero changes nothing.")
        return delta


class OwnerForm(forms.Form):
    owner = forms.CharField(
        label="User name of a colleague", required=False, max_length=150, help_text="Empty: nobody"
    )


class SnoozeForm(forms.Form):
    hours = forms.TypedChoiceField(
        label="For",
        coerce=int,
        choices=[(1, "An hour"), (4, "Four hours"), (24, "A day"), (72, "Three days")],
        initial=24,
    )


class ShipEverythingForm(forms.Form):
    until = forms.ChoiceField(
        label="Until",
        choices=[("delivered", "they are delivered"), ("shipped", "they are picked up")],
        initial="delivered",
    )


class ClockForm(forms.Form):
    hours = forms.TypedChoiceField(
        label="By",
        coerce=int,
        choices=[(1, "An hour"), (24, "A day"), (168, "A week"), (720, "Thirty days")],
        initial=24,
    )


class AskForProductsForm(forms.Form):
    spu_ids = forms.CharField(
        label="The channel's product ids",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line; empty: all products",
    )

    def clean_spu_ids(self) -> list[str]:
        lines = str(self.cleaned_data["spu_ids"]).splitlines()
        return [name for line in lines if (name := line.strip())]
