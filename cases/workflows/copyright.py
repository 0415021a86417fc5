"""版权申诉: the procedure of one notice, after 信息网络传播权保护条例 14–15,
民法典 1195 and 电子商务法 42. What happens to each listed document is item.py's.

draft → submitted → accepted → in_process → closed
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import permissions
from cases.errors import NoClockProfile, Sentence
from cases.workflows.rules import Rule, step


class CaseState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待形式审查")
    ACCEPTED = "accepted", _("已受理")
    IN_PROCESS = "in_process", _("处理中")
    CLOSED = "closed", _("已结案")


class CopyrightProcedure(models.Model):
    """The transitions of a copyright case; its columns are those of Case."""

    state: str
    reference: str | None
    submitted_at: datetime | None
    accepted_at: datetime | None
    closed_at: datetime | None
    clock_profile: str

    class Meta:
        abstract = True

    def get_state_display(self) -> Sentence:
        """A state may be called otherwise than in another procedure."""
        return CaseState(self.state).label

    @step(
        field="state",
        source=CaseState.DRAFT,
        target=CaseState.SUBMITTED,
        permission=permissions.may_file,
        rule=Rule(
            label=_("提交"),
            article=_("条例第十四条；民法典第一千一百九十五条"),
            actors=_("投诉人"),
            records=("reference", "items", "works"),
        ),
    )
    def submit(self, *, at: datetime, reference: str, items: int, works: int) -> None:
        """The notice has entered our system (电子签名法 11): its number is given."""
        self.reference, self.submitted_at = reference, at

    @step(
        field="state",
        source=CaseState.SUBMITTED,
        target=CaseState.ACCEPTED,
        permission=permissions.may_examine,
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
        if profile not in settings.CLOCK_PROFILES:
            raise NoClockProfile
        self.accepted_at, self.clock_profile = at, profile

    @step(
        field="state",
        source=CaseState.ACCEPTED,
        target=CaseState.IN_PROCESS,
        permission=permissions.is_system,
        rule=Rule(
            label=_("进入处理"),
            article=_("本站规则"),
            actors=_("系统"),
        ),
    )
    def start(self, *, at: datetime) -> None:
        """The first document has been decided on."""

    @step(
        field="state",
        source=CaseState.IN_PROCESS,
        target=CaseState.CLOSED,
        permission=permissions.is_system,
        rule=Rule(
            label=_("结案"),
            article=_("本站规则"),
            actors=_("系统"),
        ),
    )
    def close(self, *, at: datetime) -> None:
        """Every document is final or was left without a measure."""
        self.closed_at = at
