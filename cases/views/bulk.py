"""Many documents at once: a list is read, each row is checked, wrong ones corrected."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases import bulk, drafts
from cases.forms.bulk import ListForm, posted_rows
from cases.models import CaseItem
from cases.views.reach import my_draft
from evidence.actors import ActorRequest
from evidence.models import Work


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: ActorRequest, public_id: str) -> HttpResponse:
    """Two forms on one page: the file, then its rows. Good rows are taken as soon as
    they are confirmed; what is left stays on the page until it is right or removed."""
    case = my_draft(request, public_id)
    works = list(
        Work.objects.filter(pk__in=drafts.chosen_works(case), party=case.claimant_id)
    )
    has_file = "sheet" in request.FILES or "upload" in request.POST
    form = ListForm(request.POST, request.FILES) if has_file else ListForm()
    rows: list[bulk.Row] = []
    if has_file and form.is_valid():
        rows = form.cleaned_data["sheet"]
    elif request.method == "POST" and not has_file:
        rows = posted_rows(request.POST)
    bulk.check(rows, works)
    if "take" in request.POST and rows:
        added = bulk.take(case, rows, by=request.actor)
        told = ngettext("已添加 %(n)d 份文档。", "已添加 %(n)d 份文档。", added)
        messages.success(request, told % {"n": added})
        rows = [row for row in rows if not row.is_good]
        if not rows:
            return redirect("complaint_step", case.public_id, "documents")
        messages.info(request, _("下面的行还有问题，请改正后再添加，或者清空该行。"))
    context = {
        "case": case,
        "form": form,
        "rows": rows,
        "works": works,
        "manners": CaseItem.Manner.choices,
        "good": sum(row.is_good for row in rows),
        "bad": sum(not row.is_good for row in rows),
    }
    return render(request, "complaints/list.html", context)
