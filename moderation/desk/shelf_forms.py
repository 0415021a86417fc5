"""What compliance fills in about shelves and proposals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.listed import DocumentNumbersField
from cases.forms.uploads import SampleField
from evidence.models import Shelf, ShelfProposal

KINDS = {
    Shelf.Kind.OFFICIAL: _("著作权法第五条"),
    Shelf.Kind.CLASSIC: _("著作权法第二十三条"),
    Shelf.Kind.CLAUSE: _("属于有限表达，不构成作品"),
    Shelf.Kind.SITE: _("各网站、各文档都有的文字"),
}


class ShelfForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(
        label=_("种类"), choices=Shelf.Kind.choices, initial=Shelf.Kind.OFFICIAL
    )


class ShelveForm(forms.Form):
    """A file, or documents that are held already; one of the two."""

    file = SampleField(
        label=_("文件"),
        required=False,
        help_text=_("DOCX、PDF、PPTX 或 TXT。由后台读取，读完即生效。"),
    )
    numbers = DocumentNumbersField(
        label=_("或按文档编号"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一份：文档编号，或含有编号的网页地址。"),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        given = [facts.get("file"), facts.get("numbers")]
        if not self.errors and not any(given):
            self.add_error("file", _("请选择文件，或填写文档编号。"))
        return facts


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        min_length=4,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明为什么这份文本不再可以任意使用。理由留存备查。"),
    )


class DecisionsForm(forms.Form):
    """Ticked proposals and what is made of them."""

    ACCEPT, REFUSE = "accept", "refuse"

    act = forms.ChoiceField(choices=[(ACCEPT, ACCEPT), (REFUSE, REFUSE)])
    proposal = forms.ModelMultipleChoiceField(ShelfProposal.objects.all())
    shelf = forms.ModelChoiceField(
        Shelf.objects.order_by("name"),
        required=False,
        empty_label=_("标准条款与格式文本"),
        widget=forms.Select(attrs={"aria-label": _("采纳后放上哪个书架")}),
    )
