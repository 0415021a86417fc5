"""What a seller hands in: one file or several, a title, a price."""

import uuid
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from cases.forms.uploads import UploadField
from cases.gate.receiving import Offer
from cases.registration import Upload
from evidence.listings import NUMBER
from evidence.models import SellerAccount
from evidence.reading import shown_name

FILES_AT_ONCE = 20
LONGEST_TITLE = 300
LEAST_CONTEST = 10
MOST_CENTS = 9_999_999


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(UploadField):
    """Several files in one field, each of them held to the same limits."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > FILES_AT_ONCE:
            raise forms.ValidationError(
                _("一次最多上传 %(most)d 份文件。"), params={"most": FILES_AT_ONCE}
            )
        return [super(FilesField, self).clean(each, initial) for each in files or [""]]


class HandInForm(forms.Form):
    seller = forms.ModelChoiceField(
        SellerAccount.objects.none(), label=_("卖家账号"), empty_label=None
    )
    uploads = FilesField(
        label=_("文件"),
        help_text=_(
            "可一次选择多份，最多 20 份。支持 DOCX、PDF、PPTX、XLSX、TXT、HTML 和 DOC。"
        ),
    )
    title = forms.CharField(
        label=_("标题"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("不填则用文件名；一次上传多份时请留空。"),
    )
    price = forms.DecimalField(
        label=_("价格（元）"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(MOST_CENTS) / 100,
        decimal_places=2,
    )
    number = forms.CharField(
        label=_("更新已有文档"),
        required=False,
        max_length=40,
        help_text=_("填写您在售文档的编号，发布后成为它的新版本；新文档留空。"),
    )
    # A form that is sent twice hands in once.
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, sellers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        field = self.fields["seller"]
        field.queryset = sellers  # type: ignore[attr-defined]
        if sellers.count() == 1:
            field.initial = sellers.get()
            field.widget = forms.HiddenInput()

    def clean_title(self) -> str:
        return shown_name(self.cleaned_data["title"].replace("/", "／"))

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip()
        if number and not NUMBER.fullmatch(number):
            raise forms.ValidationError(_("编号只含字母、数字、连字符和下划线。"))
        return number

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if len(facts.get("uploads") or []) > 1:
            if facts.get("title"):
                self.add_error("title", _("一次上传多份文件时，标题取自文件名。"))
            if facts.get("number"):
                self.add_error("number", _("更新已有文档时，一次只能上传一份文件。"))
        return facts

    def offers(self) -> list[Offer]:
        facts = self.cleaned_data
        return [
            offer_of(
                upload,
                title=facts["title"],
                price=facts["price"],
                number=facts["number"],
                key=f"{facts['key']}:{ordinal}" if facts["key"] else "",
            )
            for ordinal, upload in enumerate(facts["uploads"])
        ]


def offer_of(
    upload: Any,
    *,
    title: str,
    price: Decimal | None,
    number: str = "",
    key: str = "",
) -> Offer:
    """Name a file by its title, else by its own name without the ending."""
    name = shown_name(upload.name or "")
    stem = PurePath(name).stem if name else ""
    return Offer(
        upload=Upload(upload, name),
        title=(title or stem or str(_("未命名文件")))[:LONGEST_TITLE],
        price_cents=None if price is None else int(price * 100),
        number=number,
        key=key,
    )


class ContestForm(forms.Form):
    """Why the seller thinks that the file may be on sale."""

    reasoning = forms.CharField(
        label=_("复核理由"),
        max_length=4_000,
        validators=[MinLengthValidator(LEAST_CONTEST)],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "至少 10 字。说明文件由谁撰写、何时完成，或者授权来源；"
            "复核由未参与过审核的人员进行。"
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
