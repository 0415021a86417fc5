"""Whatever is refused or fails is told in a sentence that says what to do."""

import pytest
from django.utils.translation import override

from cases.refusals import REFUSALS, told
from evidence.allowances import AllowanceSpent
from evidence.extractors.extracts import REFUSALS as OF_EXTRACTORS
from evidence.models import Text
from evidence.progress import Stage
from evidence.staging import UploadTooLarge
from tests.rights.people import make_holder, register_work

ALL = {*OF_EXTRACTORS, UploadTooLarge.code, AllowanceSpent.code, "worker_died"}


def test_every_code_has_a_sentence() -> None:
    assert set(REFUSALS) >= ALL


@pytest.mark.parametrize("code", sorted({*ALL, "unheard_of"}))
def test_each_sentence_says_what_to_do_and_is_translated(code: str) -> None:
    with override("zh-hans"):
        assert any(word in str(told(code)) for word in ("请", "可以")), code
    with override("en"):
        assert str(told(code)).isascii(), code


@pytest.mark.django_db
def test_a_comparison_that_failed_is_tried_again_by_a_button() -> None:
    client, party = make_holder()
    work = register_work(client, party)
    Text.objects.update(stage=Stage.FAILED, error="worker_died")
    address = f"/rights/works/{work.public_id}/"
    assert "重试" in client.get(address).content.decode()
    assert client.post(f"{address}retry/").status_code == 302
    assert Text.objects.get().stage == Stage.QUEUED
    # Nothing is queued twice by a second press.
    client.post(f"{address}retry/")
    assert Text.objects.get().stage == Stage.QUEUED
