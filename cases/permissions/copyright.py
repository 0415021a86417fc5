"""Who may do what with a notice about copyright, and what its case has to be like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.permissions.desk import SENIORS, is_independent, may_examine
from cases.profiles import profile_of
from evidence.actors import Actor, Role

if TYPE_CHECKING:
    from cases.models import Case, CaseItem


# In which states a case can take another in and give it back.
TAKES_IN = ("submitted", "accepted", "in_process")

# From here on a measure weighs so much that a senior decides: more documents than
# these in one notice, or so much brought in by them. 五万元 is where the fines of
# 条例 18 and 19 begin to be reckoned by what was taken in.
MANY_ITEMS = 50
MUCH_CENTS = 5_000_000


def may_file(case: Case, actor: Actor) -> bool:
    """Only those who stand for the complainant or for its agent file a notice."""
    return case.is_filed_by(actor)


def may_examine_notice(case: Case, actor: Actor) -> bool:
    """条例 17: a notice about a barred document is read by legal, who accept it or
    say what it lacks: it cannot lapse unread."""
    if not may_examine(case, actor):
        return False
    return actor.duty == Role.LEGAL or not case.items.filter(bar="barred").exists()


def weighs_much(case: Case) -> bool:
    """As the notice came: neither parting it nor deciding on a few documents at a
    time makes it lighter."""
    return case.listed_items > MANY_ITEMS or case.listed_cents >= MUCH_CENTS


def needs_senior(case: Case, actor: Actor) -> bool:
    """This person may work on the case, but not take a measure in it."""
    return actor.duty not in SENIORS and weighs_much(case)


def may_refuse(case: Case, actor: Actor) -> bool:
    """What ends a notice or an answer for good is legal's to say."""
    return actor.duty == Role.LEGAL and may_examine(case, actor)


def may_examine_origin(case: Case, actor: Actor) -> bool:
    """A part that is set apart is in the hands of who holds the whole."""
    return case.origin is not None and may_examine(case.origin, actor)


def may_hold(case: Case, actor: Actor) -> bool:
    """A legal hold is placed by those who answer for records; no claim is needed."""
    keeps = actor.duty in (Role.LEGAL, Role.COMPLIANCE)
    return keeps and is_independent(case, actor)


def may_be_cured_again(case: Case) -> bool:
    return case.cure_rounds < 2


def is_declared_for(case: Any, profile: str) -> bool:
    """512(c)(3)(A)(vi): declared with the notice, or on paper when it was cured; and
    with each notice that was merged into it, or that a document of it came from."""
    if profile_of(profile).base != "dmca":
        return True
    came = case.items.filter(merged_from__isnull=False).select_related("merged_from")
    notices = [case, *case.merged_cases.all(), *(item.merged_from for item in came)]
    return all(_is_sworn(each) for each in notices)


def _is_sworn(case: Any) -> bool:
    signed = case.statements.values_list("declarations", flat=True)
    if any(each["code"] == "us_perjury" for rows in signed for each in rows):
        return True
    cured = case.defects.filter(code="D08", answered_at__isnull=False)
    return bool(cured.exists())


def is_before_any_measure(case: Case) -> bool:
    """Nothing was decided on any of its documents, nor ordered, nor sued about."""
    states = set(case.items.values_list("state", flat=True))
    untouched = "pending" in states and states <= {"pending", "dropped"}
    return untouched and not case.proceedings.exclude(state="draft").exists()


def has_taken_in_none(case: Case) -> bool:
    """What was merged into it, or into the case that it is a part of, would have to
    be looked for in two places."""
    came = case.items.filter(merged_from__isnull=False)
    doubles = case.items.filter(folded_items__isnull=False)
    return not (case.merged_cases.exists() or came.exists() or doubles.exists())


def was_not_accepted(case: Case) -> bool:
    return case.accepted_at is None


def was_accepted(case: Case) -> bool:
    return case.accepted_at is not None


def may_come_apart(case: Case) -> bool:
    """Until anything has been done with a document that went along, or with the whole
    notice that it is part of now (accepted, sent back, held): from then on the two
    cases have a history in common."""
    into = case.merged_into
    if into is None or into.state not in TAKES_IN or into.legal_hold:
        return False
    if was_accepted(into) != was_accepted(case):
        return False
    found = into.defects.filter(counter_notice=None, found_at__gte=case.closed_at)
    twins = [row.folded_into for row in case.items.select_related("folded_into")]
    rows = [*case.moved_items.all(), *(twin for twin in twins if twin)]
    if case.moved_items.filter(folded_items__isnull=False).exists():
        return False  # the double of a third notice's: that one is taken out first
    if found.exists() or any(_is_touched(row, into) for row in rows):
        return False
    told = into.proceedings.exclude(state="draft").filter(items__in=rows)
    return not told.exists()


def _is_touched(item: CaseItem, into: Case) -> bool:
    return bool(item.case_id != into.pk or item.state != "pending")


def is_held(case: Case) -> bool:
    return case.legal_hold


def is_not_held(case: Case) -> bool:
    return not case.legal_hold
