"""What became of it: the complainant's case page and the seller's page."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.chronicle import article_of, events_of, moment, why
from cases.clocks import CLOCKS
from cases.models import CaseItem, Notice, Restriction, SubmissionNotice
from cases.notices import Kind
from cases.restrictions import visibility_of
from cases.strikes import standing_of
from cases.views.reach import own_cases
from evidence.actors import Actor, ActorRequest
from evidence.models import Document, SellerAccount

DOCUMENTS_A_PAGE = 50
LETTERS = 20


@login_required
@require_safe
def case(request: ActorRequest, reference: str) -> HttpResponse:
    filed = get_object_or_404(own_cases(request.actor), reference=reference)
    items = list(
        filed.items.select_related("work", "document__seller", "document__current")
    )
    letters = Notice.objects.visible_to(request.actor).filter(case=filed)
    letters = letters.filter(party__isnull=False).order_by("at", "pk")
    clocks = filed.deadlines.select_related("item__document").order_by("due_at", "pk")
    context = {
        "case": filed,
        "items": [(item, _measure(item)) for item in items],
        "events": events_of(filed, items),
        "letters": [(letter, Kind(letter.kind).label) for letter in letters],
        "clocks": [
            {
                "row": clock,
                "label": CLOCKS[clock.clock].label,
                "ends": moment(clock.due_at),
                "article": article_of(clock),
                "why": why(clock),
            }
            for clock in clocks
        ],
        "now": timezone.now(),
    }
    return render(request, "complaints/case.html", context)


@login_required
@require_safe
def seller(request: ActorRequest) -> HttpResponse:
    """A seller's letters and documents, in words that accuse nobody."""
    parties = request.actor.parties
    accounts = SellerAccount.objects.filter(party__in=parties)
    letters = Notice.objects.visible_to(request.actor).filter(seller__in=accounts)
    letters = letters.select_related("case", "item__document__current")
    letters = letters.order_by("-at", "-pk")
    under = Restriction.objects.active().filter(document=OuterRef("pk"))
    active = Prefetch("restrictions", Restriction.objects.active())
    documents = Document.objects.filter(seller__in=accounts, current__isnull=False)
    documents = documents.with_listing().defer("current__text__content")
    documents = documents.prefetch_related(active)
    documents = documents.order_by(Exists(under).desc(), "-first_seen_at", "-pk")
    page = Paginator(documents, DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "accounts": accounts,
        "standings": [
            (account, standing_of(account, at=timezone.now())) for account in accounts
        ],
        "letters": [(letter, Kind(letter.kind).label) for letter in letters],
        "screening_letters": _screening_letters(request.actor),
        "page": page,
        "rows": [
            # Prefetched: the active ones only.
            (document, visibility_of(document, _levels(document)))
            for document in page
        ],
    }
    return render(request, "seller/home.html", context)


def _screening_letters(actor: Actor) -> list[SubmissionNotice]:
    """The newest letters about files handed in before publication."""
    letters = SubmissionNotice.objects.visible_to(actor)
    letters = letters.filter(submission__seller__party__in=actor.parties)
    return list(letters.select_related("submission").order_by("-at", "-pk")[:LETTERS])


def _levels(document: Document) -> list[str]:
    return [row.level for row in document.restrictions.all()]


def _measure(item: CaseItem) -> str:
    """Say in general terms what was done about a document."""
    if item.measure:
        return str(Restriction.Level(item.measure).label)
    return str(item.get_finding_display()) if item.finding else ""
