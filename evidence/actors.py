"""Who acts. Built at the edge of the site and passed in; nothing below asks for it."""

from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles of the procedure, as they stand in ledger entries and letters."""

    REPORTER = "reporter", _("举报人")
    CLAIMANT = "claimant", _("投诉人")
    UPLOADER = "uploader", _("上传人")
    MODERATOR = "moderator", _("审核员")
    SENIOR = "senior", _("高级审核员")
    LEGAL = "legal", _("法务")
    COMPLIANCE = "compliance", _("合规")
    MARKETPLACE = "marketplace", _("文库平台")
    SYSTEM = "system", _("系统")
    APPELLANT = "appellant", _("申请人")


STAFF = frozenset({Role.MODERATOR, Role.SENIOR, Role.LEGAL, Role.COMPLIANCE})


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or the system) at one moment.

    duty: a staff role, `system`, `marketplace`, or "" for everybody else. parties:
    the ids of the parties that this person stands for, whose cases and letters are
    theirs. token: of the program that acts in place of a person (moderation/api).
    reports: the ids of the reports whose query codes the person has shown.
    """

    user_id: int | None
    duty: str = ""
    parties: frozenset[int] = frozenset()
    token: int | None = None
    reports: frozenset[int] = frozenset()

    @property
    def label(self) -> str:
        """The pseudonym written into the ledger: never a name."""
        if self.duty == Role.SYSTEM:
            return "system"
        if self.token:
            return f"token:{self.token}"
        return f"user:{self.user_id}" if self.user_id else "anonymous"

    @property
    def is_staff(self) -> bool:
        return self.duty in STAFF


SYSTEM = Actor(user_id=None, duty=Role.SYSTEM)
ANONYMOUS = Actor(user_id=None)


class ActorRequest(HttpRequest):
    """A request whose actor the site has looked up (moderation/middleware.py)."""

    actor: Actor
