"""What a reporter fills in, and what they send afterwards."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.reasons import REASONS, grouped_choices
from cases.registration import Upload
from cases.reporting import MAX_FILES, Said
from cases.workflows.appeal import AppealGround
from evidence.models import Document
from evidence.reading import shown_name

FILE_BYTES = 10 * 1024 * 1024
SHORTEST = 10
GOOD_FAITH = _(
    "我所说的情况属实，出于善意举报；捏造事实、恶意举报的，愿意承担法律责任。"
)


class Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Up to MAX_FILES files, none of them larger than FILE_BYTES."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, list | tuple) else [data]
        files: list[UploadedFile[Any]] = [each for each in given if each]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("最多五个文件。"))
        if any((each.size or 0) > FILE_BYTES for each in files):
            raise forms.ValidationError(_("单个文件不能超过 10 MB。"))
        if any(not each.size for each in files):
            raise forms.ValidationError(_("文件是空的。"))
        return files


class ReportForm(forms.Form):
    """A report of one document. Whoever is signed in may leave their account out."""

    reason = forms.ChoiceField(
        label=_("举报事由"),
        choices=lambda: [("", _("请选择")), *grouped_choices()],
    )
    minors = forms.ChoiceField(
        label=_("是否涉及未成年人"),
        choices=[("no", _("不涉及")), ("yes", _("涉及"))],
        widget=forms.RadioSelect,
    )
    statement = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明问题在哪里、为什么。侵权类和其他类必须填写，至少 10 字。"),
    )
    segment = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    page = forms.IntegerField(
        label=_("所在页码"), required=False, min_value=1, max_value=100_000
    )
    quote = forms.CharField(
        label=_("涉及的文字"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    attachments = SeveralFilesField(
        label=_("截图或附件"),
        required=False,
        widget=Several,
        help_text=_("最多五个，每个不超过 10 MB。"),
    )
    name = forms.CharField(
        label=_("您的姓名"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("可以不填。不会告知被举报人。"),
    )
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("可以不填，不填的凭查询码查看结果。不会告知被举报人。"),
    )
    unnamed = forms.BooleanField(label=_("匿名举报，不与我的账号关联"), required=False)
    good_faith = forms.BooleanField(
        label=GOOD_FAITH, error_messages={"required": _("请确认举报出于善意。")}
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    proof = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2_000)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signed_in:
            del self.fields["unnamed"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        reason = REASONS.get(facts.get("reason", ""))
        statement = (facts.get("statement") or "").strip()
        if reason and reason.needs_statement and len(statement) < SHORTEST:
            self.add_error("statement", _asked(reason.asks))
        elif statement and len(statement) < SHORTEST:
            self.add_error("statement", _("说明至少写 10 字，也可以不填。"))
        return facts

    def said(self) -> Said:
        facts = self.cleaned_data
        return Said(
            reason=facts["reason"],
            minors=facts["minors"] == "yes",
            statement=facts["statement"].strip(),
            segment=facts["segment"],
            page=facts["page"],
            quote=facts["quote"].strip(),
            name=facts["name"].strip(),
            email=facts["email"].strip(),
            files=[
                Upload(each, shown_name(each.name or ""))
                for each in facts["attachments"]
            ],
        )


def _asked(asks: Sentence) -> str:
    words = _("请用至少 10 字写明：%(asks)s。")
    return str(words % {"asks": asks})


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("文档编号或网址"),
        max_length=300,
        help_text=_("文档已经下架或删除的，也可以按编号举报。"),
    )


class StatusForm(forms.Form):
    number = forms.CharField(
        label=_("回执号"),
        max_length=32,
        widget=forms.TextInput(attrs={"placeholder": "HZ-2026-000001"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class SupplyForm(forms.Form):
    answer = forms.CharField(
        label=_("补充内容"),
        min_length=SHORTEST,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AppealForm(forms.Form):
    """Why a decision is contested; sellers may add the file that they mended."""

    ground = forms.ChoiceField(label=_("理由类别"), widget=forms.RadioSelect)
    statement = forms.CharField(
        label=_("具体理由"),
        min_length=SHORTEST,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    document = forms.ModelChoiceField(
        label=_("修改的文档"),
        queryset=Document.objects.none(),
        required=False,
        help_text=_("选择“已经修改”的必须指明；新版文件经比对和审查后取代原文件。"),
    )
    file = forms.FileField(
        label=_("修改后的文件或新证据"),
        required=False,
        help_text=_("不超过 10 MB。选择“已经修改”的必须提供。"),
    )

    def __init__(
        self,
        *args: Any,
        is_seller: bool,
        documents: QuerySet[Document] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if documents is not None:
            field = self.fields["document"]
            field.queryset = documents  # type: ignore[attr-defined]
            field.initial = documents.first()
        mended = AppealGround.MENDED
        self.fields["ground"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in AppealGround.choices
            if is_seller or value != mended
        ]
        if not is_seller:
            del self.fields["file"], self.fields["document"]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        file = facts.get("file")
        if file and file.size > FILE_BYTES:
            self.add_error("file", _("单个文件不能超过 10 MB。"))
        if facts.get("ground") == AppealGround.MENDED and not file:
            self.add_error("file", _("请附上修改后的文件。"))
        if facts.get("ground") == AppealGround.MENDED and not facts.get("document"):
            self.add_error("document", _("请指明修改的是哪一份文档。"))
        return facts

    def mended(self) -> Document | None:
        """Return the document that the file mends; None on other grounds."""
        told = self.cleaned_data
        document: Document | None = told.get("document")
        return document if told["ground"] == AppealGround.MENDED else None

    def upload(self) -> Upload | None:
        file = self.cleaned_data.get("file")
        return Upload(file, shown_name(file.name)) if file else None
