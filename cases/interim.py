"""先行限制: what may be held back before anybody has looked, and by which rule.

Only P0; only when the text copies one that was removed for P0, or the reporter is an
authority or an account of proven accuracy; capped a day per reporter and per seller.
A lone anonymous report never takes anything down.
"""

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
from evidence.models import DocumentVersion

DAY = timedelta(days=1)


def restrict_by_policy(case: Any, report: Report, *, at: datetime) -> bool:
    """Hold the documents of a case back if a policy allows it; whether it was done."""
    if not is_urgent(case) or is_restricted_before_review(case):
        return False
    figures = values()
    policy = _policy(case, report, figures)
    if not policy or _is_capped(report, figures, at):
        return False
    advance(case, "restrict", by=SYSTEM, at=at, policy=policy)
    return True


def _policy(case: Any, report: Report, figures: dict[str, int]) -> str:
    """Return the name of the policy that allows it, "" when none does."""
    is_authority = report.source == Report.Source.AUTHORITY
    if figures["interim_authority"] and is_authority:
        return "interim_authority"
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


def _is_capped(report: Report, figures: dict[str, int], at: datetime) -> bool:
    since = Restriction.objects.filter(placed_at__gt=at - DAY)
    before_review = since.filter(
        reported__case__pk__in=_restricted_cases(at).values("pk")
    )
    seller = before_review.filter(document__seller=report.document.seller_id)
    if seller.count() >= figures["interim_seller_daily"]:
        return True
    if report.user_id is None:
        return False
    mine = before_review.filter(reported__case__reports__user=report.user_id)
    return mine.distinct().count() >= figures["interim_reporter_daily"]


def _restricted_cases(at: datetime) -> QuerySet[Case]:
    """The cases that were restricted before review within a day."""
    entries = LedgerEntry.objects.filter(kind="report.restrict", at__gt=at - DAY)
    return Case.objects.filter(reference__in=entries.values("stream"))
