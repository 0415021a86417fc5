"""Shelves, clusters, thresholds and the renewal of the index, in the database."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from evidence import clusters, ledger, pipeline, proposing, store
from evidence.actors import Actor, Role
from evidence.index import FingerprintIndex
from evidence.matching.fingerprints import fingerprints
from evidence.matching.normalize import normalize
from evidence.matching.params import Params
from evidence.matching.screen import screen
from evidence.models import (
    LedgerEntry,
    Match,
    Reindexing,
    SellerAccount,
    ShelfProposal,
    ShelfText,
    Text,
)
from evidence.progress import Stage
from evidence.reindexing import reindex
from evidence.screening import screen_text
from evidence.shelving import Shelver, put_on_shelf, shelf_named, take_off_shelf
from evidence.thresholds import NoSuchThreshold, in_force, set_threshold
from tests.evidence.clustered import clusters_indexed
from tests.factories import AT, make_document
from tests.factories import make_text as make_stored_text
from tests.matching.memory import edited, make_text

pytestmark = pytest.mark.django_db
PARAMS = Params()
COMPLIANCE = Shelver(Actor(user_id=1, duty=Role.COMPLIANCE), Role.COMPLIANCE, AT)


def processed(content: str) -> Text:
    text = make_stored_text(content)
    Text.objects.filter(pk=text.pk).update(stage=Stage.QUEUED)
    pipeline.process(text.pk, at=AT)
    return Text.objects.get(pk=text.pk)


def index_rows() -> set[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash, text, position FROM evidence_fingerprint")
        return set(cursor.fetchall())


def kinds() -> list[str]:
    entries = LedgerEntry.objects.filter(stream=ledger.SITE).order_by("seq")
    return list(entries.values_list("kind", flat=True))


def test_a_shelved_file_is_quoted_and_never_found(tmp_path: Path) -> None:
    statute = make_text(600, 1)
    (tmp_path / "statute.txt").write_text(statute)
    copied = processed(make_text(300, 2) + statute[:400])
    out, quiet = StringIO(), StringIO()

    call_command("shelve", str(tmp_path), shelf="statutes", stdout=out, stderr=quiet)
    again = StringIO()
    call_command("shelve", str(tmp_path), shelf="statutes", stdout=again, stderr=quiet)
    screening = screen_text(make_text(300, 3) + statute[100:500])

    assert out.getvalue().strip() == "shelved=1 unchanged=0 failed=0"
    assert again.getvalue().strip() == "shelved=0 unchanged=1 failed=0"
    assert screening.resemblances == []
    assert [(each.why, each.source) for each in screening.ignored] == [
        ("shelf", "statutes")
    ]
    assert clusters_indexed() == 1
    assert copied.indexed_at is not None
    assert kinds() == ["shelf.added"]


def test_a_text_taken_off_its_shelf_counts_again() -> None:
    statute = processed(make_text(600, 1))
    row = put_on_shelf(statute, shelf_named("statutes", at=AT), PARAMS, at=AT)
    assert row is not None
    assert screen_text(statute.content).resemblances == []

    take_off_shelf(row, PARAMS, shelver=COMPLIANCE)

    assert [each.text for each in screen_text(statute.content).resemblances] == [
        statute.pk
    ]
    assert not ShelfText.objects.standing().exists()
    assert kinds() == ["shelf.removed"]


def documents_with(clause: str, count: int) -> list[Text]:
    texts = []
    for n in range(count):
        own = make_text(900, 100 + n)
        text = processed(f"{own[:300]}\n{clause}\n{own[300:]}")
        seller = SellerAccount.objects.create(mask=f"S****{n}")
        make_document(text=text, seller=seller)
        texts.append(text)
    return texts


def test_what_compliance_accepts_is_a_template_from_then_on() -> None:
    clause = make_text(140, 1)
    documents_with(clause, 6)
    query = make_text(300, 2) + clause
    assert screen_text(query).resemblances

    assert proposing.propose(PARAMS, at=AT) == 1
    (proposal,) = ShelfProposal.objects.all()
    assert len(proposal.found) == 5
    assert proposing.accept(proposal, PARAMS, shelver=COMPLIANCE)
    assert not proposing.refuse(proposal, shelver=COMPLIANCE)

    screening = screen_text(query)
    assert screening.resemblances == []
    assert [each.why for each in screening.ignored] == ["template"]
    assert kinds() == ["shelf.proposal_accepted"]


def test_proposals_are_listed_and_decided_on_the_command_line() -> None:
    documents_with(make_text(140, 1), 6)
    listed, decided, after = StringIO(), StringIO(), StringIO()

    call_command("shelf_proposals", stdout=listed)
    (proposal,) = ShelfProposal.objects.all()
    call_command("shelf_proposals", accept=[proposal.pk], stdout=decided)
    call_command("shelf_proposals", stdout=after)

    assert f"{proposal.pk}  texts=6  " in listed.getvalue()
    assert listed.getvalue().endswith("open=1 new=1\n")
    assert decided.getvalue() == "decided=1\n"
    assert after.getvalue() == "open=0 new=0\n"
    assert kinds() == ["shelf.proposal_accepted"]
    with pytest.raises(SystemExit):
        call_command("shelf_proposals", refuse=[proposal.pk], stdout=StringIO())


def test_what_was_refused_is_not_proposed_again() -> None:
    documents_with(make_text(140, 1), 6)
    proposing.propose(PARAMS, at=AT)
    assert proposing.refuse(ShelfProposal.objects.get(), shelver=COMPLIANCE)

    assert proposing.propose(PARAMS, at=AT) == 0
    assert screen_text(make_text(300, 2) + make_text(140, 1)).resemblances


def test_a_popular_work_stays_a_work_and_every_copy_is_reported() -> None:
    work = make_text(1500, 1)
    copies = [processed(edited(work, 0.002, n)) for n in range(30)]
    for n in range(5):
        processed(make_text(700, 200 + n))

    assert clusters_indexed() == 6
    assert store.representatives([copies[9].pk]) == {copies[9].pk: copies[0].pk}
    for query in (work, make_text(500, 2) + work[500:800]):
        found = {each.text for each in screen_text(query).resemblances}
        assert found == {copy.pk for copy in copies}


def test_those_a_removed_text_stood_for_are_found_all_the_same() -> None:
    work = make_text(1500, 1)
    first, second = processed(work), processed(work[:-20])
    assert clusters_indexed() == 1

    clusters.leave(first, PARAMS)

    (match,) = screen_text(work[300:900]).resemblances
    assert match.text == second.pk
    assert clusters_indexed() == 1


def test_what_only_a_member_has_is_found() -> None:
    work = make_text(4000, 1)
    first, second = processed(work), processed(work + make_text(150, 2))
    assert store.representatives([second.pk]) == {second.pk: first.pk}

    (match,) = screen_text(make_text(300, 3) + make_text(150, 2)).resemblances

    assert match.text == second.pk


def test_a_changed_threshold_is_in_force_and_ledgered() -> None:
    set_threshold("similarity", 0.8, COMPLIANCE)

    assert in_force().similarity == 0.8
    assert in_force().digest() != PARAMS.digest()
    assert kinds() == ["threshold.set"]


@pytest.mark.parametrize(
    ("name", "value"), [("gram", 9), ("similarity", 1.5), ("evidence", -1)]
)
def test_no_other_threshold_can_be_set(name: str, value: float) -> None:
    with pytest.raises(NoSuchThreshold):
        set_threshold(name, value, COMPLIANCE)


def test_a_replay_shows_what_would_change_and_changes_nothing() -> None:
    work = make_text(900, 1)
    texts = [processed(work), processed(make_text(900, 2) + edited(work, 0.08, 3))]
    numbers = [make_document(text=text).number for text in texts]
    before = Match.objects.count()
    out = StringIO()

    call_command("replay_threshold", "similarity=0.99", stdout=out, stderr=StringIO())

    assert f"- {numbers[0]} ~ {numbers[1]}" in out.getvalue()
    assert "texts=2 lost=1 gained=0 decisions=0" in out.getvalue()
    assert Match.objects.count() == before
    assert in_force() == PARAMS


@pytest.mark.parametrize("change", ["similarity", "similarity=much", "gram=9"])
def test_a_replay_of_nothing_is_wrong_usage(change: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("replay_threshold", change)
    assert refused.value.returncode == 2


def spoilt(texts: list[Text], rule: str = "n1k6p4r8s60") -> None:
    """Leave the texts in the index as an earlier release had put them there."""
    before = Params(gram=6, sampling=4)
    for text in texts:
        sample = fingerprints(normalize(text.content), PARAMS)
        store.remove(text.pk, sample)
        store.add(text.pk, fingerprints(normalize(text.content), before))
    assert set(store.outdated(PARAMS.fingerprint_rule())) == {t.pk for t in texts}


def test_a_renewed_index_is_that_of_a_first_indexing() -> None:
    texts = [processed(make_text(400 + 50 * n, n)) for n in range(8)]
    expected = index_rows()
    spoilt(texts)
    assert index_rows() != expected

    *_, row = reindex(PARAMS, at=AT)

    assert index_rows() == expected
    assert (row.done, row.total, row.stage) == (8, 8, Stage.DONE)
    assert store.outdated(PARAMS.fingerprint_rule()) == []


def test_clusters_outlive_a_renewal() -> None:
    work = make_text(1500, 1)
    for n in range(4):
        processed(work[: 1500 - n])
    every = list(Text.objects.values_list("pk", flat=True))
    expected, members = index_rows(), store.members(every)

    list(reindex(PARAMS, at=AT))

    assert index_rows() == expected
    assert store.members(every) == members


def test_texts_are_found_while_the_index_is_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evidence.reindexing.BATCH", 2)
    texts = [processed(make_text(500, n)) for n in range(6)]
    steps = 0
    for _row in reindex(PARAMS, at=AT + timedelta(days=1)):
        steps += 1
        for text in texts:
            found = screen(text.content, FingerprintIndex(), PARAMS).resemblances
            assert [each.text for each in found] == [text.pk]
    assert steps == 4
    late = processed(make_text(500, 99))
    assert screen_text(late.content).resemblances


def test_a_renewal_beside_live_traffic_ends_in_the_index_of_a_first_indexing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("evidence.reindexing.BATCH", 2)
    work = make_text(1500, 1)
    texts = [processed(make_text(400 + 50 * n, n + 10)) for n in range(6)]
    statute = processed(make_text(500, 60))
    spoilt(texts)

    renewal = reindex(PARAMS, at=AT)
    next(renewal)
    processed(work)
    next(renewal)
    processed(work[:-15])
    clusters.leave(texts[5], PARAMS)
    put_on_shelf(statute, shelf_named("statutes", at=AT), PARAMS, at=AT)
    renewal.close()  # and stopped half-way
    list(reindex(PARAMS, at=AT))

    found, stood_for = index_rows(), clusters_indexed()
    assert store.outdated(PARAMS.fingerprint_rule()) == []
    list(reindex(PARAMS, at=AT + timedelta(days=1)))
    assert (index_rows(), clusters_indexed()) == (found, stood_for)
    for content in (work[300:900], texts[0].content, statute.content):
        screening = screen_text(content)
        assert screening.resemblances or screening.ignored
    assert screen_text(texts[5].content).resemblances == []


_KILLED = """
import os, sys, time
import django
django.setup()
from django.utils import timezone
from evidence import reindexing
from evidence.matching.params import Params
reindexing.BATCH = 1
renew = reindexing._renew
def slow(text, params):
    renew(text, params)
    time.sleep(0.05)
reindexing._renew = slow
for row in reindexing.reindex(Params(), at=timezone.now()):
    print(row.done, flush=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file is shared")
def test_a_renewal_killed_at_any_moment_goes_on_to_the_same_index() -> None:
    texts = [processed(make_text(300 + 40 * n, n)) for n in range(12)]
    expected = index_rows()
    spoilt(texts)
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}"
    }
    for wait in (1, 3):
        with subprocess.Popen(
            [sys.executable, "-c", _KILLED],
            env=environment,
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            for _ in range(wait):
                child.stdout.readline()
            time.sleep(0.02 * wait)
            child.send_signal(signal.SIGKILL)

    done = Reindexing.objects.get().done
    assert 0 < done < 12
    list(reindex(PARAMS, at=AT))

    assert index_rows() == expected
    assert Reindexing.objects.get().stage == Stage.DONE
    sample = fingerprints(normalize(texts[0].content), PARAMS)
    assert np.unique(store.lookup(sample.hashes).uploads.text).tolist() == [texts[0].pk]
