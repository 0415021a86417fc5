"""Dated questions to the clocks, and their answers (manage.py clock)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from cases import periods
from cases.calendars import CHINA, LIBRARY, YEARS, ChineseCalendar
from cases.errors import Sentence
from cases.explanations import told
from cases.periods import Pause, Why
from cases.profiles import UNCHOSEN, Profile, profile_of
from cases.terms import TERMS, Term


@dataclass(frozen=True, slots=True)
class Question:
    """start and pauses are aware instants; extension is in 工作日.

    assumed: one of the instants named no offset and was read as China's.
    """

    rule: str
    profile: Profile
    start: datetime
    pauses: tuple[Pause, ...] = ()
    extension: int = 0
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """due is None where the profile knows no such clock or grants no such delay."""

    due: datetime | None
    provisional: bool
    article: Sentence
    why: tuple[Why, ...]

    def told(self) -> dict[str, Any]:
        """Return the answer as commands print it, in the language in force."""
        return {
            "due": self.due.isoformat() if self.due else None,
            "provisional": self.provisional,
            "article": str(self.article),
            "why": told(self.why),
        }


def answer(question: Question, china: ChineseCalendar = LIBRARY) -> Answer:
    term = question.profile.term(question.rule)
    if objection := _objection(question, term):
        return Answer(None, False, term.article, (objection,))
    due = periods.due(
        question.start,
        term,
        question.profile,
        china=china,
        pauses=question.pauses,
        extension=question.extension,
    )
    why = due.why + tuple(_remarks(question, term))
    return Answer(due.at, due.provisional, term.article, why)


def read(fields: Mapping[str, Any]) -> Question:
    """Read a question as it stands in a line of a batch.

    Raises ValueError naming the field that cannot be read, and for a period that each
    decision states by itself.
    """
    rule, extension = fields.get("rule"), fields.get("extension") or 0
    if not isinstance(rule, str) or rule not in TERMS or TERMS[rule].stated:
        raise ValueError(f"no such rule: {rule}")
    if not isinstance(extension, int) or isinstance(extension, bool):
        raise ValueError(f"extension is a whole number of working days: {extension!r}")
    if fields.get("start") is None:
        raise ValueError("a question has no start")
    start, pauses = _moment(fields["start"]), _pauses(fields.get("pauses"))
    return Question(
        rule=rule,
        profile=_profile(fields.get("profile")),
        start=_in_china(start),
        pauses=tuple((_in_china(begins), _in_china(ends)) for begins, ends in pauses),
        extension=extension,
        assumed=any(at.tzinfo is None for at in (start, *chain(*pauses))),
    )


def _moment(text: Any) -> datetime:
    """Read ISO 8601, of which the offset may be wanting."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{text!r} is not an ISO 8601 instant") from error
    if at.year not in YEARS:
        raise ValueError(f"{text!r} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return at


def _in_china(at: datetime) -> datetime:
    """Without an offset it is meant in China."""
    return at if at.tzinfo else at.replace(tzinfo=CHINA)


def _profile(text: Any) -> Profile:
    if not text:
        return UNCHOSEN
    return profile_of(str(text))


def _pauses(spans: Any) -> tuple[Pause, ...]:
    if not isinstance(spans, list | None):
        raise ValueError(f"pauses are [[from, to], …]: {spans!r}")
    return tuple(_pause(each) for each in spans or ())


def _pause(span: Any) -> Pause:
    if not isinstance(span, list | tuple) or len(span) != 2:
        raise ValueError(f"a pause is [from, to]: {span!r}")
    begins, ends = (_moment(each) for each in span)
    if _in_china(ends) < _in_china(begins):
        raise ValueError(f"a pause ends before it begins: {span!r}")
    return begins, ends


def _objection(question: Question, term: Term) -> Why | None:
    if not question.profile.knows(question.rule):
        return Why("unknown_to_profile", {})
    too_long = term.extension and question.extension > term.extension
    if too_long or question.extension < 0:
        return Why("extension_out_of_range", {"limit": term.extension})
    return None


def _remarks(question: Question, term: Term) -> list[Why]:
    """What was asked for and the law does not know, and what was taken for granted."""
    found = [Why("assumed", {})] if question.assumed else []
    if question.pauses and not term.pausable:
        found.append(Why("not_suspended", {}))
    if question.extension and not term.extension:
        found.append(Why("not_extended", {}))
    return found
