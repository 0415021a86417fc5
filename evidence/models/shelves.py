"""Shelves: texts whose copying is no infringement, and what is proposed for them."""

from typing import Literal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence.models.files import Text
from evidence.progress import Progress


class Shelf(models.Model):
    """A collection of texts that anyone may copy, and why."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("法律法规与官方文件")  # 著作权法 第5条
        CLASSIC = "classic", _("公有领域作品")  # 著作权法 第23条
        CLAUSE = "clause", _("标准条款与格式文本")
        SITE = "site", _("网站通用文字")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OFFICIAL)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def why(self) -> Literal["shelf", "boilerplate", "template"]:
        """What a passage found here is called in the answers of the matcher."""
        if self.kind == self.Kind.CLAUSE:
            return "template"
        return "boilerplate" if self.kind == self.Kind.SITE else "shelf"


class ShelfTextQuerySet(models.QuerySet["ShelfText"]):
    def standing(self) -> "ShelfTextQuerySet":
        return self.filter(removed_at__isnull=True)

    def waiting(self) -> "ShelfTextQuerySet":
        """Put on a shelf before they were read: not in the index yet."""
        return self.standing().filter(rule=ShelfText.UNREAD)


class ShelfText(models.Model):
    """That a text stands on a shelf. Taken off it stays on record.

    removal: the person's reason, or without a salt the code for which a text that
    could not be read came off again.
    """

    UNREAD = ""

    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="texts")
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="shelves")
    title = models.CharField(max_length=255, blank=True)
    # What made its fingerprints: `reindex` renews those of another rule.
    rule = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removal = models.CharField(max_length=500, blank=True)
    # Of the digest that stands for the reason in the ledger.
    removal_salt = models.CharField(max_length=32, blank=True)
    objects = ShelfTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shelf", "text"],
                condition=Q(removed_at__isnull=True),
                name="shelf_text_once_a_shelf",
            )
        ]

    def __str__(self) -> str:
        return f"text:{self.text_id} on {self.shelf_id}"

    @property
    def is_waiting(self) -> bool:
        return self.removed_at is None and self.rule == self.UNREAD


class ShelfProposal(models.Model):
    """A passage that many unlike documents hold; a person says whether it is free.

    found: [[text id, start, end], …] in raw offsets, the evidence for it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        ACCEPTED = "accepted", _("已采纳")
        REFUSED = "refused", _("已拒绝")

    text = models.ForeignKey(
        Text, on_delete=models.PROTECT, related_name="shelf_proposals"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    found = models.JSONField()
    # Of the normalised passage: what was refused once is not proposed again.
    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.OPEN, db_index=True
    )
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    shelved = models.ForeignKey(
        ShelfText, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"proposal:{self.pk} {self.state}"


class ShelfSearch(Progress):
    """One look through the index for passages to propose, by the worker.

    asked_by: the pseudonym that the ledger knows; through: the highest id of a text
    that was looked at; proposed: how many were new.
    """

    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    through = models.PositiveBigIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"shelf search:{self.pk} {self.stage}"


class Threshold(models.Model):
    """A parameter of the matcher that compliance set to other than its default."""

    name = models.CharField(max_length=40, unique=True)
    value = models.FloatField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}={self.value:g}"


class ThresholdReplay(Progress):
    """What a change of one threshold would have made of the past.

    lost, gained: [[text id, later text id], …], the pairs that would be leads no
    more, and the new ones. digest_before: of the parameters it is compared with.
    """

    name = models.CharField(max_length=40)
    value = models.FloatField()
    before = models.FloatField()
    digest_before = models.CharField(max_length=16)
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    lost = models.JSONField(default=list)
    gained = models.JSONField(default=list)
    saved_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"replay:{self.pk} {self.name}={self.value:g}"
