"""What 并案 does to the rows: a notice is taken into another of the same complainant
that names the same document, and taken out again when a senior says so.

Documents go along as they are, with their snapshots, matches and clocks; what both
name stays behind as a row that points to the other's. Nothing has been decided on any
of them, so nobody but the complainant has been told anything (docs/adr/0030).
"""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cases.carrying import carry, take_back
from cases.errors import CaseMovedOn, NotMergeable, NotPermitted, Sentence
from cases.models import Case, CaseItem, Deadline
from cases.permissions.copyright import TAKES_IN
from cases.permissions.desk import is_independent
from cases.standing import agents_of
from cases.workflows.copyright import MAX_ITEMS, CaseState
from cases.workflows.item import ItemState
from evidence import ledger
from evidence.actors import Actor
from evidence.writing import update_each

if TYPE_CHECKING:
    from cases.services import Taken

MOVED = ["case", "position", "merged_from", "position_before"]


def obstacle_between(
    case: Case,
    into: Case,
    *,
    at: datetime,
    coming: Sequence[CaseItem] | None = None,
    agents: Set[int] | None = None,
) -> Sentence:
    """Say why a notice cannot be taken into another one; "" where it can. coming: its
    documents that are pending, and agents: whom its complainant has mandated, for who
    has them at hand."""
    if case.pk == into.pk or into.kind != Case.Kind.COPYRIGHT:
        return _("只能并入另一件版权申诉。")
    if case.claimant_id != into.claimant_id:
        return _("投诉人不同的案件不并案；就同一文档主张权利的，作为权属争议分别处理。")
    if into.state not in TAKES_IN:
        return _("该案目前的状态不能再并入其他案件。")
    if case.accepted_at and into.accepted_at is None:
        return _("本案已经受理，该案尚未受理：请反过来并案，或者先受理该案。")
    if case.accepted_at and case.clock_profile != into.clock_profile:
        return _("两案受理时确定的期限规则不同，不能并案。")
    if case.agent_id != into.agent_id:
        agents = agents_of(case.claimant_id, at) if agents is None else agents
        if refusal := _obstacle_of_agents(case, into, agents):
            return refusal
    coming = pending_in(case) if coming is None else coming
    return _obstacle_among(coming, list(into.items.all()))


def _obstacle_of_agents(case: Case, into: Case, agents: Set[int]) -> Sentence:
    """Service through either of two agents is service on the complainant only as long
    as both may receive for it."""
    if case.agent_id and case.agent_id not in agents:
        return _("两案的代理人不同，而本案代理人的授权委托不在有效期内，不能并案。")
    if into.agent_id and into.agent_id not in agents:
        return _("两案的代理人不同，而该案代理人的授权委托不在有效期内，不能并案。")
    return ""


def _obstacle_among(coming: Sequence[CaseItem], there: Sequence[CaseItem]) -> Sentence:
    documents = {row.document_id for row in there}
    if not any(row.document_id in documents for row in coming):
        return _("两案没有共同的文档。")
    twins = _twins(there)
    met = [twins[key] for row in coming if (key := _key(row)) in twins]
    if any(row.state != ItemState.PENDING for row in met):
        return _("同一文档、同一作品在该案中已经处理，应当分别处理。")
    if len(there) + len(coming) - len(met) > MAX_ITEMS:
        return _("并案后超过一件投诉的三百份文档。")
    return ""


def take_over(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Let the documents and clocks of a case go along with the one it joins.

    Raises NotMergeable where the two are not to be one, NotPermitted where the person
    has a part in the other.
    """
    for act in taken:
        case, into = act.subject, Case.objects.get(pk=act.facts["into"])
        if refusal := obstacle_between(case, into, at=at):
            raise NotMergeable(refusal)
        if act.source == CaseState.SUBMITTED and into.accepted_at is not None:
            raise CaseMovedOn  # it is accepted first: cases/merging.py
        if not is_independent(into, by):
            raise NotPermitted
        carry(case, into, at=at)
        _move(case, into, at)


def give_back(taken: Sequence["Taken"], by: Actor, at: datetime) -> None:
    """Undo of take_over: each has again the documents and clocks that it had."""
    for act in taken:
        case, merger = act.subject, merger_of(act.subject)
        into = Case.objects.get(pk=merger.payload["into"])
        if not is_independent(into, by):
            raise NotPermitted
        take_back(case, [into], at=at)
        _move_back(case)
        for row in case.items.exclude(folded_into=None).select_related("folded_into"):
            take_back(row, [row.folded_into], at=at)
        case.items.update(folded_into=None)


def merger_of(case: Case) -> ledger.LedgerEntry:
    """Return the entry of the last time that a case was merged."""
    entries = ledger.entries_of([case.stream]).filter(kind="copyright.merge")
    return entries.latest("id")


def joined(case: Case) -> dict[str, list[list[int | None]]]:
    """Return what has come of a case that was merged, as `take_in` records it."""
    moved = case.moved_items.order_by("position")
    folded = case.items.exclude(folded_into=None).order_by("position")
    places = moved.values_list("pk", "position_before", "position")
    twins = folded.values_list("pk", "folded_into")
    return {"moved": [[*row] for row in places], "folded": [[*row] for row in twins]}


# --- documents ---------------------------------------------------------------------


def _move(case: Case, into: Case, at: datetime) -> None:
    twins = _twins(into.items.all())
    last = into.items.aggregate(Max("position"))["position__max"]
    moved: list[CaseItem] = []
    folded: list[CaseItem] = []
    for row in pending_in(case):
        if twin := twins.get(_key(row)):
            row.folded_into = twin
            folded.append(row)
            carry(row, twin, at=at)
            continue
        row.merged_from, row.position_before = case, row.position
        row.case, row.position = into, last + len(moved) + 1
        moved.append(row)
    update_each(moved, MOVED)
    update_each(folded, ["folded_into"])
    Deadline.objects.filter(item__in=moved).update(case=into)


def _move_back(case: Case) -> None:
    moved = list(case.moved_items.all())
    Deadline.objects.filter(item__in=moved).update(case=case)
    for row in moved:
        row.case, row.position = case, row.position_before or row.position
        row.merged_from = row.position_before = None
    update_each(moved, MOVED)


def pending_in(case: Case) -> list[CaseItem]:
    return list(case.items.filter(state=ItemState.PENDING).order_by("position"))


def _key(row: CaseItem) -> tuple[int, int]:
    return row.document_id, row.work_id


def _twins(rows: Iterable[CaseItem]) -> dict[tuple[int, int], CaseItem]:
    return {_key(row): row for row in rows}
