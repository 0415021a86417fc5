"""Which step starts, stops, pauses and extends which clock, and what it fires.

How long a clock runs is in cases/terms.py, what counsel chose in cases/profiles.py,
the arithmetic in cases/periods.py.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.profiles import PROFILES, Profile, profile_of
from cases.terms import TERMS, Term, Unit
from evidence.actors import Role

__all__ = ["CLOCKS", "PROFILES", "Clock", "Step", "Term", "profile_of", "term_of"]

Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs on an object of a machine; steps are (machine, transition).

    on: the machine whose objects it runs on, each for itself: the case's own, its
    items, or what hangs on them.

    term: how long (a code of TERMS); "" where only the profile of the case says, and
    a profile without a term for it runs no such clock. A term that begins on arrival
    runs from the day the step's letter reaches `recipient` (cases/arrivals.py); one
    that begins on receipt from the step's fact `received_at`, if it has one.
    fires: the transition that the system takes with that object when it runs out.
    voids: steps after which it does not matter any more, neither met nor missed.
    extends: steps whose fact `days` adds 工作日, up to the term's limit.
    """

    code: str
    label: Sentence
    term: str
    starts: tuple[Step, ...]
    stops: tuple[Step, ...]
    on: str = "copyright"
    fires: str = ""
    recipient: Role = Role.CLAIMANT
    voids: tuple[Step, ...] = ()
    pauses: tuple[Step, ...] = ()
    resumes: tuple[Step, ...] = ()
    extends: tuple[Step, ...] = ()

    @property
    def length(self) -> int:
        """0 means: as the profile of the case says."""
        return TERMS[self.term].length if self.term else 0

    @property
    def unit(self) -> Unit:
        return TERMS[self.term].unit if self.term else "day"

    @property
    def article(self) -> Sentence:
        return TERMS[self.term].article if self.term else _("期限规则所列条款")


CLOCKS = {
    clock.code: clock
    for clock in (
        Clock(
            "review",
            _("形式审查"),
            "review",
            starts=(("copyright", "submit"),),
            stops=(("copyright", "accept"),),
        ),
        Clock(
            "measure",
            _("采取措施与转送"),
            "measure",
            starts=(("copyright", "accept"),),
            stops=(("item", "measure_and_forward"), ("item", "assess_no_measure")),
            on="item",
        ),
        Clock(
            "window",
            _("上传人答复期"),
            "window",
            starts=(("item", "measure_and_forward"),),
            stops=(("item", "finalise"),),
            on="item",
            fires="finalise",
        ),
    )
}


def term_of(clock: Clock, profile: Profile) -> Term | None:
    """Return the clock's term under a profile; None when no such clock runs."""
    code = profile.terms.get(clock.code, clock.term)
    return profile.term(code) if code else None
