"""延长等待期 (法释〔2020〕9号 三): asked for with proof, granted or refused by legal.

The waiting runs on while a request is read: it is longer only once it is granted. A
request that nobody has answered when the waiting runs out stays so (期满未决).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.deadlines import running
from cases.errors import CaseMovedOn, ExtensionTooLong
from cases.models import Case, CaseItem, Deadline, Extension
from cases.registration import Proof, file_exhibit
from cases.services import advance
from cases.terms import TERMS
from evidence.actors import Actor
from evidence.models import Exhibit


@dataclass(frozen=True, slots=True)
class Plea:
    """Why (a value of Delay), how many 工作日, and the facts in words."""

    ground: str
    days: int
    reasoning: str


def ask_extension(
    item: CaseItem, plea: Plea, *, proofs: Sequence[Proof], by: Actor, at: datetime
) -> Extension:
    """Receive a request with its proof, whose bytes are stored and hashed first.

    Raises IncompletePaper without proof, ExtensionTooShort for less than a day,
    CaseMovedOn once the waiting is over, and ExtensionTooLong where so many days can
    never be granted.
    """

    def can_be_granted() -> None:
        row = running("waiting", item).first()
        if row is None or row.has_run_out(at):
            raise CaseMovedOn
        if row.extension + plea.days > TERMS[row.term].extension:
            raise ExtensionTooLong

    with transaction.atomic():
        exhibits = _filed(item, proofs, by, at)
        entry = advance(
            item,
            "ask_extension",
            by=by,
            at=at,
            given=can_be_granted,
            days=plea.days,
            ground=plea.ground,
            exhibits=_digests(exhibits),
            reasoning=plea.reasoning,
        )
        row = Extension.objects.create(
            item=item, ground=plea.ground, days=plea.days, filed_at=at, asked=entry
        )
        row.exhibits.set(exhibits)
    return row


def extend(
    item: CaseItem,
    plea: Plea,
    *,
    papers: Sequence[Proof] = (),
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> Extension:
    """Grant days, on the proof of the request or on papers that came to us another
    way, or both. What was asked for stays as it was asked. Raises IncompletePaper
    where there is neither, ExtensionTooShort and ExtensionTooLong."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=item.case_id)
        row = pending(CaseItem.objects.get(pk=item.pk))
        asked = list(row.exhibits.order_by("pk")) if row else []
        added = _filed(item, papers, by, at)
        entry = advance(
            item,
            "extend",
            by=by,
            at=at,
            expect_version=expect_version,
            days=plea.days,
            ground=plea.ground,
            exhibits=_digests([*asked, *added]),
            reasoning=plea.reasoning,
        )
        if row is None:
            row = Extension(item=item, ground=plea.ground, days=plea.days, filed_at=at)
        row.settled, row.granted, row.granted_ground = entry, plea.days, plea.ground
        row.save()
        (row.added if row.asked_id else row.exhibits).set(added)
    return row


def refuse_extension(
    item: CaseItem,
    *,
    reasoning: str,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> None:
    """Tell the complainant why the waiting is not made longer."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=item.case_id)
        row = pending(CaseItem.objects.get(pk=item.pk))
        entry = advance(
            item,
            "refuse_extension",
            by=by,
            at=at,
            expect_version=expect_version,
            reasoning=reasoning,
        )
        if row is not None:
            row.settled, row.granted = entry, 0
            row.save(update_fields=["settled", "granted"])


def pending(item: CaseItem) -> Extension | None:
    """Return the request that waits for legal. No query where none does."""
    if item.extension_asked_at is None:
        return None
    rows = item.extensions.filter(settled=None, filed_at=item.extension_asked_at)
    return rows.last()


def unanswered(item: CaseItem, at: datetime) -> Extension | None:
    """Return the request that nobody had answered when the waiting ran out."""
    ended = item.deadlines.filter(clock="waiting", ended_at=at).first()
    if ended is None or ended.ending != Deadline.Ending.FIRED:
        return None
    rows = item.extensions.filter(settled=None, filed_at__gte=ended.trigger.at)
    return rows.filter(filed_at__lte=at).last()


def extensions_of(case: Case) -> QuerySet[Extension]:
    rows = Extension.objects.filter(item__case=case).select_related("item")
    return rows.prefetch_related("exhibits__blob", "added__blob")


def _filed(
    item: CaseItem, proofs: Sequence[Proof], by: Actor, at: datetime
) -> list[Exhibit]:
    party = item.case.agent or item.case.claimant
    if party is None:
        raise ValueError("a filed case has a complainant")
    return [
        file_exhibit(proof, party=party, work=None, by=by, at=at) for proof in proofs
    ]


def _digests(exhibits: Sequence[Exhibit]) -> list[str]:
    return [exhibit.blob.sha256 for exhibit in exhibits]
