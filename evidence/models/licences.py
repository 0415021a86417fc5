"""Who may offer a work with its holder's leave."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence.models.documents import Document
from evidence.models.identities import SellerAccount
from evidence.models.works import Work


class LicenceQuerySet(models.QuerySet["Licence"]):
    def standing(self) -> "LicenceQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def covering(
        self, seller: SellerAccount, document: Document | None = None
    ) -> "LicenceQuerySet":
        """Licences under which an account offers this document, or one to come."""
        covers = Q(seller=seller)
        if document is not None:
            covers |= Q(document=document)
        return self.standing().filter(covers)


class Licence(models.Model):
    """That an account, or one document, may hold a work (著作权法 第26条).

    One line of the work's licence list. Withdrawn, it stays on record.
    """

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="licences")
    seller = models.ForeignKey(
        SellerAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="licences",
    )
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="licences",
    )
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权")
        constraints = [
            models.CheckConstraint(
                condition=Q(seller__isnull=False, document__isnull=True)
                | Q(seller__isnull=True, document__isnull=False),
                name="licence_to_an_account_or_a_document",
            ),
            models.UniqueConstraint(
                fields=["work", "seller"],
                condition=Q(withdrawn_at__isnull=True, seller__isnull=False),
                name="licence_once_an_account",
            ),
            models.UniqueConstraint(
                fields=["work", "document"],
                condition=Q(withdrawn_at__isnull=True, document__isnull=False),
                name="licence_once_a_document",
            ),
        ]

    def __str__(self) -> str:
        return f"licence:{self.pk} of work:{self.work_id}"
