"""What the desk fills in about reports: one form for each step that a person takes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Report
from cases.models.acts import Restriction
from cases.reasons import grouped_choices, priority_of
from cases.rulings import FOUND
from cases.workflows.report import OPEN, Ground, Outcome
from moderation.desk.forms import LEAST_REASONING

Level = Restriction.Level
LEVELS = [
    ("", _("不采取措施")),
    *[(level, level.label) for level in Level if level != Level.ONLY_FORWARD],
]
DURATIONS = [
    (0, _("至另行决定")),
    *[(days, _("%(days)d 日") % {"days": days}) for days in (3, 7, 15, 30, 90, 180)],
]
# So many characters of a reporter's own words, in a row, give the reporter away.
RUN = 12


class StepForm(forms.Form):
    """A step that asks for nothing but the version that its page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["version"].initial = case.version

    def facts(self) -> dict[str, Any]:
        """Return the facts that the step takes."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version"
        }


class QuestionForm(StepForm):
    question = forms.CharField(
        label=_("缺少的事实"),
        min_length=10,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每位举报人都会读到；五个工作日内没有补充的，自行办结。"),
    )


class EscalateForm(StepForm):
    ground = forms.ChoiceField(label=_("升级理由"), choices=Ground.choices)


class ReclassifyForm(StepForm):
    reason = forms.ChoiceField(label=_("改定事由为"), choices=grouped_choices)

    def facts(self) -> dict[str, Any]:
        minors = self.case.reports.standing().filter(minors=True).exists()
        reason = self.cleaned_data["reason"]
        return {"reason": reason, "priority": int(priority_of(reason, minors=minors))}


class MergeForm(StepForm):
    into = forms.CharField(label=_("并入案号"), max_length=32)

    def clean_into(self) -> int:
        rows = Case.objects.reports().filter(state__in=OPEN).exclude(pk=self.case.pk)
        row = rows.filter(reference=self.cleaned_data["into"].strip().upper()).first()
        if row is None:
            raise forms.ValidationError(_("没有这一案号的未决举报。"))
        return row.pk


class RestrictForm(StepForm):
    def facts(self) -> dict[str, Any]:
        return {"policy": "examiner"}


class ReopenForm(StepForm):
    ground = forms.CharField(
        label=_("重新办理的依据"),
        min_length=10,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MeasuresForm(StepForm):
    """A level for each document of the case, how long, and the conclusion."""

    outcome = forms.ChoiceField(label=_("对举报的结论"), choices=Outcome.choices)
    days = forms.TypedChoiceField(
        label=_("措施期限"),
        choices=DURATIONS,
        coerce=int,
        required=False,
        help_text=_("自决定时起按二十四小时一日计算，期满自行解除，仅解除本案的措施。"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        rows = case.reported_documents.select_related("document", "snapshot")
        self.numbers = {f"level_{row.pk}": row.document.number for row in rows}
        for row in rows:
            title = str(row.snapshot.listing["title"])[:30]
            self.fields[f"level_{row.pk}"] = forms.ChoiceField(
                label=f"{row.document.number} {title}",
                choices=LEVELS,
                required=False,
            )

        self.order_fields(["outcome", "basis", *self.numbers, "days"])

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.measures() and facts.get("outcome") not in FOUND:
            self.add_error("outcome", _("举报不成立的，不能采取措施。"))
        if facts.get("days") and not self.measures():
            self.add_error("days", _("没有措施的，不能设定期限。"))
        return facts

    def measures(self) -> dict[str, str]:
        return {
            number: level
            for name, number in self.numbers.items()
            if (level := self.cleaned_data.get(name))
        }

    def check_words(self, field: str) -> None:
        """What the uploader reads must not hold what a reporter wrote or is called."""
        text = self.cleaned_data.get(field, "")
        if quoted := words_of_reporters(self.case, text):
            words = _("“%(words)s”出自举报人，上传人会读到这里，请用自己的话写。")
            self.add_error(field, str(words % {"words": quoted}))


class RuleForm(MeasuresForm):
    basis = forms.ChoiceField(label=_("适用的规则"), choices=grouped_choices)
    facts_found = forms.CharField(
        label=_("认定的事实"),
        min_length=LEAST_REASONING,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("至少 20 字，上传人会读到。不要写举报人是谁、怎样说的。"),
    )
    passage = forms.CharField(
        label=_("涉及的原文"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    automated = forms.BooleanField(label=_("发现时使用了自动比对"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["basis"].initial = case.reason
        has_lead = case.reports.filter(match__isnull=False).exists()
        self.fields["automated"].initial = has_lead

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        self.check_words("facts_found")
        self.check_words("passage")
        return facts

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "outcome": told["outcome"],
            "basis": told["basis"],
            "measures": self.measures(),
            "days": told["days"] or 0,
            "automated": told["automated"],
            "facts": told["facts_found"],
            "passage": told["passage"],
        }


class AnswerForm(StepForm):
    """The answer to an appeal, as the appellant reads it."""

    answer = forms.CharField(
        label=_("复议理由"),
        min_length=LEAST_REASONING,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        text = facts.get("answer", "")
        if quoted := words_of_reporters(self.case, text):
            words = _("“%(words)s”出自举报人，上传人会读到这里，请用自己的话写。")
            self.add_error("answer", str(words % {"words": quoted}))
        return facts


class ChangeForm(AnswerForm, MeasuresForm):
    """Another ruling in the place of the one that was contested."""

    def facts(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "answer": told["answer"],
            "outcome": told["outcome"],
            "measures": self.measures(),
            "days": told["days"] or 0,
        }


STEP_FORMS: dict[str, type[StepForm]] = {
    "see": StepForm,
    "reclassify": ReclassifyForm,
    "request_info": QuestionForm,
    "escalate": EscalateForm,
    "restrict": RestrictForm,
    "confirm": StepForm,
    "end_restriction": StepForm,
    "merge": MergeForm,
    "unmerge": StepForm,
    "transfer": StepForm,
    "decide": RuleForm,
    "reopen": ReopenForm,
}
APPEAL_FORMS: dict[str, type[StepForm]] = {
    "review": StepForm,
    "uphold": AnswerForm,
    "overturn": ChangeForm,
    "amend": ChangeForm,
    "restore_mended": AnswerForm,
    "dismiss": AnswerForm,
}


def words_of_reporters(case: Case, text: str) -> str:
    """Return what in a text comes from a reporter: their name or address, or a run of
    RUN characters of their words that the document itself does not hold; however the
    letters are cased."""
    texts = case.reported_documents.values_list(
        "snapshot__version__text__content", flat=True
    )
    held, text = " ".join(texts).casefold(), text.casefold()
    reports = Report.objects.filter(case=case).select_related("details", "user")
    for report in reports.prefetch_related("answers", "appeals"):
        for known in report.known_of_reporter():
            if known.casefold() in text:
                return known
        for said in report.said_by_reporter():
            if run := _run_of(said.casefold(), text, held):
                return run
    return ""


def _run_of(said: str, text: str, held: str) -> str:
    """Return the first run of RUN characters that a text took from what was said."""
    for at in range(max(0, len(said) - RUN + 1)):
        run = said[at : at + RUN]
        if run in text and run not in held:
            return run
    return ""
