"""The shelves: what anyone may copy, as compliance keeps it."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Substr
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.refusals import told
from evidence.actors import Actor, ActorRequest
from evidence.intake import receive_text
from evidence.models import Shelf, ShelfText, Text
from evidence.reading import shown_name
from evidence.shelving import (
    NothingToShelve,
    Shelver,
    new_shelf,
    put_back,
    shelve,
    take_off_shelf,
)
from evidence.tasks import process_text
from evidence.thresholds import in_force
from moderation.desk.access import compliance_act, desk_page, show
from moderation.desk.shelf_forms import KINDS, RemovalForm, ShelfForm, ShelveForm

A_PAGE = 50
SHOWN = 4_000  # characters of a shelf text on its page
STANDING = Q(texts__removed_at__isnull=True)


@desk_page
def desk_shelves(request: ActorRequest) -> HttpResponse:
    return _shelves(request, ShelfForm())


@compliance_act
def desk_shelf_new(request: ActorRequest) -> HttpResponse:
    form = ShelfForm(request.POST)
    if not form.is_valid():
        return _shelves(request, form)
    kind = Shelf.Kind(form.cleaned_data["kind"])
    shelf = new_shelf(form.cleaned_data["name"], kind, shelver=_shelver(request))
    if shelf is None:
        form.add_error("name", _("已经有同名的书架。"))
        return _shelves(request, form)
    return redirect("desk_shelf", shelf.pk)


@desk_page
def desk_shelf(request: ActorRequest, pk: int) -> HttpResponse:
    return _shelf(request, get_object_or_404(Shelf, pk=pk), ShelveForm())


@compliance_act
def desk_shelve(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a file or documents on a shelf; what is still to be read waits there."""
    shelf = get_object_or_404(Shelf, pk=pk)
    form = ShelveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shelf(request, shelf, form)
    added, refused = 0, 0
    with transaction.atomic():
        for text, title in _texts(form, request.actor):
            try:
                params, shelver = in_force(), _shelver(request)
                row = shelve(text, shelf, params, shelver=shelver, title=title)
            except NothingToShelve as refusal:
                refused += 1
                messages.error(request, f"{title}：{told(refusal.code)}")
                continue
            added += row is not None
            if text.is_open:
                _nudge(text.pk)
    if added:
        done = ngettext("已有 %(n)d 份文本上架。", "已有 %(n)d 份文本上架。", added)
        messages.success(request, done % {"n": added})
    elif not refused:
        messages.info(request, _("这些文本已在书架上。"))
    return redirect("desk_shelf", shelf.pk)


@desk_page
def desk_shelf_text(request: ActorRequest, pk: int, text: int) -> HttpResponse:
    return _text(request, _row(pk, text), RemovalForm())


@compliance_act
def desk_unshelve(request: ActorRequest, pk: int, text: int) -> HttpResponse:
    row, form = _row(pk, text), RemovalForm(request.POST)
    if not form.is_valid():
        return _text(request, row, form)
    reason = form.cleaned_data["reason"]
    if take_off_shelf(row, in_force(), shelver=_shelver(request), reason=reason):
        messages.success(request, _("已下架：这份文本重新参与比对，需要时可以恢复。"))
    return redirect("desk_shelf_text", pk, text)


@compliance_act
def desk_reshelve(request: ActorRequest, pk: int, text: int) -> HttpResponse:
    """Undo a removal."""
    row = put_back(_row(pk, text), in_force(), shelver=_shelver(request))
    if row is None:
        messages.info(request, _("这些文本已在书架上。"))
        return redirect("desk_shelf", pk)
    messages.success(request, _("已恢复上架。"))
    return redirect("desk_shelf_text", pk, row.pk)


def _shelver(request: ActorRequest) -> Shelver:
    return Shelver(request.actor, request.actor.duty, timezone.now())


def _texts(form: ShelveForm, by: Actor) -> list[tuple[Text, str]]:
    """Return what to put on the shelf, and what to call each."""
    texts = []
    if upload := form.cleaned_data["file"]:
        name, at = shown_name(upload.name), timezone.now()
        text = receive_text(upload, name=name, at=at, by=by, reading="text")
        texts.append((text, PurePath(name).stem))
    for document in form.cleaned_data["numbers"]:
        version = document.current
        texts.append((version.text, version.title))
    return texts


def _nudge(text: int) -> None:
    transaction.on_commit(lambda: process_text.enqueue(text))


def _row(shelf: int, pk: int) -> ShelfText:
    rows = ShelfText.objects.select_related("shelf", "text__blob")
    return get_object_or_404(rows.defer("text__content"), shelf=shelf, pk=pk)


def _shelves(request: ActorRequest, form: forms.Form) -> HttpResponse:
    shelves = Shelf.objects.annotate(
        standing=Count("texts", filter=STANDING),
        last=Max("texts__added_at", filter=STANDING),
        characters=Max("texts__text__characters", filter=STANDING),
    )
    context = {
        "shelves": [
            (shelf, KINDS[Shelf.Kind(shelf.kind)]) for shelf in _by_kind(shelves)
        ],
        "form": form,
    }
    return show(request, "desk/shelves.html", context)


def _by_kind(shelves: Any) -> list[Any]:
    order = list(Shelf.Kind)
    return sorted(shelves, key=lambda shelf: (order.index(shelf.kind), shelf.name))


def _shelf(request: ActorRequest, shelf: Shelf, form: forms.Form) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    removed = "removed" in request.GET
    rows = shelf.texts.filter(removed_at__isnull=not removed)
    if words:
        rows = rows.filter(title__icontains=words)
    rows = rows.select_related("text").defer("text__content")
    rows = rows.order_by(F("removed_at").desc(nulls_first=True), "-added_at", "-pk")
    context = {
        "shelf": shelf,
        "why": KINDS[Shelf.Kind(shelf.kind)],
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "removed": removed,
        "taken_off": shelf.texts.filter(removed_at__isnull=False).count(),
        "form": form,
    }
    return show(request, "desk/shelf.html", context)


def _text(request: ActorRequest, row: ShelfText, form: forms.Form) -> HttpResponse:
    opening = Text.objects.annotate(opening=Substr("content", 1, SHOWN))
    text = opening.values_list("opening", flat=True).get(pk=row.text_id)
    context = {
        "row": row,
        "shelf": row.shelf,
        "opening": text,
        "is_cut": row.text.characters > SHOWN,
        "why_off": _why_off(row),
        "is_back": row.removed_at
        and ShelfText.objects.standing()
        .filter(shelf=row.shelf, text=row.text)
        .exists(),
        "form": form,
    }
    return show(request, "desk/shelf_text.html", context)


def _why_off(row: ShelfText) -> str:
    """The person's reason, or in words why the text could not be read."""
    if row.removal and not row.removal_salt:
        return str(told(row.removal))
    return row.removal
