"""补正 of a notice: the complainant supplies what the form check missed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases.models import Case, DefectFound
from cases.registration import Proof, file_exhibit
from cases.services import advance
from evidence.actors import Actor


def open_defects(case: Case) -> list[DefectFound]:
    """Return the defects of the notice that wait for an answer."""
    rows = case.defects.filter(counter_notice__isnull=True, answered_at__isnull=True)
    return list(rows.order_by("code"))


def cure(
    case: Case,
    *,
    answers: dict[str, str],
    proofs: dict[str, Sequence[Proof]],
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> None:
    """Answer each defect by its code, with files; the notice goes back to the form
    check. What was filed before stays as it was. Raises CaseMovedOn, NotPermitted."""
    party = case.agent or case.claimant
    digests = []
    with transaction.atomic():
        for row in open_defects(case):
            filed = [
                file_exhibit(proof, party=party, work=None, by=by, at=at)
                for proof in proofs.get(row.code, ())
                if party is not None
            ]
            row.exhibits.add(*filed)
            digests += [exhibit.blob.sha256 for exhibit in filed]
        advance(
            case,
            "cure",
            by=by,
            at=at,
            expect_version=expect_version,
            codes=sorted(answers),
            answers=answers,
            exhibits=digests,
        )
