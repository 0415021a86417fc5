"""The unfinished complaint: every change of a draft, each raising its version.

A person signs what the preview showed. Since each change raises the version, a
submission made from an older preview is told that the draft moved on.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import F

from cases.declarations import DECLARATIONS
from cases.errors import CaseMovedOn, NotPermitted
from cases.filing import list_documents, open_draft
from cases.models import Case
from cases.permissions.copyright import may_file
from cases.workflows.copyright import CaseState
from evidence.actors import Actor
from evidence.canonical import new_salt, salted
from evidence.models import Document, Match, Party, Work

# From here on both ways a copy is called whole until the complainant says otherwise.
WHOLE_FROM = 0.9


@contextmanager
def changed(case: Case, by: Actor) -> Iterator[Case]:
    """Lock a draft for one change by one of its filers.

    Raises CaseMovedOn once it is filed or discarded, NotPermitted for strangers.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update().filter(pk=case.pk).first()
        if row is None or row.state != CaseState.DRAFT:
            raise CaseMovedOn
        if not may_file(row, by):
            raise NotPermitted
        yield row
        Case.objects.filter(pk=row.pk).update(version=F("version") + 1)


def begin(
    claimant: Party,
    agent: Party | None,
    *,
    by: Actor,
    at: datetime,
    works: Iterable[Work] = (),
    documents: Iterable[Document] = (),
    number: str = "",
) -> Case:
    """Open a draft about works, with documents under the first of them.

    number: a document that is to be listed once it is known which work it copies.
    """
    with transaction.atomic():
        case: Case = open_draft(claimant=claimant, agent=agent, by=by, at=at)
        chosen = list(works)
        case.form = {"works": [work.pk for work in chosen]}
        if number:
            case.form["documents"] = [number]
        case.save(update_fields=["form"])
        listed = list(documents)
        if chosen and listed:
            add_documents(case, chosen[0], listed, by=by)
    return case


def name_parties(
    case: Case, claimant: Party, agent: Party | None, *, by: Actor
) -> None:
    """Say who complains. Works belong to their holder, so those of another go."""
    with changed(case, by) as row:
        if row.claimant_id != claimant.pk:
            row.items.exclude(work__party=claimant).delete()
            row.form.pop("works", None)
        row.claimant, row.agent = claimant, agent
        row.save(update_fields=["claimant", "agent", "form"])


def choose_works(case: Case, works: Iterable[Work], *, by: Actor) -> None:
    """Say which works are copied; documents listed under others leave the draft."""
    with changed(case, by) as row:
        chosen = [work.pk for work in works]
        row.items.exclude(work__in=chosen).delete()
        _renumber(row)
        row.form["works"] = chosen
        row.save(update_fields=["form"])


def add_work(case: Case, work: Work, *, by: Actor) -> None:
    """Take one more work into the draft."""
    with changed(case, by) as row:
        row.form["works"] = sorted({*row.form.get("works", []), work.pk})
        row.save(update_fields=["form"])


def add_documents(
    case: Case, work: Work, documents: Iterable[Document], *, by: Actor
) -> int:
    """List documents under a work, each in the manner that its match suggests."""
    listed = list(documents)
    with changed(case, by) as row:
        fresh = {document.pk for document in listed}
        fresh -= set(row.items.filter(work=work).values_list("document", flat=True))
        added = list_documents(row, work, listed, by=by, manner="part")
        items = row.items.filter(work=work, document__in=fresh).select_related("match")
        whole = [item.pk for item in items if item.match and _is_whole(item.match)]
        row.items.filter(pk__in=whole).update(manner="whole")
        row.form["works"] = sorted({*row.form.get("works", []), work.pk})
        row.form.pop("documents", None)
        row.save(update_fields=["form"])
    return added


def state_manners(case: Case, manners: Mapping[int, str], *, by: Actor) -> None:
    """Set the 侵权形式 of items, by primary key."""
    with changed(case, by) as row:
        for manner in sorted(set(manners.values())):
            stated = [item for item, each in manners.items() if each == manner]
            row.items.filter(pk__in=stated).update(manner=manner)


def unlist(case: Case, item: int, *, by: Actor) -> None:
    """Take one document off the draft."""
    with changed(case, by) as row:
        row.items.filter(pk=item).delete()
        _renumber(row)


def declare(case: Case, codes: Iterable[str], signature: str, *, by: Actor) -> None:
    """Keep the ticks and the signature, the latter only as a salted digest: the
    draft holds no name outside the party's erasable details."""
    with changed(case, by) as row:
        row.form["declared"] = sorted(codes)
        row.form.pop("signature", None)
        if signature.strip():
            salt = new_salt()
            digest = salted(signature.strip(), salt)
            row.form["signature"] = {"salt": salt, "digest": digest}
        row.save(update_fields=["form"])


def signature_of(case: Case) -> str:
    """Return the filer's name when it is what was typed, else an empty string."""
    signer, kept = case.agent or case.claimant, case.form.get("signature")
    if not signer or not kept or salted(signer.name, kept["salt"]) != kept["digest"]:
        return ""
    return signer.name


def is_declared(case: Case) -> bool:
    """Every declaration is ticked and the signature is the filer's name."""
    codes = {declaration.code for declaration in DECLARATIONS}
    return codes <= set(case.form.get("declared", ())) and bool(signature_of(case))


def chosen_works(case: Case) -> list[int]:
    """Return the primary keys of the works that the draft is about."""
    listed = case.items.values_list("work", flat=True)
    return sorted({*case.form.get("works", []), *listed})


def awaited_numbers(case: Case) -> list[str]:
    """Return the numbers with which the draft was begun and that wait for a work."""
    return list(case.form.get("documents", []))


def discard(case: Case, *, by: Actor) -> None:
    """Throw a draft away. It has no number and no ledger, so nothing is lost."""
    with changed(case, by) as row:
        row.items.all().delete()
        row.delete()


def _renumber(case: Case) -> None:
    for position, item in enumerate(case.items.order_by("position"), start=1):
        if item.position != position:
            case.items.filter(pk=item.pk).update(position=position)


def _is_whole(match: Match) -> bool:
    return min(match.containment_query, match.containment_found) >= WHOLE_FROM
