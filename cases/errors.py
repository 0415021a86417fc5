"""What the one door refuses, named for what the user did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class CaseError(Exception):
    """A refusal that a person is told in a sentence."""

    sentence: Sentence = ""

    def __str__(self) -> str:
        return str(self.sentence)


class CaseMovedOn(CaseError):
    """Somebody else has acted meanwhile: nothing was changed."""

    sentence = _("案件状态已发生变化，您的操作没有执行。请刷新后再处理。")


class NotPermitted(CaseError):
    """This person may not take this step."""

    sentence = _("您没有权限执行该操作。")


class NotMergeable(CaseError):
    """The two cases are not of a kind that can be one; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotYetDue(CaseError):
    """The clock of this step is still running."""

    sentence = _("期限尚未届满。")


class ExtensionTooLong(CaseError):
    """The clock cannot be extended, or not by so many 工作日."""

    sentence = _("该期限不能延长，或者延长的工作日超过法定上限。")


class ExtensionTooShort(CaseError):
    """An extension is of one 工作日 at least: no clock is made shorter."""

    sentence = _("延长的工作日至少为一日。")


class CalendarMissing(CaseError):
    """The year's official calendar is not loaded: no step is taken on a guess."""

    sentence = _("该年度的放假安排尚未载入，届满日不能确定，系统不会自动执行。")


class ArrivalUnknown(CaseError):
    """The letter that the clock runs from is not known to have arrived."""

    sentence = _("尚未确认文书到达收件人，期限不能视为届满。")


class NoClockProfile(CaseError):
    """No clock profile was chosen, or counsel has released none."""

    sentence = _("受理前须选定期限规则；本站尚未启用该规则时，请联系合规人员配置。")


class NotDeclared(CaseError):
    """The profile rests on a declaration that the notice does not hold."""

    sentence = _(
        "该期限规则要求投诉人作出美国法上的声明，本通知没有；请改用其他规则，"
        "或者先通知补正（D08）。"
    )


class NotForUsToJudge(CaseError):
    """条例 16 and 民法典 1196 ask the form of an answer, not whether it is right."""

    sentence = _("本案的期限规则下，形式齐备的反通知应当转送，不能以理由不成立拒绝。")


@dataclass(frozen=True, slots=True)
class Missing:
    """What a notice lacks, and the step of the form in which it is given."""

    sentence: Sentence
    step: str

    def __str__(self) -> str:
        return str(self.sentence)


class IncompleteComplaint(CaseError):
    """The notice lacks what the law asks for; `missing` names each thing."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(missing)
        self.missing = list(missing)

    def __str__(self) -> str:
        return str(_("投诉材料不完整：")) + "；".join(
            str(item) for item in self.missing
        )


class AlreadyReported(CaseError):
    """The same person has an open report of this document for a like reason."""

    sentence = _("您已经就同类原因举报过这份文档，该举报正在处理，不必重复提交。")

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class AlreadyReceived(AlreadyReported):
    """The same form came twice: it was received the first time."""

    sentence = _(
        "这份举报已经收到，没有重复登记。查询码只显示一次，请使用首次显示的查询码。"
    )


class TooMany(CaseError):
    """More than the limit allows; `seconds` until it may be tried again."""

    sentence = _("操作过于频繁，请稍后再试。")

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class AccountSuspended(CaseError):
    """The account may not upload; `until` is None when it is closed."""

    sentence = _("账号目前不能上传。")

    def __init__(self, public_id: UUID, until: datetime | None) -> None:
        super().__init__(public_id)
        self.public_id, self.until = public_id, until

    def __str__(self) -> str:
        if self.until is None:
            return str(_("账号已经关闭，不能上传。可以在“我的文档”页面提出异议。"))
        words = _(
            "账号在 %(until)s（北京时间）之前不能上传。"
            "可以在“我的文档”页面查看原因、提出异议。"
        )
        return str(words) % {"until": f"{localtime(self.until):%Y-%m-%d %H:%M}"}


class NothingToReport(CaseError):
    """Nothing of this document was ever kept."""

    sentence = _("没有这份文档的留存记录，无法举报。")


class IncompletePaper(CaseError):
    """An answer, a notice or a withdrawal lacks something; `missing` says what."""

    def __init__(self, missing: Sequence[Sentence]) -> None:
        super().__init__(missing)
        self.missing = list(missing)

    def __str__(self) -> str:
        return str(_("材料不完整：")) + "；".join(str(each) for each in self.missing)
