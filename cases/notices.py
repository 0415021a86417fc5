"""Which letter goes to whom: transition → audience, kind. Rows only, sent later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.calendars import CHINA
from cases.models.acts import Notice
from cases.models.submissions import SubmissionNotice
from evidence.actors import Role

if TYPE_CHECKING:
    from cases.services import Taken


class Kind(models.TextChoices):
    RECEIPT = "receipt", _("收件回执")
    ACCEPTANCE = "acceptance", _("受理通知书")
    FORWARDING = "forwarding", _("转送通知书")
    DECISION = "decision", _("处理决定书")
    SCREENING = "screening", _("发布审核结果通知书")


@dataclass(frozen=True, slots=True)
class Letter:
    kind: Kind
    audience: Role


NOTICES: dict[tuple[str, str], tuple[Letter, ...]] = {
    ("copyright", "submit"): (Letter(Kind.RECEIPT, Role.CLAIMANT),),
    ("copyright", "accept"): (Letter(Kind.ACCEPTANCE, Role.CLAIMANT),),
    # 条例 15: the measure and the forwarding are one moment, so one act writes both.
    ("item", "measure_and_forward"): (
        Letter(Kind.FORWARDING, Role.UPLOADER),
        Letter(Kind.DECISION, Role.CLAIMANT),
    ),
    # 民法典 1195: the notice is forwarded even where no measure is taken.
    ("item", "assess_no_measure"): (
        Letter(Kind.FORWARDING, Role.UPLOADER),
        Letter(Kind.DECISION, Role.CLAIMANT),
    ),
    ("item", "finalise"): (
        Letter(Kind.DECISION, Role.UPLOADER),
        Letter(Kind.DECISION, Role.CLAIMANT),
    ),
    # Whoever is refused is told why and how to contest, whoever refused.
    ("submission", "refuse_by_policy"): (Letter(Kind.SCREENING, Role.UPLOADER),),
    ("submission", "refuse"): (Letter(Kind.SCREENING, Role.UPLOADER),),
    ("submission", "release"): (Letter(Kind.SCREENING, Role.UPLOADER),),
}


def write(taken: Sequence["Taken"]) -> None:
    """Queue the letters of these acts, numbered within their case."""
    drafts = [
        (act, letter)
        for act in taken
        for letter in NOTICES.get((act.subject.MACHINE, act.name), ())
    ]
    if not drafts:
        return
    if taken[0].subject.MACHINE == "submission":
        _write_to_sellers(drafts)
        return
    cases = {act.subject.case.pk for act, _letter in drafts}
    counts = Notice.objects.filter(case__in=cases).values_list("case")
    written = dict(counts.annotate(models.Count("id")))
    rows = []
    for act, letter in drafts:
        case = act.subject.case
        written[case.pk] = written.get(case.pk, 0) + 1
        rows.append(_row(act, letter, written[case.pk]))
    Notice.objects.bulk_create(rows, batch_size=200)


def _write_to_sellers(drafts: Sequence[tuple["Taken", Letter]]) -> None:
    """Letters about submissions: numbered within each, like those of a case."""
    for act, _letter in drafts:
        submission = act.subject
        ordinal = submission.notices.count() + 1
        SubmissionNotice.objects.create(
            number=f"{submission.reference}-{ordinal:03d}",
            submission=submission,
            entry=act.entry,
            facts={
                "act": act.name,
                "on": act.entry.at.astimezone(CHINA).date().isoformat(),
                "ground": submission.ground,
                "contested": submission.contested_at is not None,
                "operator": dict(settings.OPERATOR),
            },
            at=act.entry.at,
        )


def _row(act: "Taken", letter: Letter, ordinal: int) -> Notice:
    item = act.subject if act.subject.MACHINE == "item" else None
    case = act.subject.case
    to_seller = letter.audience == Role.UPLOADER
    return Notice(
        number=f"{case.reference}-{ordinal:03d}",
        case=case,
        item=item,
        entry=act.entry,
        kind=letter.kind,
        audience=letter.audience,
        seller=item.document.seller if item and to_seller else None,
        # An agent with a mandate receives for its principal (送达代理人).
        party=None if to_seller else case.agent or case.claimant,
        facts=_facts(act),
        at=act.entry.at,
    )


def _facts(act: "Taken") -> dict[str, Any]:
    """Freeze what the letter says: codes and dates, no name (those are the party's)."""
    case = act.subject.case
    return {
        "act": act.name,
        "on": act.entry.at.astimezone(CHINA).date().isoformat(),
        "profile": case.clock_profile,
        "due": {
            clock: at.astimezone(CHINA).isoformat() for clock, at in act.due.items()
        },
        "operator": dict(settings.OPERATOR),
    }
