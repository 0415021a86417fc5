"""举报: the form on every document, the receipt, and the proof of work."""

import logging
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cases import limits, proofs
from cases.errors import AlreadyReported, NothingToReport, TooMany
from cases.forms.listed import read_lines
from cases.forms.reports import NumberForm, ReportForm
from cases.models import Report
from cases.priority import weigh
from cases.reasons import REASONS
from cases.reporting import Origin, Receipt, file_report
from cases.restrictions import visibility
from cases.views.followed import remember
from evidence.actors import ActorRequest
from evidence.models import Document

logger = logging.getLogger(__name__)
CONFIRM = "cases.reports.confirm"
CONFIRM_WITHIN = 3 * 86_400


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Report by number: also what is listed no more."""
    if "number" not in request.GET:
        return render(request, "reporting/home.html", {"form": NumberForm()})
    form = NumberForm(request.GET)
    if form.is_valid():
        found = _named(form.cleaned_data["number"])
        if found is not None:
            return redirect("report_abuse", found.number)
        form.add_error("number", _("没有找到这份文档，请核对文档编号。"))
    return render(request, "reporting/home.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, number: str) -> HttpResponse:
    """One tap from the document: prefilled, signed in or not, listed or not."""
    rows = Document.objects.select_related("seller", "current")
    document = get_object_or_404(rows, number=number)
    signed_in = request.actor.user_id is not None
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        initial=_prefilled(request),
        signed_in=signed_in,
    )
    if request.method == "POST" and form.is_valid():
        return _file(request, document, form)
    return _page(request, document, form)


@require_safe
@never_cache
def proof(request: HttpRequest) -> HttpResponse:
    """A puzzle for a guest's browser; nothing is written until it is used."""
    return JsonResponse(proofs.new_challenge(at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link of the mail: whoever opens it has to press the button."""
    report = _report_of(token)
    if report is None:
        return render(request, "reporting/confirm.html", {"state": "bad"}, status=404)
    state = "ask" if report.checked == Report.Checked.NONE else "done"
    if request.method == "POST" and state == "ask":
        rows = Report.objects.filter(pk=report.pk, checked=Report.Checked.NONE)
        rows.update(checked=Report.Checked.EMAIL)
        weigh(report.case)
        state = "done"
    context = {"state": state, "report": report}
    return render(request, "reporting/confirm.html", context)


def _named(text: str) -> Document | None:
    for line in read_lines(text):
        found = Document.objects.filter(number__in=line.candidates).first()
        if found:
            return found
    return None


def _prefilled(request: HttpRequest) -> dict[str, Any]:
    """What the place on the page that was tapped says already."""
    segment = request.GET.get("segment", "")
    page = request.GET.get("page", "")
    reason = request.GET.get("reason", "")
    return {
        "form_id": uuid.uuid4(),
        "segment": segment if segment.isdecimal() else None,
        "page": page if page.isdecimal() else None,
        "quote": request.GET.get("quote", "").replace("\0", "")[:500],
        "reason": reason if reason in REASONS else "",
    }


def _page(
    request: HttpRequest, document: Document, form: ReportForm, told: str = ""
) -> HttpResponse:
    context = {
        "document": document,
        "form": form,
        "reasons": REASONS.values(),
        "is_down": document.current is None or visibility(document).is_down,
        "segment": form["segment"].value(),
        "told": told,
    }
    return render(request, "reporting/new.html", context)


def _file(request: ActorRequest, document: Document, form: ReportForm) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    address = limits.address_of(request.META)
    _spend(actor.user_id, address, document, now)
    named = actor.user_id is not None and not form.cleaned_data.get("unnamed")
    checked = Report.Checked.NONE
    if actor.user_id is not None:
        checked = Report.Checked.ACCOUNT
    elif proofs.spend(form.cleaned_data["proof"], at=now):
        checked = Report.Checked.PROOF
    origin = Origin(
        checked,
        address=address,
        form_id=form.cleaned_data["form_id"],
        named=named,
    )
    try:
        receipt = file_report(document, form.said(), origin, by=actor, at=now)
    except AlreadyReported as held:
        told = f"{held} " + _("回执号：%(number)s。") % {"number": held.number}
        return _page(request, document, form, told)
    except NothingToReport as nothing:
        return _page(request, document, form, str(nothing))
    mailed = _mail(request, receipt.report, form.cleaned_data["email"], now)
    remember(request, receipt.report)
    return _receipt(request, document, receipt, mailed=mailed)


def _receipt(
    request: HttpRequest, document: Document, receipt: Receipt, *, mailed: bool
) -> HttpResponse:
    """The code is on this answer and on no other: nothing keeps it but its digest."""
    context = {
        "document": document,
        "report": receipt.report,
        "code": receipt.code,
        "mailed": mailed,
        "is_slow": receipt.report.checked == Report.Checked.NONE,
    }
    response = render(request, "reporting/receipt.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _spend(user_id: int | None, address: str, document: Document, at: datetime) -> None:
    """Count the attempt before anything is stored. Raises TooMany."""
    who = "report_account" if user_id is not None else "report_address"
    subject = f"user:{user_id}" if user_id is not None else address
    limits.spend(f"{who}_day", subject, at=at)
    limits.spend(who, subject, at=at)
    if user_id is not None:
        limits.spend("report_address_accounts", address, at=at)
    limits.spend("report_target", f"{subject} {document.pk}", at=at)


def _mail(request: HttpRequest, report: Report, email: str, at: datetime) -> bool:
    """Send a guest without proof the link that moves the report forward.

    The report is stored by now: what goes wrong here must not take the receipt and
    its code, which is shown this once.
    """
    if report.checked != Report.Checked.NONE or not email:
        return False
    try:
        limits.spend("mail_address", limits.address_of(request.META), at=at)
        _send(request, report, email)
    except (TooMany, OSError):  # SMTPException is one
        logger.warning("no link was sent for report %s", report.number)
        return False
    return True


def _send(request: HttpRequest, report: Report, email: str) -> None:
    token = signing.dumps(report.pk, salt=CONFIRM)
    link = request.build_absolute_uri(reverse("report_confirm", args=[token]))
    send_mail(
        _("请确认您的举报 %(number)s") % {"number": report.number},
        _(
            "打开下面的链接并按“确认”，您的举报即进入正常队列；链接三日内有效。\n\n%(link)s"
        )
        % {"link": link},
        settings.DEFAULT_FROM_EMAIL,
        [email],
    )


def _report_of(token: str) -> Report | None:
    try:
        pk = signing.loads(token, salt=CONFIRM, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return Report.objects.select_related("case").filter(pk=pk).first()
