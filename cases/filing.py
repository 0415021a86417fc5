"""Filing a complaint: a draft is filled, checked against the law, and submitted."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.calendars import CHINA
from cases.declarations import DECLARATIONS, Declaration, offered_declarations
from cases.errors import CaseMovedOn, IncompleteComplaint, Missing, NotPermitted
from cases.models import Case, CaseItem, CopyrightCase, ReferenceSeries, Statement
from cases.permissions.copyright import may_file
from cases.renotices import mark_renotices
from cases.services import advance
from cases.signing import sign
from cases.standing import agents_of
from cases.workflows.copyright import MAX_ITEMS, CaseState
from evidence.actors import Actor
from evidence.ledger import LedgerEntry
from evidence.models import Document, Match, Party, Work
from evidence.writing import insert


def open_draft(
    *, claimant: Party, by: Actor, at: datetime, agent: Party | None = None
) -> CopyrightCase:
    """Begin a complaint. Drafts carry no number and no ledger."""
    case = CopyrightCase(
        kind=Case.Kind.COPYRIGHT, claimant=claimant, agent=agent, opened_at=at
    )
    if not may_file(case, by):
        raise NotPermitted
    case.save()
    return case


def list_documents(
    case: Case, work: Work, documents: Iterable[Document], *, by: Actor, manner: str
) -> int:
    """Add documents to a draft under one work; those already listed stay as they
    are. Returns how many were added. Raises CaseMovedOn once it is filed."""
    with transaction.atomic():
        _draft(case, by)
        held = set(case.items.filter(work=work).values_list("document", flat=True))
        fresh = [document for document in documents if document.pk not in held]
        position = case.items.count()
        matches = _leads(work, fresh)
        insert(
            [
                CaseItem(
                    case=case,
                    position=position + ordinal,
                    document=document,
                    work=work,
                    manner=manner,
                    match=matches.get(document.pk),
                )
                for ordinal, document in enumerate(fresh, start=1)
            ],
            numbered=False,
        )
    return len(fresh)


def missing_from(case: Case, *, at: datetime) -> list[Missing]:
    """Return what 条例 14 and 民法典 1195 ask for and the draft does not have."""
    items = list(case.items.select_related("work").prefetch_related("work__exhibits"))
    details = getattr(case.claimant, "details", None)
    missing: list[Missing] = []
    if details is None or not (details.name and details.phone and details.address):
        missing.append(Missing(_("权利人的姓名（名称）、联系方式和地址"), "party"))
    if case.agent_id and case.agent_id not in agents_of(case.claimant_id, at):
        missing.append(Missing(_("代理人在有效期内的授权委托"), "party"))
    if not items:
        missing.append(Missing(_("至少一份被投诉文档"), "documents"))
    if len(items) > MAX_ITEMS:
        too_many = _("一件投诉最多列三百份文档，请分开提交")
        missing.append(Missing(too_many, "documents"))
    if any(not item.work.exhibits.all() for item in items):
        missing.append(Missing(_("每部作品至少一份权属证明"), "works"))
    return missing


def unsigned(case: Case, declared: Iterable[str], signature: str) -> list[Missing]:
    """Return what of the declarations and of the signature is not given."""
    missing: list[Missing] = []
    if not {declaration.code for declaration in DECLARATIONS} <= set(declared):
        missing.append(Missing(_("全部声明均须勾选"), "declarations"))
    signer = case.agent or case.claimant
    if not signer or not signature.strip() or signature.strip() != signer.name:
        sentence = _("签名须与投诉人（或代理人）的姓名或名称一致")
        missing.append(Missing(sentence, "declarations"))
    return missing


def signable(declared: Iterable[str]) -> list[Declaration]:
    """Return the declarations of a notice that were ticked, in their order."""
    ticked = set(declared)
    every = (*DECLARATIONS, *offered_declarations(settings.CLOCK_PROFILES))
    return [each for each in every if each.code in ticked]


def submit(
    case: Case,
    *,
    by: Actor,
    at: datetime,
    expect_version: int,
    declared: Iterable[str],
    signature: str,
) -> LedgerEntry:
    """File the notice: every declaration ticked, signed with the filer's own name.

    Raises IncompleteComplaint naming what is missing; nothing is changed then.
    """
    declared = list(declared)
    missing = missing_from(case, at=at) + unsigned(case, declared, signature)
    signer = case.agent or case.claimant
    if missing or not signer:
        raise IncompleteComplaint(missing)
    with transaction.atomic():
        reference = next_reference("BQ", at)
        items, works, cents = _listed(case)
        barred = mark_renotices(case)
        entry = advance(
            case,
            "submit",
            by=by,
            at=at,
            expect_version=expect_version,
            reference=reference,
            items=items,
            works=works,
            cents=cents,
            barred=barred,
        )
        sign(
            case,
            signer,
            Statement.Purpose.NOTICE,
            signable(declared),
            signature,
            at=at,
        )
    return entry


def _listed(case: Case) -> tuple[int, int, int]:
    """Return how many documents and works a notice lists, and what the documents
    brought in (downloads × price, in cents), as their listings say at this moment:
    the snapshots freeze the same ones. What is not stated adds nothing."""
    current = "document__current"
    rows = case.items.values_list(
        "document", "work", f"{current}__price_cents", f"{current}__downloads"
    )
    listed = list(rows)
    taken = {
        document: (price or 0) * (downloads or 0)
        for document, _work, price, downloads in listed
    }
    works = {work for _document, work, _price, _downloads in listed}
    return len(listed), len(works), sum(taken.values())


def _draft(case: Case, by: Actor) -> None:
    row = Case.objects.select_for_update().get(pk=case.pk)
    if row.state != CaseState.DRAFT:
        raise CaseMovedOn
    if not may_file(row, by):
        raise NotPermitted


def _leads(work: Work, documents: list[Document]) -> dict[int, Match]:
    """Return the newest match of the work's sample with each document's text."""
    texts = {
        document.current.text_id: document.pk
        for document in documents
        if document.current
    }
    rows = Match.objects.filter(query=work.sample_id, found__in=texts).order_by("at")
    return {texts[match.found_id]: match for match in rows}


def next_reference(prefix: str, at: datetime) -> str:
    """Give the next number of the year, counted in China. Locks the series."""
    series = f"{prefix}-{at.astimezone(CHINA).year}"
    ReferenceSeries.objects.bulk_create(
        [ReferenceSeries(series=series)], ignore_conflicts=True
    )
    row = ReferenceSeries.objects.select_for_update().get(series=series)
    row.last += 1
    row.save(update_fields=["last"])
    return str(row)
