"""反通知: an uploader answers about one document (条例 16, 民法典 1196)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cases.declarations import Declaration, counter_declarations
from cases.errors import IncompletePaper, NotPermitted, Sentence
from cases.models import CaseItem, CounterNotice, Statement
from cases.registration import Proof, Upload, file_exhibit
from cases.services import advance
from cases.signing import sign
from cases.workflows.counter_notice import Ground
from cases.workflows.item import ItemState
from evidence.actors import Actor
from evidence.intake import receive_text
from evidence.models import Party, Text
from evidence.pipeline import ask_again
from evidence.tasks import process_text

LEAST_EXPLANATION = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A counter-notice as its form takes it (domain: reasons, proof, declarations).

    amended: the new version from which the passages are gone, for `Ground.REMOVED`.
    """

    ground: str
    explanation: str
    proofs: Sequence[Proof]
    declared: Iterable[str]
    signature: str
    amended: Upload | None = None


def items_of_uploader(actor: Actor) -> QuerySet[CaseItem]:
    """Documents of the person's that a notice was forwarded about: every page of an
    uploader starts here."""
    items = CaseItem.objects.filter(document__seller__party__in=actor.parties)
    return items.exclude(state=ItemState.PENDING).exclude(decided_at__isnull=True)


def missing_from_answer(
    party: Party, answer: Answer, declarations: Iterable[Declaration]
) -> list[Sentence]:
    """Return what 条例 16, 民法典 1196 and 512(g)(3) ask for and the answer lacks."""
    details = getattr(party, "details", None)
    missing: list[Sentence] = []
    if details is None or not (details.name and details.phone and details.address):
        missing.append(_("您的姓名（名称）、联系方式和地址"))
    if answer.ground not in Ground.values:
        missing.append(_("理由"))
    if len(answer.explanation.strip()) < LEAST_EXPLANATION:
        missing.append(_("至少二十字的说明"))
    if answer.ground == Ground.REMOVED and answer.amended is None:
        missing.append(_("已删除涉案部分的新版文件"))
    if answer.ground != Ground.REMOVED and not answer.proofs:
        missing.append(_("至少一份不构成侵权的初步证明材料"))
    if not {each.code for each in declarations} <= set(answer.declared):
        missing.append(_("全部声明均须勾选"))
    if not details or answer.signature.strip() != details.name:
        missing.append(_("签名须与主体信息中的姓名（名称）一致"))
    return missing


def file_counter(
    item: CaseItem, answer: Answer, *, by: Actor, at: datetime
) -> CounterNotice:
    """Receive an answer: bytes first, then the row and its step, in one transaction.

    Raises NotPermitted for who does not sell the document, IncompletePaper naming
    what is missing, CaseMovedOn when nothing can be answered now.
    """
    party = item.document.seller.party
    if party is None or party.pk not in by.parties:
        raise NotPermitted
    declarations = counter_declarations(item.case.clock_profile)
    if missing := missing_from_answer(party, answer, declarations):
        raise IncompletePaper(missing)
    with transaction.atomic():
        statement = sign(
            item.case,
            party,
            Statement.Purpose.COUNTER,
            declarations,
            answer.signature,
            at=at,
        )
        counter = CounterNotice.objects.create(
            case_id=item.case_id,
            item=item,
            party=party,
            ground=answer.ground,
            explanation=answer.explanation.strip(),
            amended=_amended(answer.amended, by, at) if answer.amended else None,
            amended_name=answer.amended.name if answer.amended else "",
            statement=statement,
            opened_at=at,
        )
        digests = _file(counter.exhibits, answer.proofs, party, by, at)
        advance(
            counter,
            "file",
            by=by,
            at=at,
            ground=answer.ground,
            explanation=counter.explanation,
            exhibits=digests,
            **_sealed(counter.amended),
        )
    return CounterNotice.objects.get(pk=counter.pk)


def cure_counter(
    counter: CounterNotice,
    *,
    answers: dict[str, str],
    proofs: Sequence[Proof],
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
    amended: Upload | None = None,
) -> None:
    """Answer the defects that were found, each by its code. amended: another new
    version in place of the first, compared in its turn (`Ground.REMOVED` alone)."""
    with transaction.atomic():
        digests = _file(counter.exhibits, proofs, counter.party, by, at)
        text = None
        if amended is not None and counter.ground == Ground.REMOVED:
            text = _amended(amended, by, at)
            CounterNotice.objects.filter(pk=counter.pk).update(
                amended=text, amended_name=amended.name
            )
        advance(
            counter,
            "cure",
            by=by,
            at=at,
            expect_version=expect_version,
            codes=sorted(answers),
            answers=answers,
            exhibits=digests,
            **_sealed(text),
        )


def _sealed(amended: Text | None) -> dict[str, Any]:
    return {} if amended is None else {"amended": amended.blob.sha256}


def _amended(upload: Upload, by: Actor, at: datetime) -> Text:
    text = receive_text(upload.content, name=upload.name, at=at, by=by, reading="text")
    ask_again(text)
    transaction.on_commit(lambda: process_text.enqueue(text.pk))
    return text


def _file(
    exhibits: Any, proofs: Sequence[Proof], party: Party, by: Actor, at: datetime
) -> list[str]:
    """Attach filed proofs to a row's exhibits; return their digests."""
    rows = [
        file_exhibit(proof, party=party, work=None, by=by, at=at) for proof in proofs
    ]
    exhibits.add(*rows)
    return [row.blob.sha256 for row in rows]
