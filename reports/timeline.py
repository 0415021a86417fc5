"""Ledger entries in words: what happened, in which role, sealed by which hash."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.chronicle import item_of, other_case, step_label
from cases.errors import Sentence
from evidence.actors import Role
from evidence.ledger import LedgerEntry

# Entries that no transition writes.
OTHER: dict[str, Sentence] = {
    "document.snapshot": gettext_lazy("固定文档"),
    "case.bar": gettext_lazy("标记再次通知"),
    "case.claim": gettext_lazy("领取案件"),
    "case.match": gettext_lazy("附入提交后比对出的线索"),
    "case.release": gettext_lazy("退回案件"),
    "case.reported": gettext_lazy("收到举报"),
    "case.report_withdrawn": gettext_lazy("撤回一件举报"),
    "case.split": gettext_lazy("另立案件"),
    "case.invalidated": gettext_lazy("举报不予采纳"),
    "case.brought_back": gettext_lazy("恢复举报"),
    "case.appeal_file": gettext_lazy("查看复议所附文件"),
    "case.appealed": gettext_lazy("申请复议"),
    "case.frozen": gettext_lazy("案卷固定"),
    "case.snapshot": gettext_lazy("下载固定的文档"),
    "case.attachment": gettext_lazy("下载举报附件"),
    "case.authority_told": gettext_lazy("向主管部门报告"),
    "case.reveal": gettext_lazy("查看当事人完整信息"),
    "case.exhibit": gettext_lazy("下载权属证明"),
    "deadline.miss": gettext_lazy("期限届满而未办"),
    "deadline.refuse": gettext_lazy("期限届满而未能执行"),
    "deadline.move": gettext_lazy("期限重新计算"),
    "notice.arrive": gettext_lazy("文书送达"),
    "notice.fail": gettext_lazy("文书未能送达"),
    "report.rendered": gettext_lazy("生成案件报告"),
    "report.downloaded": gettext_lazy("下载案件报告"),
}


def told(kind: str) -> str:
    """Return an entry's kind in words; the code itself when it has none."""
    return str(OTHER.get(kind) or step_label(kind) or kind)


def role_label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def subject_of(entry: LedgerEntry, positions: dict[int, int]) -> str:
    """Name the document, or the other case, that an entry is about; positions: by the
    id of the item."""
    if number := entry.payload.get("document"):
        return _("文档 %(number)s") % {"number": number}
    if item := item_of(entry):
        position = positions.get(item)
        return _("第 %(position)s 项") % {"position": position} if position else ""
    return other_case(entry)
