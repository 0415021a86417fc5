"""Everything that the page of a case shows, read in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch, Q
from django.forms import Form

from cases.chronicle import Event, article_of, moment, standing, why
from cases.clocks import CLOCKS
from cases.declarations import Declaration, every_declaration
from cases.models import Case, CaseItem, Deadline, Notice, Restriction, Statement
from cases.models.case import works_of
from cases.notices import Kind
from cases.permissions.copyright import may_hold
from cases.permissions.desk import may_claim
from cases.services import open_steps
from cases.workflows.copyright import ENDED
from cases.workflows.item import Finding, ItemState
from cases.workflows.rules import Rule
from evidence.actors import Actor, Role
from evidence.comparison import percent
from evidence.models import Exhibit, Work
from moderation.desk.forms import ITEM_FORMS, ArrivalForm
from moderation.desk.queue import assignment_of
from moderation.desk.step_forms import CASE_FORMS
from moderation.desk.timeline import timeline_of
from moderation.desk.words import Due, clock_label, due_of
from reports.models import CaseFile

Steps = list[tuple[str, Rule]]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One listed document. Shares in per cent, None without a comparison."""

    item: CaseItem
    of_work: int | None
    of_document: int | None
    outcome: str
    window: Due | None
    steps: Steps


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """Deadlines that began and end together: `documents` of them, 0 for the case's."""

    clock: str
    ends: str
    due: Due | None
    ending: str
    is_late: bool
    article: str
    why: str
    documents: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    notice: Notice
    kind: str
    audience: str
    # Where clocks wait for the letter to arrive and it can be noted.
    arrival: Form | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    at: datetime
    role: str
    outcome: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class Signed:
    statement: Statement
    declared: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    items: list[ItemRow]
    works: list[Work]
    deadlines: list[DeadlineRow]
    letters: list[LetterRow]
    statements: list[Signed]
    files: list[CaseFile]
    timeline: list[Event]
    steps: Steps

    @property
    def open_items(self) -> list[ItemRow]:
        return [row for row in self.items if row.steps]

    @property
    def waits(self) -> bool:
        """Some document has not been decided on."""
        return any(row.item.state == ItemState.PENDING for row in self.items)


def dossier_of(
    case: Case, actor: Actor, *, at: datetime, arrivals: Mapping[int, Form] | None
) -> Dossier:
    items = items_of(case)
    deadlines = list(case.deadlines.select_related("item").order_by("started_at", "pk"))
    return Dossier(
        items=[_item_row(item, actor, deadlines, at) for item in items],
        works=_works(case),
        deadlines=deadline_rows(case, at),
        letters=letter_rows(case, _arrivals(case, actor, at, arrivals or {})),
        statements=_statements(case),
        files=list(CaseFile.objects.filter(case=case).order_by("-asked_at", "-pk")),
        timeline=timeline_of(case, items),
        steps=case_steps(case, actor),
    )


def items_of(case: Case) -> list[CaseItem]:
    """Return the case's documents in order, without the texts of their matches."""
    items = list(
        case.items.select_related(
            *("document__seller", "document__current", "work", "snapshot", "match"),
            *("merged_from", "folded_into__case"),
        )
        .prefetch_related("timely_proceedings", "proceedings")
        .defer("match__passages", "match__ignored", "match__parameters")
    )
    for item in items:
        item.case = case
    return items


def case_steps(case: Case, actor: Actor) -> Steps:
    """Return the steps that the machine opens to this person, as the desk orders
    them. A step without a form has no button."""
    steps = dict(open_steps(case, actor))
    return [(name, steps[name]) for name in CASE_FORMS if name in steps]


def item_steps(item: CaseItem, actor: Actor) -> Steps:
    steps = dict(open_steps(item, actor))
    return [(name, steps[name]) for name in ITEM_FORMS if name in steps]


def can_claim(case: Case, actor: Actor, at: datetime) -> bool:
    """Nobody else holds the case, it is open, and the person may examine it."""
    held = assignment_of(case, at)
    free = held is None or held.user_id == actor.user_id
    return free and case.state not in ENDED and may_claim(case, actor)


def outcome_of(item: CaseItem) -> str:
    """Say which measure was taken, or why none was."""
    if item.measure:
        return str(Restriction.Level(item.measure).label)
    return str(Finding(item.finding).label) if item.finding else ""


def decisions_on(item: CaseItem) -> list[DecisionRow]:
    """Return what was decided on a document so far, with the reasons as written."""
    return [
        DecisionRow(
            at=row.at,
            role=str(Role(row.decided_by).label),
            outcome=str(ItemState(row.outcome).label),
            reasoning=row.reasoning,
        )
        for row in item.decisions.order_by("at", "pk")
    ]


def _item_row(
    item: CaseItem, actor: Actor, deadlines: Sequence[Deadline], at: datetime
) -> ItemRow:
    running = (row for row in deadlines if row.item_id == item.pk and row.is_running())
    nearest = min(running, key=lambda row: row.due_at, default=None)
    match = item.match
    return ItemRow(
        item=item,
        of_work=percent(match.containment_query) if match else None,
        of_document=percent(match.containment_found) if match else None,
        outcome=outcome_of(item),
        window=due_of(nearest, at) if nearest else None,
        steps=item_steps(item, actor),
    )


def _works(case: Case) -> list[Work]:
    exhibits = Exhibit.objects.select_related("blob").order_by("filed_at", "pk")
    exhibits = exhibits.prefetch_related("blob__sent_names")
    works = works_of(case).select_related("party__details", "sample")
    return list(
        works.prefetch_related(Prefetch("exhibits", exhibits)).defer("sample__content")
    )


def deadline_rows(case: Case, at: datetime) -> list[DeadlineRow]:
    deadlines = case.deadlines.order_by("started_at", "pk")
    rows = []
    for _key, group in groupby(deadlines, _together):
        alike = list(group)
        rows.append(_deadline_row(alike, at))
    return rows


def _together(row: Deadline) -> tuple[object, ...]:
    return row.clock, row.started_at, row.due_at, row.ending


def _deadline_row(alike: Sequence[Deadline], at: datetime) -> DeadlineRow:
    row = alike[0]
    words = standing(row, at)
    left = None if words else due_of(row, at)
    return DeadlineRow(
        clock=clock_label(row.clock),
        ends=moment(row.due_at),
        due=left,
        ending=words,
        is_late=row.ending == Deadline.Ending.LATE
        or (left is not None and left.is_late),
        article=article_of(row),
        why=why(row),
        documents=len(alike) if row.item_id else 0,
    )


def letter_rows(
    case: Case, arrivals: Mapping[int, Form] | None = None
) -> list[LetterRow]:
    return [
        LetterRow(
            notice,
            str(Kind(notice.kind).label),
            str(Role(notice.audience).label),
            (arrivals or {}).get(notice.pk),
        )
        for notice in case.notices.select_related("mailing").order_by("at", "number")
    ]


def _arrivals(
    case: Case, actor: Actor, at: datetime, filled: Mapping[int, Form]
) -> dict[int, Form]:
    """The form for each letter that an open clock waits for, by its id."""
    rows = Deadline.objects.open().filter(case=case, awaits_arrival=True)
    awaited = {
        (row.trigger_id, row.item_id, str(CLOCKS[row.clock].recipient)) for row in rows
    }
    if not awaited or not may_hold(case, actor):
        return {}
    return {
        notice.pk: filled.get(notice.pk) or ArrivalForm(written_at=notice.at, now=at)
        for notice in case.notices.all()
        if (notice.entry_id, notice.item_id, notice.audience) in awaited
    }


def _statements(case: Case) -> list[Signed]:
    """The declarations whose present text is the one that was signed, here and in
    the cases that were merged into this one."""
    by_digest = {each.sha256: each for each in every_declaration().values()}
    merged = Q(case=case) | Q(case__merged_into=case)
    rows = Statement.objects.filter(merged).order_by("signed_at")
    return [
        Signed(
            row,
            tuple(
                by_digest[each["sha256"]]
                for each in row.declarations
                if each["sha256"] in by_digest
            ),
        )
        for row in rows.select_related("party__details", "case")
    ]
