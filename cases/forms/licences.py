"""Who may hold a work: documents by number, alone or with their whole account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.listed import DocumentNumbersField


class LicenceForm(forms.Form):
    DOCUMENT, ACCOUNT = "document", "account"

    numbers = DocumentNumbersField(
        label=_("文档"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一份：文档编号，或含有编号的网页地址。"),
    )
    scope = forms.ChoiceField(
        label=_("授权范围"),
        choices=[
            (DOCUMENT, _("只授权这些文档")),
            (ACCOUNT, _("授权出售这些文档的账号，包括其以后上传的文档")),
        ],
        initial=DOCUMENT,
        widget=forms.RadioSelect,
    )

    @property
    def is_for_accounts(self) -> bool:
        return bool(self.cleaned_data["scope"] == self.ACCOUNT)
