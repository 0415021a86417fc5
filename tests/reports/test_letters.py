"""Letters: what each side is told, and what neither side learns of the other."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Notice
from cases.notices import NOTICES
from evidence.actors import Role
from evidence.models import Membership
from moderation.models import User
from reports import pdf as printing
from reports.letters import TEMPLATES, letter_of
from reports.wording import ANSWERED, SCOPES
from tests.factories import make_user
from tests.reports.papers import SECRETS, SELLER_SECRETS, make_told_case

pytestmark = pytest.mark.django_db

STATES = ("submitted", "measured", "no_measure", "final")


def letters_to(case: Case, audience: Role) -> list[str]:
    rows = Notice.objects.filter(case=case, audience=audience).order_by("pk")
    return [str(letter_of(row).body) for row in rows]


def client_of(case: Case, audience: str) -> Client:
    """Sign in as the person who owns the side that these letters go to."""
    notice = Notice.objects.filter(case=case, audience=audience).first()
    assert notice is not None
    party = notice.party or (notice.seller and notice.seller.party)
    assert party is not None
    client = Client()
    client.force_login(User.objects.get(memberships__party=party))
    return client


def test_every_letter_of_the_machine_has_its_paper() -> None:
    sides = {Role.APPELLANT: (Role.REPORTER, Role.UPLOADER)}
    written = {
        (f"{machine}.{step}", side)
        for (machine, step), letters in NOTICES.items()
        # The paper about a submission is laid out where submissions are decided.
        if machine != "submission"
        for letter in letters
        for side in sides.get(letter.audience, (letter.audience,))
    }
    assert written == set(TEMPLATES)


def test_every_measure_and_profile_has_its_words() -> None:
    from cases.models import Restriction
    from cases.profiles import PROFILES

    assert set(SCOPES) == set(Restriction.Level)
    assert set(ANSWERED) == set(PROFILES)


@pytest.mark.parametrize("state", STATES)
def test_the_uploader_learns_nothing_personal_of_the_complainant(state: str) -> None:
    bodies = letters_to(make_told_case(state), Role.UPLOADER)
    assert bool(bodies) == (state != "submitted")
    for body in bodies:
        assert not [value for value in SECRETS.values() if value in body]
        if "投诉人" in body and "收到" in body and "转送给您" in body:
            assert "欧****" in body


@pytest.mark.parametrize("state", STATES)
def test_the_complainant_learns_of_the_seller_only_the_mask(state: str) -> None:
    bodies = letters_to(make_told_case(state), Role.CLAIMANT)
    assert bodies
    for body in bodies:
        secrets = [value for value in SELLER_SECRETS.values() if value]
        assert not [value for value in secrets if value in body]


def test_a_name_quoted_in_the_reasons_does_not_reach_the_uploader() -> None:
    case = make_told_case("measured")
    for item in case.items.all():
        item.decisions.update(reasoning=f"{SECRETS['name']}提交了底稿。")
    for body in letters_to(case, Role.UPLOADER):
        assert "*****提交了底稿。" in body
    assert any(SECRETS["name"] in body for body in letters_to(case, Role.CLAIMANT))


def test_the_forwarding_names_measure_window_answer_and_lead() -> None:
    body = letters_to(make_told_case("measured"), Role.UPLOADER)[0]
    for words in (
        "《民法典》第一千一百九十五条",
        "临时下架",
        "答复期为15日",
        "2026年11月2日）的次日起算，至2026年11月17日24时止",
        "（三）该文档不构成侵权的初步证明材料",
        "比对结果只是线索",
        "位于第 2 页",
        "不代表本站认定您侵权",
        "转为确定",
    ):
        assert words in body


def test_a_lead_in_a_preview_is_never_given_a_page() -> None:
    body = letters_to(make_told_case("measured"), Role.UPLOADER)[1]
    assert "位于预览第 3 段，页码不详" in body


def test_without_a_measure_the_uploader_is_told_that_nothing_changes() -> None:
    body = letters_to(make_told_case("no_measure"), Role.UPLOADER)[0]
    assert "没有对该文档采取任何措施" in body
    assert "答复期" not in body


def test_nothing_is_called_settled_before_it_is_final() -> None:
    measured = letters_to(make_told_case("measured"), Role.UPLOADER)
    assert not [body for body in measured if "起转为确定" in body]
    final = letters_to(make_told_case("final"), Role.UPLOADER)
    assert [body for body in final if "起转为确定" in body]


def test_hostile_text_stands_in_a_letter_as_text() -> None:
    title = "<script>alert(1)</script><img src=x onerror=y>"
    body = letters_to(make_told_case("measured", title=title), Role.UPLOADER)[0]
    assert "<script" not in body
    assert "<img" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


def test_both_sides_open_their_letters_and_no_other() -> None:
    case = make_told_case("measured")
    claimant, uploader = client_of(case, "claimant"), client_of(case, "uploader")
    for audience, own, other in (
        ("claimant", claimant, uploader),
        ("uploader", uploader, claimant),
    ):
        notice = Notice.objects.filter(case=case, audience=audience).first()
        assert notice is not None
        address = reverse("letter", args=[notice.public_id])
        assert notice.number in own.get(address).content.decode()
        assert other.get(address).status_code == 404
        assert (
            other.post(reverse("letter_pdf", args=[notice.public_id])).status_code
            == 404
        )
        assert Client().get(address).status_code == 302
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.get(address).status_code == 404
    assert Membership.objects.count() == 2


def test_a_letter_is_printed_to_be_kept() -> None:
    case = make_told_case("measured")
    notice = Notice.objects.filter(case=case, audience="uploader").first()
    assert notice is not None
    address = reverse("letter_pdf", args=[notice.public_id])
    client = client_of(case, "uploader")
    answer = client.post(address)
    assert answer.content.startswith(b"%PDF-1.7")
    assert (
        answer["Content-Disposition"] == f'attachment; filename="{notice.number}.pdf"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.post(address).content == answer.content
    assert client.get(address).status_code == 405


def test_without_printing_the_page_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_told_case("measured")
    notice = Notice.objects.filter(case=case, audience="uploader").first()
    assert notice is not None
    client = client_of(case, "uploader")
    printing._ensure_printing.cache_clear()
    monkeypatch.setattr(printing, "_can_print", lambda: False)
    page = client.get(reverse("letter", args=[notice.public_id])).content.decode()
    assert "script/bootstrap" in page
    assert reverse("letter_pdf", args=[notice.public_id]) not in page
    answer = client.post(reverse("letter_pdf", args=[notice.public_id]))
    assert "script/bootstrap" in answer.content.decode()
