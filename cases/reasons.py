"""REASONS: what a document can be reported for, as a table that a lawyer can read.

Two levels: the letter of a code names its group, the code itself the reason. A
reason says what it rests on, how urgent it is, where it belongs in the lists of
12377 and of the Digital Services Act, and what a report of it must state.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence


class Priority(models.IntegerChoices):
    """How soon a person looks: each has a clock of its own in clocks.py."""

    P0 = 0, _("P0 立即")
    P1 = 1, _("P1 一日内")
    P2 = 2, _("P2 三个工作日")
    P3 = 3, _("P3 七个工作日")


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    label: Sentence


GROUPS = {
    group.code: group
    for group in (
        Group("A", _("违法有害信息")),
        Group("B", _("未成年人")),
        Group("C", _("侵权")),
        Group("D", _("考试与学术")),
        Group("E", _("交易与质量")),
        Group("F", _("不良信息")),
        Group("G", _("人工智能生成")),
        Group("H", _("其他")),
    )
}


@dataclass(frozen=True, slots=True)
class Reason:
    """priority: of a report of it; with_minors: of one that concerns minors.

    category_12377: its class in the lists of 12377, "" when there is none; dsa: the
    category of the transparency database. asks: what a report of it must state;
    needs_statement: it cannot be filed without words. transfers: the holder of the
    right may be handed to 版权申诉.
    """

    code: str
    label: Sentence
    basis: Sentence
    priority: Priority
    category_12377: Sentence
    dsa: str
    asks: Sentence
    needs_statement: bool = False
    with_minors: Priority = Priority.P1
    transfers: bool = False

    @property
    def group(self) -> Group:
        return GROUPS[self.code[0]]


P0, P1, P2, P3 = Priority
# The classes of 12377, by the words that it uses itself.
POLITICS, TERROR, FRAUD = _("政治类"), _("暴恐类"), _("诈骗类")
PORNOGRAPHY, VULGAR, GAMBLING = _("色情类"), _("低俗类"), _("赌博类")
INFRINGEMENT, RUMOUR, OTHER = _("侵权类"), _("谣言类"), _("其他类")
SECURITY = "RISK_FOR_PUBLIC_SECURITY"
SPEECH = "ILLEGAL_OR_HARMFUL_SPEECH"
SCAMS = "SCAMS_AND_FRAUD"
MINORS = "PROTECTION_OF_MINORS"
IP = "INTELLECTUAL_PROPERTY_INFRINGEMENTS"
PRIVACY = "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS"
VIOLENCE = "VIOLENCE"
CONSUMER = "CONSUMER_INFORMATION"
TERMS = "OTHER_VIOLATION_TC"
UNSPECIFIED = "NOT_SPECIFIED_NOTICE"

HARMFUL = _("网络信息内容生态治理规定第六条；互联网信息服务管理办法第十五条")
CHILDREN = _("未成年人网络保护条例第二十二条至第二十九条")
CHILD_DATA = _("未成年人网络保护条例第三十八条；个人信息保护法第三十一条")
COPYRIGHT = _("民法典第一千一百九十五条；信息网络传播权保护条例第十四条")
PERSONAL = _("个人信息保护法第四十七条；民法典第一千零三十四条")
DIGNITY = _("民法典第一千零一十二条至第一千零二十四条、第一千一百九十五条")
SECRETS = _("民法典第一百二十三条、第一千一百九十五条")
BRANDS = _("商标法第五十七条；民法典第一千零一十三条")
BUSINESS = _("涉企网络侵权信息举报工作规范")
EXAMS = _("刑法第二百八十四条之一；教育法第七十九条")
TRADE = _("电子商务法第五十九条；本站规则")
BAD = _("网络信息内容生态治理规定第七条")
SYNTHETIC = _("人工智能生成合成内容标识办法；本站规则")

WHERE = _("违法内容所在的页码、段落或者原文")
WHO = _("您是谁、与内容的关系，以及内容为什么侵害您的权利")
SHOW = _("问题出现在哪里，例如页码、段落或者截图")

REASONS = {
    reason.code: reason
    for reason in (
        Reason(
            *("A1", _("危害国家安全、泄露国家秘密"), HARMFUL, P0, POLITICS),
            *(SECURITY, _("涉密标志、文号或者所在位置；请勿转发原文")),
            with_minors=P0,
        ),
        Reason("A2", _("损害国家荣誉和利益"), HARMFUL, P1, POLITICS, SPEECH, WHERE),
        Reason("A3", _("诋毁英雄烈士"), HARMFUL, P1, POLITICS, SPEECH, WHERE),
        Reason(
            *("A4", _("宣扬恐怖主义、极端主义"), HARMFUL, P0, TERROR, SECURITY, WHERE),
            with_minors=P0,
        ),
        Reason("A5", _("邪教、封建迷信"), HARMFUL, P1, OTHER, SPEECH, WHERE),
        Reason(
            *("A6", _("破坏民族团结、宗教政策"), HARMFUL, P1, POLITICS, SPEECH, WHERE),
        ),
        Reason(
            *("A7", _("谣言"), HARMFUL, P1, RUMOUR, SPEECH),
            _("哪一句不实，依据是什么"),
        ),
        Reason(
            *("A8", _("淫秽色情"), HARMFUL, P1, PORNOGRAPHY, SPEECH, WHERE),
            with_minors=P0,
        ),
        Reason("A9", _("赌博"), HARMFUL, P1, GAMBLING, SCAMS, WHERE),
        Reason(
            *("A10", _("诈骗、教唆犯罪、违禁品"), HARMFUL, P1, FRAUD, SCAMS, WHERE),
        ),
        Reason(
            *("B1", _("未成年人淫秽色情"), CHILDREN, P0, PORNOGRAPHY, MINORS),
            _("所在位置；请勿下载、转发原文"),
            with_minors=P0,
        ),
        Reason("B2", _("对未成年人的网络欺凌"), CHILDREN, P1, OTHER, MINORS, WHERE),
        Reason("B3", _("引诱自残或者不良模仿"), CHILDREN, P1, OTHER, MINORS, WHERE),
        Reason(
            *("B4", _("泄露未成年人信息（名册、成绩、照片）"), CHILD_DATA, P0, OTHER),
            *(MINORS, _("涉及哪些信息、大约多少人")),
            with_minors=P0,
        ),
        Reason(
            *("C1", _("侵犯著作权"), COPYRIGHT, P2, INFRINGEMENT, IP),
            _("原作品的名称和您所知的权利人；权利人本人请提出版权申诉"),
            needs_statement=True,
            with_minors=P2,
            transfers=True,
        ),
        Reason(
            *("C2", _("盗传本站他人文档"), COPYRIGHT, P2, INFRINGEMENT, IP),
            _("原文档的编号或者标题"),
            needs_statement=True,
            with_minors=P2,
            transfers=True,
        ),
        Reason(
            *("C3", _("泄露个人信息、隐私"), PERSONAL, P1, INFRINGEMENT, PRIVACY),
            _("涉及哪些信息、是谁的信息；不必重复信息本身"),
            needs_statement=True,
            with_minors=P0,
        ),
        Reason(
            *("C4", _("侵害名誉、肖像、姓名"), DIGNITY, P2, INFRINGEMENT, SPEECH, WHO),
            needs_statement=True,
        ),
        Reason(
            *("C5", _("商业秘密、内部资料"), SECRETS, P2, INFRINGEMENT, IP, WHO),
            needs_statement=True,
            with_minors=P2,
        ),
        Reason(
            *("C6", _("商标侵权、冒名"), BRANDS, P2, INFRINGEMENT, IP, WHO),
            needs_statement=True,
            with_minors=P2,
        ),
        Reason(
            *("C7", _("涉企不实信息"), BUSINESS, P2, INFRINGEMENT, SPEECH),
            _("哪一句不实，依据是什么"),
            needs_statement=True,
            with_minors=P2,
        ),
        Reason(
            *("D1", _("国家考试试题、答案泄露"), EXAMS, P0, OTHER, TERMS),
            _("哪一场考试、考试时间和您怎样得知"),
            with_minors=P0,
        ),
        Reason("D2", _("作弊工具"), EXAMS, P2, OTHER, TERMS, WHERE),
        Reason("D3", _("论文代写买卖、抄袭"), EXAMS, P2, OTHER, TERMS, WHERE),
        Reason("E1", _("文不对题、标题党"), TRADE, P3, "", CONSUMER, SHOW),
        Reason("E2", _("只有目录、缺页、乱码"), TRADE, P3, "", CONSUMER, SHOW),
        Reason(
            *("E3", _("重复文档、改名规避查重"), TRADE, P3, "", TERMS),
            _("另一份文档的编号"),
        ),
        Reason("E4", _("页数、大小、格式虚假"), TRADE, P3, "", CONSUMER, SHOW),
        Reason("E5", _("广告、网址、联系方式"), TRADE, P3, "", TERMS, SHOW),
        Reason(
            *("E6", _("无法下载、收费争议"), TRADE, P3, "", CONSUMER),
            _("下载或者付款的时间和遇到的问题"),
        ),
        Reason("E7", _("恶意拆分"), TRADE, P3, "", TERMS, _("其余各份文档的编号")),
        Reason("F1", _("低俗庸俗"), BAD, P2, VULGAR, TERMS, WHERE),
        Reason("F2", _("血腥惊悚"), BAD, P2, VULGAR, VIOLENCE, WHERE),
        Reason("F3", _("歧视"), BAD, P2, VULGAR, SPEECH, WHERE),
        Reason("F4", _("夸张标题"), BAD, P2, VULGAR, TERMS, SHOW),
        Reason("F5", _("不当评述灾难"), BAD, P2, VULGAR, SPEECH, WHERE),
        Reason("G1", _("未标识的人工智能合成内容"), SYNTHETIC, P2, OTHER, TERMS, SHOW),
        Reason(
            *("G2", _("人工智能洗稿"), SYNTHETIC, P2, OTHER, IP),
            _("原作品的名称或者文档编号"),
            with_minors=P2,
            transfers=True,
        ),
        Reason(
            *("H1", _("其他"), TRADE, P3, OTHER, UNSPECIFIED),
            _("发生了什么、在哪里、希望怎样处理"),
            needs_statement=True,
        ),
    )
}


def priority_of(code: str, *, minors: bool) -> Priority:
    """Return how urgent a report is; that minors are concerned never lowers it."""
    reason = REASONS[code]
    if not minors:
        return reason.priority
    return min(reason.priority, reason.with_minors)


def grouped_choices() -> list[tuple[Sentence, list[tuple[str, str]]]]:
    """Return the reasons by their groups, as a form offers them."""
    return [
        (
            group.label,
            [
                (reason.code, f"{reason.code} {reason.label}")
                for reason in REASONS.values()
                if reason.group is group
            ],
        )
        for group in GROUPS.values()
    ]
