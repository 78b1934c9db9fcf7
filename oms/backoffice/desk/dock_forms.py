"""What is asked when a carrier takes parcels away."""

from django import forms


class HandoverForm(forms.Form):
    carrier = forms.CharField(max_length=255)
    vehicle_number = forms.CharField(label="Vehicle", max_length=255, required=False)
    remarks = forms.CharField(max_length=255, required=False)
    lr_number = forms.CharField(label="Lorry receipt number", max_length=255, required=False)
    eway_bill = forms.CharField(
        label="E-way bill", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    signed = forms.FileField(
        label="Signed document",
        required=False,
        help_text="PDF, PNG or JPEG; it can also be added later",
    )


class SignedForm(forms.Form):
    signed = forms.FileField(label="Signed document")
