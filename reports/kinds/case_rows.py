"""Everything that a case file tells, read at one moment under the case's lock."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.extending import extensions_of
from cases.models import (
    Case,
    CaseItem,
    CounterNotice,
    Decision,
    DefectFound,
    Effect,
    Extension,
    Proceeding,
    Restriction,
    Statement,
)
from cases.models.case import works_of
from cases.models.proofs import exhibits_of
from evidence import ledger
from evidence.chain import Verification
from evidence.ledger import LedgerEntry, LedgerHead
from evidence.models import Exhibit, Party, Work
from reports.kinds.case_seal import seal_told, witness_or_none
from reports.mergers import complainants_of, mergers_told


@dataclass(frozen=True, slots=True)
class CaseRows:
    case: Case
    items: list[CaseItem]
    works: list[Work]
    exhibits: list[Exhibit]
    statements: list[Statement]
    decisions: list[Decision]
    restrictions: list[Restriction]
    defects: list[DefectFound]
    counters: list[CounterNotice]
    proceedings: list[Proceeding]
    extensions: list[Extension]
    papers: list[Exhibit]
    income: dict[int, str]
    entries: list[LedgerEntry]
    head: LedgerHead
    verification: Verification
    # What is sealed outside the database; None while nothing is.
    seal: dict[str, Any] | None
    mergers: dict[str, Any]
    complainants: list[Party]

    @property
    def numbers(self) -> dict[int, str]:
        """The number under which each item's document was listed, by the item's id."""
        return {item.pk: item.document.number for item in self.items}

    @property
    def parties(self) -> list[Party]:
        """Everybody whose personal data this case knows."""
        sellers = [item.document.seller.party for item in self.items]
        named = [*self.complainants, *sellers]
        named += [work.party for work in self.works]
        return [party for party in named if party is not None]


def rows_of(case_id: int) -> CaseRows:
    """Read a case while nobody can move it: the head seals just these entries."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case_id)
        case = Case.objects.select_related(
            "claimant__details", "agent__details", "assignment"
        ).get(pk=case_id)
        head = LedgerHead.objects.select_for_update().get(stream=case.stream)
        witness = witness_or_none()
        works = list(works_of(case).select_related("party__details", "sample__blob"))
        return CaseRows(
            case=case,
            items=_items(case),
            works=works,
            exhibits=list(
                Exhibit.objects.filter(work__in=works)
                .select_related("blob")
                .order_by("work", "pk")
            ),
            statements=list(
                Statement.objects.filter(Q(case=case) | Q(case__merged_into=case))
                .select_related("party")
                .order_by("pk")
            ),
            decisions=list(
                Decision.objects.filter(item__case=case)
                .select_related("item", "entry")
                .order_by("item__position", "pk")
            ),
            restrictions=list(
                Restriction.objects.filter(item__case=case)
                .select_related("item")
                .order_by("item__position", "pk")
            ),
            defects=list(case.defects.prefetch_related("exhibits")),
            counters=list(
                case.counter_notices.filed()
                .select_related("item", "party__details", "statement", "amended__blob")
                .prefetch_related("exhibits")
            ),
            proceedings=list(
                case.proceedings.exclude(state="draft").prefetch_related(
                    "items", "timely_items", "exhibits"
                )
            ),
            extensions=list(extensions_of(case)),
            papers=list(exhibits_of(case).exclude(work__in=works)),
            income=_income(case),
            entries=list(ledger.entries_of([case.stream])),
            head=head,
            verification=ledger.verify(case.stream, witness=witness),
            seal=seal_told(case.stream, witness),
            mergers=mergers_told(case),
            complainants=complainants_of(case),
        )


def _income(case: Case) -> dict[int, str]:
    """What became of the income of each document, by the item's id: the last that
    the marketplace was told."""
    told = Effect.objects.filter(item__case=case, kind__endswith="income")
    return {
        item: str(Effect.Kind(kind).label)
        for item, kind in told.order_by("pk").values_list("item", "kind")
    }


def _items(case: Case) -> list[CaseItem]:
    """What the case examines; of a merged one what its notice named, under the
    numbers that it had there."""
    rows = CaseItem.objects.filter(Q(case=case) | Q(merged_from=case))
    if case.merged_into_id is None:
        rows = CaseItem.objects.filter(case=case)
    items = list(
        rows.select_related(
            "document__seller__party__details",
            "snapshot__blob",
            "snapshot__version__text",
            "work",
            "match__query",
            "match__found",
        )
    )
    for item in items:
        if item.merged_from_id == case.pk and item.position_before is not None:
            item.position = item.position_before
    return sorted(items, key=lambda item: item.position)
