"""What a decision will bring about, read from the tables that will bring it about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases import periods
from cases.chronicle import moment
from cases.clocks import CLOCKS, term_of
from cases.deadlines import profile_in
from cases.models import Case, CaseItem
from cases.models.calendar_years import chinese_calendar
from cases.notices import NOTICES, Letter
from cases.workflows.item import Finding
from moderation.desk.forms import LEVELS, Level


def effects_of(
    case: Case, step: str, facts: Mapping[str, Any], *, at: datetime
) -> list[str]:
    """Return one sentence for each thing that follows for every document."""
    return [
        *_outcome(facts),
        *[_letter(letter) for letter in NOTICES.get((CaseItem.MACHINE, step), ())],
        *_clocks(case, step, at),
    ]


def _outcome(facts: Mapping[str, Any]) -> list[str]:
    if "measure" in facts:
        level = Level(facts["measure"])
        return [
            _("措施“%(level)s”：%(meaning)s")
            % {"level": level.label, "meaning": LEVELS[level]}
        ]
    label = Finding(facts["finding"]).label
    return [_("认定“%(finding)s”，文档不受限制。") % {"finding": label}]


def _letter(letter: Letter) -> str:
    words = _("向%(audience)s送达《%(letter)s》。")
    return words % {"audience": letter.audience.label, "letter": letter.kind.label}


def _clocks(case: Case, step: str, at: datetime) -> list[str]:
    sentences = []
    profile = profile_in(case.clock_profile)
    for clock in CLOCKS.values():
        term = term_of(clock, profile)
        if (CaseItem.MACHINE, step) not in clock.starts or term is None:
            continue
        end = periods.due(at, term, profile, china=chinese_calendar())
        sentences.append(
            _("“%(clock)s”开始计算，至 %(end)s 届满。")
            % {"clock": clock.label, "end": moment(end.at)}
        )
    return sentences
