"""Registering parties and powers of attorney."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.forms.parties import DETAILS, FORMS, MandateForm
from cases.registration import (
    Upload,
    amend_party,
    register_party,
    register_principal,
)
from cases.standing import own_parties
from evidence.actors import ActorRequest
from evidence.models import Party
from evidence.reading import shown_name

any_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@any_form
def new(request: ActorRequest) -> HttpResponse:
    kind = _kind(request)
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        register_party(kind, form.details(), by=request.actor, at=timezone.now())
        messages.success(request, _("主体已登记，接下来登记作品。"))
        return redirect("rights_home")
    context = {"form": form, "kind": kind, "kinds": Party.Kind.choices}
    return render(request, "rights/party.html", context)


@login_required
@any_form
def edit(request: ActorRequest, public_id: str) -> HttpResponse:
    party = get_object_or_404(own_parties(request.actor), public_id=public_id)
    details = getattr(party, "details", None)
    initial = {name: getattr(details, name, "") for name in DETAILS}
    form = FORMS[party.kind](request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        amend_party(party, form.details(), by=request.actor, at=timezone.now())
        messages.success(request, _("主体信息已更新。"))
        return redirect("rights_home")
    return render(request, "rights/party.html", {"form": form, "party": party})


@login_required
@any_form
def mandate(request: ActorRequest) -> HttpResponse:
    """Register a principal together with the power of attorney that names us."""
    kind, now = _kind(request), timezone.now()
    parties = own_parties(request.actor)
    if not parties.exists():
        messages.info(request, _("请先登记代理人自己的主体信息。"))
        return redirect(f"{reverse('party_new')}?kind=organisation")
    details = FORMS[kind](request.POST or None)
    terms = MandateForm(
        request.POST or None,
        request.FILES or None,
        parties=parties,
        today=timezone.localdate(now),
    )
    if request.method == "POST" and all([details.is_valid(), terms.is_valid()]):
        facts = dict(terms.cleaned_data)
        upload = facts.pop("authority")
        authority = Upload(upload, shown_name(upload.name))
        register_principal(
            kind,
            details.details(),
            authority=authority,
            by=request.actor,
            at=now,
            **facts,
        )
        messages.success(request, _("委托已登记，可以代为登记作品和投诉。"))
        return redirect("rights_home")
    context = {"form": details, "terms": terms, "kind": kind}
    return render(
        request, "rights/mandate.html", context | {"kinds": Party.Kind.choices}
    )


def _kind(request: ActorRequest) -> str:
    """Which form is asked for; a person unless the address says otherwise."""
    kind = request.GET.get("kind", "")
    return kind if kind in FORMS else str(Party.Kind.PERSON)
