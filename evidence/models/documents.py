"""Listings of the marketplace: what was offered, when, by which account."""

import uuid

from django.db import models
from django.db.models import Q

from evidence.matching.titles import title_key
from evidence.models.files import Blob, Text
from evidence.models.identities import SellerAccount


class DocumentQuerySet(models.QuerySet["Document"]):
    def matching(self, words: str) -> "DocumentQuerySet":
        """Documents whose number is the words, or whose title holds each of them."""
        titled = Q()
        for word in words.split():
            titled &= Q(current__title__icontains=word)
        return self.filter(Q(number=words.strip()) | titled)

    def on_sale(self) -> "DocumentQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def titled_like(self, title: str) -> "DocumentQuerySet":
        """Documents whose title is the same but for ornaments, whatever they hold."""
        key = title_key(title)
        return self.filter(title_key=key) if key else self.none()

    def with_listing(self) -> "DocumentQuerySet":
        return self.select_related("seller", "current__text__blob")


class Document(models.Model):
    """A listing. Its number is what people quote; the listing may change or go."""

    number = models.CharField(max_length=40, unique=True)
    seller = models.ForeignKey(
        SellerAccount, on_delete=models.PROTECT, related_name="documents"
    )
    current = models.ForeignKey(
        "DocumentVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    first_seen_at = models.DateTimeField()
    # The marketplace took it off its shelves. The row, its versions and every
    # snapshot stay: what was on offer is evidence.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Of the current title (evidence.matching.titles): same titles are told as such.
    title_key = models.CharField(max_length=500, blank=True, db_index=True)
    objects = DocumentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"document:{self.number}"


class DocumentVersion(models.Model):
    """What a listing showed from one moment on. Never changed, only followed."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="versions"
    )
    ordinal = models.PositiveIntegerField()
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="versions")
    title = models.CharField(max_length=500)
    # As the listing states them: null or "" is "the listing does not say".
    uploaded_on = models.DateField(null=True, blank=True)
    format = models.CharField(max_length=16, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    tags = models.JSONField(default=list, blank=True)
    price_cents = models.PositiveIntegerField(null=True, blank=True)
    downloads = models.PositiveIntegerField(null=True, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "ordinal"], name="document_version_ordinal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}.{self.ordinal}"


class Snapshot(models.Model):
    """A listing frozen at a moment for a case: immutable, hashed, ours to keep."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="snapshots"
    )
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT)
    taken_at = models.DateTimeField()
    # The listing's facts, canonically ordered; `sha256` seals them with the blob's.
    listing = models.JSONField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.document_id} at {self.taken_at:%Y-%m-%d %H:%M}"
