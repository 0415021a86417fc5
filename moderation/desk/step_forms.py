"""What a person at the desk fills in to take a step: one form for each step of each
machine that the desk takes, and nothing else has a button.

Decisions on documents have pages of their own (forms.py, decisions.py).
"""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.extending import Plea, extend, pending, refuse_extension
from cases.forms.uploads import ProofField, UploadField
from cases.likeness import permille_left
from cases.models import Case, CaseItem, CounterNotice, Proceeding
from cases.permissions.counter_notice import is_internal_complaint
from cases.proceedings import Particulars, enter_order
from cases.registration import Proof, Upload
from cases.services import advance
from cases.splitting import split
from cases.terms import TERMS
from cases.workflows.copyright import Defect, Refusal
from cases.workflows.counter_notice import CounterDefect, CounterRefusal
from cases.workflows.extension import Delay
from cases.workflows.item import Unreached
from cases.workflows.proceeding import Outcome
from evidence.actors import Actor
from evidence.models import Exhibit
from evidence.reading import shown_name
from moderation.desk.forms import LEAST_REASONING, AcceptForm, level_choices

# 工作日, in all (法释〔2020〕9号 三).
MOST_DAYS = TERMS["civil1196"].extension


class StepForm(forms.Form):
    """A step of one subject. The version is that of the page it was filled in on."""

    step: str
    help: Sentence = ""
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: Any, **kwargs: Any) -> None:
        # Several forms stand on one page: their ids must differ.
        kwargs.setdefault("auto_id", f"{subject.MACHINE}-{subject.pk}-{self.step}-%s")
        kwargs.setdefault("initial", {"version": subject.version})
        super().__init__(*args, **kwargs)
        self.subject = subject

    def facts(self) -> dict[str, Any]:
        """Return the facts of the step, as its machine names them."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version"
        }

    def take(self, *, by: Actor, at: datetime) -> None:
        advance(
            self.subject,
            self.step,
            by=by,
            at=at,
            expect_version=self.cleaned_data["version"],
            **self.facts(),
        )


class Reasoned(StepForm):
    """A step with reasons that somebody will read."""

    reasoning = forms.CharField(
        label=_("理由"),
        min_length=LEAST_REASONING,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("至少 20 字，写明事实和依据，当事人会读到。"),
    )


class DefectsForm(StepForm):
    """One tick and one sentence for each defect that was found."""

    step = "find_defects"
    codes: type[Defect] | type[CounterDefect] = Defect

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in self.codes:
            self.fields[code.value] = forms.CharField(
                label=f"{code.value} {code.label}",
                required=False,
                max_length=1_000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not any(facts.get(code.value, "").strip() for code in self.codes):
            raise forms.ValidationError(
                _("请在所缺的项目下写明具体情况，至少一项；没有问题的项目留空。")
            )
        return facts

    def facts(self) -> dict[str, Any]:
        told = {
            code.value: self.cleaned_data[code.value].strip()
            for code in self.codes
            if self.cleaned_data[code.value].strip()
        }
        return {"codes": sorted(told), "defects": told}


class CounterDefectsForm(DefectsForm):
    codes = CounterDefect


class SplitForm(StepForm):
    step = "split"
    help: Sentence = _("勾选材料齐备的文档，分出后另编案号先行处理；其余留在本案补正。")
    items = forms.MultipleChoiceField(
        label=_("分出的文档"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, subject: Case, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        field = self.fields["items"]
        field.choices = positions_of(subject)  # type: ignore[attr-defined]

    def take(self, *, by: Actor, at: datetime) -> None:
        split(
            self.subject,
            [int(position) for position in self.cleaned_data["items"]],
            by=by,
            at=at,
            expect_version=self.cleaned_data["version"],
        )


class MergeForm(forms.Form):
    """并案, confirmed on a page that says what will happen. The versions are those of
    the two cases that it was said of."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)


class UnmergeForm(StepForm):
    step = "unmerge"
    help: Sentence = _(
        "并入的文档、期限和案件状态恢复到并案之前；两案的当事人各收到一份告知书。"
    )


class UnmergeAcceptedForm(UnmergeForm):
    step = "unmerge_accepted"


class RejectForm(Reasoned):
    step = "reject"
    refusal = forms.ChoiceField(
        label=_("不予受理的原因"), choices=Refusal.choices, widget=forms.RadioSelect
    )
    field_order = ["refusal", "reasoning"]


class HoldForm(Reasoned):
    step = "hold"
    document = forms.CharField(label=_("依据文件的文号"), max_length=100)
    field_order = ["document", "reasoning"]


class EndHoldForm(HoldForm):
    step = "end_hold"


class OrderForm(StepForm):
    """The paper of a court or an authority: opens a proceeding and is obeyed."""

    step = "order"
    help: Sentence = _("登记后立即执行，不需要等待期；措施以裁定或决定的内容为准。")
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=[
            (Proceeding.Kind.PRESERVATION, Proceeding.Kind.PRESERVATION.label),
            (Proceeding.Kind.COMPLAINT, Proceeding.Kind.COMPLAINT.label),
            (Proceeding.Kind.CRIMINAL, Proceeding.Kind.CRIMINAL.label),
        ],
    )
    authority = forms.CharField(label=_("法院或机关"), max_length=200)
    docket = forms.CharField(label=_("案号或文号"), max_length=100)
    begun_on = forms.DateField(
        label=_("文书日期"), widget=forms.DateInput(attrs={"type": "date"})
    )
    items = forms.MultipleChoiceField(
        label=_("涉及的文档"), widget=forms.CheckboxSelectMultiple
    )
    measure = forms.ChoiceField(
        label=_("执行的措施"), choices=level_choices, widget=forms.RadioSelect
    )
    paper = UploadField(label=_("裁定书或决定书"))

    def __init__(self, *args: Any, subject: Proceeding, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        field = self.fields["items"]
        field.choices = positions_of(subject.case)  # type: ignore[attr-defined]

    def take(self, *, by: Actor, at: datetime) -> None:
        told, case = self.cleaned_data, self.subject.case
        numbers = [int(position) for position in told["items"]]
        upload = Upload(told["paper"], shown_name(told["paper"].name))
        enter_order(
            case,
            list(CaseItem.objects.filter(case=case, position__in=numbers)),
            Particulars(
                told["kind"], told["authority"], told["begun_on"], told["docket"]
            ),
            measure=told["measure"],
            paper=Proof(Exhibit.Kind.ORDER, upload),
            by=by,
            at=at,
        )


class ExtendForm(Reasoned):
    """What was asked is filled in; without a request the paper is asked for here."""

    step = "extend"
    ground = forms.ChoiceField(label=_("事由"), choices=Delay.choices)
    days = forms.IntegerField(label=_("延长的工作日"), min_value=1, max_value=MOST_DAYS)
    paper = ProofField(label=_("证明材料"))
    field_order = ["ground", "days", "paper", "reasoning"]

    def __init__(self, *args: Any, subject: CaseItem, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        asked = pending(subject)
        if asked is not None:
            told = {"ground": asked.ground, "days": asked.days}
            self.initial = {**self.initial, **told}
            paper = self.fields["paper"]
            paper.required = False
            paper.help_text = _("投诉人已经随申请提交证明；另有材料的，在此补充。")

    def take(self, *, by: Actor, at: datetime) -> None:
        told, paper = self.cleaned_data, self.cleaned_data["paper"]
        papers = []
        if paper:
            upload = Upload(paper, shown_name(paper.name))
            papers = [Proof(Exhibit.Kind.NOTARY, upload)]
        extend(
            self.subject,
            Plea(told["ground"], told["days"], told["reasoning"]),
            papers=papers,
            by=by,
            at=at,
            expect_version=told["version"],
        )


class RefuseExtensionForm(Reasoned):
    step = "refuse_extension"

    def take(self, *, by: Actor, at: datetime) -> None:
        refuse_extension(
            self.subject,
            reasoning=self.cleaned_data["reasoning"],
            by=by,
            at=at,
            expect_version=self.cleaned_data["version"],
        )


class ForwardForm(StepForm):
    step = "forward"
    help: Sentence = _(
        "形式齐备即应转送，真实与否不由本站判断。转送后按本案的期限规则等待或者立即恢复。"
    )


class CounterRejectForm(Reasoned):
    step = "reject"
    refusal = forms.ChoiceField(
        label=_("不予采纳的原因"),
        choices=CounterRefusal.choices,
        widget=forms.RadioSelect,
    )
    field_order = ["refusal", "reasoning"]

    def __init__(self, *args: Any, subject: CounterNotice, **kwargs: Any) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        judged = is_internal_complaint(subject)
        field = self.fields["refusal"]
        field.choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in CounterRefusal.choices
            if judged or value != CounterRefusal.UNFOUNDED
        ]


class ReverseForm(Reasoned):
    step = "reverse"
    help: Sentence = _("申诉理由足以改变原决定的，撤销措施并恢复；理由将告知双方。")


class AcceptCureForm(Reasoned):
    step = "accept_cure"
    help: Sentence = _("新版将取代原文件，措施解除。请先核对新版与作品的比对结果。")

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"containment_permille": permille_left(self.subject)}


class VerifyForm(StepForm):
    step = "verify"


class AcknowledgeForm(StepForm):
    step = "acknowledge"
    help: Sentence = _(
        "只有提交材料或缴费的凭证、还没有立案或受理的，选此项；六十日内未立案的自动恢复。"
    )

    def facts(self) -> dict[str, Any]:
        return {"received_at": self.subject.proved_at}


class AnnounceForm(StepForm):
    step = "announce"
    help: Sentence = _(
        "决定三日之后，各种方式仍未送达上传人的，在本站公告；公告满三十日视为送达，答复期"
        "自此起算。地址不明的由系统公告。"
    )

    def facts(self) -> dict[str, Any]:
        return {"ground": Unreached.FAILED.value}


class ReturnProofForm(Reasoned):
    step = "return_proof"


class RefuseProofForm(Reasoned):
    step = "refuse_proof"


class ConcludeForm(Reasoned):
    step = "conclude"
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "确认侵权的，措施转为确定；驳回请求的，措施解除。"
            "以其余方式终结的，只恢复因该程序而停止恢复的文档，其余文档的处理不变。"
            "驳回起诉没有对请求作出判断，属于不予受理或未立案。已经恢复的文档不因此重新"
            "采取措施：裁判要求采取的，另行登记为裁定或决定。"
        ),
    )
    field_order = ["outcome", "reasoning"]


# Accepting has a panel of its own, because it names the clock profiles, and merging
# a page, because two cases are concerned.
CASE_FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "find_defects": DefectsForm,
    "split": SplitForm,
    "merge": MergeForm,
    "unmerge": UnmergeForm,
    "unmerge_accepted": UnmergeAcceptedForm,
    "reject": RejectForm,
    "hold": HoldForm,
    "end_hold": EndHoldForm,
}
STEP_FORMS: dict[str, dict[str, type[StepForm]]] = {
    Case.MACHINE: {
        name: form for name, form in CASE_FORMS.items() if issubclass(form, StepForm)
    },
    CaseItem.MACHINE: {
        "extend": ExtendForm,
        "refuse_extension": RefuseExtensionForm,
        "announce": AnnounceForm,
    },
    CounterNotice.MACHINE: {
        "forward": ForwardForm,
        "find_defects": CounterDefectsForm,
        "reverse": ReverseForm,
        "accept_cure": AcceptCureForm,
        "reject": CounterRejectForm,
    },
    Proceeding.MACHINE: {
        "verify": VerifyForm,
        "acknowledge": AcknowledgeForm,
        "return_proof": ReturnProofForm,
        "refuse_proof": RefuseProofForm,
        "conclude": ConcludeForm,
        "order": OrderForm,
    },
}


def positions_of(case: Case) -> list[tuple[str, str]]:
    """Return the documents of a case as choices, by position."""
    rows = case.items.select_related("document__current").order_by("position")
    return [(str(item.position), f"{item.position}. {item.document}") for item in rows]
