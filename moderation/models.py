"""Who signs in. Cases never point here: they point at parties and sellers."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Users(BaseUserManager["User"]):
    """People by e-mail address: there is no user name."""

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person with a login. What they may see follows from `duty`, from their
    memberships of parties and from those parties' seller accounts."""

    class Duty(models.TextChoices):
        NONE = "", _("用户")
        MODERATOR = "moderator", _("审核员")
        SENIOR = "senior", _("高级审核员")
        LEGAL = "legal", _("法务")
        COMPLIANCE = "compliance", _("合规")

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("邮箱"), unique=True)
    name = models.CharField(_("姓名"), max_length=80, blank=True)
    duty = models.CharField(
        _("岗位"), max_length=16, choices=Duty.choices, default=Duty.NONE, blank=True
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()  # type: ignore[assignment,misc]

    def __str__(self) -> str:
        return self.name or self.email


class ApiToken(models.Model):
    """That a program of the marketplace may call the JSON interface. The token
    itself is shown once, when it is made; a revoked row stays for the ledger."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token:{self.pk} {self.name}"


class CalendarFeed(models.Model):
    """A person's subscription to deadlines. The token stands in the address alone:
    here is its digest, so that who reads the table cannot subscribe."""

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="calendar_feed"
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed of user:{self.user_id}"


class AppliedEffect(models.Model):
    """An effect that the in-process marketplace has carried out, by its key."""

    key = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class IncomeHold(models.Model):
    """What the in-process marketplace does with the income of a document on account
    of one claim: the item of one case. Another claim has a row of its own."""

    class State(models.TextChoices):
        HELD = "held", _("暂停结算")
        RELEASED = "released", _("已恢复结算")
        KEPT = "kept", _("留待权利人主张")

    claim = models.CharField(max_length=36, unique=True)
    number = models.CharField(max_length=40, db_index=True)
    state = models.CharField(max_length=8, choices=State.choices)
    since = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}: {self.state}"
