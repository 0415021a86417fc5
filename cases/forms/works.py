"""A work, its sample, and the proof of who owns it (法释〔2002〕31号 7)."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from cases.forms.uploads import ProofField, SampleField
from cases.registration import Proof, Upload
from evidence.models import Exhibit, Party, Work
from evidence.reading import shown_name

PROOFS_AT_ONCE = 3
# A sample that is shorter than this cannot be told from chance.
SHORTEST_SAMPLE = 30
LONGEST_PASTE = 500_000


def date_input() -> forms.DateInput:
    """A calendar that holds ISO dates, as browsers ask."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WorkForm(forms.ModelForm[Work]):
    party = forms.ModelChoiceField(
        Party.objects.none(), label=_("权利人"), empty_label=None
    )
    sample_file = SampleField(
        label=_("作品样本文件"),
        required=False,
        help_text=_("DOCX、PDF、PPTX 或 TXT，用于与文库中的文档逐段比对。"),
    )
    pasted = forms.CharField(
        label=_("或粘贴作品文字"),
        required=False,
        max_length=LONGEST_PASTE,
        validators=[MinLengthValidator(SHORTEST_SAMPLE)],
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    class Meta:
        model = Work
        fields = [
            "party",
            "title",
            "kind",
            "author",
            "origin",
            "completed_on",
            "published_on",
            "publication",
            "registration",
        ]
        widgets = {"completed_on": date_input(), "published_on": date_input()}
        help_texts = {
            "author": _("作品上的署名；法人作品填单位名称。"),
            "publication": _("书号、刊号、DOI 或网址。"),
            "registration": _("作品登记证书上的编号。"),
        }

    def __init__(self, *args: Any, parties: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("kind", "origin"):
            _ask_to_choose(self.fields[name])
        holders = self.fields["party"]
        holders.queryset = parties  # type: ignore[attr-defined]
        holders.label_from_instance = lambda party: party.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for name in ("completed_on", "published_on"):
            if (day := facts.get(name)) and day > self.today:
                self.add_error(name, _("日期不能晚于今天。"))
        given = [facts.get("sample_file"), facts.get("pasted")]
        if "sample_file" not in self.errors and "pasted" not in self.errors:
            if not any(given):
                self.add_error("sample_file", _("请上传样本文件，或在下面粘贴文字。"))
            if all(given):
                self.add_error("pasted", _("文件和粘贴文字请二选一。"))
        return facts

    def facts(self) -> dict[str, Any]:
        """Return the fields of Work that describe it."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields[1:]}

    def sample(self) -> Upload:
        upload = self.cleaned_data["sample_file"]
        if upload:
            return Upload(upload, shown_name(upload.name))
        return Upload(self.cleaned_data["pasted"].encode(), str(_("粘贴的文字.txt")))


def _ask_to_choose(field: Any) -> None:
    field.choices = [("", _("请选择")), *[each for each in field.choices if each[0]]]


class ProofForm(forms.Form):
    """One row of proof; rows beyond the first may stay empty."""

    kind = forms.ChoiceField(label=_("证据种类"), choices=Exhibit.Kind.choices)
    file = ProofField(label=_("证明文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = not self.empty_permitted

    def proof(self) -> Proof:
        upload = self.cleaned_data["file"]
        return Proof(self.cleaned_data["kind"], Upload(upload, shown_name(upload.name)))


class ProofForms(forms.BaseFormSet[ProofForm]):
    def proofs(self) -> list[Proof]:
        filled = [form for form in self.forms if form.cleaned_data.get("file")]
        return [form.proof() for form in filled]


# Papers that may be attached, none of them asked for.
PaperFormSet: Any = forms.formset_factory(
    ProofForm,
    formset=ProofForms,
    extra=PROOFS_AT_ONCE,
    max_num=PROOFS_AT_ONCE,
    absolute_max=PROOFS_AT_ONCE,
)
ProofFormSet: Any = forms.formset_factory(
    ProofForm,
    formset=ProofForms,
    extra=PROOFS_AT_ONCE - 1,
    min_num=1,
    validate_min=True,
    max_num=PROOFS_AT_ONCE,
    absolute_max=PROOFS_AT_ONCE,
)
