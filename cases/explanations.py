"""Why a date is what it is, in words: one sentence for each step of the count."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from cases.member_states import name_of
from cases.periods import Why

SENTENCES = {
    "at_once": gettext_lazy("自 %(start)s 本站收到之时起，应当立即处理。"),
    "minutes": gettext_lazy("自 %(start)s 起连续计算 %(length)d 分钟。"),
    "hours": gettext_lazy("自 %(start)s 起连续计算 %(length)d 小时。"),
    "paused": gettext_lazy("%(from)s 至 %(to)s 暂停计时，该段时间不计入。"),
    "stood": gettext_lazy("%(from)s 至 %(to)s 暂停计时，暂停时届满的工作日不计入。"),
    "days": gettext_lazy("自 %(start)s 的次日起计算 %(length)d 日，计至 %(last)s。"),
    "months": gettext_lazy(
        "自 %(start)s 的次日起计算 %(length)d 个月，计至对应日 %(last)s。"
    ),
    "years": gettext_lazy(
        "自 %(start)s 的次日起计算 %(length)d 年，计至对应日 %(last)s。"
    ),
    "no_such_day": gettext_lazy("当月没有对应日，以月末日 %(last)s 为最后一日。"),
    "working_days": gettext_lazy(
        "自 %(start)s 的次日起计算 %(length)d 个工作日，调休上班日计入，计至 %(last)s。"
    ),
    "business_days": gettext_lazy(
        "自纽约时间 %(start)s 的次日起计算 %(length)d 个营业日，"
        "联邦假日不计入，计至 %(last)s。"
    ),
    "extended": gettext_lazy(
        "因公证、认证等权利人无法控制的延迟，另加 %(days)d 个工作日，计至 %(last)s。"
    ),
    "capped": gettext_lazy("全部期限以 %(days)d 个工作日为限，计至 %(last)s。"),
    "rolled": gettext_lazy("%(planned)s 为休息日，顺延至休息日结束的次日 %(last)s。"),
    "member_state": gettext_lazy(
        "末日是否顺延，依%(state)s的公共假日、星期六和星期日。"
    ),
    "rolled_there": gettext_lazy(
        "%(planned)s 为其中之一，顺延至其后第一个工作日 %(last)s。"
    ),
    "ends": gettext_lazy("最后一日二十四时届满。"),
    "ends_there": gettext_lazy("最后一日 %(zone)s 时间二十四时届满。"),
    "ends_new_york": gettext_lazy("最后一日纽约时间二十四时届满。"),
    "provisional": gettext_lazy("%(year)d 年的放假安排尚未载入，日期可能调整。"),
    "not_suspended": gettext_lazy("该期限依法不中止，所列暂停期间不扣除。"),
    "not_extended": gettext_lazy("该期限依法不延长，所列延长天数不计。"),
    "assumed": gettext_lazy("所给时刻没有注明时区，按北京时间读取。"),
    "unknown_to_profile": gettext_lazy("所选期限规则没有这一期限。"),
    "extension_out_of_range": gettext_lazy(
        "延长天数须在 0 至 %(limit)d 个工作日之间。"
    ),
    "awaits_arrival": gettext_lazy(
        "该期限自到达收件人之日起算，到达时间尚未确认；以上按发出之时推算。"
    ),
}


def told(steps: Iterable[Why]) -> str:
    """Return the reasoning in the language in force."""
    gap = "" if (get_language() or "").startswith("zh") else " "
    return gap.join(str(SENTENCES[step.code]) % _said(step.facts) for step in steps)


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    """A row keeps the code of a state, a sentence has its name."""
    return facts | {"state": name_of(facts["state"])} if "state" in facts else facts
