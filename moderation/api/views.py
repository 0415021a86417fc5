"""Hand in a file before publication, ask what became of it, publish it."""

from typing import Any

from django import forms
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.errors import AccountSuspended
from cases.forms.submissions import LONGEST_TITLE, MOST_CENTS
from cases.forms.uploads import UploadField
from cases.gate.publishing import publish, withdraw_listing
from cases.gate.receiving import ForeignListing, KeyReused, Offer, hand_in
from cases.gate.telling import passages_of, told_of
from cases.models import Submission
from cases.refusals import told as sentence_of
from cases.registration import Upload
from evidence.actors import ActorRequest
from evidence.models import Document, SellerAccount
from evidence.reading import shown_name
from evidence.staging import UploadTooLarge
from moderation.api.access import BadRequest, for_programs, told

LONGEST_KEY = 80


class OfferForm(forms.Form):
    """The fields of a submission, as multipart/form-data."""

    file = UploadField()
    seller = forms.CharField(max_length=64)
    mask = forms.CharField(max_length=64, required=False)
    title = forms.CharField(max_length=LONGEST_TITLE, required=False)
    price_cents = forms.IntegerField(min_value=0, max_value=MOST_CENTS, required=False)
    number = forms.CharField(max_length=40, required=False)


@for_programs
@require_POST
def submissions(request: ActorRequest) -> JsonResponse:
    """Receive one file. The same key with the same request is the same submission."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise BadRequest("idempotency_key_required")
    form = OfferForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse(
            {"error": {"code": "invalid", "fields": form.errors.get_json_data()}},
            status=400,
        )
    facts = form.cleaned_data
    try:
        row, is_new = hand_in(
            _seller(facts["seller"], facts["mask"]),
            _offer(facts, key),
            by=request.actor,
            at=timezone.now(),
        )
    except UploadTooLarge:
        return told("upload_too_large", 413)
    except KeyReused as refusal:
        return told("key_reused", 409, refusal)
    except AccountSuspended as refusal:
        return told("account_suspended", 403, refusal)
    except ForeignListing as refusal:
        return told("foreign_listing", 400, refusal)
    answer = JsonResponse(described(row), status=201 if is_new else 200)
    answer["Location"] = reverse("api_submission", args=[row.reference])
    return answer


@for_programs
@require_safe
def submission(request: ActorRequest, reference: str) -> JsonResponse:
    return JsonResponse(described(_one(request, reference)))


@for_programs
@require_POST
def submission_publish(request: ActorRequest, reference: str) -> JsonResponse:
    """Put a cleared file on sale; what is published stays as it is."""
    row = _one(request, reference)
    if row.published is None:
        try:
            version = publish(row, by=request.actor, at=timezone.now())
        except AccountSuspended as refusal:
            return told("account_suspended", 403, refusal)
        except ForeignListing as refusal:
            return told("foreign_listing", 409, refusal)
        if version is None:
            return told("held", 409)
    return JsonResponse(described(_one(request, reference)))


@for_programs
@require_POST
def document_withdraw(request: ActorRequest, number: str) -> JsonResponse:
    """Take a listing off the shelves. What we hold of it stays: it is evidence."""
    row = Document.objects.filter(number=number).select_related("seller").first()
    if row is None:
        raise BadRequest("not_found", 404)
    withdraw_listing(row, by=request.actor, at=timezone.now())
    return JsonResponse({"number": row.number, "on_sale": False})


def described(row: Submission) -> dict[str, Any]:
    """Return a submission as programs read it (docs/api.md); offsets are half-open
    ranges of characters of the text that was read from the file."""
    text = row.text
    ranges = [
        passages_of(found)
        for found in row.findings.select_related("match").order_by("pk")
    ]
    return {
        "reference": row.reference,
        "state": row.state,
        "processing": "failed" if row.error else row.stage,
        "title": row.title,
        "seller": row.seller.marketplace_id,
        "number": row.published.document.number if row.published else None,
        "sha256": text.blob.sha256,
        "size_bytes": text.blob.size_bytes,
        "received_at": row.received_at.isoformat(),
        "refusal": _refusal(row),
        "ground": row.ground or None,
        "findings": [
            {
                "likeness": found.likeness,
                "label": str(found.label),
                "document": found.document.number if found.document else None,
                "share": found.share,
                "longest_run": found.longest_run,
                "passages": spans,
            }
            for found, spans in zip(told_of(row), ranges, strict=True)
        ],
    }


def _refusal(row: Submission) -> dict[str, str] | None:
    """Why the file could not be read, or why its screening failed."""
    code = row.error or (row.text.refusal if row.state == "unreadable" else "")
    return {"code": code, "message": str(sentence_of(code))} if code else None


def _seller(marketplace_id: str, mask: str) -> SellerAccount:
    """The marketplace knows its sellers: one that is new to us is new, not wrong."""
    found, _created = SellerAccount.objects.get_or_create(
        marketplace_id=shown_name(marketplace_id, at_most=64),
        defaults={"mask": shown_name(mask, at_most=64)},
    )
    return found


def _offer(facts: dict[str, Any], key: str) -> Offer:
    name = shown_name(facts["file"].name)
    title = shown_name(facts["title"].replace("/", "／"), at_most=LONGEST_TITLE)
    return Offer(
        upload=Upload(facts["file"], name),
        title=title or name or facts["seller"],
        price_cents=facts["price_cents"],
        number=facts["number"],
        key=key,
    )


def _one(request: ActorRequest, reference: str) -> Submission:
    rows = Submission.objects.visible_to(request.actor).filter(reference=reference)
    rows = rows.select_related("text__blob", "seller", "published__document")
    row = rows.first()
    if row is None:
        raise BadRequest("not_found", 404)
    return row
