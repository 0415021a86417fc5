"""The guard of each step in words: what has to hold, whoever takes it.

For docs/workflow.md, which is in Chinese alone. A guard without words here is no
guard that anybody could read up: the page cannot be drawn.
"""

from collections.abc import Callable, Iterator
from typing import Any

from cases.permissions import account as accounts
from cases.permissions import appeal as appeals
from cases.permissions import copyright as notices
from cases.permissions import counter_notice as counters
from cases.permissions import desk
from cases.permissions import item as items
from cases.permissions import proceeding as proceedings
from cases.permissions import report as reports
from cases.permissions import submission as submissions

GUARDS: dict[Callable[[Any], bool], str] = {
    # 版权申诉
    notices.may_be_cured_again: "补正未满两次",
    notices.is_held: "在法律保全中",
    notices.is_not_held: "不在法律保全中",
    notices.is_before_any_measure: "有文档待处理，其余均已撤回，且无诉讼、投诉或命令",
    notices.has_taken_in_none: "未并入过他案或他案的文档",
    notices.was_not_accepted: "并案前未受理",
    notices.was_accepted: "并案前已受理",
    notices.may_come_apart: "并案后两案都没有进展，并入的案件不在法律保全中",
    # 被投诉文档
    items.case_is_accepted: "案件已受理",
    items.is_frozen: "证据已固定",
    items.is_examined_here: "案件未并入他案",
    items.is_not_announced: "未公告",
    items.is_announced: "已公告",
    items.may_be_extended: "期限规则允许延长等待期",
    items.no_extension_is_asked: "没有待审查的延长申请",
    items.an_extension_is_asked: "已申请延长",
    items.answer_restores_at_once: "期限规则为转送即恢复",
    items.answer_is_waited_upon: "期限规则有等待期",
    items.answer_is_judged_here: "期限规则由本站审查申诉",
    items.no_proceeding_runs: "没有及时通知的诉讼、投诉或命令尚未终结",
    items.claim_is_dismissed: "最后作出判断的裁判或决定驳回了请求",
    items.is_free_of_orders: "没有执行中的命令",
    items.was_under_measure: "命令之前已采取措施，尚未进入等待期",
    items.had_our_measure: "命令之前已采取措施",
    items.was_final: "命令之前处理已确定",
    # 反通知
    counters.item_takes_counter: "文档已采取措施或者处理已确定",
    counters.is_first_round: "未补正过",
    counters.is_compared_again: "改正后的文件已与作品比对",
    counters.is_internal_complaint: "期限规则由本站审查申诉",
    counters.is_answer_to_complainant: "期限规则由投诉人决定下一步",
    counters.claim_is_not_upheld: "最后作出判断的裁判或决定没有确认侵权",
    # 诉讼、投诉与保全
    proceedings.is_about_what_is_here: "案件未并入他案",
    proceedings.is_first_return: "未退回过",
    proceedings.is_not_filed_yet: "未确认过待立案",
    # 发布审核、账号措施
    submissions.policy_may_refuse: "命中可以自动拒绝的情形",
    desk.is_uncontested: "未提出过异议",
    accounts.begins_by_itself: "不是关闭账号",
    accounts.closes_account: "是关闭账号",
    # 举报
    reports.is_urgent: "紧急",
    reports.awaits_its_first_ruling: "尚未作出处理决定",
    reports.may_be_asked: "不紧急，未要求过补充材料",
    reports.may_lapse: "不紧急",
    reports.may_be_left: "优先级为 P2、P3，尚未作出处理决定",
    reports.is_about_copyright: "举报理由属于著作权",
    reports.was_set_aside: "尚未作出处理决定",
    reports.was_decided: "已作出处理决定",
    reports.is_under_measures: "处理决定的措施仍在执行",
    reports.is_restricted_before_review: "先行限制仍在执行，尚未作出处理决定",
    reports.holds_no_document: "本案没有限制任何文档",
    # 复议
    appeals.is_mended_and_compared: "修改后的文件已经比对，且不是原文件",
}
# What the step itself asks of what it is told; it raises where that is not so.
ASKED: dict[tuple[str, str], str] = {
    ("copyright", "accept"): "本站已启用所选期限规则；美国法规则须有作伪证责任声明",
    ("item", "announce"): "上传人地址不明，或者决定满三日",
    ("item", "ask_extension"): "附证明",
    ("item", "extend"): "附证明",
    ("counter_notice", "accept_cure"): "所称相同比例与最近一次比对一致",
    ("counter_notice", "reject"): "除由本站审查申诉外，不得以理由不成立为由",
}


def guard_words(machine: str, step: Any) -> Iterator[str]:
    """Say what a step asks, in the order in which it is asked."""
    yield from (GUARDS[guard] for guard in step.conditions)
    if asked := ASKED.get((machine, step.name)):
        yield asked
