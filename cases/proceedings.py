"""起诉、投诉、保全: notices of a proceeding, in time or late, and their proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.deadlines import profile_in
from cases.errors import IncompletePaper
from cases.models import Case, CaseItem, Deadline, Proceeding
from cases.permissions.copyright import may_file
from cases.registration import Proof, file_exhibit
from cases.services import advance
from cases.workflows.item import UNDER_MEASURE, ItemState
from evidence.actors import Actor
from evidence.models import Exhibit


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a proceeding is: kind, before whom, under which number, since when."""

    kind: str
    authority: str
    begun_on: date
    docket: str = ""
    against_uploader: bool = True

    def sealed(self) -> str:
        return "\n".join((self.authority, self.docket, self.begun_on.isoformat()))


def notify(
    case: Case,
    items: Sequence[CaseItem],
    particulars: Particulars,
    *,
    proofs: Sequence[Proof] = (),
    by: Actor,
    at: datetime,
) -> Proceeding:
    """Receive the notice that the complainant has complained or sued.

    In time for a document when its waiting has not ended at our receipt: that stops
    the restoring. Late or about other documents it is received and stops nothing. Proof
    may come with it, or afterwards within the term of our own.
    """
    if not items:
        raise IncompletePaper([_("涉及的文档")])
    with transaction.atomic():
        # The waiting of a document cannot end between this question and the step.
        Case.objects.select_for_update().get(pk=case.pk)
        numbers = timely(items, at) if _stops(case, particulars) else []
        kept = [item for item in items if item.position in numbers]
        proceeding = _open(case, items, particulars, at, kept=kept)
        advance(
            proceeding,
            "notify",
            by=by,
            at=at,
            kind=particulars.kind,
            items=sorted(item.position for item in items),
            timely=numbers,
            particulars=particulars.sealed(),
        )
        if proofs:
            prove(proceeding, proofs, by=by, at=at)
    return Proceeding.objects.get(pk=proceeding.pk)


def prove(
    proceeding: Proceeding, proofs: Sequence[Proof], *, by: Actor, at: datetime
) -> None:
    """Hand in 受理通知书, 立案通知, 缴费凭证 or 投诉受理单 (at least one)."""
    if not proofs:
        raise IncompletePaper([_("受理、立案或缴费凭证")])
    with transaction.atomic():
        rows = _file(proceeding, proofs, by, at)
        digests = [row.blob.sha256 for row in rows]
        advance(proceeding, "prove", by=by, at=at, exhibits=digests)


def enter_order(
    case: Case,
    items: Sequence[CaseItem],
    particulars: Particulars,
    *,
    measure: str,
    paper: Proof,
    by: Actor,
    at: datetime,
) -> Proceeding:
    """Enter the order of a court or an authority, with its paper; it takes effect in
    the same transaction (法释〔2020〕9号 一)."""
    with transaction.atomic():
        proceeding = _open(case, items, particulars, at, kept=items)
        _file(proceeding, [paper], by, at)
        advance(
            proceeding,
            "order",
            by=by,
            at=at,
            kind=particulars.kind,
            items=sorted(item.position for item in items),
            measure=measure,
            particulars=particulars.sealed(),
        )
    return Proceeding.objects.get(pk=proceeding.pk)


def _open(
    case: Case,
    items: Sequence[CaseItem],
    particulars: Particulars,
    at: datetime,
    *,
    kept: Sequence[CaseItem],
) -> Proceeding:
    proceeding = Proceeding.objects.create(
        case=case,
        kind=particulars.kind,
        authority=particulars.authority,
        docket=particulars.docket,
        begun_on=particulars.begun_on,
        against_uploader=particulars.against_uploader,
        opened_at=at,
    )
    proceeding.items.set(items)
    proceeding.timely_items.set(kept)
    return proceeding


def timely(items: Sequence[CaseItem], at: datetime) -> list[int]:
    """Return the positions of the documents that a notice at `at` is in time for.

    A deadline that has passed unfired is over all the same: the scheduler may have
    been down. Where one proceeding has stopped the waiting already, another counts
    if it comes before the day on which the waiting would have ended. A suit that is
    told before any waiting began comes before its end too: while an order stands, or
    (where an answer is waited upon at all) before the answer is passed on.
    """
    rows = CaseItem.objects.filter(
        pk__in=[item.pk for item in items], state__in=UNDER_MEASURE
    )
    waits = Deadline.objects.filter(clock="waiting", item__in=rows).order_by("pk")
    latest = {wait.item_id: wait for wait in waits}
    return sorted(
        row.position
        for row in rows.select_related("case")
        if _is_in_time(row, latest.get(row.pk), at)
    )


def _is_in_time(item: CaseItem, waiting: Deadline | None, at: datetime) -> bool:
    if item.state in (ItemState.WAITING, ItemState.LITIGATING):
        return waiting is None or _runs(waiting, at)
    return not profile_in(item.case.clock_profile).restores_at_once


def _stops(case: Case, told: Particulars) -> bool:
    """Whether such a proceeding stops the restoring under the profile of the case:
    512(g)(2)(C) knows an action against the subscriber alone."""
    profile = profile_in(case.clock_profile)
    kept = told.against_uploader or not profile.against_uploader
    return told.kind in profile.stopped_by and kept


def _runs(waiting: Deadline, at: datetime) -> bool:
    is_over = waiting.ended_at is not None and waiting.due_at <= at
    return not (is_over or waiting.has_run_out(at))


def _file(
    proceeding: Proceeding, proofs: Sequence[Proof], by: Actor, at: datetime
) -> list[Exhibit]:
    filed = [case for item in proceeding.items.all() for case in item.filings()]
    own = [case for case in [proceeding.case, *filed] if may_file(case, by)]
    notice = (own or [proceeding.case])[0]
    party = notice.agent or notice.claimant
    if party is None:
        raise ValueError("a filed case has a complainant")
    rows = [
        file_exhibit(proof, party=party, work=None, by=by, at=at) for proof in proofs
    ]
    proceeding.exhibits.add(*rows)
    return rows
