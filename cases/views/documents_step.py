"""The third step: which documents, of which work, copied in which manner."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import drafts
from cases.forms.listed import NumbersForm
from cases.leads import Lead, leads_of
from cases.models import Case, CaseItem
from evidence.actors import ActorRequest
from evidence.models import Document, Work


@dataclass(frozen=True, slots=True)
class WorkListing:
    """One work of the complaint: what is listed under it, and what could be."""

    work: Work
    items: list[CaseItem]
    leads: list[Lead]
    form: NumbersForm

    @property
    def tick_name(self) -> str:
        return f"lead-{self.work.pk}"


def documents(request: ActorRequest, case: Case) -> dict[str, object] | HttpResponse:
    """Three acts on one page: add under a work, take one off, keep the manners."""
    works = list(
        Work.objects.filter(pk__in=drafts.chosen_works(case), party=case.claimant_id)
        .select_related("sample")
        .defer("sample__content")
        .order_by("pk")
    )
    forms = {work.pk: _form(request, case, work, works[0]) for work in works}
    if request.method == "POST":
        answer = _posted(request, case, works, forms)
        if answer is not None:
            return answer
    listings = [_listing(request, case, work, forms[work.pk]) for work in works]
    return {"listings": listings, "manners": CaseItem.Manner.choices}


def _posted(
    request: ActorRequest,
    case: Case,
    works: list[Work],
    forms: dict[int, NumbersForm],
) -> HttpResponse | None:
    """Do what was asked; None when a line could not be read and is to be shown."""
    here = redirect("complaint_step", case.public_id, "documents")
    _keep_manners(request, case)
    if (item := request.POST.get("remove", "")).isdigit():
        drafts.unlist(case, int(item), by=request.actor)
        return here
    # Every form is asked, so that every wrong line is told at once.
    if [work for work, form in forms.items() if not form.is_valid()]:
        return None
    added = sum(_add(request, case, work, forms[work.pk]) for work in works)
    if "add" in request.POST:
        told = ngettext("已添加 %(n)d 份文档。", "已添加 %(n)d 份文档。", added)
        messages.info(request, told % {"n": added} if added else _("没有新增文档。"))
        return here
    return redirect("complaint_step", case.public_id, "declarations")


def _keep_manners(request: ActorRequest, case: Case) -> None:
    asked = {
        pk: request.POST.get(f"manner-{pk}", "")
        for pk in case.items.values_list("pk", flat=True)
    }
    known = CaseItem.Manner.values
    chosen = {pk: manner for pk, manner in asked.items() if manner in known}
    if chosen:
        drafts.state_manners(case, chosen, by=request.actor)


def _add(request: ActorRequest, case: Case, work: Work, form: NumbersForm) -> int:
    ticked = request.POST.getlist(f"lead-{work.pk}")
    documents = list(Document.objects.filter(number__in=ticked, current__isnull=False))
    documents += form.cleaned_data["numbers"]
    if not documents:
        return 0
    return drafts.add_documents(case, work, documents, by=request.actor)


def _form(request: ActorRequest, case: Case, work: Work, first: Work) -> NumbersForm:
    waiting = drafts.awaited_numbers(case) if work == first else []
    return NumbersForm(
        request.POST or None,
        prefix=f"work-{work.pk}",
        initial={"numbers": "\n".join(waiting)},
    )


def _listing(
    request: ActorRequest, case: Case, work: Work, form: NumbersForm
) -> WorkListing:
    items = case.items.filter(work=work).select_related(
        "match", "document__seller", "document__current"
    )
    listed = {item.document_id for item in items}
    leads = [
        lead for lead in leads_of(work, request.actor) if lead.document.pk not in listed
    ]
    return WorkListing(work, list(items), leads, form)
