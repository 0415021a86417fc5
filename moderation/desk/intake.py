"""How far the files are that came in, whoever brought them, and which need a hand."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from cases.refusals import told
from evidence import progress
from evidence.actors import ActorRequest
from evidence.models import Text
from evidence.phases import Tally, phase_of
from evidence.progress import Stage
from evidence.tasks import process_text
from moderation.desk.access import desk_act, desk_page, show

SHOWN = 50
AT_ONCE = 500
HTMX = "HX-Request"


@desk_page
def desk_intake(request: ActorRequest) -> HttpResponse:
    """The page, or the part of it that htmx asks for while files are worked on."""
    stages = Text.objects.values_list("stage", "state").annotate(files=Count("pk"))
    refused = Text.objects.filter(state=Text.State.REFUSED).values_list("refusal")
    failed = Text.objects.filter(stage__in=(Stage.FAILED, Stage.CANCELLED))
    rows = failed.select_related("blob").defer("content").order_by("-pk")[:SHOWN]
    context = {
        "tally": Tally((phase_of(stage, state), n) for stage, state, n in stages),
        "refusals": [
            (told(code), files)
            for code, files in refused.annotate(n=Count("pk")).order_by("-n")
        ],
        "failed": [(row, told(row.error)) for row in rows],
    }
    if request.headers.get(HTMX) == "true":
        return render(request, "desk/_intake.html", context)
    return show(request, "desk/intake.html", context)


@desk_act
def desk_intake_retry(request: ActorRequest) -> HttpResponse:
    """Queue what failed once more, the latest first."""
    failed = Text.objects.filter(stage=Stage.FAILED).defer("content").order_by("-pk")
    with transaction.atomic():
        again = [row.pk for row in failed[:AT_ONCE] if progress.try_again(row)]
        transaction.on_commit(lambda: [process_text.enqueue(pk) for pk in again])
    queued = ngettext("已重新排队 %(n)d 份。", "已重新排队 %(n)d 份。", len(again))
    messages.success(request, queued % {"n": len(again)})
    return redirect("desk_intake")
