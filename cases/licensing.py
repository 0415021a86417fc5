"""The licence list of a work: whom its holder allows to offer it (著作权法 第26条)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases.errors import NotPermitted
from cases.standing import represented
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.ledger import SITE, Act
from evidence.models import Document, Licence, Work


@dataclass(frozen=True, slots=True)
class Licensed:
    """What a grant came to: the new lines, and how many stood on the list already."""

    granted: list[Licence]
    standing: int


def licences_of(work: Work) -> QuerySet[Licence]:
    """The lines of a work's list, those that stand first, the newest first."""
    rows = work.licences.select_related("seller", "document__current")
    return rows.order_by("withdrawn_at", "-granted_at", "-pk")


def license_documents(
    work: Work,
    documents: Sequence[Document],
    *,
    whole_account: bool = False,
    by: Actor,
    at: datetime,
) -> Licensed:
    """Allow documents, or with `whole_account` the accounts that sell them, to hold
    the work. Raises NotPermitted for who does not stand for the holder."""
    _check(work, by, at)
    with transaction.atomic():
        # Two grants at once: the second sees the lines of the first.
        Work.objects.select_for_update().get(pk=work.pk)
        asked: set[int] = {
            document.seller_id if whole_account else document.pk
            for document in documents
        }
        name = "seller" if whole_account else "document"
        standing = work.licences.standing().filter(**{f"{name}__in": asked})
        held = set(standing.values_list(name, flat=True))
        rows = [
            Licence.objects.create(work=work, granted_at=at, **{f"{name}_id": pk})
            for pk in sorted(asked - held)
        ]
        _note("licence.granted", rows, by=by, at=at)
    return Licensed(rows, len(held))


def withdraw(licence: Licence, *, by: Actor, at: datetime) -> bool:
    """End a licence from now on; False when it has ended already."""
    _check(licence.work, by, at)
    with transaction.atomic():
        rows = Licence.objects.standing().filter(pk=licence.pk)
        ended = rows.update(withdrawn_at=at)
        _note("licence.withdrawn", [licence] if ended else [], by=by, at=at)
    return bool(ended)


def _check(work: Work, by: Actor, at: datetime) -> None:
    if not represented(by, at).filter(pk=work.party_id).exists():
        raise NotPermitted


def _note(kind: str, rows: Iterable[Licence], *, by: Actor, at: datetime) -> None:
    acts = [
        Act(
            SITE,
            kind,
            {
                "licence": row.pk,
                "work": row.work_id,
                "seller": row.seller_id,
                "document": row.document_id,
            },
        )
        for row in rows
    ]
    if acts:
        roles = [by.duty or Role.CLAIMANT] * len(acts)
        ledger.append_all(acts, by=by, roles=roles, at=at)
