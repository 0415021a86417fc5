"""Who is who to the house, and what more than one machine asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence.actors import Actor, Role

if TYPE_CHECKING:
    from cases.models import AccountMeasure, Case, Submission

EXAMINERS = frozenset({Role.MODERATOR, Role.SENIOR, Role.LEGAL})
READERS = EXAMINERS | {Role.COMPLIANCE}
SENIORS = frozenset({Role.SENIOR, Role.LEGAL})


def is_system(subject: Any, actor: Actor) -> bool:
    """A timer or a consequence: no person can take this step."""
    return actor.duty == Role.SYSTEM


def is_independent(case: Case, actor: Actor) -> bool:
    """Who files a case, or answers in it, never handles it."""
    return not case.has_part(actor)


def holds(case: Case, actor: Actor) -> bool:
    """The case is claimed by this person."""
    assignment = getattr(case, "assignment", None)
    return assignment is not None and assignment.user_id == actor.user_id


def may_claim(case: Case, actor: Actor) -> bool:
    return actor.duty in EXAMINERS and is_independent(case, actor)


def may_examine(case: Case, actor: Actor) -> bool:
    """An examiner who has claimed the case and has no part in it (I5)."""
    return (
        actor.duty in EXAMINERS and is_independent(case, actor) and holds(case, actor)
    )


def may_examine_or_system(case: Case, actor: Actor) -> bool:
    return is_system(case, actor) or may_examine(case, actor)


def is_senior(case: Case, actor: Actor) -> bool:
    return actor.duty in SENIORS and is_independent(case, actor)


def is_compliance(case: Case, actor: Actor) -> bool:
    return actor.duty == Role.COMPLIANCE and is_independent(case, actor)


def may_enter_papers(actor: Actor) -> bool:
    """What an authority sent is entered by those who answer to it."""
    return actor.duty in SENIORS | {Role.COMPLIANCE}


def may_keep_shelves(actor: Actor) -> bool:
    """What counts as copying, and from how much on, is compliance's to say."""
    return actor.duty == Role.COMPLIANCE


def may_read_desk(actor: Actor) -> bool:
    return actor.duty in READERS


def may_report(case: Case, actor: Actor) -> bool:
    """Case files are for those who answer for them and have no part in the case:
    the full edition shows the other side."""
    return actor.duty in READERS and is_independent(case, actor)


def role_in(case: Case, actor: Actor) -> str:
    """Return the role in which this person acts on this case, for the ledger."""
    return actor.duty or case.side_of(actor)


def role_on(subject: Any, actor: Actor) -> str:
    """Return the role in which this person acts on a case, an item, a submission."""
    case = getattr(subject, "case", None)
    return role_in(case, actor) if case else actor.duty or Role.UPLOADER


def is_uncontested(subject: Submission | AccountMeasure) -> bool:
    return subject.contested_at is None
