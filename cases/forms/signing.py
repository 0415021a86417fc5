"""Declarations, each with a tick of its own, and the name that is typed under them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases.declarations import Declaration
from evidence.models import Party


class SigningForm(forms.Form):
    """Nothing is ticked beforehand; the signature is the signer's own name. Only what
    is offered can be left unticked."""

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
        offered: Sequence[Declaration] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signer, self.declarations = signer, declarations
        choices = declaration_choices([*declarations, *offered])
        self.fields["declared"].choices = choices  # type: ignore[attr-defined]
        self.fields["signature"].help_text = _(
            "请输入签名人的全名（名称），须与主体信息完全一致。签名以加盐摘要保存。"
        )

    def clean_declared(self) -> list[str]:
        codes = list(self.cleaned_data["declared"])
        if not {each.code for each in self.declarations} <= set(codes):
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
    """Each with its article, and the words of a foreign statute below the Chinese."""
    return [(each.code, _worded(each)) for each in declarations]


def _worded(declaration: Declaration) -> SafeString:
    said = str(declaration.text)
    line = format_html(
        '{} <span class="grey small">{}</span>', said, declaration.article
    )
    if declaration.original in ("", said):
        return format_html("<span>{}</span>", line)
    below = '<span>{}<small class="original" lang="en">{}</small></span>'
    return format_html(below, line, declaration.original)
