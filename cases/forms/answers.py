"""反通知 as its form takes it, and the cure of one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.answering import LEAST_EXPLANATION, Answer
from cases.declarations import Declaration
from cases.forms.signing import SigningForm
from cases.forms.uploads import SampleField
from cases.models import DefectFound
from cases.registration import Proof, Upload
from cases.workflows.counter_notice import Ground
from evidence.models import Party
from evidence.reading import shown_name


class CounterForm(SigningForm):
    """Reasons, and for a cure by edit the new version; proofs are a formset."""

    ground = forms.ChoiceField(
        label=_("理由"), choices=Ground.choices, widget=forms.RadioSelect
    )
    explanation = forms.CharField(
        label=_("说明"),
        min_length=LEAST_EXPLANATION,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("至少 20 字。全文会转送投诉人，请不要写入与本案无关的个人信息。"),
    )
    amended = SampleField(
        label=_("新版文件"),
        required=False,
        help_text=_("仅在理由为“已删除涉案部分”时上传，本站会重新比对。"),
    )
    field_order = ["ground", "explanation", "amended", "declared", "signature"]

    def __init__(
        self,
        *args: Any,
        signer: Party,
        declarations: Sequence[Declaration],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, signer=signer, declarations=declarations, **kwargs)

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        missing = not facts.get("amended") and "amended" not in self.errors
        if facts.get("ground") == Ground.REMOVED and missing:
            self.add_error("amended", _("请上传已删除涉案部分的新版文件。"))
        return facts

    def answer(self, proofs: list[Proof]) -> Answer:
        told = self.cleaned_data
        upload = told["amended"] if told["ground"] == Ground.REMOVED else None
        return Answer(
            ground=told["ground"],
            explanation=told["explanation"],
            proofs=proofs,
            declared=told["declared"],
            signature=told["signature"],
            amended=Upload(upload, shown_name(upload.name)) if upload else None,
        )


class DefectAnswersForm(forms.Form):
    """One answer for each defect that was found, and the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        defects: list[tuple[str, DefectFound]],
        amends: bool = False,
        **kwargs: Any,
    ) -> None:
        """amends: whether a new version was filed, which another may replace."""
        super().__init__(*args, **kwargs)
        self.codes = [defect.code for _label, defect in defects]
        for label, defect in defects:
            self.fields[defect.code] = forms.CharField(
                label=f"{defect.code} {label}",
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=defect.fact,
            )

        if amends:
            self.fields["amended"] = SampleField(
                label=_("新版文件"),
                required=False,
                help_text=_("需要更换新版的请上传，本站会重新比对；不更换的留空。"),
            )

    def amended(self) -> Upload | None:
        upload = self.cleaned_data.get("amended")
        return Upload(upload, shown_name(upload.name)) if upload else None

    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data[code].strip() for code in self.codes}
