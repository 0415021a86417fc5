"""发布审核 at the desk: what waits for a person, deciding on it, and the policy."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cases.gate.policy import LIKENESSES, in_force, set_rule
from cases.gate.telling import whole_match
from cases.models import GateRule, Submission, SubmissionAct, SubmissionFinding
from cases.models.submissions import Outcome
from cases.permissions.desk import role_on
from cases.permissions.submission import may_review, may_set_policy
from cases.refusals import told
from cases.services import advance, open_steps
from cases.workflows.rules import rule_of
from cases.workflows.submission import Ground, SubmissionState
from evidence import ledger
from evidence.actors import ActorRequest, Role
from evidence.comparison import Pair, pairs_of, percent
from evidence.ledger import Act
from moderation.desk.access import DeskRequest, desk_act, desk_page, for_readers, show
from moderation.desk.forms import DecisionForm, explained
from moderation.handing_out import file_answer

ROWS = 30
PAIRS_SHOWN = 200
ALL = "all"
GROUNDS = {
    Ground.COPIED: gettext_lazy("核对后确认整段相同，且未见授权或法定例外。"),
    Ground.REMOVED: gettext_lazy("核对后确认与处理确定的文档是同一内容。"),
    Ground.UNVERIFIED: gettext_lazy("扫描件、图片等，无法看清或无法核对。"),
    Ground.UNLAWFUL: gettext_lazy("按举报规则属于禁止发布的内容。"),
}


class ReleaseForm(DecisionForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class RefuseForm(ReleaseForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("理由类别"),
        choices=lambda: explained((each, each.label, GROUNDS[each]) for each in Ground),
        widget=forms.RadioSelect,
    )
    field_order = ["ground", "reasoning"]


FORMS: dict[str, type[ReleaseForm]] = {"release": ReleaseForm, "refuse": RefuseForm}


class RuleForm(forms.Form):
    """Another result for one likeness, and why."""

    likeness = forms.CharField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        min_length=4,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, likeness: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["likeness"].initial = likeness
        field = self.fields["outcome"]
        field.choices = [  # type: ignore[attr-defined]
            (each.value, each.label) for each in LIKENESSES[likeness].choices
        ]


@desk_page
def desk_gate(request: ActorRequest) -> HttpResponse:
    """What waits for a person, longest first; the other states on request."""
    rows = _rows()
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", SubmissionState.HELD)
    if state != ALL and state not in SubmissionState.values:
        raise Http404
    order = "screened_at" if state == SubmissionState.HELD else "-received_at"
    shown = rows if state == ALL else rows.filter(state=state)
    shown = shown.annotate(share=Max("findings__containment_query"))
    page = Paginator(shown.order_by(order, "pk"), ROWS).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": [(row, _share(row)) for row in page],
        "tabs": [
            (value, label, counted.get(value, 0))
            for value, label in SubmissionState.choices
            if counted.get(value) or value == SubmissionState.HELD
        ],
        "state": state,
        "total": sum(counted.values()),
    }
    return show(request, "desk/gate.html", context)


@desk_page
def desk_submission(request: ActorRequest, submission: str) -> HttpResponse:
    return _page(request, _one(request, submission))


@desk_act
def desk_submission_decide(request: DeskRequest, submission: str) -> HttpResponse:
    row = _one(request, submission)
    request.way_back = reverse("desk_submission", args=[submission])
    step = request.POST.get("step", "")
    if step not in FORMS:
        raise Http404
    form = FORMS[step](request.POST)
    if not form.is_valid():
        return _page(request, row, {step: form})
    facts = dict(form.cleaned_data)
    version = facts.pop("version")
    advance(
        row,
        step,
        by=request.actor,
        at=timezone.now(),
        expect_version=version,
        **facts,
    )
    label = rule_of(getattr(Submission, step)).label
    messages.success(
        request,
        _("%(reference)s：%(step)s，通知书已写入待发文书。")
        % {"reference": row.reference, "step": label},
    )
    following = Submission.objects.held().order_by("screened_at", "pk").first()
    if following is None:
        return redirect("desk_gate")
    return redirect("desk_submission", following.reference)


@require_POST
@for_readers
def desk_submission_file(request: ActorRequest, submission: str) -> FileResponse:
    """Hand out the bytes as received, as a download and on the record."""
    row = _one(request, submission)
    blob = row.text.blob
    response = file_answer(blob, row.original_name)
    act = Act(row.stream, "submission.file", {"id": row.pk, "blob": blob.sha256})
    with transaction.atomic():
        role = role_on(row, request.actor)
        ledger.append(act, by=request.actor, role=role, at=timezone.now())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def desk_gate_policy(request: ActorRequest) -> HttpResponse:
    """Which likeness leads where: everybody at the desk reads, compliance sets."""
    filled: dict[str, RuleForm] = {}
    if request.method == "POST":
        likeness = request.POST.get("likeness", "")
        if likeness not in LIKENESSES:
            raise Http404
        form = RuleForm(request.POST, likeness=likeness, auto_id=f"{likeness}_%s")
        if form.is_valid():
            set_rule(by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("规则已更新，从此刻起适用。"))
            return redirect("desk_gate_policy")
        filled[likeness] = form
    rules, may_set = in_force(), may_set_policy(request.actor)
    context = {
        "rules": [
            (
                each,
                rules[each.code],
                _rule_form(each.code, rules, filled)
                if may_set and not each.is_settled
                else None,
            )
            for each in LIKENESSES.values()
        ],
        "changes": [
            (row, LIKENESSES[row.likeness].label)
            for row in GateRule.objects.order_by("-pk")[:ROWS]
            if row.likeness in LIKENESSES
        ],
        "may_set": may_set,
    }
    return show(request, "desk/gate_policy.html", context)


def _rule_form(
    code: str, rules: dict[str, Outcome], filled: dict[str, RuleForm]
) -> RuleForm:
    fresh = RuleForm(
        likeness=code, auto_id=f"{code}_%s", initial={"outcome": rules[code]}
    )
    return filled.get(code) or fresh


def _share(row: Any) -> int:
    return percent(row.share or 0)


def _rows() -> QuerySet[Submission]:
    return Submission.objects.select_related("seller", "text").defer("text__content")


def _one(request: ActorRequest, reference: str) -> Submission:
    rows = Submission.objects.visible_to(request.actor)
    rows = rows.select_related("seller", "text__blob", "published__document")
    return get_object_or_404(rows, reference=reference)


def _page(
    request: ActorRequest,
    row: Submission,
    filled: dict[str, ReleaseForm] | None = None,
) -> HttpResponse:
    findings = _findings(row)
    chosen = _chosen(request, findings)
    steps = dict(open_steps(row, request.actor))
    context = {
        "submission": row,
        "findings": [(each, LIKENESSES[each.likeness]) for each in findings],
        "chosen": chosen,
        "pairs": _pairs(row, chosen),
        "forms": [
            (name, steps[name], (filled or {}).get(name) or _form(name, row))
            for name in FORMS
            if name in steps
        ],
        "may_review": may_review(row, request.actor),
        "code": told(row.text.refusal) if row.text.refusal else "",
        "events": [_event(act) for act in row.acts.select_related("entry")],
        "contest": row.acts.filter(step="contest").last(),
        "notices": row.notices.order_by("pk"),
    }
    return show(request, "desk/submission.html", context)


def _findings(row: Submission) -> list[SubmissionFinding]:
    rows = row.findings.select_related(
        "document__current",
        "document__seller",
        "work",
        "other",
        "match__found",
        "found",
    )
    return list(rows.order_by("pk"))


def _chosen(
    request: ActorRequest, findings: list[SubmissionFinding]
) -> SubmissionFinding | None:
    asked = request.GET.get("finding", "")
    return next(
        (each for each in findings if str(each.pk) == asked), next(iter(findings), None)
    )


def _pairs(row: Submission, chosen: SubmissionFinding | None) -> list[Pair]:
    if chosen is None or chosen.found_id is None:
        return []
    match = chosen.match
    if match is None:
        match = whole_match(chosen, row.text)
    else:
        match.query = row.text
    return list(pairs_of(match, at_most=PAIRS_SHOWN))


def _form(name: str, row: Submission) -> ReleaseForm:
    return FORMS[name](auto_id=f"{name}_%s", initial={"version": row.version})


def _event(act: SubmissionAct) -> dict[str, Any]:
    return {
        "title": rule_of(getattr(Submission, act.step)).label,
        "at": act.at,
        "by": Role(act.role).label,
        "note": act.reasoning,
        "hash": act.entry.hash,
    }
