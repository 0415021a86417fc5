"""The queue: what it lists, in which order, and how a case is taken from it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.errors import CaseMovedOn
from cases.models import Assignment, Case, Deadline
from cases.services import claim
from evidence.actors import Actor, Role
from evidence.models import EvidenceFault
from moderation.desk import queue
from moderation.desk.figures import last_days, median_wait
from moderation.desk.filters import CaseFilter
from tests.desk.matters import copied_case, make_examiner, signed_in
from tests.factories import AT, make_case, make_document, make_party, make_user

pytestmark = pytest.mark.django_db
QUEUE = "/desk/"


def shown(actor: Actor, **asked: str) -> list[str | None]:
    rows = queue.with_columns(Case.objects.visible_to(actor).filed())
    found = CaseFilter(asked, queryset=rows, actor=actor, at=timezone.now())
    return [case.reference for case in found.qs]


def test_only_a_duty_that_reads_opens_the_desk() -> None:
    assert Client().get(QUEUE).status_code == 302
    assert signed_in(make_user()).get(QUEUE).status_code == 404
    for duty in (Role.MODERATOR, Role.SENIOR, Role.LEGAL, Role.COMPLIANCE):
        assert make_examiner(duty)[1].get(QUEUE).status_code == 200


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["new", "old", "mine"]),
        ({"state": "all"}, ["new", "old", "mine", "closed"]),
        ({"state": "submitted"}, ["new", "old"]),
        ({"state": "closed"}, ["closed"]),
        ({"kind": "copyright"}, ["new", "old", "mine"]),
        ({"age": "1"}, ["new", "mine"]),
        ({"age": "-3"}, ["old"]),
        ({"assignee": "me"}, ["mine"]),
        ({"assignee": "nobody"}, ["new", "old"]),
        ({"text": "黄河"}, ["old"]),
        ({"text": "700123456"}, ["old"]),
        ({"text": "没有这样的标题"}, []),
        ({"state": "no-such-state"}, ["new", "old", "mine"]),
    ],
)
def test_filters_narrow_the_queue(asked: dict[str, str], expected: list[str]) -> None:
    now = timezone.now()
    actor, _client = make_examiner()
    old = make_document(number="700123456", title="黄河水文手册")
    cases = {
        "new": make_case(at=now),
        "old": make_case(at=now - timedelta(days=5), documents=[old]),
        "mine": make_case(state="accepted", by=actor, at=now),
        "closed": make_case(state="no_measure", at=now - timedelta(days=5)),
    }
    names = {case.reference: name for name, case in cases.items()}
    assert {names[reference] for reference in shown(actor, **asked)} == set(expected)


def test_text_finds_a_case_by_its_number_and_by_its_work() -> None:
    actor, _client = make_examiner()
    case, _other = make_case(), make_case(items=2)
    assert shown(actor, text=str(case.reference)) == [case.reference]
    assert len(shown(actor, text="桥边的春天")) == 2


def test_a_person_finds_what_another_examiner_holds() -> None:
    actor, _client = make_examiner()
    other, _client = make_examiner()
    case = make_case(state="claimed", by=other, at=timezone.now())
    assert shown(actor, assignee=str(other.user_id)) == [case.reference]
    assert shown(actor, assignee="me") == []


def test_the_queue_can_be_ordered_by_due_age_and_similarity() -> None:
    now = timezone.now()
    actor, _client = make_examiner()
    near = copied_case(state="submitted", at=now - timedelta(hours=20), share=0.4)
    far = copied_case(state="accepted", at=now - timedelta(hours=1), share=0.9)
    none = make_case(at=now - timedelta(hours=5))
    near_, far_, none_ = near.reference, far.reference, none.reference
    assert shown(actor) == [near_, none_, far_]
    assert shown(actor, sort="newest") == [far_, none_, near_]
    assert shown(actor, sort="oldest") == [near_, none_, far_]
    assert shown(actor, sort="similarity") == [far_, near_, none_]


def test_drafts_never_reach_the_desk() -> None:
    actor, client = make_examiner()
    draft = make_case(state="draft")
    assert shown(actor, state="all") == []
    assert client.get("/desk/cases/None/").status_code == 404
    assert draft.reference is None


def test_a_row_costs_no_query_of_its_own() -> None:
    _actor, client = make_examiner()
    copied_case(state="submitted")
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    for _ in range(19):
        copied_case(state="claimed", copies=2)
    with CaptureQueriesContext(connection) as many:
        client.get(QUEUE)
    assert len(many) == len(one)


def test_a_row_says_what_it_is_about_and_when_it_is_due() -> None:
    _actor, client = make_examiner()
    late = copied_case(state="submitted", at=timezone.now() - timedelta(hours=30))
    page = client.get(QUEUE).content.decode()
    assert str(late.reference) in page
    assert "柳岸行船记" in page
    assert "62%" in page
    assert "已超时 6 小时" in page
    assert "林*" in page
    assert "林岚" not in page


def test_empty_queues_say_why() -> None:
    _actor, client = make_examiner()
    assert "还没有投诉" in client.get(QUEUE).content.decode()
    make_case(state="no_measure")
    assert "没有未结案件" in client.get(QUEUE).content.decode()
    assert "没有符合条件的案件" in client.get(QUEUE, {"text": "无"}).content.decode()


def test_the_preview_is_part_of_the_page_and_a_fragment_of_its_own() -> None:
    _actor, client = make_examiner()
    first, second = copied_case(), copied_case(state="submitted")
    page = client.get(QUEUE, {"case": first.reference}).content.decode()
    fragment = client.get(f"/desk/cases/{second.reference}/preview/").content.decode()
    assert f"/desk/cases/{first.reference}/items/1/" in page
    assert "<html" not in fragment
    assert "预览第 2 段" in fragment
    assert "页码不详" in fragment


def test_next_claims_the_most_urgent_case_that_nobody_holds() -> None:
    now = timezone.now()
    actor, client = make_examiner()
    other, _client = make_examiner()
    make_case(state="claimed", by=other, at=now - timedelta(minutes=20))
    urgent = make_case(at=now - timedelta(hours=23))
    make_case(at=now - timedelta(hours=1))
    answer = client.post("/desk/next/")
    assert answer["Location"] == f"/desk/cases/{urgent.reference}/"
    assert Assignment.objects.get(case=urgent).user_id == actor.user_id


def test_next_leaves_what_only_waits_for_an_uploader() -> None:
    _actor, client = make_examiner()
    make_case(state="measured")
    answer = client.post("/desk/next/", follow=True)
    assert "目前没有等待领取的案件" in answer.content.decode()


def test_next_never_hands_people_their_own_complaint() -> None:
    user = make_user(duty=Role.MODERATOR)
    make_case(claimant=make_party(user=user))
    signed_in(user).post("/desk/next/")
    assert not Assignment.objects.exists()


def test_next_goes_on_when_somebody_was_quicker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = timezone.now()
    actor, _client = make_examiner()
    lost = make_case(at=now - timedelta(hours=9))
    left = make_case(at=now)

    def slower(case: Case, **facts: object) -> Assignment:
        if case == lost:
            raise CaseMovedOn
        return claim(case, by=actor, at=now)

    monkeypatch.setattr(queue, "claim", slower)
    assert queue.claim_next(by=actor, at=now) == left


def test_a_lease_that_ran_out_puts_the_case_back() -> None:
    now = timezone.now()
    actor, _client = make_examiner()
    other, _client = make_examiner()
    case = make_case(state="claimed", by=other, at=now - timedelta(hours=1))
    assert shown(actor, assignee="nobody") == [case.reference]
    assert queue.claim_next(by=actor, at=now) == case


def test_figures_are_counted_from_the_rows() -> None:
    now = timezone.now()
    _actor, client = make_examiner()
    make_case(at=now - timedelta(hours=2))
    make_case(at=now - timedelta(hours=30))
    make_case(state="no_measure", at=now)
    figures = {
        figure.label: (figure.value, figure.note)
        for figure in client.get(QUEUE).context["figures"]
    }
    assert figures["待形式审查"][0] == "2"
    assert figures["24 小时内到期"] == ("1", "1 件已超时")
    assert figures["今日办结"] == ("1", "今日处理文档 1 份")
    assert figures["首次响应中位数"][0] == "1 分钟"


def test_the_median_is_the_middle_of_the_waits() -> None:
    now = timezone.now()
    for hours in (1, 3, 8):
        case = make_case(state="accepted", at=now)
        Case.objects.filter(pk=case.pk).update(
            submitted_at=now - timedelta(hours=hours), accepted_at=now
        )
    assert median_wait(since=now - timedelta(days=1)) == timedelta(hours=3)
    assert median_wait(since=now + timedelta(days=1)) is None


def test_the_chart_counts_the_days_of_china() -> None:
    now = timezone.now()
    make_case(state="no_measure", at=now)
    make_case(at=now - timedelta(days=1))
    chart = last_days(at=now)
    assert [(day.opened, day.closed) for day in chart.days[-2:]] == [(1, 0), (1, 1)]
    assert len(chart.days) == 14
    assert chart.peak == 4


def test_reading_the_queue_writes_nothing() -> None:
    _actor, client = make_examiner()
    case = copied_case(state="submitted")
    before = list(Deadline.objects.values()), list(Case.objects.values())
    with CaptureQueriesContext(connection) as queries:
        client.get(QUEUE)
        client.get(f"/desk/cases/{case.reference}/preview/")
    assert (list(Deadline.objects.values()), list(Case.objects.values())) == before
    words = ("INSERT", "UPDATE", "DELETE")
    assert not [query for query in queries if query["sql"].startswith(words)]


def test_the_desk_says_when_stored_evidence_was_changed() -> None:
    _, client = make_examiner()
    assert "sweep_evidence" not in client.get("/desk/").content.decode()
    EvidenceFault.objects.create(name="a" * 64, reason="altered", found_at=AT)
    assert "sweep_evidence" in client.get("/desk/").content.decode()
