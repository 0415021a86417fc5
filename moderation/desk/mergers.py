"""并案 at the desk: what would happen is said first, and then confirmed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases.chronicle import moment
from cases.errors import NoClockProfile, NotDeclared, NotMergeable, Sentence
from cases.joining import obstacle_between
from cases.merging import merge, obstacle_in
from cases.models import Case, CaseItem, Deadline
from cases.profiles import profile_of
from cases.services import open_steps
from cases.workflows.item import ItemState
from evidence.actors import ActorRequest
from moderation.desk.access import case_or_404, for_readers, show
from moderation.desk.queue import assignment_of
from moderation.desk.step_forms import MergeForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def desk_merge(request: ActorRequest, reference: str, other: str) -> HttpResponse:
    """Take a case into another one; only the POST changes anything."""
    case, into = case_or_404(request, reference), case_or_404(request, other)
    request.way_back = reverse("desk_case", args=[reference])  # type: ignore[attr-defined]
    versions = {"version": case.version, "other_version": into.version}
    form = MergeForm(request.POST or None, initial=versions)
    if request.method != "POST" or not form.is_valid():
        return _preview(request, case, into, form)
    try:
        merge(
            case,
            into,
            by=request.actor,
            at=timezone.now(),
            expect_version=form.cleaned_data["version"],
            expect_other=form.cleaned_data["other_version"],
        )
    except (NotMergeable, NotDeclared, NoClockProfile) as refusal:
        form.add_error(None, str(refusal))
        return _preview(request, case, into, form)
    told = {"reference": case.reference, "other": into.reference}
    messages.success(request, _("%(reference)s 已并入 %(other)s。") % told)
    return redirect("desk_case", reference=into.reference)


def _preview(
    request: ActorRequest, case: Case, into: Case, form: MergeForm
) -> HttpResponse:
    held = set(into.items.values_list("document", "work"))
    rows = case.items.filter(state=ItemState.PENDING)
    items = list(rows.select_related("document", "work", "snapshot"))
    folded = [item for item in items if (item.document_id, item.work_id) in held]
    moved = [item for item in items if item not in folded]
    now = timezone.now()
    between = obstacle_between(case, into, at=now, coming=items)
    context = {
        "case": case,
        "into": into,
        "form": form,
        "obstacle": obstacle_in(case) or between,
        "is_open": "merge" in dict(open_steps(case, request.actor)),
        "holder": assignment_of(into, now),
        "moved": moved,
        "folded": folded,
        "effects": _effects(case, into, moved, folded),
    }
    return show(request, "desk/merge.html", context)


def _effects(
    case: Case, into: Case, moved: list[CaseItem], folded: list[CaseItem]
) -> list[Sentence]:
    other, party = {"reference": into.reference}, into.agent or into.claimant
    told: list[Sentence] = []
    if into.accepted_at and case.accepted_at is None:
        label = profile_of(into.clock_profile).label
        words = _("本案先按 %(reference)s 的期限规则“%(label)s”受理，写入受理通知书。")
        told.append(words % {**other, "label": label})
    if moved:
        words = ngettext(
            "%(n)d 份文档移入 %(reference)s，快照、比对结果和期限随之移入。",
            "%(n)d 份文档移入 %(reference)s，快照、比对结果和期限随之移入。",
            len(moved),
        )
        told.append(words % {**other, "n": len(moved)})
    if folded:
        words = ngettext(
            "%(n)d 份文档两案都列出，只在 %(reference)s 中处理一次，以较早的期限为准。",
            "%(n)d 份文档两案都列出，只在 %(reference)s 中处理一次，以较早的期限为准。",
            len(folded),
        )
        told.append(words % {**other, "n": len(folded)})
    told += _times(case, into)
    told.append(
        _("两案各写入一份并案告知书；与这些文档有关的文书此后送达 %(who)s。")
        % {"who": party.masked_name if party else ""}
    )
    told.append(
        _(
            "移入的文档处理之前，且 %(reference)s 没有因此受理、补正或者保全的，"
            "高级审核员可以撤销并案。"
        )
        % other
    )
    return told


def _times(case: Case, into: Case) -> list[Sentence]:
    """Of the two form checks that run, the one that ends first."""
    if into.accepted_at is not None:
        return []
    rows = Deadline.objects.open().filter(case__in=[case, into], clock="review")
    first = rows.order_by("due_at").first()
    if first is None:
        return []
    return [_("形式审查以较早的期限 %(at)s 为准。") % {"at": moment(first.due_at)}]
