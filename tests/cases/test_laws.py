"""One notice under each law to its end, through the services and the clocks, on dates
that were worked by hand (tests/clocks checks the counting itself)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from cases.arrivals import record_arrival
from cases.errors import CaseMovedOn, NotPermitted
from cases.firing import fire_due
from cases.models import Case, CounterNotice, Deadline, Notice
from cases.proceedings import Particulars, notify
from cases.registration import Proof
from cases.restrictions import visibility
from cases.services import advance, claim
from evidence import ledger
from evidence.actors import SYSTEM
from tests.cases.journeys import PAPER, REASONING, Matter, make_matter
from tests.factories import make_case

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "hours", "days"))
MEASURED = datetime.fromisoformat("2026-03-02T09:30+08:00")
# A Tuesday; in New York it is still Monday, the second.
ANSWERED = datetime.fromisoformat("2026-03-03T10:00+08:00")
DOCKET = Proof("docket", PAPER)
EXTENSION = {
    "days": 20,
    "ground": "notarisation",
    "reasoning": REASONING,
    "exhibits": ["0" * 64],
}


@dataclass(frozen=True)
class Law:
    """What a law says of an answer that is passed on on the day it comes.

    due: when the document comes back by itself; longer: when legal has given all 20
    工作日 for a delay; "" where none can be given. stops: kinds of proceeding.
    """

    profile: str
    due: str
    longer: str = ""
    stops: tuple[str, ...] = ("suit", "complaint")

    def __str__(self) -> str:
        return self.profile


LAWS = (
    # The day after is the first day, the eighteenth the fifteenth, until 24:00.
    Law("civil", "2026-03-19T00:00+08:00", longer="2026-04-17T00:00+08:00"),
    Law("civil:N=7", "2026-03-11T00:00+08:00", longer="2026-04-09T00:00+08:00"),
    Law("civil:cap=whole", "2026-03-19T00:00+08:00", longer="2026-04-01T00:00+08:00"),
    Law("ecommerce", "2026-03-19T00:00+08:00"),
    # The tenth business day is the sixteenth; summer time began on the eighth.
    Law("dmca", "2026-03-17T00:00-04:00", stops=("suit",)),
)


def matter_under(profile: str, settings: Settings) -> Matter:
    settings.CLOCK_PROFILES = [profile]
    return make_matter(profile=profile, at=MEASURED)


def ends(matter: Matter, state: str, *, down: bool) -> None:
    """The document, its case, what the public sees, the parties' letters, the chain."""
    assert (matter.state(), matter.fresh().state) == (state, "closed")
    assert visibility(matter.item.document).is_down == down
    last = Notice.objects.filter(case=matter.case).latest("pk").entry
    letters = Notice.objects.filter(entry=last).order_by("pk")
    assert [each.audience for each in letters] == ["uploader", "claimant"]
    assert not Deadline.objects.open().filter(case=matter.case).exists()
    assert ledger.verify(matter.case.stream).breaks == ()


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_nothing_comes_and_the_document_comes_back_to_the_second(
    law: Law, settings: Settings
) -> None:
    matter = matter_under(law.profile, settings)
    waiting, due = matter.wait(ANSWERED), datetime.fromisoformat(law.due)
    assert waiting.due_at == due
    assert fire_due(at=due - SECOND) == 0
    assert (matter.state(), visibility(matter.item.document).is_down) == (
        "waiting",
        True,
    )
    assert fire_due(at=due) == 1
    ends(matter, "restored", down=False)
    again = make_case(
        state="accepted",
        claimant=matter.party,
        documents=[matter.item.document],
        work=matter.item.work,
        profile=law.profile,
        at=due + DAY,
    )
    assert again.items.get().bar == "flagged"


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_only_what_the_law_names_stops_the_restoring(
    law: Law, settings: Settings
) -> None:
    due = datetime.fromisoformat(law.due)
    for kind in ("suit", "complaint"):
        matter = matter_under(law.profile, settings)
        matter.wait(ANSWERED)
        told = Particulars(kind, "成都市中级人民法院", ANSWERED.date())
        case, items = matter.case, [matter.item]
        suit = notify(
            case, items, told, proofs=[DOCKET], by=matter.claimant, at=due - SECOND
        )
        if kind not in law.stops:
            assert fire_due(at=due) == 1
            assert matter.state() == "restored"
            continue
        claim(case, by=matter.moderator, at=due)
        advance(suit, "verify", by=matter.moderator, at=due)
        assert fire_due(at=due + DAY) == 0
        matter.conclude(suit, "upheld", due + DAY)
        ends(matter, "final", down=True)


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_twenty_working_days_are_given_where_the_law_has_them(
    law: Law, settings: Settings
) -> None:
    matter = matter_under(law.profile, settings)
    matter.wait(ANSWERED)
    claim(matter.case, by=matter.legal, at=ANSWERED + HOUR)
    if not law.longer:
        with pytest.raises(CaseMovedOn):
            advance(
                matter.item, "extend", by=matter.legal, at=ANSWERED + HOUR, **EXTENSION
            )
        return
    advance(matter.item, "extend", by=matter.legal, at=ANSWERED + HOUR, **EXTENSION)
    longer = datetime.fromisoformat(law.longer)
    assert fire_due(at=longer - SECOND) == 0
    assert fire_due(at=longer) == 1
    ends(matter, "restored", down=False)


def test_the_regulation_restores_in_the_moment_and_hears_no_second_notice(
    settings: Settings,
) -> None:
    matter = matter_under("regulation", settings)
    matter.forward(matter.answer(ANSWERED), ANSWERED)
    item = matter.item
    assert (item.state, item.restored_at) == ("restored", ANSWERED)
    assert matter.fresh().state == "closed"
    assert not visibility(item.document).is_down
    assert not Deadline.objects.filter(case=matter.case, clock="waiting").exists()
    assert not matter.sue(ANSWERED + HOUR).is_timely
    assert matter.state() == "restored"
    again = make_case(
        state="claimed",
        claimant=matter.party,
        documents=[item.document],
        work=item.work,
        by=matter.moderator,
        at=ANSWERED + DAY,
    )
    assert again.items.get().bar == "barred"
    with pytest.raises(NotPermitted):
        advance(
            again,
            "accept",
            by=matter.moderator,
            at=ANSWERED + DAY,
            profile="regulation",
        )
    claim(again, by=matter.legal, at=ANSWERED + 2 * DAY)
    facts = {"refusal": "barred", "reasoning": REASONING}
    advance(again, "reject", by=matter.legal, at=ANSWERED + 2 * DAY, **facts)
    assert Case.objects.get(pk=again.pk).state == "rejected"
    assert not visibility(item.document).is_down


def test_the_dsa_has_us_judge_the_answer_for_six_months(settings: Settings) -> None:
    matter = matter_under("dsa:zone=Europe/Berlin", settings)
    told = Notice.objects.get(case=matter.case, kind="forwarding")
    record_arrival(
        told, system="email", entered_at=MEASURED, by=matter.legal, at=MEASURED
    )
    # From the second of March to the second of September, a Wednesday, in Berlin.
    due = datetime.fromisoformat("2026-09-03T00:00+02:00")
    assert Deadline.objects.open().get(clock="window").due_at == due
    counter = matter.answer(due - HOUR)
    claim(matter.case, by=matter.moderator, at=due)
    for step, facts in (("forward", {}), ("reverse", {"reasoning": REASONING})):
        with pytest.raises((CaseMovedOn, NotPermitted)):
            advance(counter, step, by=matter.moderator, at=due, **facts)
    matter.hand_to(matter.legal, due)
    refusal = {"refusal": "unfounded", "reasoning": REASONING}
    advance(counter, "reject", by=matter.legal, at=due + HOUR, **refusal)
    assert matter.state() == "measured"
    second = matter.answer(due + DAY)
    assert not matter.sue(due + DAY, proofs=[DOCKET]).is_timely
    matter.hand_to(matter.legal, due + DAY)
    reasons = {"reasoning": REASONING}
    advance(second, "reverse", by=matter.legal, at=due + 2 * DAY, **reasons)
    assert CounterNotice.objects.get(pk=second.pk).state == "reversed"
    assert matter.state() == "restored"
    assert not visibility(matter.item.document).is_down
    assert ledger.verify(matter.case.stream).breaks == ()


@pytest.mark.parametrize(
    ("profile", "due"),
    [
        *((law.profile, "2026-03-18T00:00+08:00") for law in LAWS),
        ("regulation", "2026-03-18T00:00+08:00"),
        ("dsa:zone=Europe/Berlin", "2026-09-03T00:00+02:00"),
    ],
)
def test_no_answer_makes_the_measure_final(
    profile: str, due: str, settings: Settings
) -> None:
    """No law but the DSA sets the uploader a term: fifteen days are our own."""
    matter = matter_under(profile, settings)
    for told in Notice.objects.filter(case=matter.case, kind="forwarding"):
        record_arrival(
            told, system="email", entered_at=MEASURED, by=SYSTEM, at=MEASURED
        )
    end = datetime.fromisoformat(due)
    assert fire_due(at=end - SECOND) == 0
    assert fire_due(at=end) == 1
    ends(matter, "final", down=True)
