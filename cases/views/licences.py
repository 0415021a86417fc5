"""The licence list of a work, as its holder keeps it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.licences import LicenceForm
from cases.licensing import Licensed, licences_of, license_documents, withdraw
from cases.views.works import work_within_reach
from evidence.actors import ActorRequest
from evidence.models import Licence

A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: ActorRequest, public_id: str) -> HttpResponse:
    work = work_within_reach(request, public_id)
    form = LicenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        licensed = license_documents(
            work,
            form.cleaned_data["numbers"],
            whole_account=form.is_for_accounts,
            by=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _told(licensed))
        return redirect("licences", work.public_id)
    rows = Paginator(licences_of(work), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "rights/licences.html", {"work": work, "form": form, "page": rows}
    )


@login_required
@require_POST
def end(request: ActorRequest, public_id: str, pk: int) -> HttpResponse:
    work = work_within_reach(request, public_id)
    licence = get_object_or_404(
        Licence.objects.select_related("work"), work=work, pk=pk
    )
    if withdraw(licence, by=request.actor, at=timezone.now()):
        messages.success(request, _("授权已撤回，需要时可以重新添加。"))
    return redirect("licences", work.public_id)


def _told(licensed: Licensed) -> str:
    count = len(licensed.granted)
    if not count:
        return _("这些授权都已在名单上。")
    return ngettext("已添加 %(n)d 项授权。", "已添加 %(n)d 项授权。", count) % {
        "n": count
    }
