"""Listing documents in bulk: rows of a list, each checked by itself.

A row names a document, the work that it copies and the manner. What is wrong with a
row is said beside it, and the right ones do not wait for it. Queries are as many for
three hundred rows as for one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from cases import drafts
from cases.errors import Sentence
from cases.forms.listed import read_lines
from cases.models import Case, CaseItem
from cases.workflows.copyright import MAX_ITEMS
from evidence.actors import Actor
from evidence.models import Document, Work

MANNERS = {str(label): value for value, label in CaseItem.Manner.choices}


@dataclass(slots=True)
class Row:
    """One row as it was given, what it was found to mean, and what is wrong."""

    ordinal: int
    number: str
    work: str = ""
    manner: str = ""
    document: Document | None = None
    of_work: Work | None = None
    errors: list[Sentence] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.errors


def rows_in(table: Sequence[Sequence[str]]) -> list[Row]:
    """Turn the cells of a list into rows: number or address, work, manner."""
    cells = [[*row, "", "", ""][:3] for row in table]
    # Every number of a document has a digit; a heading has none.
    if cells and not re.search(r"[0-9]", cells[0][0]):
        cells = cells[1:]
    return [
        Row(ordinal, number, work, manner)
        for ordinal, (number, work, manner) in enumerate(cells, start=1)
    ]


def check(rows: Sequence[Row], works: Iterable[Work]) -> None:
    """Find what each row means and say what is wrong with it.

    works: those of the draft. A row that names no work is about the only one there is.
    """
    own = list(works)
    by_name = {name: work for work in own for name in (work.title, str(work.public_id))}
    documents = _documents(rows)
    seen: set[tuple[int, int]] = set()
    for row in rows:
        _find_document(row, documents)
        _find_work(row, own, by_name)
        _find_manner(row)
        if row.document and row.of_work:
            pair = (row.document.pk, row.of_work.pk)
            if pair in seen:
                row.errors.append(_("与前面的一行重复"))
            seen.add(pair)
    for row in rows[MAX_ITEMS:]:
        row.errors.append(_("一件投诉最多三百份文档，请另行提交"))


def take(case: Case, rows: Sequence[Row], *, by: Actor) -> int:
    """List the good rows in a draft, with their manners; return how many were new."""
    good = [row for row in rows if row.is_good and row.document and row.of_work]
    works = {row.of_work.pk: row.of_work for row in good if row.of_work}
    added = 0
    for pk, work in works.items():
        listed = [
            row.document
            for row in good
            if row.document and row.of_work and row.of_work.pk == pk
        ]
        added += drafts.add_documents(case, work, listed, by=by)
    stated = {
        (row.document.pk, row.of_work.pk): row.manner
        for row in good
        if row.manner and row.document and row.of_work
    }
    items = case.items.values_list("pk", "document", "work")
    manners = {
        pk: stated[document, work]
        for pk, document, work in items
        if (document, work) in stated
    }
    if manners:
        drafts.state_manners(case, manners, by=by)
    return added


def _documents(rows: Sequence[Row]) -> dict[str, Document]:
    named = {
        name
        for row in rows
        for line in read_lines(row.number)
        for name in line.candidates
        if len(name) <= 40
    }
    found = Document.objects.filter(number__in=named, current__isnull=False)
    return {document.number: document for document in found.select_related("current")}


def _find_document(row: Row, documents: dict[str, Document]) -> None:
    lines = read_lines(row.number)
    names = {name for line in lines for name in line.candidates}
    found = {documents[name].pk: documents[name] for name in names & documents.keys()}
    if not lines:
        row.errors.append(_("没有填写文档编号或网址"))
    elif not found:
        row.errors.append(_("没有找到这份文档，请核对编号"))
    elif len(found) > 1:
        row.errors.append(_("一行只能写一份文档"))
    else:
        row.document = next(iter(found.values()))


def _find_work(row: Row, own: list[Work], by_name: dict[str, Work]) -> None:
    title = row.work.strip().strip("《》")
    if not title and len(own) == 1:
        row.of_work = own[0]
    elif title in by_name:
        row.of_work = by_name[title]
        row.work = row.of_work.title
    elif title:
        row.errors.append(_("本次投诉的作品中没有这个名称"))
    else:
        row.errors.append(_("有多部作品时须写明对应的作品"))


def _find_manner(row: Row) -> None:
    given = row.manner.strip()
    row.manner = MANNERS.get(given, given)
    if given and row.manner not in CaseItem.Manner.values:
        row.manner = ""
        row.errors.append(_("侵权形式不在所列的几种之内"))
