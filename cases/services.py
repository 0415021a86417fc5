"""The one door: every change of a case's or an item's state is made here.

One transaction: rows locked in order → is the step open → may this person → the
transition → the row → the ledger entry → what follows → clocks → letters queued.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django_fsm import can_proceed

from cases import consequences, deadlines, notices
from cases.errors import CaseMovedOn, NotPermitted
from cases.following import following
from cases.locking import lock_others, locked
from cases.models import (
    AccountMeasure,
    Appeal,
    Assignment,
    Case,
    CaseItem,
    CounterNotice,
    Proceeding,
    Submission,
)
from cases.permissions.desk import holds, may_claim, role_in, role_on
from cases.renotices import mark_again
from cases.workflows.rules import Rule, rule_of
from evidence import ledger
from evidence.actors import SYSTEM, Actor
from evidence.canonical import canonical, new_salt, salted
from evidence.compiled import Change
from evidence.ledger import Act, LedgerEntry
from evidence.writing import update_each

LEASE = timedelta(minutes=30)
MANY = 4  # updates; more are put into one statement
# Whatever has a machine: a case, something of which `case` is the case, or a
# submission, which belongs to none.
Subject = (
    Case | CaseItem | CounterNotice | Proceeding | Appeal | AccountMeasure | Submission
)


@dataclass(slots=True)
class Taken:
    """One transition taken by one subject, and all that was made of it so far."""

    subject: Any
    name: str
    source: str
    facts: dict[str, Any]
    salts: dict[str, str]
    # The act on the same document that this one follows from.
    cause: "Taken | None" = None
    entry: LedgerEntry = field(init=False)
    due: dict[str, datetime] = field(default_factory=dict)

    @property
    def step(self) -> tuple[str, str]:
        return self.subject.MACHINE, self.name

    @property
    def item(self) -> CaseItem | None:
        """The document that the act is about; None when it is about the case."""
        subject = self.subject
        return (
            subject if isinstance(subject, CaseItem) else getattr(subject, "item", None)
        )

    def sealed(self, fact: str) -> str:
        """A fact as it is sealed: the words themselves, or their canonical form."""
        value = self.facts[fact]
        return value if isinstance(value, str) else canonical(value).decode()


def advance(
    subject: Subject,
    name: str,
    *,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
    given: Callable[[], None] | None = None,
    **facts: Any,
) -> LedgerEntry:
    """Take one step with one subject. See `advance_all`."""
    expected = None if expect_version is None else {subject.pk: expect_version}
    return advance_all(
        [subject], name, by=by, at=at, expect_versions=expected, given=given, **facts
    )[0]


def advance_all(
    subjects: Sequence[Subject],
    name: str,
    *,
    by: Actor,
    at: datetime,
    expect_versions: Mapping[int, int] | None = None,
    given: Callable[[], None] | None = None,
    **facts: Any,
) -> list[LedgerEntry]:
    """Take one step with many subjects of one machine, or with none of them.

    expect_versions: the version that the person saw, by primary key. given: asked
    once the rows are locked; what it raises stops everything. Raises
    CaseMovedOn when a row has changed since or the step is not open any more, and
    NotPermitted when the step is open but not to this person.
    """
    with transaction.atomic():
        lock_others(subjects, name, facts)
        rows = locked(subjects, name)
        if given is not None:
            given()
        mark_again(rows, name)
        for row in rows:
            _may(row, name, by, (expect_versions or {}).get(row.pk))
        return _taken(rows, name, by, at, facts)


def _taken(
    rows: Sequence[Any],
    name: str,
    by: Actor,
    at: datetime,
    facts: dict[str, Any],
    before: Sequence[Taken] = (),
) -> list[LedgerEntry]:
    taken = [_take(row, name, at, facts) for row in rows]
    if before:
        _tie(taken, before)
    _save(rows)
    _record(taken, by, at)
    consequences.follow(taken, by=by, at=at)
    deadlines.run(taken, at=at)
    notices.write(taken)
    for follow in following(taken):
        after = locked(follow.rows, follow.step)
        for row in after:
            _may(row, follow.step, SYSTEM, None)
        _taken(after, follow.step, SYSTEM, at, follow.facts, taken)
    return [act.entry for act in taken]


def open_steps(subject: Subject, by: Actor) -> list[tuple[str, Rule]]:
    """Return the steps that this person may take now, read from the machine."""
    steps = subject.get_available_user_state_transitions(by)  # type: ignore[union-attr]
    return [(step.name, step.custom["rule"]) for step in steps]


def claim(case: Case, *, by: Actor, at: datetime) -> Assignment:
    """Take a case for work, for LEASE; a lease that ran out can be taken over.

    Raises CaseMovedOn when somebody else holds it, NotPermitted for who may not.
    """
    with transaction.atomic():
        [row] = locked([case], "claim")
        if by.user_id is None or not may_claim(row, by):
            raise NotPermitted
        held = Assignment.objects.filter(case=row).first()
        if held and held.user_id != by.user_id and held.lease_until > at:
            raise CaseMovedOn
        Assignment.objects.filter(case=row).delete()
        assignment = Assignment.objects.create(
            case=row, user_id=by.user_id, claimed_at=at, lease_until=at + LEASE
        )
        _note(row, "case.claim", by, at)
        _step_along(row, "take_up", by, at)
    return assignment


def release(case: Case, *, by: Actor, at: datetime) -> None:
    """Give a case back to the queue."""
    with transaction.atomic():
        [row] = locked([case], "release")
        if not holds(row, by):
            raise CaseMovedOn
        _step_along(row, "put_back", by, at)
        Assignment.objects.filter(case=row).delete()
        _note(row, "case.release", by, at)


def _note(case: Any, kind: str, by: Actor, at: datetime) -> None:
    act = Act(case.stream, kind, {"case": case.pk})
    ledger.append(act, by=by, role=role_in(case, by), at=at)


def _step_along(case: Case, name: str, by: Actor, at: datetime) -> None:
    """Claiming and giving back are steps in the procedures that know them."""
    step = getattr(case, name, None)
    if step is not None and can_proceed(step):
        advance(case, name, by=by, at=at)


def _may(row: Any, name: str, by: Actor, expected: int | None) -> None:
    step = getattr(row, name)
    if expected is not None and row.version != expected:
        raise CaseMovedOn
    if not can_proceed(step):
        raise CaseMovedOn
    transition = step._django_fsm.get_transition(row.state)
    if not transition.has_perm(row, by):
        raise NotPermitted


def _take(row: Any, name: str, at: datetime, facts: dict[str, Any]) -> Taken:
    step = getattr(row, name)
    source, rule = row.state, rule_of(step)
    step(at=at, **facts)
    row.version += 1
    return Taken(
        subject=row,
        name=name,
        source=source,
        facts=facts,
        salts={fact: new_salt() for fact in rule.seals},
    )


def _tie(taken: Sequence[Taken], before: Sequence[Taken]) -> None:
    causes = {act.item.pk: act for act in before if act.item}
    for act in taken:
        act.cause = causes.get(act.item.pk) if act.item else None


def _save(rows: Sequence[Any]) -> None:
    """Rows that came out alike are one plain UPDATE: a bulk step usually is."""
    model: Any = type(rows[0])
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        values = tuple(getattr(row, name) for name in model.MACHINE_FIELDS)
        alike.setdefault(values, []).append(row.pk)
    if len(alike) > MANY:
        update_each(rows, model.MACHINE_FIELDS)
        return
    for values, pks in alike.items():
        _written(model)(pks, *values)


@cache
def _written(model: Any) -> Change:
    return Change(
        lambda pks, *values: (
            model._base_manager.filter(pk__in=pks),
            dict(zip(model.MACHINE_FIELDS, values, strict=True)),
        )
    )


def _record(taken: Sequence[Taken], by: Actor, at: datetime) -> None:
    acts = [
        Act(act.subject.stream, f"{act.subject.MACHINE}.{act.name}", _payload(act))
        for act in taken
    ]
    roles = [role_on(act.subject, by) for act in taken]
    seen = ledger.seen_on(taken[0].subject) if len(taken) == 1 else None
    entries = ledger.append_all(acts, by=by, roles=roles, at=at, seen=seen)
    for act, entry in zip(taken, entries, strict=True):
        act.entry = entry


def _payload(act: Taken) -> dict[str, Any]:
    rule = rule_of(getattr(act.subject, act.name))
    payload: dict[str, Any] = {
        "id": act.subject.pk,
        "from": act.source,
        "to": act.subject.state,
        "version": act.subject.version,
    }
    if act.item is not None and act.item is not act.subject:
        payload["item"] = act.item.pk
    # A fact that a step takes by default may be left out.
    payload |= {name: act.facts[name] for name in rule.records if name in act.facts}
    payload |= {
        name: salted(act.sealed(name), salt) for name, salt in act.salts.items()
    }
    return payload
