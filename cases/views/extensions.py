"""延长等待期: the complainant asks for it, with proof."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.chronicle import moment
from cases.deadlines import running
from cases.errors import CaseMovedOn, ExtensionTooLong
from cases.extending import ask_extension
from cases.forms.filed import ExtensionForm
from cases.forms.works import ProofFormSet
from cases.services import open_steps
from cases.views.reach import own_cases
from evidence.actors import ActorRequest
from evidence.models import Exhibit


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, reference: str, position: int) -> HttpResponse:
    """One document, while its waiting runs and nothing is asked for it yet."""
    case = get_object_or_404(own_cases(request.actor), reference=reference)
    items = case.items.select_related("document__current")
    item = get_object_or_404(items, position=position)
    if "ask_extension" not in dict(open_steps(item, request.actor)):
        raise CaseMovedOn
    form = ExtensionForm(request.POST or None)
    proofs = ProofFormSet(
        request.POST or None,
        request.FILES or None,
        prefix="proof",
        form_kwargs={"initial": {"kind": Exhibit.Kind.NOTARY}},
    )
    if request.method == "POST" and all([form.is_valid(), proofs.is_valid()]):
        try:
            ask_extension(
                item,
                form.plea(),
                proofs=proofs.proofs(),
                by=request.actor,
                at=timezone.now(),
            )
        except ExtensionTooLong as refusal:
            form.add_error("days", str(refusal))
        else:
            messages.success(request, _("申请和证明已收到，审查结果另行通知。"))
            return redirect("my_case", reference)
    row = running("waiting", item).first()
    context = {
        "case": case,
        "item": item,
        "form": form,
        "proofs": proofs,
        "ends": moment(row.due_at) if row else "",
    }
    return render(request, "complaints/extension.html", context)
