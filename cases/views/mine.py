"""What became of it: the complainant's case page and the seller's page."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.answering import items_of_uploader
from cases.chronicle import events_elsewhere, events_of
from cases.extending import extensions_of
from cases.models import (
    AccountMeasure,
    Case,
    CaseItem,
    Deadline,
    Notice,
    Restriction,
    SubmissionNotice,
)
from cases.models.item import named_in
from cases.notices import Kind
from cases.permissions.item import may_be_extended, no_extension_is_asked
from cases.restrictions import visibility_of
from cases.services import open_steps
from cases.strikes import standing_of
from cases.views.clocks import clock_rows
from cases.views.defects import labelled
from cases.views.reach import own_cases
from cases.views.suits import TELLABLE, told_on
from cases.withdrawing import withdrawable
from cases.workflows.copyright import CaseState
from cases.workflows.item import ItemState
from evidence.actors import Actor, ActorRequest
from evidence.models import Document, SellerAccount

DOCUMENTS_A_PAGE = 50
LETTERS = 20


@login_required
@require_safe
def case(request: ActorRequest, reference: str) -> HttpResponse:
    filed = get_object_or_404(own_cases(request.actor), reference=reference)
    items = _documents(filed)
    letters = Notice.objects.visible_to(request.actor).filter(case=filed)
    letters = letters.filter(party__isnull=False).order_by("at", "pk")
    context = {
        "case": filed,
        "items": [(item, _measure(item), _may_ask(filed, item)) for item in items],
        "extensions": extensions_of(filed),
        "events": [*events_of(filed, items), *events_elsewhere(filed, items)],
        "letters": [(letter, Kind(letter.kind).label) for letter in letters],
        "clocks": _clocks(filed, items, timezone.now()),
        # An agent who filed one of the two does not read what else is in the other.
        "goes_on": filed.merged_into,
        "reads_it": own_cases(request.actor).filter(merged_cases=filed).exists(),
        "came": filed.merged_cases.order_by("pk"),
        "actions": _actions(filed, items, request.actor),
        "proceedings": told_on(filed),
        "told_in": _told_in(filed, items),
        "defects": labelled(filed.defects.filter(counter_notice__isnull=True)),
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
        "measures": AccountMeasure.objects.visible_to(request.actor)
        .filter(seller__in=accounts)
        .select_related("case")[:LETTERS],
        "items": items_of_uploader(request.actor)
        .select_related("case", "document__current")
        .order_by("-decided_at"),
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


def _actions(
    case: Case, items: list[CaseItem], actor: Actor
) -> list[tuple[str, str, bool]]:
    """Return what the complainant can do now: label, address, whether it presses."""
    steps, actions = dict(open_steps(case, actor)), []
    if "cure" in steps:
        label = str(steps["cure"].label)
        actions.append((label, reverse("case_cure", args=[case.reference]), True))
    if case.merged_into_id is None and any(item.state in TELLABLE for item in items):
        waits = any(item.state == ItemState.WAITING for item in items)
        url = reverse("proceeding_new", args=[case.reference])
        actions.append((_("通知已起诉或投诉"), url, waits))
    if "withdraw" in steps or (case.state != CaseState.DRAFT and withdrawable(case)):
        url = reverse("case_withdraw", args=[case.reference])
        actions.append((_("撤回投诉"), url, False))
    return actions


def _told_in(case: Case, items: list[CaseItem]) -> list[Case]:
    """The cases in which a suit about the documents of a merged one is told of."""
    if case.merged_into_id is None:
        return []
    tellable = [item for item in items if item.state in TELLABLE]
    return list({item.case_id: item.case for item in tellable}.values())


def _documents(case: Case) -> list[CaseItem]:
    """The documents of a case as they stand, also where they are examined in another
    case that it was merged into."""
    if case.merged_into_id is None:
        return list(
            case.items.select_related("work", "document__seller", "document__current")
        )
    return [_standing(item) for item in named_in(case)]


def _standing(item: CaseItem) -> CaseItem:
    twin = item.folded_into
    if twin is None:
        return item
    twin.position, twin.document, twin.work = item.position, item.document, item.work
    return twin


def _clocks(case: Case, items: list[CaseItem], at: datetime) -> list[dict[str, Any]]:
    """The clocks of a case; of a merged one those of its documents where they are
    examined, under the numbers that its notice gave them."""
    if case.merged_into_id is None:
        return clock_rows(case.deadlines.all(), at)
    places = {item.pk: item.position for item in items}
    own = Q(case=case, item=None) | Q(item__in=places)
    rows = clock_rows(Deadline.objects.filter(own), at)
    for row in rows:
        if item := row["row"].item:
            item.position = places[item.pk]
    return rows


def _may_ask(case: Case, item: CaseItem) -> bool:
    """The waiting runs here, can be made longer, and nobody has asked yet."""
    waits = item.state == ItemState.WAITING and case.merged_into_id is None
    return waits and may_be_extended(item) and no_extension_is_asked(item)


def _measure(item: CaseItem) -> str:
    """Say in general terms what was done about a document."""
    if item.measure:
        return str(Restriction.Level(item.measure).label)
    return str(item.get_finding_display()) if item.finding else ""
