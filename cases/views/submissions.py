"""A seller hands files in, watches them, reads the result and acts on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh

from cases.accounts import suspension_of
from cases.errors import AccountSuspended, CaseError, Sentence
from cases.forms.submissions import ContestForm, HandInForm
from cases.gate.publishing import publish
from cases.gate.receiving import ForeignListing, hand_in, try_again
from cases.gate.telling import told_of
from cases.models import AccountMeasure, Submission, SubmissionAct
from cases.refusals import told
from cases.services import advance, open_steps
from cases.workflows.rules import rule_of
from cases.workflows.submission import SubmissionState
from evidence.actors import ActorRequest, Role
from evidence.models import SellerAccount
from evidence.staging import UploadTooLarge

A_PAGE = 30
DONE: dict[str, Sentence] = {
    "contest": gettext_lazy("已申请人工复核，结果会以文书告知。"),
    "withdraw": gettext_lazy("已撤回。文件和审核记录仍由本站保存。"),
}
REASONED = (SubmissionState.CLEARED, SubmissionState.REFUSED)
TONES = {
    "clear": "good",
    "release": "good",
    "publish": "good",
    "hold": "wait",
    "recall": "wait",
    "contest": "wait",
    "refuse_by_policy": "bad",
    "refuse": "bad",
    "turn_away": "bad",
}


@login_required
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    return render(request, "submissions/index.html", _listing(request))


@login_required
@require_safe
def index_progress(request: ActorRequest) -> HttpResponse:
    """The table alone, for as long as something in it is being worked on."""
    return render(request, "submissions/_rows.html", _listing(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    sellers = _accounts(request)
    if not sellers.exists():
        return redirect("seller_home")
    held = [suspension_of(seller, at=timezone.now()) for seller in sellers]
    if all(held):
        return suspended(request, held[0])
    form = HandInForm(request.POST or None, request.FILES or None, sellers=sellers)
    if request.method == "POST" and form.is_valid():
        try:
            rows = _hand_in(request, form)
        except UploadTooLarge:
            form.add_error("uploads", str(told("upload_too_large")))
        except AccountSuspended as refusal:
            form.add_error("seller", str(refusal))
        except CaseError as refusal:
            form.add_error("number", str(refusal))
        else:
            received = ngettext(
                "已收到 %(n)d 份文件。", "已收到 %(n)d 份文件。", len(rows)
            )
            messages.success(request, received % {"n": len(rows)})
            if len(rows) == 1:
                return redirect("submission", rows[0].reference)
            return redirect("submission_batch", rows[0].reference)
    return render(request, "submissions/new.html", {"form": form})


@login_required
@require_safe
def show(request: ActorRequest, reference: str) -> HttpResponse:
    return _page(request, _submission(request, reference))


@login_required
@require_safe
def progress(request: ActorRequest, reference: str) -> HttpResponse:
    """How far the screening is; once it has ended the page is asked to reload."""
    row = _submission(request, reference)
    if not row.is_waiting:
        return HttpResponseClientRefresh()
    return render(request, "submissions/_progress.html", {"submission": row})


@login_required
@require_POST
def retry(request: ActorRequest, reference: str) -> HttpResponse:
    row = _submission(request, reference)
    if try_again(row, by=request.actor):
        messages.success(request, _("已重新排队。"))
    return redirect("submission", reference)


@login_required
@require_POST
def step(request: ActorRequest, reference: str, step: str) -> HttpResponse:
    """Publish, withdraw or contest, at the version that the page showed."""
    row = _submission(request, reference)
    if step == "publish":
        return _published(request, row)
    if step not in DONE:
        raise Http404
    facts = {}
    if step == "contest":
        form = ContestForm(request.POST)
        if not form.is_valid():
            return _page(request, row, form)
        facts = {"reasoning": form.cleaned_data["reasoning"]}
    seen, at = _seen(request), timezone.now()
    advance(row, step, by=request.actor, at=at, expect_version=seen, **facts)
    messages.success(request, str(DONE[step]))
    return redirect("submission", reference)


def _published(request: ActorRequest, row: Submission) -> HttpResponse:
    try:
        version = publish(
            row,
            by=request.actor,
            at=timezone.now(),
            expect_version=_seen(request),
        )
    except AccountSuspended:
        return suspended(request, suspension_of(row.seller, at=timezone.now()))
    except ForeignListing as refusal:
        messages.error(request, str(refusal))
        return redirect("submission", row.reference)
    if version is None:
        messages.warning(request, _("通过之后又发现了相同内容，文件已转人工审核。"))
        return redirect("submission", row.reference)
    messages.success(request, _("已发布，文档页现在可以访问。"))
    return redirect("document", version.document.number)


def suspended(request: ActorRequest, held: AccountMeasure | None) -> HttpResponse:
    """Say that the account may not upload, until when, and what can be done."""
    return render(request, "submissions/suspended.html", {"held": held}, status=403)


def _hand_in(request: ActorRequest, form: HandInForm) -> list[Submission]:
    """All at one moment: that is how a batch is known (`_batch`)."""
    seller, at = form.cleaned_data["seller"], timezone.now()
    return [
        hand_in(seller, offer, by=request.actor, at=at)[0] for offer in form.offers()
    ]


def _accounts(request: ActorRequest) -> QuerySet[SellerAccount]:
    accounts = SellerAccount.objects.filter(party__in=request.actor.parties)
    return accounts.order_by("pk")


def _own(request: ActorRequest) -> QuerySet[Submission]:
    rows = Submission.objects.sold_by(request.actor)
    return rows.select_related("text", "seller").defer("text__content")


def _submission(request: ActorRequest, reference: str) -> Submission:
    rows = Submission.objects.sold_by(request.actor)
    rows = rows.select_related("text__blob", "seller", "published__document")
    request.way_back = reverse("submission", args=[reference])  # type: ignore[attr-defined]
    return get_object_or_404(rows, reference=reference)


def _seen(request: ActorRequest) -> int:
    version = request.POST.get("version", "")
    if not version.isdigit():
        raise Http404
    return int(version)


def _listing(request: ActorRequest) -> dict[str, Any]:
    rows = _own(request).order_by("-received_at", "-pk")
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    shown = rows.filter(state=state) if state in SubmissionState.values else rows
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    return {
        "accounts": _accounts(request).exists(),
        "page": page,
        "submissions": page.object_list,
        "tabs": [
            (value, label, counted[value])
            for value, label in SubmissionState.choices
            if counted.get(value)
        ],
        "state": state,
        "total": sum(counted.values()),
        "batch": _batch(rows),
    }


def _batch(rows: QuerySet[Submission]) -> dict[str, int] | None:
    """How far what was handed in together is, while any of it is being worked on."""
    newest = rows.first()
    if newest is None:
        return None
    together = list(rows.filter(received_at=newest.received_at))
    waiting = sum(row.is_waiting for row in together)
    if not waiting:
        return None
    return {"total": len(together), "done": len(together) - waiting}


def _page(
    request: ActorRequest, row: Submission, contest: ContestForm | None = None
) -> HttpResponse:
    steps = dict(open_steps(row, request.actor))
    form = contest or ContestForm(initial={"version": row.version})
    acts = row.acts.select_related("entry")
    letters = row.notices.order_by("pk")
    context = {
        "submission": row,
        "code": told(row.text.refusal) if row.state == "unreadable" else "",
        "failure": told(row.error) if row.error else "",
        "findings": told_of(row),
        "steps": steps,
        "contest": form if "contest" in steps else None,
        "events": [_event(act) for act in acts],
        "letters": letters,
        "letter": letters.last() if row.state in REASONED else None,
    }
    return render(request, "submissions/show.html", context)


def _event(act: SubmissionAct) -> dict[str, Any]:
    """A line of the timeline: what was done, in which role, never by which person."""
    return {
        "title": rule_of(getattr(Submission, act.step)).label,
        "at": act.at,
        "by": Role(act.role).label,
        # What examiners wrote is in the letter, where it is masked for its reader.
        "note": act.reasoning if act.step == "contest" else "",
        "tone": TONES.get(act.step, ""),
        "hash": act.entry.hash,
    }
