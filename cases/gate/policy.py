"""Which likeness leads to which result: a table, and what compliance set in it.

The table says how far compliance may go. Only the very text of a document that was
finally taken down may be refused without a person; everything else that resembles
somebody's text waits for one unless compliance lets it pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.errors import CaseError, NotPermitted, Sentence
from cases.models import GateRule
from cases.models.submissions import Outcome
from cases.permissions.submission import may_set_policy
from evidence import ledger
from evidence.actors import Actor
from evidence.ledger import SITE, Act

CLEARED, HELD, REFUSED = Outcome.CLEARED, Outcome.HELD, Outcome.REFUSED
SEVERITY = {outcome: rank for rank, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class Likeness:
    """One kind of finding: what the seller is told of it, and what it may lead to.

    The first of `choices` holds until compliance sets another.
    """

    code: str
    label: Sentence
    told: Sentence
    choices: tuple[Outcome, ...]

    @property
    def is_settled(self) -> bool:
        return len(self.choices) == 1


LIKENESSES = {
    each.code: each
    for each in (
        Likeness(
            "removed_copy",
            _("与已下架文档的文本完全相同"),
            _("文件的文字与一份经处理后不再提供的文档完全相同。"),
            (HELD, REFUSED),
        ),
        Likeness(
            "removed",
            _("与已下架文档有相同内容"),
            _("文件中有与一份经处理后不再提供的文档相同的段落。"),
            (HELD,),
        ),
        Likeness(
            "work",
            _("与他人登记的作品有相同内容"),
            _("文件中有与一部已登记作品相同的段落。"),
            (HELD,),
        ),
        Likeness(
            "document",
            _("与其他卖家的文档有相同内容"),
            _("文件中有与其他卖家在售文档相同的段落。"),
            (HELD, CLEARED),
        ),
        Likeness(
            "submission",
            _("与他人送审的文件有相同内容"),
            _("文件中有与另一份送审文件相同的段落。"),
            (HELD,),
        ),
        # 机器不得单独作为依据的情形: below these nothing acts by itself.
        Likeness(
            "slight",
            _("相同内容很少，或多为数字"),
            _("相同的文字很少，或多为数字，不足以单独作出判断。"),
            (HELD, CLEARED),
        ),
        Likeness(
            "own",
            _("与本人的文档、作品或获授权的作品有相同内容"),
            _("相同的段落来自您自己的文档、作品，或者权利人授权您使用的作品。"),
            (CLEARED, HELD),
        ),
        Likeness(
            "no_text",
            _("没有可比对的文字"),
            _("文件中没有读到文字，例如扫描件，须由人工核对。"),
            (HELD,),
        ),
        Likeness(
            "unread",
            _("有未能读取的附件"),
            _("文件带有未能读取的附件，须由人工查看。"),
            (HELD,),
        ),
    )
}


class NoSuchRule(CaseError):
    """No such likeness, or it may not lead there."""

    sentence = _("该情形不能设置为这一结果。")


def in_force() -> dict[str, Outcome]:
    """Return what each likeness leads to now."""
    rules = {each.code: each.choices[0] for each in LIKENESSES.values()}
    for row in GateRule.objects.order_by("pk"):
        # A row that the table no longer allows is history and not a rule.
        if (known := LIKENESSES.get(row.likeness)) and row.outcome in known.choices:
            rules[row.likeness] = Outcome(row.outcome)
    return rules


def set_rule(
    likeness: str, outcome: str, *, reason: str, by: Actor, at: datetime
) -> GateRule:
    """Let a likeness lead elsewhere from now on; what was judged stays as it is.

    Raises NotPermitted for all but compliance, NoSuchRule beyond the table.
    """
    if not may_set_policy(by):
        raise NotPermitted
    if likeness not in LIKENESSES or outcome not in LIKENESSES[likeness].choices:
        raise NoSuchRule
    with transaction.atomic():
        before = in_force()[likeness]
        row = GateRule.objects.create(
            likeness=likeness,
            outcome=outcome,
            reason=reason,
            set_by=by.label,
            set_at=at,
        )
        facts = {"rule": row.pk, "likeness": likeness, "to": outcome, "from": before}
        ledger.append(Act(SITE, "gate.rule_set", facts), by=by, role=by.duty, at=at)
    return row


def severest(found: Iterable[tuple[str, Outcome]]) -> tuple[str, Outcome]:
    """Return the likeness that decides and its outcome; nothing found is cleared."""
    worst = ("none", CLEARED)
    for likeness, outcome in found:
        if SEVERITY[outcome] > SEVERITY[worst[1]] or worst[0] == "none":
            worst = (likeness, outcome)
    return worst
