"""The uploader's side: one document under notice, the answer, and its cure."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.answering import cure_counter, file_counter, items_of_uploader
from cases.chronicle import events_about, moment
from cases.declarations import counter_declarations
from cases.errors import CaseMovedOn, IncompletePaper
from cases.extending import extensions_of
from cases.forms.answers import CounterForm, DefectAnswersForm
from cases.forms.works import PaperFormSet
from cases.likeness import comparison_of, percent_left
from cases.models import CaseItem, CounterNotice, Notice, Restriction
from cases.notices import Kind
from cases.permissions.item import last_judgment, no_proceeding_runs
from cases.profiles import profile_of
from cases.restrictions import visibility
from cases.standing import shown_number
from cases.views.clocks import clock_rows
from cases.views.defects import labelled
from cases.workflows.counter_notice import CounterState, Ground
from cases.workflows.item import ItemState
from evidence.actors import ActorRequest

ANSWERABLE = (ItemState.MEASURED, ItemState.FINAL)
any_form = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def show(request: ActorRequest, public_id: str) -> HttpResponse:
    """What was done about a document, until when it can be answered, and what became
    of the answer. Says nothing of the complainant but what the letters say."""
    item = _item(request, public_id)
    letters = Notice.objects.visible_to(request.actor).filter(
        item=item, seller__isnull=False
    )
    counters = item.counter_notices.filed().select_related("amended", "item__work")
    context = {
        "item": item,
        "measure": Restriction.Level(item.measure).label if item.measure else "",
        "was_restricted": item.measure not in ("", Restriction.Level.ONLY_FORWARD),
        "is_judged": last_judgment(item) == "upheld",
        "is_sued": not no_proceeding_runs(item),
        "visibility": visibility(item.document),
        "counters": [
            (
                row,
                labelled(row.defects.order_by("found_at", "code")),
                percent_left(row),
                comparison_of(row),
            )
            for row in counters.order_by("-opened_at")
        ],
        "may_answer": item.state in ANSWERABLE,
        "letters": [
            (letter, Kind(letter.kind).label) for letter in letters.order_by("-at")
        ],
        # What was asked and not granted is between the complainant and us.
        "extensions": extensions_of(item.case).filter(item=item, granted__gt=0),
        "clocks": clock_rows(
            item.deadlines.filter(clock__in=("window", "waiting", "counter_cure")),
            timezone.now(),
        ),
        "events": events_about(item),
    }
    return render(request, "seller/item.html", context)


@login_required
@any_form
def new(request: ActorRequest, public_id: str) -> HttpResponse:
    """反通知: reasons, identity, proof, declarations and signature on one page."""
    item = _item(request, public_id)
    party = item.document.seller.party
    if item.state not in ANSWERABLE or party is None:
        raise CaseMovedOn
    if not _is_known(party):
        messages.info(request, _("提交反通知之前，请先补全您的姓名、电话和地址。"))
        return redirect("party_edit", party.public_id)
    posted, files = request.POST or None, request.FILES or None
    profile = profile_of(item.case.clock_profile)
    form = CounterForm(
        posted, files, signer=party, declarations=counter_declarations(profile.code)
    )
    proofs = PaperFormSet(posted, files, prefix="proof")
    if request.method == "POST" and all([form.is_valid(), proofs.is_valid()]):
        try:
            file_counter(
                item,
                form.answer(proofs.proofs()),
                by=request.actor,
                at=timezone.now(),
            )
        except IncompletePaper as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("反通知已提交，回执已生成。"))
            return redirect("seller_item", item.public_id)
    context = {
        "item": item,
        "form": form,
        "proofs": proofs,
        "profile": profile,
        "address": request.build_absolute_uri(
            reverse("document", args=[item.document.number])
        ),
        "party": party,
        "shown_number": shown_number(party),
    }
    return render(request, "seller/answer.html", context)


@login_required
@any_form
def cure(request: ActorRequest, public_id: str) -> HttpResponse:
    """补正 of a counter-notice: one answer a defect, with files."""
    mine = CounterNotice.objects.of_uploader(request.actor)
    counter = get_object_or_404(mine.select_related("item"), public_id=public_id)
    if counter.state != CounterState.DEFICIENT:
        raise CaseMovedOn
    defects = labelled(counter.defects.filter(answered_at__isnull=True))
    posted, files = request.POST or None, request.FILES or None
    initial = {"version": counter.version}
    amends = counter.ground == Ground.REMOVED
    form = DefectAnswersForm(
        posted, files, defects=defects, amends=amends, initial=initial
    )
    proofs = PaperFormSet(posted, files, prefix="proof")
    if request.method == "POST" and all([form.is_valid(), proofs.is_valid()]):
        cure_counter(
            counter,
            answers=form.answers(),
            proofs=proofs.proofs(),
            by=request.actor,
            at=timezone.now(),
            expect_version=form.cleaned_data["version"],
            amended=form.amended(),
        )
        messages.success(request, _("补正材料已提交。"))
        return redirect("seller_item", counter.item.public_id)
    term = counter.item.deadlines.filter(clock="counter_cure").order_by("pk").last()
    context = {
        "form": form,
        "proofs": proofs,
        "here": _("补正反通知"),
        "ends": moment(term.due_at) if term else "",
        "back": reverse("seller_item", args=[counter.item.public_id]),
        "is_last": True,
    }
    return render(request, "complaints/cure.html", context)


def _item(request: ActorRequest, public_id: str) -> CaseItem:
    items = items_of_uploader(request.actor).select_related(
        "case", "document__seller__party__details", "document__current", "work"
    )
    return get_object_or_404(items, public_id=public_id)


def _is_known(party: object) -> bool:
    details = getattr(party, "details", None)
    return bool(details and details.name and details.phone and details.address)
