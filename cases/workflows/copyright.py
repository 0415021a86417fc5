"""版权申诉: the procedure of one notice, after 信息网络传播权保护条例 14–17,
民法典 1195–1196 and 电子商务法 42–43. What happens to each listed document is
item.py's; how two notices become one (并案), merger.py's.

draft → submitted ⇄ deficient; submitted → accepted → in_process → closed
submitted → rejected; deficient → lapsed; everything filed and open → withdrawn
submitted, accepted ⇄ merged
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import NoClockProfile, NotDeclared, Sentence
from cases.permissions.copyright import (
    is_declared_for,
    is_held,
    is_not_held,
    may_be_cured_again,
    may_examine_notice,
    may_examine_origin,
    may_file,
    may_hold,
    may_refuse,
)
from cases.permissions.desk import is_system
from cases.profiles import released
from cases.workflows.rules import Rule, step


class CaseState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待形式审查")
    DEFICIENT = "deficient", _("待补正")
    ACCEPTED = "accepted", _("已受理")
    IN_PROCESS = "in_process", _("处理中")
    CLOSED = "closed", _("已结案")
    LAPSED = "lapsed", _("视为未发出")
    REJECTED = "rejected", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已并案")


S = CaseState
# Nothing more is worked on; a closed case alone can be opened again.
ENDED = frozenset({S.CLOSED, S.LAPSED, S.REJECTED, S.WITHDRAWN, S.MERGED})
# Of a merged case the documents are elsewhere: a hold is placed where they are.
HOLDABLE = [state for state in CaseState if state not in (S.DRAFT, S.MERGED)]
MAX_ITEMS = 300  # documents that one notice may list


class Defect(models.TextChoices):
    """What a notice can lack (条例 14; 互联网著作权行政保护办法 8, 10)."""

    D01 = "D01", _("投诉人身份不明")
    D02 = "D02", _("授权过期或范围不足")
    D03 = "D03", _("缺少权属证明")
    D04 = "D04", _("作品不特定")
    D05 = "D05", _("网址或编号无法定位")
    D06 = "D06", _("没有初步侵权证据")
    D07 = "D07", _("未签名或未盖章")
    D08 = "D08", _("缺少声明")
    D09 = "D09", _("缺少译本或认证")
    D10 = "D10", _("文件无法打开")


class Refusal(models.TextChoices):
    """Why a notice is not accepted at all."""

    NO_RIGHT = "no_right", _("未能说明权利")
    NOT_PROTECTED = "not_protected", _("著作权法第五条所列内容")
    NOT_HERE = "not_here", _("被投诉内容不在本站")
    BARRED = "barred", _("条例第十七条：不得再次通知")


class Withdrawal(models.TextChoices):
    """Why a notice is taken back."""

    SETTLED = "settled", _("和解")
    LICENSED = "licensed", _("已获授权")
    MISTAKEN = "mistaken", _("误投")
    TRANSFERRED = "transferred", _("权属变更")
    OTHER = "other", _("其他")


class CopyrightProcedure(models.Model):
    """The transitions of a copyright case; its columns are those of Case."""

    state: str
    reference: str | None
    submitted_at: datetime | None
    accepted_at: datetime | None
    closed_at: datetime | None
    clock_profile: str
    cure_rounds: int
    legal_hold: bool
    listed_items: int
    listed_cents: int

    class Meta:
        abstract = True

    def get_state_display(self) -> Sentence:
        """A state may be called otherwise than in another procedure."""
        return CaseState(self.state).label

    @step(
        field="state",
        source=S.DRAFT,
        target=S.SUBMITTED,
        permission=may_file,
        rule=Rule(
            label=_("提交"),
            article=_("条例第十四条；民法典第一千一百九十五条"),
            actors=_("投诉人"),
            records=("reference", "items", "works", "cents", "barred"),
        ),
    )
    def submit(
        self,
        *,
        at: datetime,
        reference: str,
        items: int,
        works: int,
        cents: int,
        barred: Sequence[int] = (),
    ) -> None:
        """The notice has entered our system (电子签名法 11): its number is given.

        cents: what its documents brought in, as far as their listings say.
        barred: positions of documents restored after an earlier notice of the same
        complainant under 条例 17. They are received and read all the same.
        """
        self.reference, self.submitted_at = reference, at
        self.listed_items, self.listed_cents = items, cents

    @step(
        field="state",
        source=S.DRAFT,
        target=S.SUBMITTED,
        permission=may_examine_origin,
        rule=Rule(
            label=_("分出"),
            article=_("本站规则：齐备部分先行处理"),
            actors=_("审核员"),
            records=("reference", "items", "origin"),
        ),
    )
    def set_apart(
        self,
        *,
        at: datetime,
        reference: str,
        items: int,
        origin: str,
        submitted_at: datetime,
        listed: tuple[int, int],
    ) -> None:
        """The complete part of a notice goes on under a number of its own; it was
        received when the whole was, and weighs as much.

        listed: documents and cents of the whole.
        """
        self.reference, self.submitted_at = reference, submitted_at
        self.listed_items, self.listed_cents = listed

    @step(
        field="state",
        source=S.SUBMITTED,
        target=None,
        permission=may_examine_notice,
        rule=Rule(
            label=_("分案"),
            article=_("本站规则：齐备部分先行处理"),
            actors=_("审核员"),
            records=("reference", "positions"),
        ),
    )
    def split(self, *, at: datetime, reference: str, positions: Sequence[int]) -> None:
        """The named documents leave for a case of their own, `reference`."""

    @step(
        field="state",
        source=S.SUBMITTED,
        target=S.DEFICIENT,
        conditions=[may_be_cured_again],
        permission=may_examine_notice,
        rule=Rule(
            label=_("通知补正"),
            article=_("互联网著作权行政保护办法第八条、第十条"),
            actors=_("审核员"),
            records=("codes",),
            seals=("defects",),
        ),
    )
    def find_defects(
        self, *, at: datetime, codes: Sequence[str], defects: Mapping[str, str]
    ) -> None:
        """Each defect is named by its code, with the fact that it consists of."""
        self.cure_rounds += 1

    @step(
        field="state",
        source=S.DEFICIENT,
        target=S.SUBMITTED,
        permission=may_file,
        rule=Rule(
            label=_("补正"),
            article=_("本站规则：补正期内"),
            actors=_("投诉人"),
            records=("codes", "exhibits"),
            seals=("answers",),
        ),
    )
    def cure(
        self,
        *,
        at: datetime,
        codes: Sequence[str],
        answers: Mapping[str, str],
        exhibits: Sequence[str],
    ) -> None:
        """The defects are answered; what was filed before is kept beside it."""

    @step(
        field="state",
        source=S.DEFICIENT,
        target=S.LAPSED,
        permission=is_system,
        rule=Rule(
            label=_("视为未发出"),
            article=_("互联网著作权行政保护办法第十条"),
            actors=_("系统"),
        ),
    )
    def lapse(self, *, at: datetime) -> None:
        """The term for the cure has run out. The notice may be filed again."""
        self.closed_at = at

    @step(
        field="state",
        source=S.SUBMITTED,
        target=S.REJECTED,
        permission=may_refuse,
        rule=Rule(
            label=_("不予受理"),
            article=_("著作权法第五条；条例第十四条、第十七条"),
            actors=_("法务"),
            records=("refusal",),
            seals=("reasoning",),
        ),
    )
    def reject(self, *, at: datetime, refusal: str, reasoning: str) -> None:
        """Read in full, and answered with the reason and the redress."""
        self.closed_at = at

    @step(
        field="state",
        source=S.SUBMITTED,
        target=S.ACCEPTED,
        permission=may_examine_notice,
        rule=Rule(
            label=_("受理"),
            article=_("条例第十四条；民法典第一千一百九十五条"),
            actors=_("审核员"),
            records=("profile",),
        ),
    )
    def accept(self, *, at: datetime, profile: str) -> None:
        """The notice is complete in form. The clock profile is frozen here, and only
        a profile that counsel has released: the statutes conflict."""
        if profile not in [each.code for each in released(settings.CLOCK_PROFILES)]:
            raise NoClockProfile
        if not is_declared_for(self, profile):
            raise NotDeclared
        self.accepted_at, self.clock_profile = at, profile

    @step(
        field="state",
        source=S.ACCEPTED,
        target=S.IN_PROCESS,
        permission=is_system,
        rule=Rule(
            label=_("进入处理"),
            article=_("本站规则"),
            actors=_("系统"),
        ),
    )
    def start(self, *, at: datetime) -> None:
        """The first document has left pending."""

    @step(
        field="state",
        source=S.IN_PROCESS,
        target=S.CLOSED,
        permission=is_system,
        rule=Rule(
            label=_("结案"),
            article=_("本站规则"),
            actors=_("系统"),
        ),
    )
    def close(self, *, at: datetime) -> None:
        """Every document has come to an end of its own."""
        self.closed_at = at

    @step(
        field="state",
        source=S.CLOSED,
        target=S.IN_PROCESS,
        permission=is_system,
        rule=Rule(
            label=_("重新处理"),
            article=_("条例第十六条；民法典第一千一百九十六条"),
            actors=_("系统"),
        ),
    )
    def reopen(self, *, at: datetime) -> None:
        """A late counter-notice or an order of a court has come for a document."""
        self.closed_at = None

    @step(
        field="state",
        source=[S.SUBMITTED, S.DEFICIENT, S.ACCEPTED, S.IN_PROCESS],
        target=S.WITHDRAWN,
        permission=may_file,
        rule=Rule(
            label=_("撤回全案"),
            article=_("法发〔2020〕32号第六条：及时撤回"),
            actors=_("投诉人"),
            records=("ground",),
            seals=("reasoning",),
        ),
    )
    def withdraw(self, *, at: datetime, ground: str, reasoning: str) -> None:
        """Signed by the complainant. Every document of the case is let go."""
        self.closed_at = at

    @step(
        field="state",
        source=HOLDABLE,
        target=None,
        conditions=[is_not_held],
        permission=may_hold,
        rule=Rule(
            label=_("法律保全"),
            article=_("本站规则：禁止删除与清理"),
            actors=_("法务、合规"),
            records=("document",),
            seals=("reasoning",),
        ),
    )
    def hold(self, *, at: datetime, document: str, reasoning: str) -> None:
        """Nothing of this case may be deleted or purged. Never stops a restore."""
        self.legal_hold = True

    @step(
        field="state",
        source=HOLDABLE,
        target=None,
        conditions=[is_held],
        permission=may_hold,
        rule=Rule(
            label=_("解除保全"),
            article=_("本站规则：禁止删除与清理"),
            actors=_("法务、合规"),
            records=("document",),
            seals=("reasoning",),
        ),
    )
    def end_hold(self, *, at: datetime, document: str, reasoning: str) -> None:
        """The ground of the hold has gone."""
        self.legal_hold = False
