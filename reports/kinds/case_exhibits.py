"""Section 14 of a case file: every piece of evidence under a number and its hash."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.models import CaseItem
from evidence.models import Blob, Exhibit, Work
from reports.kinds.case_rows import CaseRows


class Exhibits:
    """Numbers samples and proof work by work, then the frozen documents, then what
    was filed later."""

    def __init__(
        self, rows: CaseRows, redact: Callable[[str], str], *, with_names: bool
    ) -> None:
        self.manifest: list[dict[str, Any]] = []
        self._redact, self._with_names = redact, with_names
        self._works: dict[int, list[dict[str, Any]]] = {}
        self._items: dict[int, str] = {}
        for work in rows.works:
            proof = [each for each in rows.exhibits if each.work_id == work.pk]
            self._works[work.pk] = [self._sample(work), *map(self._proof, proof)]
        for item in rows.items:
            self._items[item.pk] = self._frozen(item)
        self._papers: dict[int, str] = {
            paper.pk: self._proof(paper)["number"] for paper in rows.papers
        }

    def of_work(self, work: Work) -> list[dict[str, Any]]:
        """Return the lines of a work's sample and of the proof filed for it."""
        return self._works[work.pk]

    def of_item(self, item: CaseItem) -> str:
        """Return the number under which an item's frozen document stands."""
        return self._items[item.pk]

    def of_paper(self, exhibit: Exhibit) -> str:
        """Return the number of what was filed with an answer, a cure or a suit."""
        return self._papers[exhibit.pk]

    def _sample(self, work: Work) -> dict[str, Any]:
        told = _("作品样本《%(title)s》") % {"title": self._redact(work.title)}
        name = work.sample_name
        return self._line(told, name, work.sample.blob, work.registered_at)

    def _proof(self, exhibit: Exhibit) -> dict[str, Any]:
        told = str(exhibit.get_kind_display())
        return self._line(told, exhibit.original_name, exhibit.blob, exhibit.filed_at)

    def _frozen(self, item: CaseItem) -> str:
        if item.snapshot is None:
            return ""
        told = _("文档 %(number)s 固定时的文件") % item.snapshot.listing
        line = self._line(told, "", item.snapshot.blob, item.snapshot.taken_at)
        line["snapshot_sha256"] = item.snapshot.sha256
        number: str = line["number"]
        return number

    def _line(self, told: str, name: str, blob: Blob, at: datetime) -> dict[str, Any]:
        """A file's own name may be a person's: only the full edition prints it."""
        line = {
            "number": _("证%(ordinal)d") % {"ordinal": len(self.manifest) + 1},
            "told": told,
            "file_name": name if self._with_names else "",
            "media_type": blob.media_type,
            "size_bytes": blob.size_bytes,
            "at": at,
            "sha256": blob.sha256,
        }
        self.manifest.append(line)
        return line
