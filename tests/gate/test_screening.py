"""What is handed in comes to a result: by policy where it may, else by a person."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from cases.errors import CaseMovedOn, NotPermitted
from cases.gate.policy import LIKENESSES, NoSuchRule, in_force, set_rule
from cases.gate.publishing import publish
from cases.gate.receiving import (
    ForeignListing,
    KeyReused,
    Offer,
    hand_in,
    try_again,
)
from cases.gate.screening import screen
from cases.models import GateRule, Submission, SubmissionNotice
from cases.models.submissions import Outcome
from cases.registration import Upload
from cases.services import advance
from evidence import ledger, pipeline, progress
from evidence.actors import SYSTEM, Actor, Role
from evidence.ledger import LedgerEntry
from evidence.models import Licence, Text
from evidence.progress import LEASE, MAX_ATTEMPTS, Stage
from tests.factories import AT, make_moderator, make_party, make_user, make_work
from tests.gate.sellers import (
    handed_in,
    make_seller,
    on_sale,
    read,
    screened,
    taken_down,
    words,
)

pytestmark = pytest.mark.django_db
COMPLIANCE = Actor(user_id=7, duty=Role.COMPLIANCE)
REASONING = "逐段核对后，文件由卖家本人撰写，准予发布。"


def refuse_exact_copies() -> None:
    set_rule("removed_copy", "refused", reason="法务意见", by=COMPLIANCE, at=AT)


def test_received_means_stored_numbered_and_on_the_record() -> None:
    seller, by = make_seller()
    row = handed_in(seller, by, words(1))

    assert row.state == "received"
    assert row.reference == "SC-2026-000001"
    assert row.text.blob.size_bytes == len(words(1).encode())
    [entry] = LedgerEntry.objects.filter(stream=row.reference)
    assert (entry.kind, entry.role) == ("submission.received", "uploader")
    assert entry.payload["blob"] == row.text.blob.sha256
    assert "新稿" not in str(entry.payload)


def test_a_text_of_ones_own_writing_is_cleared() -> None:
    seller, by = make_seller()
    on_sale(words(2))
    row = screened(seller, by, words(3))

    assert (row.state, row.stage) == ("cleared", Stage.DONE)
    assert not row.findings.exists()
    assert [act.step for act in row.acts.all()] == ["screen", "clear"]
    assert row.policy == in_force()
    assert ledger.verify().breaks == ()


def test_attached_files_that_nobody_could_read_wait_for_a_person() -> None:
    seller, by = make_seller()
    row = handed_in(seller, by, words(3))
    pipeline.process(row.text_id, at=AT)
    Text.objects.filter(pk=row.text_id).update(flags=["unread_attachments"])
    screen(row.pk, at=AT)

    row = Submission.objects.get(pk=row.pk)
    assert row.state == "held"
    assert row.findings.get().likeness == "unread"


def test_a_copy_of_a_listing_waits_for_a_person() -> None:
    copied = on_sale(words(4))
    seller, by = make_seller()
    row = screened(seller, by, words(5, 800) + "\n" + words(4)[200:900])

    finding = row.findings.get()
    assert row.state == "held"
    assert (finding.likeness, finding.document) == ("document", copied)
    assert finding.match is not None
    assert finding.evidence >= 200


def test_the_very_same_file_of_another_seller_waits_for_a_person() -> None:
    copied = on_sale(words(6))
    seller, by = make_seller()
    row = screened(seller, by, words(6))

    finding = row.findings.get()
    assert row.text_id == copied.versions.get().text_id
    assert (finding.likeness, finding.match) == ("document", None)
    assert (row.state, finding.containment_query) == ("held", 1)


def test_a_copy_of_a_registered_work_waits_for_a_person() -> None:
    seller, by = make_seller()
    work = make_work(party=make_party(name="林岚"), text=read(words(7)))
    row = screened(seller, by, words(7)[:1200])

    assert row.state == "held"
    assert row.findings.get(likeness="work").work == work


def test_the_text_of_a_document_taken_down_for_good_waits_unless_policy_refuses() -> (
    None
):
    taken_down(words(8))
    seller, by = make_seller()
    held = screened(seller, by, words(8))
    assert held.state == "held"
    assert held.findings.filter(likeness="removed_copy", outcome="held").exists()

    refuse_exact_copies()
    refused = screened(seller, by, words(8) + "\n", "另存.txt")
    assert (refused.state, refused.ground) == ("refused", "removed")
    assert refused.acts.last().step == "refuse_by_policy"
    letter = SubmissionNotice.objects.get(submission=refused)
    assert letter.facts["act"] == "refuse_by_policy"
    # What was judged under the older rule stays.
    assert Submission.objects.get(pk=held.pk).state == "held"


def test_nothing_but_the_whole_text_is_refused_by_policy() -> None:
    refuse_exact_copies()
    taken_down(words(9))
    seller, by = make_seller()
    assert screened(seller, by, words(9)[:1400]).state == "held"
    assert screened(seller, by, words(9) + words(10, 300)).state == "held"


def test_while_the_case_is_open_the_copy_is_a_lead_and_no_refusal() -> None:
    refuse_exact_copies()
    taken_down(words(11), state="measured")
    seller, by = make_seller()
    row = screened(seller, by, words(11))
    assert row.state == "held"
    assert row.findings.filter(likeness="removed").exists()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(words(12, 150), id="less than 200 characters"),
        pytest.param(
            "".join(f"{number * 7919:08d}甲" for number in range(300)), id="digits"
        ),
    ],
)
def test_below_the_floors_nothing_is_refused_without_a_person(content: str) -> None:
    refuse_exact_copies()
    taken_down(content)
    seller, by = make_seller()
    row = screened(seller, by, content)
    assert row.state == "held"
    assert {each.likeness for each in row.findings.all()} <= {"slight"}


def test_the_holder_of_the_work_publishes_what_was_taken_down_for_it() -> None:
    refuse_exact_copies()
    _document, case = taken_down(words(13))
    seller, by = make_seller()
    seller.party = case.claimant
    seller.save()
    by = Actor(user_id=by.user_id, parties=frozenset({case.claimant_id or 0}))
    row = screened(seller, by, words(13))
    assert row.state == "cleared"
    assert {each.likeness for each in row.findings.all()} == {"own"}


def test_a_licensee_may_publish_the_work() -> None:
    work = make_work(party=make_party(name="林岚"), text=read(words(30)))
    seller, by = make_seller()
    assert screened(seller, by, words(30)[:1200]).state == "held"
    Licence.objects.create(work=work, seller=seller, granted_at=AT)
    row = screened(seller, by, words(30)[:1201])
    assert row.state == "cleared"
    assert {each.likeness for each in row.findings.all()} == {"own"}


def test_who_hands_in_again_what_was_taken_from_them_waits_for_a_person() -> None:
    """The floors know them as the ones who offered it: no machine refuses them."""
    refuse_exact_copies()
    document, _case = taken_down(words(31))
    seller, by = make_seller()
    type(document).objects.filter(pk=document.pk).update(seller=seller)
    row = screened(seller, by, words(31))
    assert row.state == "held"
    assert row.findings.get(document=document).likeness == "removed_copy"


def test_ones_own_listing_is_nobody_elses() -> None:
    seller, by = make_seller()
    on_sale(words(14), seller=seller)
    row = screened(seller, by, words(14)[:1200])
    assert row.state == "cleared"
    assert row.findings.get().likeness == "own"


def test_what_two_sellers_hand_in_at_once_waits_for_a_person() -> None:
    one, by_one = make_seller()
    other, by_other = make_seller("钱进")
    first = screened(one, by_one, words(15))
    second = screened(other, by_other, words(15))
    assert first.state == "cleared"
    assert second.state == "held"
    assert second.findings.get().other == first


def test_a_file_without_text_waits_and_an_unreadable_one_is_told_why() -> None:
    seller, by = make_seller()
    assert screened(seller, by, "…… —— 。。。", "空白.txt").state == "held"
    row = screened(seller, by, b"MZ\x90\x00" * 40, "程序.docx")
    assert row.state == "unreadable"
    assert row.text.state == Text.State.REFUSED
    assert row.text.refusal


def test_a_person_releases_and_the_seller_publishes() -> None:
    on_sale(words(16))
    seller, by = make_seller()
    row = screened(seller, by, words(16)[:1200])
    moderator = make_moderator()
    advance(row, "release", by=moderator, at=AT, reasoning=REASONING)
    version = publish(row, by=by, at=AT)

    row = Submission.objects.get(pk=row.pk)
    assert version is not None
    assert (row.state, row.published) == ("published", version)
    assert version.document.seller == seller
    assert version.document.number == row.reference
    assert (version.title, version.price_cents) == ("新稿", None)
    entry = LedgerEntry.objects.get(kind="submission.release")
    assert REASONING not in str(entry.payload)
    assert SubmissionNotice.objects.get().facts["act"] == "release"
    assert ledger.verify().breaks == ()


def test_a_listing_gets_a_new_version_from_its_own_seller_alone() -> None:
    seller, by = make_seller()
    document = on_sale(words(17), seller=seller)
    upload = Upload(words(18).encode(), "新版.txt")
    row, _new = hand_in(
        seller, Offer(upload, "第二版", 800, document.number), by=by, at=AT
    )
    screen(row.pk, at=AT)
    version = publish(row, by=by, at=AT)
    assert version is not None
    assert (version.document, version.ordinal) == (document, 2)
    assert (version.title, version.price_cents) == ("第二版", 800)

    other, by_other = make_seller("钱进")
    with pytest.raises(ForeignListing):
        hand_in(other, Offer(upload, "夺取", None, document.number), by=by_other, at=AT)
    with pytest.raises(NotPermitted):
        hand_in(seller, Offer(upload, "冒名"), by=by_other, at=AT)


def test_a_work_that_is_registered_before_publication_is_seen_by_a_person() -> None:
    seller, by = make_seller()
    row = screened(seller, by, words(32))
    assert row.state == "cleared"
    work = make_work(party=make_party(name="林岚"), text=read(words(32)[:1200]))
    other, by_other = make_seller("钱进")
    screened(other, by_other, words(32)[:900])

    assert publish(row, by=by, at=AT) is None
    row = Submission.objects.get(pk=row.pk)
    assert row.state == "held"
    assert row.findings.get().work == work
    advance(row, "release", by=make_moderator(), at=AT, reasoning=REASONING)
    # A person has looked: the same likeness holds nothing up again.
    assert publish(row, by=by, at=AT) is not None


def test_a_refusal_is_contested_once_and_another_person_decides() -> None:
    on_sale(words(19))
    seller, by = make_seller()
    row = screened(seller, by, words(19)[:1200])
    first, second = make_moderator(), make_moderator()
    reasons = {"ground": "copied", "reasoning": "与在售文档逐段相同，未见授权。"}
    advance(row, "refuse", by=first, at=AT, **reasons)
    advance(row, "contest", by=by, at=AT, reasoning="该文由我公司撰写。")
    with pytest.raises(NotPermitted):
        advance(row, "release", by=first, at=AT, reasoning=REASONING)
    advance(row, "refuse", by=second, at=AT, **reasons)
    with pytest.raises(CaseMovedOn):
        advance(row, "contest", by=by, at=AT, reasoning="再次申请。")


def test_who_has_a_part_in_it_does_not_decide() -> None:
    user = make_user(duty=Role.MODERATOR)
    seller, by = make_seller(user=user)
    on_sale(words(20))
    row = screened(seller, by, words(20)[:1200])
    with pytest.raises(NotPermitted):
        advance(row, "release", by=by, at=AT, reasoning=REASONING)


def test_policy_is_set_by_compliance_within_the_table_and_ledgered() -> None:
    with pytest.raises(NotPermitted):
        set_rule("slight", "cleared", reason="", by=make_moderator(), at=AT)
    for likeness, outcome in (("work", "cleared"), ("document", "refused"), ("x", "")):
        with pytest.raises(NoSuchRule):
            set_rule(likeness, outcome, reason="", by=COMPLIANCE, at=AT)
    set_rule("document", "cleared", reason="试行", by=COMPLIANCE, at=AT)
    assert in_force()["document"] == Outcome.CLEARED
    entry = LedgerEntry.objects.get(kind="gate.rule_set")
    assert entry.payload["from"] == "held"
    on_sale(words(21))
    seller, by = make_seller()
    row = screened(seller, by, words(21)[:1200])
    assert (row.state, row.findings.get().outcome) == ("cleared", "cleared")


def test_only_one_likeness_may_ever_be_refused_without_a_person() -> None:
    refusing = [
        each.code for each in LIKENESSES.values() if Outcome.REFUSED in each.choices
    ]
    assert refusing == ["removed_copy"]
    # And not even a row past the table lets the machine do it.
    GateRule.objects.create(
        likeness="document", outcome="refused", reason="", set_by="x", set_at=AT
    )
    assert in_force()["document"] == Outcome.HELD
    on_sale(words(22))
    seller, by = make_seller()
    row = screened(seller, by, words(22)[:1200])
    with pytest.raises((CaseMovedOn, NotPermitted)), transaction.atomic():
        advance(row, "refuse_by_policy", by=SYSTEM, at=AT, rule="document")


def test_the_same_request_twice_is_one_submission() -> None:
    seller, by = make_seller()
    offer = Offer(Upload(words(23).encode(), "稿.txt"), "新稿", 500, key="k-1")
    row, is_new = hand_in(seller, offer, by=by, at=AT)
    again, is_new_again = hand_in(seller, offer, by=by, at=AT)
    assert (is_new, is_new_again, again) == (True, False, row)
    other = Offer(Upload(words(24).encode(), "稿.txt"), "新稿", 500, key="k-1")
    with pytest.raises(KeyReused):
        hand_in(seller, other, by=by, at=AT)
    assert Submission.objects.count() == 1


def test_a_worker_killed_in_mid_file_leaves_a_row_that_is_picked_up_again() -> None:
    seller, by = make_seller()
    row = handed_in(seller, by, words(25))
    DBTaskResult.objects.all().delete()
    assert progress.claim(Submission, row.pk, at=AT) is not None
    assert progress.claim(Text, row.text_id, at=AT) is not None

    screen(row.pk, at=AT)
    assert Submission.objects.get(pk=row.pk).state == "received"
    later = AT + LEASE + timedelta(seconds=1)
    call_command("tick", at=later, verbosity=0)
    assert DBTaskResult.objects.count() == 2
    screen(row.pk, at=later)
    assert Submission.objects.get(pk=row.pk).state == "cleared"


def test_a_worker_killed_between_screening_and_result_is_gone_on_with() -> None:
    seller, by = make_seller()
    row = handed_in(seller, by, words(26))
    pipeline.process(row.text_id, at=AT)
    advance(row, "screen", by=SYSTEM, at=AT, findings=0, parameters="0" * 16)
    screen(row.pk, at=AT)
    assert Submission.objects.get(pk=row.pk).state == "cleared"


def test_a_file_whose_text_another_worker_reads_waits_its_turn() -> None:
    seller, by = make_seller()
    row = handed_in(seller, by, words(27))
    assert progress.claim(Text, row.text_id, at=AT) is not None
    screen(row.pk, at=AT)
    waiting = Submission.objects.get(pk=row.pk)
    assert (waiting.stage, waiting.attempts) == (Stage.QUEUED, 0)


def test_what_failed_is_tried_again_by_its_seller() -> None:
    seller, by = make_seller()
    row = handed_in(seller, by, words(28))
    Text.objects.filter(pk=row.text_id).update(attempts=MAX_ATTEMPTS)
    screen(row.pk, at=AT)
    failed = Submission.objects.get(pk=row.pk)
    assert (failed.stage, failed.error) == (Stage.FAILED, "worker_died")

    _other, stranger = make_seller("钱进")
    with pytest.raises(NotPermitted):
        try_again(failed, by=stranger)
    assert try_again(failed, by=by)
    screen(row.pk, at=AT)
    assert Submission.objects.get(pk=row.pk).state == "cleared"
