"""分案: the complete part of a notice goes on while the rest is cured."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.clocks import CLOCKS
from cases.errors import CaseMovedOn, IncompletePaper
from cases.filing import next_reference
from cases.models import Case, CaseItem, CopyrightCase, Deadline
from cases.services import advance
from evidence.actors import Actor


def split(
    case: Case,
    positions: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    expect_version: int | None = None,
) -> Case:
    """Move the named documents into a case of their own and return it.

    The part was received when the whole was: it keeps that moment, the statements
    signed and the clocks that run. Raises IncompletePaper unless something moves and
    something stays.
    """
    with transaction.atomic():
        whole = Case.objects.select_for_update().get(pk=case.pk)
        items = list(whole.items.filter(position__in=positions).order_by("position"))
        if not items or len(items) == whole.items.count():
            raise IncompletePaper([_("须选出一部分文档，并留下其余文档")])
        if whole.submitted_at is None:
            raise CaseMovedOn
        part = CopyrightCase(
            kind=whole.kind,
            claimant=whole.claimant,
            agent=whole.agent,
            origin=whole,
            cure_rounds=whole.cure_rounds,
            opened_at=whole.opened_at,
        )
        part.save()
        reference = next_reference("BQ", at)
        numbers = [item.position for item in items]
        advance(
            whole,
            "split",
            by=by,
            at=at,
            expect_version=expect_version,
            reference=reference,
            positions=numbers,
        )
        _move(items, part)
        _copy_statements(whole, part)
        _copy_defects(whole, part)
        entry = advance(
            part,
            "set_apart",
            by=by,
            at=at,
            reference=reference,
            items=len(items),
            origin=whole.stream,
            submitted_at=whole.submitted_at,
            listed=(whole.listed_items, whole.listed_cents),
        )
        # Those of its suits are not: a suit stays with the case that told of it.
        mine = [clock.code for clock in CLOCKS.values() if clock.on == whole.MACHINE]
        for row in Deadline.objects.open().filter(case=whole, clock__in=mine):
            row.pk, row.subject_id = None, part.pk
            row.case, row.trigger = Case.objects.get(pk=part.pk), entry
            row.save()
    return Case.objects.get(pk=part.pk)


def _move(items: Sequence[CaseItem], part: Case) -> None:
    for position, item in enumerate(items, start=1):
        item.case, item.position = part, position
    CaseItem.objects.bulk_update(items, ["case", "position"])


def _copy_statements(whole: Case, part: Case) -> None:
    """What was signed, was signed for these documents too."""
    for statement in whole.statements.order_by("pk"):
        statement.pk, statement.case = None, part
        statement.save()


def _copy_defects(whole: Case, part: Case) -> None:
    """What the notice lacked in earlier rounds, and what was answered: the part has
    been through them too."""
    for defect in whole.defects.filter(counter_notice=None).order_by("pk"):
        exhibits = list(defect.exhibits.all())
        defect.pk, defect.case = None, part
        defect.save()
        defect.exhibits.set(exhibits)
