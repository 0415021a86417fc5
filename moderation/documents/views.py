"""What everybody sees: the search, a document's page, its file, the rules."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.clocks import CLOCKS
from cases.profiles import released
from cases.restrictions import listed, visibility
from evidence.actors import ActorRequest
from evidence.models import Document
from evidence.models.documents import DocumentQuerySet
from moderation.documents.downloads import hand_out, held_file, sells
from moderation.documents.previews import SHOWN, parts_of

NEWEST = 8
A_PAGE = 20
COMPLAINT_MACHINES = ("copyright", "item")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = _documents_for_all()[:NEWEST]
    return render(request, "documents/home.html", {"documents": newest})


@require_safe
def document_search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    documents = _documents_for_all()
    if words:
        documents = documents.matching(words)
    page = Paginator(documents, A_PAGE).get_page(request.GET.get("page"))
    context = {"words": words, "page": page, "documents": page.object_list}
    return render(request, "documents/search.html", context)


@require_safe
def document(request: ActorRequest, number: str) -> HttpResponse:
    """The listing; the very same neutral page for every ground when it is down."""
    rows = _documents().annotate(opening=Substr("current__text__content", 1, SHOWN))
    shown = get_object_or_404(rows, number=number)
    sight = visibility(shown)
    if sight.is_down:
        return _gone(request)
    version = shown.current
    opening: str = shown.opening  # type: ignore[attr-defined]
    parts = parts_of(version.text, opening) if version else []
    context = {
        "document": shown,
        "version": version,
        "text": version.text if version else None,
        "sight": sight,
        "parts": parts if sight.may_preview else [],
        "is_cut": version is not None and version.text.characters > SHOWN,
        "may_download": sight.may_download and held_file(shown) is not None,
        "is_insider": request.actor.is_staff or sells(shown, request.actor),
    }
    return render(request, "documents/document.html", context)


@require_POST
def document_download(request: ActorRequest, number: str) -> HttpResponseBase:
    """The original bytes. A POST, because it is written into the ledger."""
    wanted = get_object_or_404(_documents(), number=number)
    sight, version = visibility(wanted), held_file(wanted)
    if sight.is_down:
        return _gone(request)
    if version is None or not sight.may_download:
        reason = _("这份文档目前不提供下载。")
        return render(request, "403.html", {"reason": reason}, status=403)
    return hand_out(version, by=request.actor, at=timezone.now())


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """How complaints are handled, with the clocks that are in force here."""
    context = {
        "profiles": released(settings.CLOCK_PROFILES),
        "clocks": [
            clock
            for clock in CLOCKS.values()
            if clock.length and clock.on in COMPLAINT_MACHINES
        ],
    }
    return render(request, "documents/rules.html", context)


def _documents() -> DocumentQuerySet:
    """Documents with their listing, without their texts: those can be long."""
    rows = Document.objects.with_listing().filter(current__isnull=False)
    return rows.defer("current__text__content")


def _documents_for_all() -> DocumentQuerySet:
    rows = listed(_documents()).defer(
        *(f"current__text__{name}" for name in ("content", "page_starts", "flags")),
        "current__text__segment_starts",
    )
    return rows.order_by(F("first_seen_at").desc(), F("pk").desc())


def _gone(request: HttpRequest) -> HttpResponse:
    response = render(request, "410.html", status=410)
    response["X-Robots-Tag"] = "noindex"
    return response
