"""Parties, who acts for them, and the seller accounts of the marketplace."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.encryption import EncryptedTextField


class Party(models.Model):
    """A person or an organisation that can hold rights, complain or answer.

    Carries nothing personal: its details can be erased and the party remains.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("个人")
        ORGANISATION = "organisation", _("企业或机构")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"party:{self.pk}"

    @property
    def name(self) -> str:
        """The full name, or a neutral word when the details have been erased."""
        details = getattr(self, "details", None)
        return details.name if details else str(_("（已删除）"))

    @property
    def masked_name(self) -> str:
        """张* for a person; organisations are shown in full."""
        if self.kind == self.Kind.ORGANISATION or not hasattr(self, "details"):
            return self.name
        return self.name[:1] + "*" * max(1, len(self.name) - 1)


class PersonalDetails(models.Model):
    """Everything personal of a party: one row, encrypted, erasable alone."""

    party = models.OneToOneField(
        Party, on_delete=models.CASCADE, related_name="details", primary_key=True
    )
    name = EncryptedTextField()
    identity_number = EncryptedTextField(blank=True)
    representative = EncryptedTextField(blank=True)
    contact = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    address = EncryptedTextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "personal details"

    def __str__(self) -> str:
        return f"details of party:{self.party_id}"


class Membership(models.Model):
    """That a user may act for a party."""

    class Role(models.TextChoices):
        OWNER = "owner", _("本人或负责人")
        MEMBER = "member", _("经办人")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=8, choices=Role.choices)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party"], name="membership_once_a_party"
            )
        ]

    def __str__(self) -> str:
        return f"user:{self.user_id} for party:{self.party_id}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, at: datetime) -> "MandateQuerySet":
        day = timezone.localdate(at)
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Mandate(models.Model):
    """A power of attorney: the agent acts for the principal between two dates."""

    agent = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="mandates_held"
    )
    principal = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="mandates_given"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(agent=models.F("principal")), name="mandate_to_another"
            )
        ]

    def __str__(self) -> str:
        return f"party:{self.agent_id} for party:{self.principal_id}"


class SellerAccount(models.Model):
    """An account of the marketplace under which documents are sold.

    A mask such as M****1 identifies nobody: accounts known by mask alone are never
    merged, each document that shows one keeps an account of its own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    marketplace_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    mask = models.CharField(max_length=64, blank=True)
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seller_accounts",
    )

    def __str__(self) -> str:
        return self.mask or f"seller:{self.pk}"
