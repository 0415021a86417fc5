"""What compliance may set without a release, as data: each with its bounds."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.errors import NotPermitted, Sentence
from cases.models import Policy
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.ledger import SITE, Act


@dataclass(frozen=True, slots=True)
class Rule:
    """least 0 switches a rule off where `label` says so."""

    name: str
    label: Sentence
    default: int
    most: int


POLICIES = {
    rule.name: rule
    for rule in (
        Rule(
            "interim_authority", _("主管部门的紧急举报可以先行限制（1 是，0 否）"), 1, 1
        ),
        Rule(
            "interim_copy",
            _("与已因紧急事由下架的文本相同的，可以先行限制（1 是，0 否）"),
            1,
            1,
        ),
        Rule(
            "interim_accuracy",
            _("举报准确率达到百分之几的账号，其紧急举报可以先行限制（0 关闭）"),
            90,
            100,
        ),
        Rule("interim_decided", _("计算准确率至少需要的已决举报数"), 10, 1000),
        Rule("interim_reporter_daily", _("同一举报人一日内最多引起的先行限制"), 3, 100),
        Rule("interim_seller_daily", _("同一卖家一日内最多被先行限制的文档"), 5, 1000),
        Rule(
            "match_lead",
            _("与已下架、受保护或他人文档相同达百分之几时立线索案件（0 关闭）"),
            60,
            100,
        ),
    )
}


def value_of(name: str) -> int:
    """Return the figure in force."""
    row = Policy.objects.filter(pk=name).first()
    return row.value if row else POLICIES[name].default


def values() -> dict[str, int]:
    """Return every figure in force, by name. One query."""
    held = dict(Policy.objects.values_list("name", "value"))
    return {name: held.get(name, rule.default) for name, rule in POLICIES.items()}


def set_policy(name: str, value: int, *, by: Actor, at: datetime) -> None:
    """Use another figure from now on. Raises NotPermitted, ValueError."""
    if by.duty != Role.COMPLIANCE:
        raise NotPermitted
    if not 0 <= value <= POLICIES[name].most:
        raise ValueError(name)
    with transaction.atomic():
        payload = {"name": name, "before": value_of(name), "after": value}
        Policy.objects.update_or_create(
            name=name, defaults={"value": value, "set_at": at}
        )
        ledger.append(Act(SITE, "policy.set", payload), by=by, role=by.duty, at=at)
