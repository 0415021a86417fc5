"""The page of a case: what it tells, who may act, and what is put on record."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from cases.models import Case, CaseItem
from cases.services import open_steps
from evidence import ledger
from evidence.actors import Role
from evidence.intake import receive
from evidence.models import Exhibit
from moderation.desk.forms import ITEM_FORMS
from moderation.desk.step_forms import CASE_FORMS, STEP_FORMS
from reports.models import CaseFile
from tests.cases import table
from tests.desk.matters import copied_case, make_examiner, signed_in
from tests.factories import make_case, make_party, make_user

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(1)</script>"
PHONE, ADDRESS = "13800001111", "成都市锦江区一号"


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/desk/cases/{case.reference}/").content.decode()


def test_the_page_tells_the_whole_case() -> None:
    _actor, client = make_examiner()
    case = copied_case(state="measured")
    page = page_of(client, case)
    for words in (
        "柳岸行船记",
        "L****7",
        "62%",
        "占文档 31%",
        "桥边的春天",
        "底稿或原始文件",
        "临时下架",
        "上传人答复期",
        "自行设定",
        "转送通知书",
        "采取措施并转送",
        "是所列作品的著作权人",
    ):
        assert words in page
    entry = ledger.entries_of([case.stream]).last()
    assert entry is not None
    assert entry.hash[:16] in page


def test_every_entry_of_the_ledger_stands_in_the_timeline() -> None:
    actor, client = make_examiner()
    case = make_case(state="claimed", by=actor)
    page = page_of(client, case)
    assert "领取案件" in page
    for entry in ledger.entries_of([case.stream]):
        assert entry.hash[:16] in page


@pytest.mark.parametrize("state", ["submitted", "claimed", "accepted", "measured"])
@pytest.mark.parametrize("duty", [Role.MODERATOR, Role.LEGAL, Role.COMPLIANCE])
def test_the_actions_shown_are_the_machine_s(state: str, duty: Role) -> None:
    holder, _client = make_examiner()
    reader, client = make_examiner(duty)
    case = make_case(state=state, by=holder, at=timezone.now())
    shown = client.get(f"/desk/cases/{case.reference}/").context["dossier"]
    assert {name for name, _rule in shown.steps} == steps_of(case, reader)
    # A hold is placed without a claim, by those who answer for records.
    assert {name for name, _rule in shown.steps} <= {"hold"}
    own = make_case(state=state, by=reader if duty != Role.COMPLIANCE else holder)
    dossier = client.get(f"/desk/cases/{own.reference}/").context["dossier"]
    fresh = Case.objects.select_related("assignment").get(pk=own.pk)
    assert {name for name, _rule in dossier.steps} == steps_of(fresh, reader)
    for row in dossier.items:
        item = CaseItem.objects.select_related("document__seller").get(pk=row.item.pk)
        item.case = fresh
        # What else is open to people has a form of its own beside the case's.
        decisions = steps_of(item, reader) - set(STEP_FORMS["item"])
        assert {name for name, _rule in row.steps} == decisions


def steps_of(subject: Case | CaseItem, actor: object) -> set[str]:
    return {name for name, _rule in open_steps(subject, actor)}  # type: ignore[arg-type]


def test_every_step_of_a_person_at_the_desk_has_a_form() -> None:
    """Whatever a machine opens to staff has a button, and no button leads nowhere."""
    desk = {Role.MODERATOR, Role.SENIOR, Role.LEGAL, Role.COMPLIANCE}
    for machine, cells in table.under("civil").items():
        taken = {
            step
            for step, states in cells.items()
            if any(desk & set(people) for people in states.values())
        }
        forms = set(STEP_FORMS[machine])
        if machine == "copyright":
            # What is neither held nor merged is not let go either.
            forms = set(CASE_FORMS) - {"end_hold", "unmerge", "unmerge_accepted"}
        if machine == "counter_notice":
            forms -= {"reverse"}  # under the DSA alone, and the table's case is not
        if machine == "item":
            forms |= set(ITEM_FORMS)
            forms -= {"refuse_extension"}  # nothing is asked for in the table
        assert forms == taken, machine


def test_claiming_shows_the_lease_and_releasing_gives_the_case_back() -> None:
    _actor, client = make_examiner()
    case = make_case()
    url = f"/desk/cases/{case.reference}/"
    client.post(f"{url}claim/")
    assert "由您处理，保留至" in page_of(client, case)
    client.post(f"{url}release/")
    assert "无人领取" in page_of(client, case)


def test_the_slower_of_two_claimants_is_told_and_led_back() -> None:
    first, _client = make_examiner()
    _second, client = make_examiner()
    case = make_case(state="claimed", by=first, at=timezone.now())
    answer = client.post(f"/desk/cases/{case.reference}/claim/")
    assert answer.status_code == 409
    assert f'href="/desk/cases/{case.reference}/"' in answer.content.decode()


def test_a_closed_case_is_not_claimed() -> None:
    _actor, client = make_examiner()
    case = make_case(state="no_measure")
    assert client.post(f"/desk/cases/{case.reference}/claim/").status_code == 409


def test_accepting_freezes_the_profile_that_was_chosen() -> None:
    actor, client = make_examiner()
    case = make_case(state="claimed", by=actor)
    url = f"/desk/cases/{case.reference}/accept/"
    refused = client.post(url, {"version": case.version}).content.decode()
    assert 'class="errorlist"' in refused
    answer = client.post(url, {"version": case.version, "profile": "civil"})
    case = Case.objects.get(pk=case.pk)
    assert (answer.status_code, case.state) == (302, "accepted")
    assert case.clock_profile == "civil"
    again = client.post(url, {"version": case.version - 1, "profile": "civil"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("zh-hans", "该法第二条第三款可能排除文库服务的适用"),
        ("en", "art. 2 para. 3 of that Law may exclude document libraries"),
    ],
)
def test_who_accepts_is_told_that_the_e_commerce_law_may_not_apply(
    language: str, note: str, settings: Settings
) -> None:
    """Beside that law and no other, whatever else counsel chose in it."""
    settings.CLOCK_PROFILES = ["civil", "ecommerce:weekends=work", "regulation"]
    actor, client = make_examiner()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = page_of(client, make_case(state="claimed", by=actor))
    _before, *options = page.split('name="profile"')
    told = {
        option.partition('value="')[2].partition('"')[0]: note in option
        for option in options
    }
    assert told == {
        "civil": False,
        "ecommerce:weekends=work": True,
        "regulation": False,
    }


def test_without_a_released_profile_nobody_is_offered_to_accept(
    settings: Settings,
) -> None:
    settings.CLOCK_PROFILES = []
    actor, client = make_examiner()
    case = make_case(state="claimed", by=actor)
    page = page_of(client, case)
    assert "CLOCK_PROFILES" in page
    assert "/accept/" not in page


def test_personal_details_are_masked_until_they_are_asked_for() -> None:
    _actor, client = make_examiner()
    case = make_case()
    page = page_of(client, case)
    assert "138****1111" in page
    assert PHONE not in page
    assert ADDRESS not in page
    assert "林*</dd>" in page


def test_revealing_details_is_on_record_and_lasts_one_answer() -> None:
    actor, client = make_examiner()
    case = make_case()
    assert case.claimant is not None
    url = f"/desk/cases/{case.reference}/parties/{case.claimant.public_id}/reveal/"
    assert client.get(url).status_code == 405
    page = client.post(url).content.decode()
    assert PHONE in page
    assert ADDRESS in page
    entry = ledger.entries_of([case.stream]).last()
    assert entry is not None
    assert (entry.kind, entry.actor) == ("case.reveal", actor.label)
    assert entry.payload == {"case": case.pk, "party": case.claimant_id}
    assert PHONE not in page_of(client, case)
    assert "查看当事人完整信息" in page_of(client, case)


def test_only_parties_of_the_case_are_revealed() -> None:
    _actor, client = make_examiner()
    case, stranger = make_case(), make_party(name="外人")
    url = f"/desk/cases/{case.reference}/parties/{stranger.public_id}/reveal/"
    assert client.post(url).status_code == 404


def test_a_proof_comes_as_a_download_and_on_record() -> None:
    _actor, client = make_examiner()
    case = make_case()
    exhibit = Exhibit.objects.get()
    exhibit.blob = receive(SCRIPT, name="a.txt", at=case.opened_at)
    exhibit.original_name = "证书.html"
    exhibit.save()
    url = f"/desk/cases/{case.reference}/exhibits/{exhibit.public_id}/"
    assert client.get(url).status_code == 405
    answer = client.post(url)
    assert b"".join(answer) == SCRIPT  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    entry = ledger.entries_of([case.stream]).last()
    assert entry is not None
    assert entry.kind == "case.exhibit"
    other = make_case()
    foreign = f"/desk/cases/{other.reference}/exhibits/{exhibit.public_id}/"
    assert client.post(foreign).status_code == 404


def test_compliance_reads_everything_and_acts_on_nothing() -> None:
    _actor, client = make_examiner(Role.COMPLIANCE)
    case = copied_case(state="accepted")
    url = f"/desk/cases/{case.reference}/"
    assert case.claimant is not None
    assert client.get(f"{url}items/1/").status_code == 200
    page = page_of(client, case)
    for act in ("claim/", "release/", "accept/", "decide/", "reveal/"):
        assert f'{act}"' not in page
    reveal = f"parties/{case.claimant.public_id}/reveal/"
    acts = ("claim/", "release/", "accept/", "decide/", "items/1/decide/", reveal)
    for act in acts:
        assert client.post(url + act).status_code == 403
    assert client.post("/desk/next/").status_code == 403
    assert client.get(f"{url}decide/").status_code == 403


def test_to_everybody_else_there_is_no_such_page() -> None:
    owner = make_user()
    case = make_case(claimant=make_party(user=owner))
    url = f"/desk/cases/{case.reference}/"
    for address in (url, f"{url}items/1/", f"{url}preview/"):
        assert Client().get(address).status_code == 302
        assert signed_in(owner).get(address).status_code == 404
    for act in (f"{url}claim/", f"{url}items/1/decide/", f"{url}decide/"):
        assert Client().post(act).status_code == 302
        assert signed_in(owner).post(act).status_code == 404


def test_case_files_are_listed_and_asked_for() -> None:
    actor, client = make_examiner()
    case = make_case()
    row = CaseFile.objects.create(
        case=case, asked_by=actor.label, asked_at=case.opened_at
    )
    page = page_of(client, case)
    assert f"/case-files/{row.public_id}/" in page
    assert f'action="/desk/cases/{case.reference}/files/"' in page


def test_a_document_costs_no_query_of_its_own() -> None:
    actor, client = make_examiner()
    small = copied_case(state="accepted", by=actor)
    large = copied_case(state="accepted", by=actor, copies=30)
    with CaptureQueriesContext(connection) as one:
        page_of(client, small)
    with CaptureQueriesContext(connection) as many:
        page_of(client, large)
    assert len(many) == len(one)
