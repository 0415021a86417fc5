"""A case as the papers tell it: works with pages, previews, passages that agree."""

import hashlib
from datetime import date, datetime

from cases.declarations import DECLARATIONS
from cases.filing import list_documents, open_draft, submit
from cases.models import Case
from cases.services import advance, claim
from evidence.actors import Actor, Role
from evidence.models import (
    Document,
    Match,
    Membership,
    Party,
    PersonalDetails,
    SellerAccount,
    Text,
    Work,
)
from tests.factories import (
    AT,
    decide,
    make_document,
    make_moderator,
    make_text,
    make_user,
    make_work,
)

COPIED = (
    "冬季混凝土施工应当在浇筑前对骨料和拌合水加热，入模温度不得低于五摄氏度。"
    "浇筑完成后立即覆盖塑料薄膜和保温被，养护期间每两小时测温一次并作记录。"
)
ALTERED = COPIED.replace("每两小时测温一次", "每四小时测量一次温度")
FILLER = "本章说明编制的依据和适用的范围，其余各章按照工序依次展开，附表另行装订。"

# What must never be read by the other side, nor in a redacted file.
SECRETS = {
    "name": "欧阳金丝雀",
    "identity_number": "51010419870203123X",
    "representative": "上官画眉",
    "contact": "司马百灵",
    "email": "canary.owner@example.com",
    "phone": "13987654321",
    "address": "成都市武侯区秘密巷七号",
}
SELLER_SECRETS = {
    "name": "诸葛夜莺",
    "identity_number": "110101199001019876",
    "representative": "",
    "contact": "",
    "email": "nightingale@example.org",
    "phone": "13611112222",
    "address": "杭州市隐蔽路九号",
}


def make_person(secrets: dict[str, str], at: datetime = AT) -> tuple[Party, Actor]:
    user = make_user()
    party = Party.objects.create(kind=Party.Kind.PERSON, created_at=at)
    PersonalDetails.objects.create(party=party, updated_at=at, **secrets)
    Membership.objects.create(user=user, party=party, role="owner", since=at)
    actor = Actor(user_id=user.pk, parties=frozenset({party.pk}))
    return party, actor


def paged_text(passage: str, *, before: int, pages: int = 3) -> Text:
    """A text of three pages with the passage on the second."""
    page = FILLER * before
    text = make_text(f"{page}{passage}{page}", pages=pages)
    start = len(page)
    text.page_starts = [0, start, start + len(passage)]
    text.extractor = "docx 1"
    text.save()
    return text


def preview_text(passage: str) -> Text:
    """A listing page's preview: segments, no pages; the passage is in the third."""
    text = make_text(FILLER * 4 + passage + FILLER)
    text.segment_starts = [0, len(FILLER) * 2, len(FILLER) * 4]
    text.extractor = "listing 1"
    text.save()
    return text


def make_match(work: Work, document: Document, *, copied: str, found: str) -> Match:
    assert document.current is not None
    query, other = work.sample, document.current.text
    a, b = query.content.index(copied), other.content.index(found)
    return Match.objects.create(
        query=query,
        found=other,
        containment_query=0.31,
        containment_found=0.4,
        longest_run=46,
        passages=[
            {
                "query": [a, a + len(copied)],
                "found": [b, b + len(found)],
                "similarity": 912,
                "length": len(copied),
            }
        ],
        ignored=[{"query": [0, 12], "why": "boilerplate", "source": ""}],
        parameters={"gram": 8, "sampling": 16, "similarity": 0.62},
        parameters_digest=hashlib.sha256(b"papers").hexdigest()[:16],
        at=AT,
    )


def make_told_case(state: str = "measured", *, title: str = "冬季施工方案") -> Case:
    """A person's case on a paged document, a preview and one without a match."""
    claimant, filer = make_person(SECRETS)
    owner, _seller_actor = make_person(SELLER_SECRETS)
    seller = SellerAccount.objects.create(mask="M****1", party=owner)
    work = make_work(
        party=claimant,
        title="冬季混凝土施工手册",
        text=paged_text(COPIED, before=3),
    )
    work.author = SECRETS["name"]
    work.published_on = date(2024, 9, 1)
    work.save()
    held = make_document(title=title, text=paged_text(ALTERED, before=2), seller=seller)
    assert held.current is not None
    held.current.price_cents, held.current.downloads = 1_250, 36
    held.current.save()
    shown = make_document(title="施工方案范本", text=preview_text(COPIED))
    other = make_document(title="安全交底记录")
    make_match(work, held, copied=COPIED, found=ALTERED)
    make_match(work, shown, copied=COPIED, found=COPIED)
    case: Case = open_draft(claimant=claimant, by=filer, at=AT)
    list_documents(case, work, [held, shown, other], by=filer, manner="part")
    submit(
        case,
        by=filer,
        at=AT,
        expect_version=0,
        declared=[declaration.code for declaration in DECLARATIONS],
        signature=claimant.name,
    )
    if state != "submitted":
        moderator = make_moderator()
        claim(case, by=moderator, at=AT)
        advance(case, "accept", by=moderator, at=AT, profile="civil")
        decide(case, state, by=moderator, at=AT)
    return Case.objects.get(pk=case.pk)


__all__ = ["AT", "Role", "make_told_case"]
