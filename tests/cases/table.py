"""Who can take which step in which state: the law of each machine as the tests know it.

A row is a step; under each state stand the people who can take it there. What is not
listed is refused to everybody.
"""

PEOPLE = (
    "claimant",
    "agent",
    "other_claimant",
    "uploader",
    "other_uploader",
    "moderator",
    "idle_moderator",
    "senior",
    "legal",
    "compliance",
    "system",
)
FILERS = ("claimant", "agent")
# Whoever of them has claimed the case; the tests let each claim it in turn.
EXAMINERS = ("moderator", "senior", "legal")
LEGAL = ("legal",)
HOLDERS = ("legal", "compliance")
UPLOADER = ("uploader",)
SYSTEM = ("system",)

Table = dict[str, dict[str, tuple[str, ...]]]


def _in(people: tuple[str, ...], *states: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(states, people)


_FILED = (
    *("submitted", "deficient", "accepted", "in_process", "closed"),
    *("lapsed", "rejected", "withdrawn"),
)
_OPEN = ("measured", "counter_review", "counter_deficient", "waiting")
_MEASURED = (*_OPEN, "litigating", "final")

COPYRIGHT: Table = {
    "submit": _in(FILERS, "draft"),
    # Only a part of a case in one's hands can be set apart, and this one is none.
    "set_apart": {},
    "split": _in(EXAMINERS, "submitted"),
    "find_defects": _in(EXAMINERS, "submitted"),
    "cure": _in(FILERS, "deficient"),
    "lapse": _in(SYSTEM, "deficient"),
    "reject": _in(LEGAL, "submitted"),
    "accept": _in(EXAMINERS, "submitted"),
    "start": _in(SYSTEM, "accepted"),
    "close": _in(SYSTEM, "in_process"),
    "reopen": _in(SYSTEM, "closed"),
    "withdraw": _in(FILERS, "submitted", "deficient", "accepted", "in_process"),
    "hold": _in(HOLDERS, *_FILED),
    # Nothing is held here: see the test of the hold.
    "end_hold": {},
    "merge": _in(EXAMINERS, "submitted", "accepted"),
    "take_in": _in(SYSTEM, "submitted", "accepted", "in_process"),
    # Nothing is merged here: see tests/cases/test_merging.py.
    "unmerge": {},
    "unmerge_accepted": {},
    "give_back": _in(SYSTEM, "submitted", "accepted", "in_process"),
}

ITEM: Table = {
    "measure_and_forward": _in(EXAMINERS, "pending"),
    "assess_no_measure": _in(EXAMINERS, "pending"),
    "announce": _in((*EXAMINERS, *SYSTEM), "measured"),
    # Nothing is announced here: see the test of the announcement.
    "deem_served": {},
    "finalise": _in(SYSTEM, "measured"),
    "receive_counter": _in(SYSTEM, "measured", "final"),
    "await_counter": _in(SYSTEM, "counter_review"),
    "resume_counter": _in(SYSTEM, "counter_deficient"),
    "keep_measure": _in(SYSTEM, "counter_review", "counter_deficient"),
    "forward_counter": _in(SYSTEM, "counter_review"),
    # Under other profiles than that of most cases here: see UNLIKE.
    "restore_at_once": {},
    "restore_reversed": {},
    "restore_cured": _in(SYSTEM, "counter_review"),
    "ask_extension": _in(FILERS, "waiting"),
    "extend": _in(LEGAL, "waiting"),
    # Nothing is asked here: see the test of extensions.
    "refuse_extension": {},
    "await_outcome": _in(SYSTEM, "waiting"),
    "restore": _in(SYSTEM, "waiting"),
    "restore_after_proceeding": _in(SYSTEM, "litigating"),
    # Nothing is dismissed here: see tests/cases/test_judgments.py.
    "restore_dismissed": {},
    "confirm": _in(SYSTEM, *_OPEN, "litigating"),
    "await_judgment": _in(SYSTEM, "final"),
    "stay_final": _in(SYSTEM, "final"),
    "obey_order": _in(
        SYSTEM,
        *("pending", "measured", "no_measure", "counter_review"),
        *("counter_deficient", "waiting", "litigating", "restored", "final"),
        "dropped",
    ),
    # No order has found it here: see the journeys.
    "outlast_order": {},
    "reinstate": {},
    "reinstate_final": {},
    "drop": _in((*FILERS, *SYSTEM), "pending"),
    "withdraw": _in((*FILERS, *SYSTEM), *_MEASURED),
}

COUNTER_NOTICE: Table = {
    "file": _in(UPLOADER, "draft"),
    "find_defects": _in(EXAMINERS, "filed"),
    "cure": _in(UPLOADER, "deficient"),
    "lapse": _in(SYSTEM, "deficient"),
    "forward": _in(EXAMINERS, "filed"),
    "accept_cure": _in(EXAMINERS, "filed"),
    # Under another profile than that of most cases here: see UNLIKE.
    "reverse": {},
    "reject": _in(LEGAL, "filed"),
    "moot": _in(SYSTEM, "filed", "deficient"),
}

PROCEEDING: Table = {
    "notify": _in(FILERS, "draft"),
    "order": _in(LEGAL, "draft"),
    "prove": _in(FILERS, "notified", "filed"),
    "acknowledge": _in(EXAMINERS, "proved"),
    "lapse": _in(SYSTEM, "notified", "filed"),
    "return_proof": _in(EXAMINERS, "proved"),
    "verify": _in(EXAMINERS, "proved"),
    "refuse_proof": _in(LEGAL, "proved"),
    "conclude": _in(LEGAL, "notified", "proved", "filed", "verified"),
}

CIVIL = {
    "copyright": COPYRIGHT,
    "item": ITEM,
    "counter_notice": COUNTER_NOTICE,
    "proceeding": PROCEEDING,
}
# What other laws than 民法典 say of these steps. 法释〔2020〕9号 extends the 合理期限
# of 民法典 1196 alone; 条例 17 restores at once; DSA 20 has us judge ourselves.
UNEXTENDED: Table = {"ask_extension": {}, "extend": {}}
UNLIKE: dict[str, dict[str, Table]] = {
    "civil": {},
    "ecommerce": {"item": UNEXTENDED},
    "dmca": {"item": UNEXTENDED},
    "regulation": {
        "item": {
            **UNEXTENDED,
            "forward_counter": {},
            "restore_at_once": _in(SYSTEM, "counter_review"),
        },
    },
    "dsa": {
        "item": {
            **UNEXTENDED,
            "forward_counter": {},
            "restore_reversed": _in(SYSTEM, "counter_review"),
        },
        "counter_notice": {"forward": {}, "reverse": _in(EXAMINERS, "filed")},
    },
}


def under(profile: str) -> dict[str, Table]:
    """Return the tables of all machines, by name, as the law of a profile has them."""
    unlike = UNLIKE[profile]
    return {name: told | unlike.get(name, {}) for name, told in CIVIL.items()}
