"""期间: how long each clock runs, in which unit, under which article.

The codes are those that `manage.py clock` answers to. Lengths of 0 in `day` are set
by the profile of the case (cases/profiles.py).
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence

Unit = Literal["minute", "hour", "day", "working_day", "business_day", "month", "year"]
# What the law counts from: the act itself, its arrival at the recipient, or our own
# receipt of what was sent to us.
Begins = Literal["act", "arrival", "receipt"]


@dataclass(frozen=True, slots=True)
class Term:
    """A period. extension: the most 工作日 by which it can be extended. pausable: a
    house clock that stands still while others are at work; a statute's never does.
    profiles: the only profiles that know it; empty for all. union: set by an act of
    the EU, counted in the zone and by the calendar that the profile names. stated:
    the fact of the step that says how long, in `each` units; none runs without it."""

    code: str
    label: Sentence
    length: int
    unit: Unit
    article: Sentence
    begins: Begins = "act"
    extension: int = 0
    pausable: bool = False
    profiles: tuple[str, ...] = ()
    union: bool = False
    stated: str = ""
    each: int = 1


_OWN = _("本站自行设定；法律要求及时处理")
_DMCA = _("《美国法典》第17编第512条(g)(2)(C)")

TERMS = {
    term.code: term
    for term in (
        Term(
            "ec43",
            _("电子商务法等待期"),
            15,
            "day",
            _("《电子商务法》第四十三条；《民法典》第二百条至第二百零四条"),
            begins="arrival",
            profiles=("ecommerce",),
        ),
        Term(
            "civil1196",
            _("民法典合理期限"),
            0,
            "day",
            _("《民法典》第一千一百九十六条；法释〔2020〕9号第三条"),
            begins="arrival",
            extension=20,
            profiles=("civil",),
        ),
        Term(
            "reg17",
            _("立即恢复"),
            0,
            "hour",
            _("《信息网络传播权保护条例》第十七条"),
            begins="receipt",
            profiles=("regulation",),
        ),
        Term(
            "dmca_earliest",
            _("DMCA 最早恢复"),
            10,
            "business_day",
            _DMCA,
            begins="receipt",
            profiles=("dmca",),
        ),
        Term(
            "dmca_latest",
            _("DMCA 最迟恢复"),
            14,
            "business_day",
            _DMCA,
            begins="receipt",
            profiles=("dmca",),
        ),
        Term(
            "cure10",
            _("补正期"),
            10,
            "day",
            _("本站自行设定；《互联网著作权行政保护办法》第十条"),
            begins="arrival",
        ),
        Term(
            "appeal15",
            _("复议期"),
            15,
            "day",
            _("本站自行设定；法律未规定复议期限"),
            begins="arrival",
        ),
        Term(
            "dsa6m",
            _("DSA 申诉期"),
            6,
            "month",
            _("欧盟《数字服务法》第20条第1款"),
            begins="arrival",
            profiles=("dsa",),
            union=True,
        ),
        Term("sla_p0", _("特急处理"), 2, "hour", _OWN, begins="receipt", pausable=True),
        Term(
            "sla_p1", _("加急处理"), 24, "hour", _OWN, begins="receipt", pausable=True
        ),
        Term(
            "sla_p2",
            _("普通处理"),
            3,
            "working_day",
            _OWN,
            begins="receipt",
            pausable=True,
        ),
        Term(
            "sla_p3",
            _("一般处理"),
            7,
            "working_day",
            _OWN,
            begins="receipt",
            pausable=True,
        ),
        Term("alarm", _("查看紧急举报"), 30, "minute", _OWN),
        Term(
            "confirmation",
            _("确认先行限制"),
            2,
            "hour",
            _("本站自行设定：先行限制未经人确认，自行解除"),
        ),
        Term("supply5", _("补充材料"), 5, "working_day", _("本站自行设定")),
        # In hours: a day off does not make what was decided longer.
        Term(
            "duration",
            _("措施期限"),
            0,
            "hour",
            _("本站自行设定：处理决定载明的期限；DSA 第十七条第三款"),
            stated="days",
            each=24,
        ),
        Term(
            "paper",
            _("来文所定期限"),
            0,
            "minute",
            _("主管部门来文"),
            stated="minutes",
        ),
        Term(
            "contest15",
            _("对举报处理的复议期"),
            15,
            "day",
            _("本站自行设定；法律未规定复议期限"),
            pausable=True,
        ),
        Term("reconsider10", _("复议审查"), 10, "working_day", _OWN),
        Term(
            "retention3y",
            _("案卷保存期"),
            3,
            "year",
            _("本站自行设定；《民法典》第一百八十八条诉讼时效"),
        ),
        Term(
            "review", _("形式审查"), 24, "hour", _OWN, begins="receipt", pausable=True
        ),
        Term(
            "measure",
            _("采取措施与转送"),
            24,
            "hour",
            _("本站自行设定；条例第十五条要求立即处理"),
            pausable=True,
        ),
        Term(
            "counter_review",
            _("反通知审查"),
            24,
            "hour",
            _("本站自行设定；法律要求及时转送"),
            begins="receipt",
            pausable=True,
        ),
        Term(
            "counter_cure",
            _("反通知补正期"),
            5,
            "day",
            _("本站自行设定；法律未规定补正期限"),
            begins="arrival",
        ),
        Term(
            "proof",
            _("证明期"),
            15,
            "day",
            _("本站自行设定；法律未规定提交证明的期限"),
        ),
        Term(
            "docketing",
            _("等待立案"),
            60,
            "day",
            _("本站自行设定；法律未规定等待立案的期限"),
            begins="receipt",
        ),
        Term(
            "announced",
            _("公告期"),
            30,
            "day",
            _("《信息网络传播权保护条例》第十五条；参照《民事诉讼法》第九十五条"),
        ),
        Term("proof_review", _("核实证明"), 24, "hour", _OWN),
        Term("window", _("上传人答复期"), 0, "day", _("期限规则所列条款")),
    )
}
