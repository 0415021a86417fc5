"""Plain makers of valid rows. A case is brought to its state by its real steps, so
that no test stands on a history that could not have happened."""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cases.declarations import DECLARATIONS, US_DECLARATIONS
from cases.filing import list_documents, next_reference, open_draft, submit
from cases.models import Case, CaseItem, Submission, SubmissionFinding
from cases.services import advance, claim
from evidence.actors import SYSTEM, Actor, Role
from evidence.matching.titles import title_key
from evidence.models import (
    Blob,
    Document,
    DocumentVersion,
    Exhibit,
    Membership,
    Party,
    PersonalDetails,
    SellerAccount,
    Text,
    Work,
)
from moderation.access import actor_of
from moderation.models import User

AT = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "correct-horse-battery-9"
_counter = itertools.count(1)


def make_user(*, duty: str = "", email: str = "", name: str = "") -> User:
    return User.objects.create_user(
        email=email or f"user{next(_counter)}@example.com",
        password=PASSWORD,
        duty=duty,
        name=name,
    )


def make_party(
    *,
    name: str = "林岚",
    kind: str = "person",
    user: User | None = None,
    at: datetime = AT,
) -> Party:
    party = Party.objects.create(kind=kind, created_at=at)
    PersonalDetails.objects.create(
        party=party,
        name=name,
        phone="13800001111",
        email="lin@example.com",
        address="成都市锦江区一号",
        updated_at=at,
    )
    if user is not None:
        Membership.objects.create(user=user, party=party, role="owner", since=at)
    return party


def make_text(
    content: str = "", *, pages: int | None = None, at: datetime = AT
) -> Text:
    content = content or f"第{next(_counter)}篇文章。春天的河水漫过石桥。"
    raw = f"{next(_counter)}\n{content}".encode()
    blob = Blob.objects.create(
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        media_type="text/plain",
        stored_as="",
        received_at=at,
    )
    return Text.objects.create(
        blob=blob,
        media_type="text/plain",
        state=Text.State.OK,
        stage="done",
        content=content,
        characters=len(content),
        pages=pages,
    )


def make_document(
    *,
    number: str = "",
    title: str = "施工方案",
    text: Text | None = None,
    seller: SellerAccount | None = None,
    at: datetime = AT,
) -> Document:
    seller = seller or SellerAccount.objects.create(mask="L****7")
    document = Document.objects.create(
        number=number or str(700_000_000 + next(_counter)),
        seller=seller,
        first_seen_at=at,
    )
    document.current = DocumentVersion.objects.create(
        document=document,
        ordinal=1,
        text=text or make_text(at=at),
        title=title,
        uploaded_on=date(2026, 5, 4),
        format="DOCX",
        size_bytes=16_364,
        received_at=at,
    )
    document.title_key = title_key(title)
    document.save(update_fields=["current", "title_key"])
    return document


def make_work(
    *,
    party: Party,
    title: str = "桥边的春天",
    text: Text | None = None,
    at: datetime = AT,
) -> Work:
    work = Work.objects.create(
        party=party,
        title=title,
        kind=Work.Kind.TEXT,
        author="林岚",
        origin=Work.Origin.ORIGINAL,
        completed_on=date(2024, 2, 29),
        sample=text or make_text(at=at),
        registered_at=at,
    )
    Exhibit.objects.create(
        party=party,
        work=work,
        kind=Exhibit.Kind.MANUSCRIPT,
        blob=work.sample.blob,
        filed_at=at,
    )
    return work


def make_submission(
    *,
    seller: SellerAccount,
    state: str = "received",
    text: Text | None = None,
    findings: Sequence[Mapping[str, Any]] = (),
    by: Actor | None = None,
    at: datetime = AT,
) -> Submission:
    """A file handed in, in one of: received, cleared, held, refused. `by` is the
    moderator who refuses it; findings are fields of SubmissionFinding."""
    row = Submission.objects.create(
        reference=next_reference("SC", at),
        seller=seller,
        text=text or make_text(at=at),
        title="送审的文件",
        original_name="送审.docx",
        sender="user:0",
        received_at=at,
    )
    if state == "received":
        return row
    SubmissionFinding.objects.bulk_create(
        [SubmissionFinding(submission=row, **fields) for fields in findings]
    )
    facts = {"findings": len(findings), "parameters": "0" * 16}
    advance(row, "screen", by=SYSTEM, at=at, **facts)
    step = "clear" if state == "cleared" else "hold"
    advance(row, step, by=SYSTEM, at=at, rule="none")
    if state == "refused":
        reasoning = "与在售文档逐段相同，未见授权。"
        by = by or make_moderator()
        advance(row, "refuse", by=by, at=at, ground="copied", reasoning=reasoning)
    Submission.objects.filter(pk=row.pk).update(stage="done")
    return Submission.objects.get(pk=row.pk)


def make_moderator() -> Actor:
    return actor_of(make_user(duty=Role.MODERATOR))


def make_senior() -> Actor:
    return actor_of(make_user(duty=Role.SENIOR))


def make_case(
    *,
    state: str = "submitted",
    items: int = 1,
    claimant: Party | None = None,
    documents: list[Document] | None = None,
    work: Work | None = None,
    by: Actor | None = None,
    profile: str = "civil",
    at: datetime = AT,
) -> Case:
    """A case in one of: draft, submitted, claimed, accepted, measured, no_measure,
    final. `by` is the moderator who works on it."""
    party = claimant or make_party(user=make_user())
    filer = Actor(user_id=None, parties=frozenset({party.pk}))
    case: Case = open_draft(claimant=party, by=filer, at=at)
    listed = documents or [make_document(at=at) for _ in range(items)]
    work = work or make_work(party=party, at=at)
    list_documents(case, work, listed, by=filer, manner="part")
    if state == "draft":
        return case
    submit(
        case,
        by=filer,
        at=at,
        expect_version=0,
        declared=[each.code for each in (*DECLARATIONS, *US_DECLARATIONS)],
        signature=party.name,
    )
    if state == "submitted":
        return Case.objects.get(pk=case.pk)
    by = by or make_moderator()
    claim(case, by=by, at=at)
    if state == "claimed":
        return Case.objects.get(pk=case.pk)
    advance(case, "accept", by=by, at=at, profile=profile)
    if state == "accepted":
        return Case.objects.get(pk=case.pk)
    decide(case, state, by=by, at=at)
    return Case.objects.get(pk=case.pk)


def decide(case: Case, state: str, *, by: Actor, at: datetime) -> None:
    """Bring every item of an accepted case to measured, no_measure or final."""
    for item in CaseItem.objects.filter(case=case):
        if state == "no_measure":
            facts = {
                "finding": "evidence",
                "reasoning": "所附材料不能说明被投诉内容的来源。",
            }
            advance(item, "assess_no_measure", by=by, at=at, **facts)
            continue
        facts = {
            "measure": "interim_down",
            "reasoning": "两份文本有整段相同，初步证据充分。",
        }
        advance(item, "measure_and_forward", by=by, at=at, **facts)
        if state == "final":
            advance(item, "finalise", by=SYSTEM, at=at)
