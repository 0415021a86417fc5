"""并案 as the desk takes it: which cases may be one, what would happen, and the act.

What it does to the rows is in cases/joining.py, why so in docs/adr/0030.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.errors import CaseMovedOn, NotMergeable, Sentence
from cases.joining import obstacle_between, pending_in
from cases.locking import lock_others
from cases.models import Case, CaseItem
from cases.permissions.copyright import has_taken_in_none, is_before_any_measure
from cases.services import advance
from cases.standing import agents_of
from cases.workflows.copyright import CaseState
from evidence.actors import Actor

# Of cases with a document in common the page lists the newest.
MOST = 20


@dataclass(frozen=True, slots=True)
class Related:
    """Another case about a document of this one. documents: the numbers that both
    name. obstacle: why this one cannot go into it, "" where it can."""

    case: Case
    documents: tuple[str, ...]
    obstacle: Sentence
    is_disputed: bool


def merge(
    case: Case,
    into: Case,
    *,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
    expect_other: int | None = None,
) -> None:
    """Take `case` into `into`. Where that one has been accepted, this one is accepted
    first, under the same profile.

    Raises NotMergeable saying why not, CaseMovedOn where either has changed since the
    person saw it, NotPermitted, and what accepting raises.
    """
    with transaction.atomic():
        lock_others([case], "merge", {"into": into.pk})
        rows = Case.objects.in_bulk([case.pk, into.pk])
        row, other = rows[case.pk], rows[into.pk]
        seen = [(row, expect_version), (other, expect_other)]
        if any(version not in (None, each.version) for each, version in seen):
            raise CaseMovedOn
        if refusal := obstacle_between(row, other, at=at):
            raise NotMergeable(refusal)
        if other.accepted_at and row.state == CaseState.SUBMITTED:
            advance(row, "accept", by=by, at=at, profile=other.clock_profile)
        advance(row, "merge", by=by, at=at, into=other.pk)


def obstacle_in(case: Case) -> Sentence:
    """Say why a case goes into no other, whatever the other is; "" where it may. The
    machine asks the same (cases/workflows/merger.py)."""
    if case.state not in (CaseState.SUBMITTED, CaseState.ACCEPTED):
        return _("本案目前的状态不能并入其他案件。")
    if not is_before_any_measure(case):
        return _("本案已经处理过文档，不能并入其他案件。")
    if case.legal_hold:
        return _("本案被法律保全，不能并入其他案件。")
    if not has_taken_in_none(case):
        return _("已有案件并入本案，本案不能再并入其他案件。")
    return ""


def related(case: Case, *, at: datetime) -> list[Related]:
    """Return the filed cases that name a document of this one, the newest first.

    Where the complainants differ it is 权属争议: each case goes its own way, and
    whoever examines one of them knows of the other.
    """
    named = case.items.values("document")
    items = CaseItem.objects.filter(document__in=named).exclude(case=case)
    rows = (
        Case.objects.filed()
        .filter(pk__in=items.values("case"))
        .exclude(state=CaseState.MERGED)
        .select_related("claimant__details", "assignment__user")
        .prefetch_related("items")
        .order_by(F("submitted_at").desc(nulls_last=True), "-pk")[:MOST]
    )
    numbers, coming = _numbers(items, rows), pending_in(case)
    agents = agents_of(case.claimant_id, at)
    return [
        Related(
            case=row,
            documents=numbers.get(row.pk, ()),
            obstacle=obstacle_between(case, row, at=at, coming=coming, agents=agents),
            is_disputed=row.claimant_id != case.claimant_id,
        )
        for row in rows
    ]


def _numbers(
    items: QuerySet[CaseItem], rows: Iterable[Case]
) -> dict[int, tuple[str, ...]]:
    found = items.filter(case__in=[row.pk for row in rows]).order_by("position")
    numbers: dict[int, dict[str, None]] = {}
    for pk, number in found.values_list("case", "document__number"):
        numbers.setdefault(pk, {})[number] = None
    return {pk: tuple(each) for pk, each in numbers.items()}
