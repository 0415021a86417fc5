"""The steps of the desk as panels: for each subject of a case, what can be done now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from cases.chronicle import ranges
from cases.likeness import Comparison, comparison_of, percent_left
from cases.models import Case, CaseItem, CounterNotice, DefectFound, Proceeding
from cases.permissions.counter_notice import claim_is_not_upheld
from cases.services import open_steps
from cases.workflows.item import UNREACHED, ItemState
from cases.workflows.rules import Rule
from evidence.actors import Actor
from evidence.models import Exhibit
from moderation.desk.step_forms import STEP_FORMS, StepForm
from reports.answers import LABELS

# Of three hundred documents nobody wants three hundred forms.
MOST = 20
# The form that came back with errors, by machine, public id and step.
Filled = Mapping[tuple[str, str, str], StepForm]


@dataclass(frozen=True, slots=True)
class StepPanel:
    """One step with its form. address: the public id that the step is posted to."""

    subject: Any
    address: str
    name: str
    rule: Rule
    form: StepForm


@dataclass(frozen=True, slots=True)
class CounterPanel:
    """A counter-notice as the desk reads it, and its steps. left_percent: what the
    amended version still holds of the work, in whole per cent, once `comparison` says
    that the two were compared. is_upheld: a judgment in force leaves nothing to be
    passed on."""

    counter: CounterNotice
    exhibits: list[Exhibit]
    defects: list[tuple[str, DefectFound]]
    left_percent: int
    comparison: Comparison | None
    is_upheld: bool
    steps: list[StepPanel]


@dataclass(frozen=True, slots=True)
class ProceedingPanel:
    """late: the documents that it was told of too late for, by position."""

    proceeding: Proceeding
    items: str
    late: str
    exhibits: list[Exhibit]
    steps: list[StepPanel]


@dataclass(frozen=True, slots=True)
class Panels:
    case: list[StepPanel]
    waiting: list[StepPanel]
    counters: list[CounterPanel]
    proceedings: list[ProceedingPanel]
    order: list[StepPanel]
    defects: list[tuple[str, DefectFound]]


def panels_of(
    case: Case,
    items: Sequence[CaseItem],
    actor: Actor,
    filled: Filled,
    *,
    at: datetime,
) -> Panels:
    waiting = [item for item in items if _may_move(item, at)][:MOST]
    order = Proceeding(case=case)
    return Panels(
        case=_steps(case, actor, filled),
        waiting=[step for item in waiting for step in _steps(item, actor, filled)],
        counters=[_counter(row, actor, filled) for row in _counters(case, items)],
        proceedings=[_proceeding(row, actor, filled) for row in _proceedings(case)],
        order=_order(order, actor, filled),
        defects=labelled(case.defects.filter(counter_notice__isnull=True)),
    )


def _may_move(item: CaseItem, at: datetime) -> bool:
    """Documents that a step of their own can be open for: an extension, and after
    three days an announcement."""
    if item.state == ItemState.WAITING:
        return True
    decided = item.decided_at
    unreached = decided is not None and decided + UNREACHED <= at
    return item.state == ItemState.MEASURED and unreached


def subject_or_404(case: Case, machine: str, public_id: Any) -> Any:
    """Return the row of a case that a step is asked of; a draft order has none."""
    models: dict[str, Any] = {
        CaseItem.MACHINE: CaseItem.objects.select_related("document__seller", "work"),
        CounterNotice.MACHINE: CounterNotice.objects.select_related(
            "item__document__seller", "item__work", "amended"
        ),
        Proceeding.MACHINE: Proceeding.objects.prefetch_related(
            "items__document__seller"
        ),
    }
    if machine == Case.MACHINE and case.public_id == public_id:
        return case
    if machine == Proceeding.MACHINE and case.public_id == public_id:
        return Proceeding(case=case)
    if machine not in models:
        raise Http404
    row = models[machine].filter(case=case, public_id=public_id).first()
    if row is None:
        raise Http404
    row.case = case
    if isinstance(row, CounterNotice):
        row.item.case = case
    return row


def labelled(rows: Any) -> list[tuple[str, DefectFound]]:
    defects = rows.prefetch_related("exhibits")
    return [(str(LABELS.get(row.code, "")), row) for row in defects]


def _steps(subject: Any, actor: Actor, filled: Filled) -> list[StepPanel]:
    """The machine says which steps are open to this person; those with a form here
    are shown, in the order of the forms."""
    forms = STEP_FORMS[subject.MACHINE]
    rules = dict(open_steps(subject, actor))
    key = subject.MACHINE, str(subject.public_id)
    return [
        StepPanel(
            subject,
            str(subject.public_id),
            name,
            rules[name],
            filled.get((*key, name)) or form(subject=subject),
        )
        for name, form in forms.items()
        if name in rules
    ]


def _order(draft: Proceeding, actor: Actor, filled: Filled) -> list[StepPanel]:
    """An order reaches a case in every state, and of a merged one the case that has
    its documents; the case's id stands for the proceeding that the order opens."""
    rules = dict(open_steps(draft, actor))
    if "order" not in rules:
        return []
    form = filled.get((Proceeding.MACHINE, str(draft.case.public_id), "order"))
    form = form or STEP_FORMS[Proceeding.MACHINE]["order"](subject=draft)
    address = str(draft.case.public_id)
    return [StepPanel(draft, address, "order", rules["order"], form)]


def _counters(case: Case, items: Sequence[CaseItem]) -> list[CounterNotice]:
    by_id = {item.pk: item for item in items}
    rows = case.counter_notices.filed().select_related("party__details", "amended")
    found = list(rows.prefetch_related("exhibits__blob").order_by("-opened_at"))
    for row in found:
        row.case, row.item = case, by_id[row.item_id]
    return found


def _counter(row: CounterNotice, actor: Actor, filled: Filled) -> CounterPanel:
    return CounterPanel(
        counter=row,
        exhibits=list(row.exhibits.all()),
        defects=labelled(row.defects),
        left_percent=percent_left(row),
        comparison=comparison_of(row),
        is_upheld=row.state == "filed" and not claim_is_not_upheld(row),
        steps=_steps(row, actor, filled),
    )


def _proceedings(case: Case) -> list[Proceeding]:
    rows = case.proceedings.prefetch_related(
        "items__document__seller", "timely_items", "exhibits__blob"
    )
    found = list(rows.exclude(state="draft").order_by("-opened_at"))
    for row in found:
        row.case = case
    return found


def _proceeding(row: Proceeding, actor: Actor, filled: Filled) -> ProceedingPanel:
    return ProceedingPanel(
        proceeding=row,
        items=ranges(sorted(item.position for item in row.items.all())),
        late=ranges(row.late_positions()),
        exhibits=list(row.exhibits.all()),
        steps=_steps(row, actor, filled),
    )
