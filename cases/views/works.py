"""Works: registering them, watching the comparison, and reading the leads."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh

from cases.drafts import add_work, begin
from cases.forms.listed import NumbersForm
from cases.forms.works import ProofFormSet, WorkForm
from cases.leads import lead_of, leads_of, same_titles
from cases.models import Case
from cases.refusals import told
from cases.registration import register_work
from cases.standing import agent_for, represented, works_within_reach
from cases.views.reach import own_drafts
from evidence.actors import ActorRequest
from evidence.comparison import pairs_of
from evidence.models import Document, Text, Work
from evidence.page_pairs import page_pairs
from evidence.progress import Stage, try_again
from evidence.tasks import process_text

LEADS_A_PAGE = 50
SAME_TITLES = 20
PAIRS_A_PAGE = 50
PAGES_SHOWN = 200
any_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@any_form
def new(request: ActorRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    parties = represented(actor, now)
    if not parties.exists():
        messages.info(request, _("登记作品之前，请先登记权利人。"))
        return redirect("party_new")
    posted, files = request.POST or None, request.FILES or None
    form = WorkForm(posted, files, parties=parties, today=timezone.localdate(now))
    proofs = ProofFormSet(posted, files, prefix="proof")
    if request.method == "POST" and all([form.is_valid(), proofs.is_valid()]):
        work = register_work(
            form.cleaned_data["party"],
            form.facts(),
            sample=form.sample(),
            proofs=proofs.proofs(),
            by=actor,
            at=now,
        )
        return _after_registration(request, work)
    return render(request, "rights/work_new.html", {"form": form, "proofs": proofs})


@login_required
@any_form
def show(request: ActorRequest, public_id: str) -> HttpResponse:
    """The leads of a work; posting ticked ones opens a complaint about them."""
    work = work_within_reach(request, public_id)
    form = NumbersForm(request.POST or None)
    ticked = request.POST.getlist("document")
    if request.method == "POST" and form.is_valid():
        documents = list(
            Document.objects.filter(number__in=ticked, current__isnull=False)
        )
        documents += form.cleaned_data["numbers"]
        if documents:
            case = _draft_about(work, documents, request)
            return redirect("complaint_step", case.public_id, "documents")
        form.add_error(None, _("请勾选线索，或填写文档编号。"))
    leads = [] if work.sample.is_open else leads_of(work, request.actor)
    page = Paginator(leads, LEADS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "work": work,
        "form": form,
        "page": page,
        "ticked": ticked,
        "same_titles": same_titles(work, leads)[:SAME_TITLES],
    }
    return render(request, "rights/work.html", context | _comparison(work.sample))


@login_required
@require_safe
def progress(request: ActorRequest, public_id: str) -> HttpResponse:
    """How far the comparison is; once it has ended the page is asked to reload."""
    work = work_within_reach(request, public_id)
    if not work.sample.is_open:
        return HttpResponseClientRefresh()
    context = {"work": work} | _comparison(work.sample)
    return render(request, "rights/_progress.html", context)


@login_required
@require_POST
def retry(request: ActorRequest, public_id: str) -> HttpResponse:
    """Have a sample read and compared once more whose comparison failed."""
    work = work_within_reach(request, public_id)
    if try_again(work.sample):
        process_text.enqueue(work.sample_id)
        messages.success(request, _("已重新排队。"))
    return redirect("work", work.public_id)


@login_required
@require_safe
def lead(request: ActorRequest, public_id: str, number: str) -> HttpResponse:
    work = work_within_reach(request, public_id)
    found = lead_of(work, number, request.actor)
    if found is None:
        raise Http404
    page = Paginator(found.match.passages, PAIRS_A_PAGE).get_page(
        request.GET.get("page")
    )
    start = (page.number - 1) * PAIRS_A_PAGE
    context = {
        "work": work,
        "lead": found,
        "page": page,
        "pairs": list(pairs_of(found.match, start=start, at_most=PAIRS_A_PAGE)),
        "pages": page_pairs(found.match)[:PAGES_SHOWN],
    }
    return render(request, "rights/lead.html", context)


def _after_registration(request: ActorRequest, work: Work) -> HttpResponse:
    """To the work's own page, or back to the draft that wanted it."""
    draft = request.GET.get("complaint", "")
    if not draft:
        return redirect("work", work.public_id)
    case = get_object_or_404(own_drafts(request.actor), public_id=draft)
    if case.claimant_id == work.party_id:
        add_work(case, work, by=request.actor)
    return redirect("complaint_step", case.public_id, "works")


def work_within_reach(request: ActorRequest, public_id: str) -> Work:
    """Return the work that an address names, for those who stand for its holder."""
    works = works_within_reach(request.actor, timezone.now())
    works = works.select_related("party__details", "sample__blob")
    return get_object_or_404(works.defer("sample__content"), public_id=public_id)


def _draft_about(work: Work, documents: list[Document], request: ActorRequest) -> Case:
    actor, now = request.actor, timezone.now()
    agent = agent_for(work.party, actor, now)
    return begin(work.party, agent, by=actor, at=now, works=[work], documents=documents)


def _comparison(sample: Text) -> dict[str, object]:
    """What the page says of the sample: being compared, compared, or why it cannot."""
    refused = sample.state == Text.State.REFUSED
    code = sample.refusal if refused else sample.error
    return {
        "sample": sample,
        "is_running": sample.is_open,
        "is_failed": sample.stage == Stage.FAILED,
        "is_comparable": sample.state == Text.State.OK and not sample.error,
        "reason": told(code) if code else "",
    }
