"""Which step starts, stops, pauses and extends which clock, and what it fires.

How long a clock runs is in cases/terms.py, what counsel chose in cases/profiles.py,
the arithmetic in cases/periods.py.
"""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cases.calendars import CHINA
from cases.errors import Sentence
from cases.profiles import PROFILES, Profile, profile_of
from cases.terms import TERMS, Term, Unit
from evidence.actors import Role

__all__ = [
    "CLOCKS",
    "PROFILES",
    "Clock",
    "Step",
    "Term",
    "profile_of",
    "term_of",
    "zone_of",
]

Step = tuple[str, str]
# How a step moves a clock: the fields of Clock that name such steps, as they come.
MOVES = ("stops", "voids", "pauses", "resumes", "extends", "starts")


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
    arrived: steps that are the arrival themselves, whatever the term begins with.
    by_letter: a clock of the house that runs from our act because a letter goes out
    with it: once that is known to have reached nobody, it waits for the arrival.
    voids: steps after which it does not matter any more, neither met nor missed.
    extends: steps whose fact `days` adds 工作日, up to the term's limit.
    priority: only for reports of this one. family: of the clocks of one family a case
    runs the one that ends first, alone.
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
    priority: int | None = None
    family: str = ""
    arrived: tuple[Step, ...] = ()
    by_letter: bool = False
    # What each step does to this clock, in the order of MOVES: read at every step.
    moves: dict[Step, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[Step, list[str]] = {}
        for move in MOVES:
            for step in getattr(self, move):
                found.setdefault(step, []).append(move)
        object.__setattr__(self, "moves", found)

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


# What ends the terms of an answer, whoever they run for: the complainant lets go, or
# a court or an authority has spoken.
ENDED_OTHERWISE: tuple[Step, ...] = tuple(
    ("item", name)
    for name in ("withdraw", "obey_order", "restore_dismissed", "confirm")
)
# What brings a report onto the desk's table, and what takes it from there.
BROUGHT: tuple[Step, ...] = tuple(
    ("report", name)
    for name in ("submit", "reclassify", "unmerge", "reopen", "bring_back")
)
SETTLED: tuple[Step, ...] = tuple(
    ("report", name)
    for name in ("decide", "merge", "withdraw", "transfer", "lapse", "set_aside")
)
# What makes another ruling, and with it another duration.
RULED: tuple[Step, ...] = (
    *(("report", "decide"), ("appeal", "overturn"), ("appeal", "amend")),
)


def _handling(priority: int) -> Clock:
    return Clock(
        f"sla_p{priority}",
        _("处理举报"),
        f"sla_p{priority}",
        starts=BROUGHT,
        stops=SETTLED,
        on="report",
        pauses=(("report", "request_info"),),
        resumes=(("report", "supply"), ("report", "go_on")),
        priority=priority,
        family="handling",
    )


CLOCKS = {
    clock.code: clock
    for clock in (
        Clock(
            "review",
            _("形式审查"),
            "review",
            starts=(("copyright", "submit"),),
            stops=(("copyright", "accept"), ("copyright", "reject")),
            voids=(("copyright", "withdraw"), ("copyright", "lapse")),
            pauses=(("copyright", "find_defects"),),
            resumes=(("copyright", "cure"),),
        ),
        Clock(
            "cure",
            _("补正期"),
            "cure10",
            starts=(("copyright", "find_defects"),),
            stops=(("copyright", "cure"), ("copyright", "lapse")),
            voids=(("copyright", "withdraw"),),
            fires="lapse",
        ),
        Clock(
            "measure",
            _("采取措施与转送"),
            "measure",
            starts=(("copyright", "accept"),),
            stops=(("item", "measure_and_forward"), ("item", "assess_no_measure")),
            voids=(("item", "drop"), ("item", "obey_order")),
            on="item",
        ),
        Clock(
            "window",
            _("上传人答复期"),
            "window",
            starts=(
                ("item", "measure_and_forward"),
                ("item", "keep_measure"),
                ("item", "deem_served"),
                ("item", "reinstate"),
            ),
            stops=(("item", "finalise"), ("item", "receive_counter")),
            # Nobody is held to a term that runs from a letter that reached nobody.
            voids=(*ENDED_OTHERWISE, ("item", "announce")),
            arrived=(("item", "deem_served"),),
            on="item",
            fires="finalise",
            recipient=Role.UPLOADER,
            by_letter=True,
        ),
        Clock(
            "counter_review",
            _("反通知审查"),
            "counter_review",
            starts=(("counter_notice", "file"),),
            stops=(
                ("counter_notice", "forward"),
                ("counter_notice", "accept_cure"),
                ("counter_notice", "reverse"),
                ("counter_notice", "reject"),
            ),
            voids=(("counter_notice", "moot"), ("counter_notice", "lapse")),
            pauses=(("counter_notice", "find_defects"),),
            resumes=(("counter_notice", "cure"),),
            on="counter_notice",
        ),
        Clock(
            "counter_cure",
            _("反通知补正期"),
            "counter_cure",
            starts=(("counter_notice", "find_defects"),),
            stops=(("counter_notice", "cure"), ("counter_notice", "lapse")),
            voids=(("counter_notice", "moot"),),
            on="counter_notice",
            fires="lapse",
            recipient=Role.UPLOADER,
        ),
        Clock(
            "waiting",
            _("等待期"),
            "",
            starts=(("item", "forward_counter"),),
            stops=(("item", "restore"), ("item", "await_outcome")),
            voids=ENDED_OTHERWISE,
            extends=(("item", "extend"),),
            on="item",
            fires="restore",
        ),
        # Not later than this (512(g)); only an alarm, the earlier one restores.
        Clock(
            "waiting_latest",
            _("最迟恢复"),
            "",
            starts=(("item", "forward_counter"),),
            stops=(("item", "restore"), ("item", "await_outcome")),
            voids=ENDED_OTHERWISE,
            on="item",
        ),
        Clock(
            "proof",
            _("证明期"),
            "proof",
            starts=(("proceeding", "notify"), ("proceeding", "return_proof")),
            stops=(("proceeding", "prove"), ("proceeding", "lapse")),
            voids=(("proceeding", "conclude"),),
            on="proceeding",
            fires="lapse",
        ),
        Clock(
            "proof_review",
            _("核实证明"),
            "proof_review",
            starts=(("proceeding", "prove"),),
            stops=(
                ("proceeding", "verify"),
                ("proceeding", "acknowledge"),
                ("proceeding", "return_proof"),
                ("proceeding", "refuse_proof"),
            ),
            voids=(("proceeding", "conclude"),),
            on="proceeding",
        ),
        Clock(
            "docketing",
            _("等待立案"),
            "docketing",
            starts=(("proceeding", "acknowledge"),),
            stops=(("proceeding", "prove"), ("proceeding", "lapse")),
            voids=(("proceeding", "conclude"),),
            on="proceeding",
            fires="lapse",
        ),
        Clock(
            "announced",
            _("公告期"),
            "announced",
            starts=(("item", "announce"),),
            stops=(("item", "deem_served"), ("item", "receive_counter")),
            voids=ENDED_OTHERWISE,
            on="item",
            fires="deem_served",
            recipient=Role.UPLOADER,
        ),
        *(_handling(priority) for priority in range(4)),
        Clock(
            "alarm",
            _("查看告警"),
            "alarm",
            starts=BROUGHT,
            stops=(("report", "see"), ("report", "take_up"), *SETTLED),
            on="report",
            priority=0,
        ),
        Clock(
            "confirmation",
            _("确认先行限制"),
            "confirmation",
            starts=(("report", "restrict"),),
            stops=(("report", "confirm"), ("report", "end_restriction"), *SETTLED),
            on="report",
            fires="end_restriction",
        ),
        Clock(
            "supply",
            _("补充材料"),
            "supply5",
            starts=(("report", "request_info"),),
            stops=(
                *(("report", "supply"), ("report", "lapse")),
                *(("report", "withdraw"), ("report", "set_aside")),
            ),
            voids=(("report", "go_on"),),
            on="report",
            fires="lapse",
        ),
        Clock(
            "duration",
            _("措施期限"),
            "duration",
            starts=RULED,
            stops=(("report", "end_measures"),),
            voids=RULED,
            on="report",
            fires="end_measures",
        ),
        Clock(
            "account",
            _("账号措施期限"),
            "duration",
            starts=(("account", "begin"),),
            stops=(("account", "expire"),),
            voids=(("account", "lift"), ("account", "void")),
            on="account",
            fires="expire",
            recipient=Role.UPLOADER,
        ),
        Clock(
            "objection",
            _("审查账号异议"),
            "reconsider10",
            starts=(("account", "contest"),),
            stops=(("account", "uphold"), ("account", "lift")),
            voids=(("account", "expire"), ("account", "void")),
            on="account",
        ),
        Clock(
            "paper",
            _("来文所定期限"),
            "paper",
            starts=(("report", "receive_paper"),),
            stops=SETTLED,
            on="report",
        ),
        Clock(
            "contest",
            _("提出复议"),
            "contest15",
            # Whom an appeal restricts for the first time has the same days.
            starts=RULED,
            stops=(("report", "close"),),
            voids=RULED,
            # While an appeal is heard nothing can close.
            pauses=(("report", "appeal"),),
            resumes=(("report", "resolve_appeal"),),
            on="report",
            fires="close",
        ),
        Clock(
            "reconsider",
            _("复议"),
            "reconsider10",
            starts=(("report", "appeal"),),
            stops=(("report", "resolve_appeal"),),
            on="report",
        ),
    )
}


def zone_of(clock: Clock, profile: Profile) -> ZoneInfo:
    """Return in which zone the last day of a clock is a day."""
    term = term_of(clock, profile)
    return profile.zone_of(term) if term else CHINA


def term_of(clock: Clock, profile: Profile) -> Term | None:
    """Return the clock's term under a profile; None when no such clock runs."""
    code = profile.terms.get(clock.code, clock.term)
    return profile.term(code) if code else None
