"""Declarations, each with a tick of its own, and the name that is typed under them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases.declarations import Declaration
from evidence.models import Party


class SigningForm(forms.Form):
    """Nothing is ticked beforehand; the signature is the signer's own name."""

    declared = forms.MultipleChoiceField(
        label=_("声明"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("全部声明均须勾选。")},
    )
    signature = forms.CharField(
        label=_("签名"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        signer: Party | None,
        declarations: Sequence[Declaration],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signer, self.declarations = signer, declarations
        self.fields["declared"].choices = declaration_choices(declarations)  # type: ignore[attr-defined]
        self.fields["signature"].help_text = _(
            "请输入签名人的全名（名称），须与主体信息完全一致。签名以加盐摘要保存。"
        )

    def clean_declared(self) -> list[str]:
        codes = list(self.cleaned_data["declared"])
        if len(codes) < len(self.declarations):
            raise forms.ValidationError(_("全部声明均须勾选。"))
        return codes

    def clean_signature(self) -> str:
        typed = str(self.cleaned_data["signature"]).strip()
        if typed and self.signer and typed != self.signer.name:
            raise forms.ValidationError(_("与主体信息中的姓名（名称）不一致。"))
        return typed


def declaration_choices(
    declarations: Sequence[Declaration],
) -> Sequence[tuple[str, Any]]:
    return [
        (
            declaration.code,
            format_html(
                '<span>{} <span class="grey small">{}</span></span>',
                declaration.text,
                declaration.article,
            ),
        )
        for declaration in declarations
    ]
