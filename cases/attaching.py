"""A likeness that was found after the notice came is attached to its document: as
evidence, under an entry of its own. Nothing that was decided changes.

Submission does not wait for the worker; what it finds later belongs to the case.
"""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from cases.models import Case, CaseItem
from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.ledger import Act
from evidence.models import Match
from evidence.writing import update_each

KIND = "case.match"


def attach_matches(*, at: datetime, limit: int = 300) -> int:
    """Attach what was found meanwhile to documents of open notices; return how many.

    Compared are the work's sample and the text as it was frozen at receipt, whatever
    is on sale today. Two callers at once do no harm: the second finds none.
    """
    waiting: dict[int, list[int]] = defaultdict(list)
    rows = _found().order_by("case", "pk").values_list("case", "pk")
    for case, item in rows[:limit]:
        waiting[case].append(item)
    return sum(_attach(case, items, at) for case, items in waiting.items())


def _found() -> QuerySet[CaseItem]:
    """Documents without a likeness for which there is one by now, the newest."""
    matches = Match.objects.filter(
        query=OuterRef("work__sample"), found=OuterRef("snapshot__version__text")
    )
    newest = matches.order_by("-at", "-pk").values("pk")[:1]
    rows = CaseItem.objects.filter(
        match__isnull=True,
        snapshot__isnull=False,
        case__in=Case.objects.complaints().open(),
    )
    return rows.annotate(likeness=Subquery(newest)).filter(likeness__isnull=False)


def _attach(case_id: int, items: list[int], at: datetime) -> int:
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        # What a merger has taken out meanwhile is told in the case that has it now.
        rows = list(_found().filter(pk__in=items, case=case))
        likenesses = Match.objects.defer("passages", "ignored", "parameters").in_bulk(
            [row.likeness for row in rows]  # type: ignore[attr-defined]
        )
        acts = []
        for row in rows:
            row.match = likenesses[row.likeness]  # type: ignore[attr-defined]
            row.matched_at = at
            acts.append(Act(case.stream, KIND, _facts(row, row.match)))
        update_each(rows, ["match", "matched_at"])
        ledger.append_all(acts, by=SYSTEM, roles=[Role.SYSTEM] * len(acts), at=at)
    return len(rows)


def _facts(item: CaseItem, match: Match) -> dict[str, object]:
    return {
        "item": item.pk,
        "match": match.pk,
        "work_permille": round(match.containment_query * 1_000),
        "document_permille": round(match.containment_found * 1_000),
        "parameters": match.parameters_digest,
    }
