"""The thresholds of the matcher: what is in force, and what a change would touch."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.errors import Sentence
from evidence import replaying
from evidence.actors import ActorRequest
from evidence.matching.params import Params
from evidence.models import Threshold, ThresholdReplay
from evidence.progress import Stage
from evidence.shelving import Shelver
from evidence.tasks import replay_threshold
from evidence.thresholds import CHANGEABLE, NoSuchThreshold, in_force
from moderation.desk.access import compliance_act, desk_page, show
from moderation.touched import decided_under, leads_in

A_PAGE = 50
REPLAYS = 20


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a threshold is called, what it does, and what it counts."""

    label: Sentence
    effect: Sentence
    unit: Sentence


_CHARACTERS = gettext_lazy("字")
_SHARE = gettext_lazy("0–1")
MEANINGS: dict[str, Meaning] = {
    "passage": Meaning(
        gettext_lazy("段落最少字数"),
        gettext_lazy("相同段落短于此数的不计。调高则线索减少。"),
        _CHARACTERS,
    ),
    "copied_passage": Meaning(
        gettext_lazy("大量相同时的段落最少字数"),
        gettext_lazy("两份文本已有很多相同时，较短的段落也计入。"),
        _CHARACTERS,
    ),
    "similarity": Meaning(
        gettext_lazy("段落最低相似度"),
        gettext_lazy("段落两侧逐字相似的比例低于此数的不计。调高则放过改写。"),
        _SHARE,
    ),
    "evidence": Meaning(
        gettext_lazy("成为线索的分量"),
        gettext_lazy("一个段落折合此数，或合计达到两倍，才成为线索。"),
        _CHARACTERS,
    ),
    "short_coverage": Meaning(
        gettext_lazy("短文本的覆盖率"),
        gettext_lazy("文本本身很短时，相同部分须占到这个比例。"),
        _SHARE,
    ),
}


class ChangeForm(forms.Form):
    name = forms.ChoiceField(
        label=gettext_lazy("阈值"),
        choices=[(name, MEANINGS[name].label) for name in CHANGEABLE],
    )
    value = forms.FloatField(
        label=gettext_lazy("改为"),
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


@desk_page
def desk_thresholds(request: ActorRequest) -> HttpResponse:
    return _overview(request, ChangeForm())


@compliance_act
def desk_replay_new(request: ActorRequest) -> HttpResponse:
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    facts = form.cleaned_data
    try:
        row = replaying.ask(**facts, by=request.actor, at=timezone.now())
    except NoSuchThreshold:
        form.add_error("value", _("这个值不可用，或者就是现在的值。"))
        return _overview(request, form)
    replay_threshold.enqueue(row.pk)
    return redirect("desk_replay", row.pk)


@desk_page
def desk_replay(request: ActorRequest, pk: int) -> HttpResponse:
    """What a change would touch; htmx asks for the moving part alone."""
    row = get_object_or_404(ThresholdReplay, pk=pk)
    context: dict[str, Any] = {"row": row, "meaning": MEANINGS[row.name]}
    if request.headers.get("HX-Request") and row.is_open:
        return show(request, "desk/_replay.html", context)
    if row.stage == Stage.DONE:
        found = replaying.outcome(row)
        pairs = [("lost", pair) for pair in sorted(found.lost)]
        pairs += [("gained", pair) for pair in sorted(found.gained)]
        page = Paginator(pairs, A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "lost": len(found.lost),
            "gained": len(found.gained),
            "decided": decided_under(found),
            "page": page,
            "leads": leads_in(list(page)),
            "is_current": in_force().digest() == row.digest_before,
        }
    response = show(request, "desk/replay.html", context)
    if request.headers.get("HX-Request"):
        # The replay has ended while it was watched: the whole page is another one.
        response["HX-Refresh"] = "true"
    return response


@compliance_act
def desk_replay_stop(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ThresholdReplay, pk=pk)
    replaying.cancel(row)
    messages.info(request, _("已通知后台停止。"))
    return redirect("desk_replay", pk)


@compliance_act
def desk_replay_save(request: ActorRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ThresholdReplay, pk=pk, stage=Stage.DONE)
    shelver = Shelver(request.actor, request.actor.duty, timezone.now())
    try:
        saved = replaying.save(row, shelver=shelver)
    except replaying.ParametersMoved:
        messages.error(request, _("重演之后阈值又有改动，请重新重演再保存。"))
        return redirect("desk_replay", pk)
    if saved:
        messages.success(request, _("新的阈值已生效。新增的线索由后台重新比对后出现。"))
    return redirect("desk_replay", pk)


def _overview(request: ActorRequest, form: ChangeForm) -> HttpResponse:
    params, standard = in_force(), Params()
    set_at = dict(Threshold.objects.values_list("name", "set_at"))
    context = {
        "rows": [
            {
                "meaning": MEANINGS[name],
                "value": getattr(params, name),
                "standard": getattr(standard, name),
                "set_at": set_at.get(name),
            }
            for name in CHANGEABLE
        ],
        "digest": params.digest(),
        "form": form,
        "replays": [
            (row, MEANINGS[row.name])
            for row in ThresholdReplay.objects.order_by("-pk").defer("lost", "gained")[
                :REPLAYS
            ]
        ],
    }
    return show(request, "desk/thresholds.html", context)
