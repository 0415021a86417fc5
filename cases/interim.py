"""先行限制: what may be held back before anybody has looked, and by which rule.

Only P0; only when the text copies one that was removed for P0, or the reporter is an
authority or an account of proven accuracy; capped a day per reporter and per seller.
A lone anonymous report never takes anything down.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Report, Restriction
from cases.permissions.report import is_restricted_before_review, is_urgent
from cases.policies import values
from cases.priority import accuracy_of
from cases.restrictions import DOWN
from cases.services import advance
from evidence import store
from evidence.actors import SYSTEM
from evidence.ledger import LedgerEntry
from evidence.models import DocumentVersion, SellerAccount

DAY = timedelta(days=1)
AUTHORITY = "interim_authority"


def restrict_by_policy(case: Any, report: Report, *, at: datetime) -> bool:
    """Hold documents of a case back if a policy allows it; whether it was done.

    Once a case: what a person has let go, or nobody confirmed, does not come back by
    the next report; but each paper of an authority is an occasion of its own. After a
    ruling its measures hold and no others.
    """
    if not is_urgent(case) or is_restricted_before_review(case) or case.decided_at:
        return False
    figures = values()
    policy = _policy(case, report, figures)
    was_held = Restriction.objects.filter(reported__case=case).exists()
    if not policy or (was_held and policy != AUTHORITY):
        return False
    chosen = _within_caps(case, report, figures, at)
    if chosen:
        advance(case, "restrict", by=SYSTEM, at=at, policy=policy, documents=chosen)
    return bool(chosen)


def _policy(case: Any, report: Report, figures: dict[str, int]) -> str:
    """Return the name of the policy that allows it, "" when none does."""
    is_authority = report.source == Report.Source.AUTHORITY
    if figures[AUTHORITY] and is_authority:
        return AUTHORITY
    if figures["interim_copy"] and copies_what_was_removed(report):
        return "interim_copy"
    least = figures["interim_accuracy"]
    if least and report.user_id is not None:
        past = accuracy_of(report.user_id)
        if past.decided >= figures["interim_decided"] and (past.per_cent or 0) >= least:
            return "interim_accuracy"
    return ""


def copies_what_was_removed(report: Report) -> bool:
    """Whether this text, or one nearly identical, is down for a P0 by a ruling."""
    version = report.document.current or report.document.versions.last()
    if version is None:
        return False
    text = version.text_id
    alike = {text, store.representatives([text]).get(text) or text}
    for members in store.members(sorted(alike)).values():
        alike |= set(members)
    holders = DocumentVersion.objects.filter(text__in=alike)
    return (
        Restriction.objects.active()
        .filter(
            level__in=DOWN,
            reported__document__in=holders.values("document"),
            reported__case__priority=0,
            reported__case__decided_at__isnull=False,
        )
        .exclude(reported__case=report.case_id)
        .exists()
    )


def _within_caps(
    case: Case, report: Report, figures: dict[str, int], at: datetime
) -> list[str]:
    """Return the numbers of the documents that the caps of the day leave room for,
    the reported one first; none when there is no room for that."""
    rows = case.reported_documents.select_related("document")
    documents = sorted(
        (row.document for row in rows), key=lambda each: each.pk != report.document_id
    )
    # Who holds another document of the seller back meanwhile waits, and is counted.
    sellers = {document.seller_id for document in documents}
    locked = SellerAccount.objects.select_for_update().filter(pk__in=sellers)
    list(locked.order_by("pk").values_list("pk", flat=True))
    held = Restriction.objects.filter(
        placed_at__gt=at - DAY,
        reported__case__pk__in=_restricted_cases(at).values("pk"),
    )
    pairs = held.values_list("document", "document__seller").distinct()
    taken = Counter(seller for _document, seller in pairs)
    room = _room_of_reporter(report, held, figures)
    chosen: list[str] = []
    for document in documents[:room]:
        if taken[document.seller_id] < figures["interim_seller_daily"]:
            taken[document.seller_id] += 1
            chosen.append(document.number)
        elif not chosen:
            return []
    return chosen


def _room_of_reporter(
    report: Report, held: QuerySet[Restriction], figures: dict[str, int]
) -> int | None:
    """Return for how many documents more this reporter may be the cause today, by
    account or by address; None for an authority, which is known by its paper."""
    if report.user_id is not None:
        mine = held.filter(reported__case__reports__user=report.user_id)
    elif report.address_digest:
        mine = held.filter(
            reported__case__reports__user__isnull=True,
            reported__case__reports__address_digest=report.address_digest,
        )
    else:
        return None
    used = mine.values("document").distinct().count()
    return max(0, figures["interim_reporter_daily"] - used)


def _restricted_cases(at: datetime) -> QuerySet[Case]:
    """The cases that were restricted before review within a day."""
    entries = LedgerEntry.objects.filter(kind="report.restrict", at__gt=at - DAY)
    return Case.objects.filter(reference__in=entries.values("stream"))
