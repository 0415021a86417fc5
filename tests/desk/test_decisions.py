"""Comparing and deciding, one document or several, on what the page showed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Decision, Notice, Restriction
from cases.services import advance
from tests.desk.matters import copied_case, make_examiner
from tests.factories import decide, make_case, make_document, make_text

pytestmark = pytest.mark.django_db
REASONS = "两份文本有整段相同,作品完成在先,权属证明齐全,初步证据充分。"


def measure(*seen: str, **fields: str) -> dict[str, object]:
    return {
        "step": "measure_and_forward",
        "seen": list(seen),
        "measure": "interim_down",
        "reasoning": REASONS,
        **fields,
    }


def test_the_comparison_shows_passages_places_and_figures() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    page = client.get(f"/desk/cases/{case.reference}/items/1/").content.decode()
    for words in (
        "第 2 页",
        "预览第 2 段",
        "页码不详",
        "62%",
        "31%",
        "21 字",
        "97%",
        "多份文档共有的套话",
        "0123456789abcdef",
        "线索，不是结论",
        "L****7",
        "2026-05-04",
    ):
        assert words in page
    assert '<mark class="differs">三</mark>' in page


def test_a_preview_without_pages_never_gets_one() -> None:
    _actor, client = make_examiner()
    case = copied_case()
    page = client.get(f"/desk/cases/{case.reference}/items/1/").content.decode()
    places = page[page.index("places-title") :]
    assert places.count("第 2 页") == 1
    assert "预览第 2 段" in places


def test_what_cannot_be_compared_is_said_loudly() -> None:
    _actor, client = make_examiner()
    text = make_text()
    text.state = "no_text"
    text.save()
    case = make_case(documents=[make_document(text=text)])
    page = client.get(f"/desk/cases/{case.reference}/items/1/").content.decode()
    assert "无法比对" in page


def test_a_measure_is_taken_with_its_reasons() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor, copies=2)
    url = f"/desk/cases/{case.reference}/items/1/decide/"
    answer = client.post(url, measure("1:0"))
    assert answer["Location"] == f"/desk/cases/{case.reference}/items/2/"
    item = case.items.get(position=1)
    assert (item.state, item.measure) == ("measured", "interim_down")
    assert Decision.objects.get().reasoning == REASONS
    assert Restriction.objects.active().get().item_id == item.pk


def test_no_measure_names_its_finding() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    fields = {"step": "assess_no_measure", "finding": "fair_use", "seen": "1:0"}
    url = f"/desk/cases/{case.reference}/items/1/decide/"
    answer = client.post(url, {**fields, "reasoning": REASONS})
    assert answer["Location"] == f"/desk/cases/{case.reference}/"
    assert case.items.get().finding == "fair_use"


@pytest.mark.parametrize(
    "fields", [{"reasoning": "太短了。"}, {"measure": ""}, {"measure": "burn"}]
)
def test_a_decision_without_its_parts_changes_nothing(fields: dict[str, str]) -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    url = f"/desk/cases/{case.reference}/items/1/decide/"
    answer = client.post(url, measure("1:0", **fields))
    assert 'aria-invalid="true"' in answer.content.decode()
    assert case.items.get().state == "pending"


def test_a_stale_form_is_told_that_the_case_moved_on() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    url = f"/desk/cases/{case.reference}/items/1/decide/"
    stale = client.post(url, measure("1:7"))
    assert stale.status_code == 409
    assert f'href="/desk/cases/{case.reference}/"' in stale.content.decode()
    decide(case, "no_measure", by=actor, at=case.opened_at)
    assert client.post(url, measure("1:0")).status_code == 409
    assert Decision.objects.count() == 1


def test_a_form_without_the_version_it_saw_decides_nothing() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    url = f"/desk/cases/{case.reference}/items/1/decide/"
    for seen in ("", "1", "1:x", "2:0"):
        assert client.post(url, measure(seen)).status_code == 404
    assert client.post(url, {**measure("1:0"), "step": "finalise"}).status_code == 404
    assert not Decision.objects.exists()


def test_who_does_not_hold_the_case_does_not_decide() -> None:
    _actor, client = make_examiner()
    case = copied_case()
    url = f"/desk/cases/{case.reference}/items/1/decide/"
    assert client.post(url, measure("1:0")).status_code == 403
    assert (
        "领取本案后才能处理"
        in client.get(f"/desk/cases/{case.reference}/items/1/").content.decode()
    )


def test_several_documents_are_decided_on_after_a_preview() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor, copies=3)
    url = f"/desk/cases/{case.reference}/decide/"
    asked = client.get(url, {"step": "measure_and_forward", "seen": ["1:0", "3:0"]})
    assert "对 2 份文档" in asked.content.decode()
    preview = client.post(url, measure("1:0", "3:0")).content.decode()
    for words in ("临时下架", "转送通知书", "处理决定书", "上传人答复期", REASONS):
        assert words in preview
    assert not Decision.objects.exists()
    client.post(url, measure("1:0", "3:0", confirmed="yes"))
    states = case.items.order_by("position").values_list("state", flat=True)
    assert list(states) == ["measured", "pending", "measured"]
    assert Notice.objects.filter(kind="forwarding").count() == 2


def test_going_back_from_the_preview_keeps_what_was_written() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    url = f"/desk/cases/{case.reference}/decide/"
    page = client.post(url, measure("1:0", edit="yes")).content.decode()
    assert "<textarea" in page
    assert REASONS in page
    assert not Decision.objects.exists()


def test_several_are_decided_on_together_or_not_at_all() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor, copies=2)
    item = case.items.get(position=2)
    facts = {"finding": "evidence", "reasoning": REASONS}
    advance(item, "assess_no_measure", by=actor, at=case.opened_at, **facts)  # type: ignore[arg-type]
    url = f"/desk/cases/{case.reference}/decide/"
    answer = client.post(url, measure("1:0", "2:0", confirmed="yes"))
    assert answer.status_code == 409
    assert case.items.get(position=1).state == "pending"


def test_ticking_nothing_leads_back_with_a_word() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    url = f"/desk/cases/{case.reference}/decide/"
    answer = client.get(url, {"step": "assess_no_measure"}, follow=True)
    assert "请先勾选" in answer.content.decode()


def test_asking_about_several_writes_nothing() -> None:
    actor, client = make_examiner()
    case = copied_case(by=actor)
    url = f"/desk/cases/{case.reference}/decide/"
    with CaptureQueriesContext(connection) as queries:
        client.get(url, {"step": "measure_and_forward", "seen": "1:0"})
        client.get(f"/desk/cases/{case.reference}/items/1/")
    words = ("INSERT", "UPDATE", "DELETE")
    assert not [query for query in queries if query["sql"].startswith(words)]
    assert Case.objects.get(pk=case.pk).version == case.version
