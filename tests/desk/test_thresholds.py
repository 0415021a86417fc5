"""A threshold is changed at the desk: tried on the past first, then saved."""

import pytest
from django.test import Client

from cases.models import Case
from evidence import ledger, pipeline, replaying
from evidence.actors import Role
from evidence.ledger import LedgerEntry
from evidence.models import Match, Text, Threshold, ThresholdReplay
from evidence.progress import Stage
from evidence.thresholds import in_force
from tests.desk.matters import make_examiner
from tests.factories import AT, make_case, make_document, make_party, make_work
from tests.factories import make_text as make_stored
from tests.matching.memory import edited, make_text

pytestmark = pytest.mark.django_db
WORDS = make_text(900, 1)


@pytest.fixture
def compliance() -> Client:
    return make_examiner(Role.COMPLIANCE)[1]


def compared(content: str) -> Text:
    text = make_stored(content)
    Text.objects.filter(pk=text.pk).update(stage=Stage.QUEUED)
    pipeline.process(text.pk, at=AT)
    return text


def decided_case() -> Case:
    """A case decided on a document that is an edited copy of the work."""
    party, sample = make_party(), compared(WORDS)
    work = make_work(party=party, text=sample)
    copy = compared(make_text(900, 2) + edited(WORDS, 0.08, 3))
    document = make_document(text=copy, title="改写的文档")
    case = make_case(state="measured", claimant=party, documents=[document], work=work)
    item = case.items.get()
    item.match = Match.objects.get(query=sample, found=copy)
    item.save(update_fields=["match"])
    return case


def replayed(client: Client, value: str) -> ThresholdReplay:
    client.post("/desk/thresholds/replays/new/", {"name": "similarity", "value": value})
    row = ThresholdReplay.objects.latest("pk")
    replaying.run(row.pk, now=lambda: AT)
    return ThresholdReplay.objects.get(pk=row.pk)


def test_a_change_is_shown_before_it_is_saved_and_the_saving_is_ledgered(
    compliance: Client,
) -> None:
    case = decided_case()
    matches = Match.objects.count()

    row = replayed(compliance, "0.99")

    page = compliance.get(f"/desk/thresholds/replays/{row.pk}/").content.decode()
    for words in ("改写的文档", str(case.reference), "不再是线索", "保存并生效"):
        assert words in page
    assert in_force().similarity == 0.62
    assert Match.objects.count() == matches
    compliance.post(f"/desk/thresholds/replays/{row.pk}/save/")
    compliance.post(f"/desk/thresholds/replays/{row.pk}/save/")
    assert in_force().similarity == 0.99
    entry = LedgerEntry.objects.get(kind="threshold.set")
    assert entry.role == "compliance"
    assert entry.payload["replay"] == row.pk
    assert entry.payload["digest_after"] == in_force().digest()
    assert ledger.verify().breaks == ()


def test_matches_made_from_then_on_carry_the_saved_parameters(
    compliance: Client,
) -> None:
    compared(WORDS)
    compliance.post(f"/desk/thresholds/replays/{replayed(compliance, '0.8').pk}/save/")

    late = compared(WORDS[:500])

    match = Match.objects.filter(query=late).get()
    assert match.parameters["similarity"] == 0.8
    assert match.parameters_digest == in_force().digest()


def test_what_would_be_a_lead_is_compared_again_once_it_is_saved(
    compliance: Client,
) -> None:
    Threshold.objects.create(name="similarity", value=0.99, set_at=AT)
    compared(WORDS)
    copy = compared(make_text(900, 2) + edited(WORDS, 0.08, 3))
    assert not Match.objects.exists()

    row = replayed(compliance, "0.62")
    compliance.post(f"/desk/thresholds/replays/{row.pk}/save/")
    pipeline.process(copy.pk, at=AT)

    assert len(row.gained) == 1
    assert Match.objects.filter(query=copy).exists()


def test_a_replay_that_another_change_has_overtaken_cannot_be_saved(
    compliance: Client,
) -> None:
    compared(WORDS)
    early, late = replayed(compliance, "0.8"), replayed(compliance, "0.7")
    compliance.post(f"/desk/thresholds/replays/{late.pk}/save/")

    page = compliance.post(f"/desk/thresholds/replays/{early.pk}/save/", follow=True)

    assert "请重新重演" in page.content.decode()
    assert in_force().similarity == 0.7


@pytest.mark.parametrize("value", ["0.62", "1.5", "-1", "much", ""])
def test_a_value_that_changes_nothing_or_cannot_be_is_told(
    compliance: Client, value: str
) -> None:
    page = compliance.post(
        "/desk/thresholds/replays/new/", {"name": "similarity", "value": value}
    )

    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert not ThresholdReplay.objects.exists()


def test_a_replay_is_watched_and_stopped(
    compliance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidence.replay._STEP", 1)
    for n in range(3):
        compared(make_text(300, n))
    compliance.post(
        "/desk/thresholds/replays/new/", {"name": "similarity", "value": "0.8"}
    )
    row = ThresholdReplay.objects.get()
    address = f"/desk/thresholds/replays/{row.pk}/"
    part = compliance.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "0 / 3" in part
    moments = iter(range(10))

    def now() -> object:
        if next(moments) == 2:
            compliance.post(f"{address}stop/")
        return AT

    replaying.run(row.pk, now=now)  # type: ignore[arg-type]

    row = ThresholdReplay.objects.get()
    assert (row.stage, row.lost) == (Stage.CANCELLED, [])
    assert row.done < 3
    ended = compliance.get(address, headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
