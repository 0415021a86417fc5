"""What a seller fills in about a measure on the account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ObjectionForm(forms.Form):
    statement = forms.CharField(
        label=_("异议理由"),
        min_length=10,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("以一次为限；审查期间措施继续执行。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
