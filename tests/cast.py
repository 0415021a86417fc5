"""The people and things of the access tests: two of each kind, so that every address
can be asked by somebody to whom its object is foreign."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from cases.models import Case, Notice, SubmissionNotice
from cases.services import advance
from evidence.actors import SYSTEM, Actor
from evidence.canonical import sha256
from evidence.intake import receive
from evidence.models import (
    Blob,
    Document,
    Exhibit,
    Licence,
    Match,
    Party,
    PersonalDetails,
    SellerAccount,
    Shelf,
    ShelfProposal,
    ShelfText,
    Text,
    ThresholdReplay,
    Work,
)
from evidence.thresholds import in_force
from moderation.access import actor_of
from moderation.models import CalendarFeed, User
from reports.models import CaseFile
from tests.cast_reports import add_reports
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_party,
    make_submission,
    make_text,
    make_user,
    make_work,
)

ROLES = (
    "anonymous",
    "reporter",
    "claimant_a",
    "claimant_b",
    "uploader",
    "other_uploader",
    "moderator",
    "senior",
    "legal",
    "compliance",
)
# Personal data of claimant A, a natural person: nobody outside the desk sees it.
NAME = "欧阳澜澜甲"
PHONE = "13912340001"
EMAIL = "canary-a@example.com"
ADDRESS = "金丝雀巷乙座九零一"
CONTACT = "司马代收丙"
# What A filed and wrote: foreign to everybody but A and the desk.
WORK = "金丝雀的密码本"
DRAFTED = "尚未提交的金丝雀"
PERSONAL = (NAME, PHONE, EMAIL, ADDRESS, CONTACT)
UPLOADER_NAME = "令狐甲卖家"
# What the reporter is called and wrote: for the desk and for themselves alone.
REPORTER = ("公孙举报丁", "canary-r@example.com", "举报的金丝雀如是说")
SOLD = "河岸上的石阶一级一级没入水里，船夫把缆绳系好。"


@dataclass(slots=True)
class Cast:
    users: dict[str, User | None] = field(default_factory=dict)
    arguments: dict[str, list[Any]] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)  # by role, once signed in

    def address(self, name: str) -> str:
        return reverse(name, args=self.arguments.get(name, []))


def session_of(user: User) -> str:
    """Sign in, and return what the session's cookie holds."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def make_cast() -> Cast:
    """A's case on the uploader's document has come to a measure; two more of A's
    cases wait on the desk, one claimed and one accepted; A also has a draft."""
    cast = Cast()
    cast.users["anonymous"] = None
    for role in ROLES[1:]:
        duty = role if role in ("moderator", "senior", "legal", "compliance") else ""
        cast.users[role] = make_user(duty=duty, email=f"{role}@example.org")
    claimant = _claimant(cast.users["claimant_a"])
    make_party(name="别家权利人", user=cast.users["claimant_b"])
    document = _sold(cast.users["uploader"], UPLOADER_NAME)
    _sold(cast.users["other_uploader"], "另一位卖家")
    moderator = cast.users["moderator"]
    assert moderator is not None
    _cases(cast, claimant, document, actor_of(moderator))
    _submissions(cast, document.seller, claimant)
    add_reports(cast, document.seller)
    return cast


def _claimant(user: User | None) -> Party:
    party = make_party(name=NAME, user=user)
    PersonalDetails.objects.filter(party=party).update(
        phone=PHONE, email=EMAIL, address=ADDRESS, contact=CONTACT
    )
    return Party.objects.get(pk=party.pk)


def _sold(user: User | None, name: str) -> Document:
    seller = SellerAccount.objects.create(
        mask="Q****5", party=make_party(name=name, user=user)
    )
    return make_document(seller=seller, title="在售的文档")


def _cases(cast: Cast, claimant: Party, document: Document, by: Actor) -> None:
    measured = make_case(
        state="measured", claimant=claimant, documents=[document], by=by
    )
    claimed = make_case(state="claimed", claimant=claimant, by=by)
    accepted = make_case(state="accepted", claimant=claimant, by=by)
    waiting = make_case(state="submitted", claimant=claimant)
    listed_twice = [claimed.items.get().document]
    merging = make_case(
        state="claimed", claimant=claimant, documents=listed_twice, by=by
    )
    draft = make_case(state="draft", claimant=claimant)
    # The seller of this one has no account, so nothing can be forwarded.
    lost = make_case(state="measured", claimant=claimant, by=by).items.get()
    advance(lost, "announce", by=SYSTEM, at=AT, ground="unknown")
    announced = Notice.objects.get(kind="announcement")
    work = make_work(party=claimant, title=WORK)
    draft_work = draft.items.get().work
    type(draft_work).objects.filter(pk=draft_work.pk).update(title=DRAFTED)
    exhibit = Exhibit.objects.filter(work__case_items__case=measured).get()
    Exhibit.objects.filter(pk=exhibit.pk).update(blob=_stored("底稿正文"))
    letter = Notice.objects.get(case=measured, kind="decision")
    case_file = CaseFile.objects.create(
        case=measured, asked_by=by.label, asked_at=AT, stage="failed", error="x"
    )
    listed = make_document(title="照常出售的文档")
    assert listed.current is not None
    Text.objects.filter(pk=listed.current.text_id).update(blob=_stored("在售正文"))
    Match.objects.create(
        query=draft_work.sample,
        found=listed.current.text,
        containment_query=0.5,
        containment_found=0.4,
        longest_run=12,
        passages=[],
        parameters={},
        parameters_digest="0" * 16,
        at=AT,
    )
    licence = Licence.objects.create(work=work, document=listed, granted_at=AT)
    _matcher(cast, listed)
    reason = "两份文本有多处整段相同，投诉人提交了底稿，初步证据充分。"
    cast.arguments |= {
        "document": [listed.number],
        "document_download": [listed.number],
        "report_abuse": [listed.number],
        "party_edit": [claimant.public_id],
        "work": [work.public_id],
        "work_progress": [work.public_id],
        "work_retry": [work.public_id],
        "lead": [draft_work.public_id, listed.number],
        "licences": [work.public_id],
        "licence_withdraw": [work.public_id, licence.pk],
        "complaint_discard": [draft.public_id],
        "complaint_list": [draft.public_id],
        "complaint_step": [draft.public_id, "documents"],
        "my_case": [measured.reference],
        "case_cure": [measured.reference],
        "case_withdraw": [measured.reference],
        "extension_new": [measured.reference, 1],
        "proceeding_new": [measured.reference],
        "proceeding_prove": [measured.reference, exhibit.public_id],
        "seller_item": [measured.items.get().public_id],
        "counter_new": [measured.items.get().public_id],
        "counter_cure": [exhibit.public_id],
        "letter": [letter.public_id],
        "announcement": [announced.public_id],
        "desk_arrival": [measured.reference, letter.public_id],
        "letter_pdf": [letter.public_id],
        "case_file_new": [measured.reference],
        "case_file": [case_file.public_id],
        "case_file_download": [case_file.public_id],
        "desk_case": [measured.reference],
        "desk_preview": [measured.reference],
        "desk_merge": [merging.reference, claimed.reference],
        "desk_claim": [waiting.reference],
        "desk_release": [claimed.reference],
        "desk_accept": [claimed.reference],
        "desk_step": [measured.reference, "copyright", measured.public_id, "hold"],
        "desk_reveal": [measured.reference, claimant.public_id],
        "desk_exhibit": [measured.reference, exhibit.public_id],
        "desk_decide_all": [accepted.reference],
        "desk_compare": [accepted.reference, 1],
        "desk_decide": [accepted.reference, 1],
        "calendar_feed": ["feed-of-legal"],
        "desk_calendar_year": [2027],
        "account_confirm_email": ["no-such-key"],
        "account_reset_password_from_key": ["1", "no-such-key"],
    }
    CalendarFeed.objects.create(
        user=cast.users["legal"], token_sha256=sha256(b"feed-of-legal"), created_at=AT
    )
    cast.bodies |= {
        "desk_calendar_year": {"days_off": "2027-01-01", "source": "x", "version": 0},
        "desk_merge": {
            "version": _version(merging),
            "other_version": _version(claimed),
        },
        "desk_accept": {"version": _version(claimed), "profile": "civil"},
        "desk_step": {
            "version": _version(measured),
            "document": "法务函 2026-1",
            "reasoning": "收到监管部门的书面要求，案卷全部保全，不得清理。",
        },
        "desk_decide": {
            "seen": "1:0",
            "step": "measure_and_forward",
            "measure": "interim_down",
            "reasoning": reason,
        },
        "desk_decide_all": {
            "seen": "1:0",
            "step": "measure_and_forward",
            "measure": "interim_down",
            "reasoning": reason,
            "confirmed": "1",
        },
        "licences": {"numbers": listed.number, "scope": "account"},
        "complaint_new": {"document": listed.number},
        "set_language": {"language": "en"},
    }


def _submissions(cast: Cast, seller: SellerAccount, claimant: Party) -> None:
    """The uploader's files: one is worked on, one waits because it is like A's work
    and like a listing, one was refused with a letter."""
    received = make_submission(seller=seller)
    work = Work.objects.get(party=claimant, title=WORK)
    listed = Document.objects.get(current__title="照常出售的文档")
    assert listed.current is not None
    text = make_text(SOLD * 4)
    Text.objects.filter(pk=text.pk).update(blob=_stored("送审正文"))
    likenesses = (
        {"likeness": "work", "work": work, "found": work.sample},
        {"likeness": "document", "document": listed, "found": listed.current.text},
    )
    findings = [
        {
            **likeness,
            "outcome": "held",
            "match": _match(text, likeness["found"]),
            "containment_query": 0.4,
            "containment_found": 0.8,
        }
        for likeness in likenesses
    ]
    held = make_submission(seller=seller, state="held", text=text, findings=findings)
    refused = make_submission(seller=seller, state="refused", findings=findings[:1])
    letter = SubmissionNotice.objects.get(submission=refused)
    cast.arguments |= {
        "submission": [held.reference],
        "submission_batch": [received.reference],
        "submission_progress": [received.reference],
        "submission_retry": [received.reference],
        "submission_step": [held.reference, "withdraw"],
        "submission_letter": [letter.public_id],
        "submission_letter_pdf": [letter.public_id],
        "desk_submission": [held.reference],
        "desk_submission_decide": [held.reference],
        "desk_submission_file": [held.reference],
        "api_submission": [held.reference],
        "api_submission_publish": [held.reference],
        "api_document_withdraw": [listed.number],
    }
    cast.bodies |= {
        "submission_step": {"version": held.version},
        "desk_submission_decide": {
            "step": "release",
            "version": held.version,
            "reasoning": "逐段核对，相同部分为卖家本人的旧作，准予发布。",
        },
        "desk_gate_policy": {
            "likeness": "document",
            "outcome": "cleared",
            "reason": "试行一个月",
        },
    }


def _match(query: Text, found: Text) -> Match:
    passage = {"query": [2, 14], "found": [0, 12], "similarity": 950, "length": 12}
    return Match.objects.create(
        query=query,
        found=found,
        containment_query=0.4,
        containment_found=0.8,
        longest_run=12,
        passages=[passage],
        parameters={},
        parameters_digest="1" * 16,
        at=AT,
    )


def _matcher(cast: Cast, listed: Document) -> None:
    """What compliance keeps: a shelf with a text, a proposal, a finished replay."""
    shelf = Shelf.objects.create(name="法规", kind="official", created_at=AT)
    text = make_text("第一条 本条例自公布之日起施行。")
    row = ShelfText.objects.create(
        shelf=shelf, text=text, title="示例条例", rule="r", added_at=AT
    )
    assert listed.current is not None
    held = listed.current.text_id
    proposal = ShelfProposal.objects.create(
        text=text,
        start=0,
        end=8,
        found=[[held, 0, 8]],
        sha256="a" * 64,
        proposed_at=AT,
    )
    replay = ThresholdReplay.objects.create(
        name="similarity",
        value=0.7,
        before=0.62,
        digest_before=in_force().digest(),
        asked_by="user:1",
        asked_at=AT,
        lost=[sorted([text.pk, held])],
        stage="done",
    )
    cast.arguments |= {
        "desk_shelf": [shelf.pk],
        "desk_shelve": [shelf.pk],
        "desk_shelf_text": [shelf.pk, row.pk],
        "desk_unshelve": [shelf.pk, row.pk],
        "desk_reshelve": [shelf.pk, row.pk],
        "desk_proposal_reopen": [proposal.pk],
        "desk_replay": [replay.pk],
        "desk_replay_stop": [replay.pk],
        "desk_replay_save": [replay.pk],
    }
    cast.bodies |= {
        "desk_shelf_new": {"name": "古籍", "kind": "classic"},
        "desk_shelve": {"numbers": listed.number},
        "desk_unshelve": {"reason": "属于注释本"},
        "desk_proposals_decide": {"act": "refuse", "proposal": [proposal.pk]},
        "desk_replay_new": {"name": "similarity", "value": "0.8"},
    }


def _stored(words: str) -> Blob:
    return receive(words.encode(), name="正文.txt", at=AT)


def _version(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version
