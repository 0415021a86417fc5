"""The index as the matcher sees it: fingerprints, texts and shelves of the database."""

from django.db import connection

from evidence import store
from evidence.matching.fingerprints import Hashes
from evidence.matching.index import Postings, Shelf
from evidence.models import ShelfText, Text


class FingerprintIndex:
    """One for each unit of work (evidence.matching.index.Index)."""

    def __init__(self) -> None:
        self._texts: int | None = None
        self._shelves: dict[int, Shelf] = {}
        self._with_shelves = ShelfText.objects.standing().exists()

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Postings:
        return store.lookup(hashes, limit)

    def lookup_shelves(self, hashes: Hashes) -> Postings:
        asked = hashes if self._with_shelves else hashes[:0]
        return store.lookup(asked, table=store.SHELVES)

    def texts(self) -> int:
        """Return the number of texts when first asked: weights need no better."""
        if self._texts is None:
            self._texts = store.clusters()
        return self._texts

    def members(self, texts: list[int]) -> dict[int, list[int]]:
        return store.members(texts)

    def contents(self, texts: list[int]) -> dict[int, str]:
        if not texts:
            return {}
        places = ", ".join(["%s"] * len(texts))
        with connection.cursor() as cursor:
            # The ORM takes longer over this than the matcher over a short text.
            cursor.execute(
                f"SELECT id, content FROM {Text._meta.db_table}"  # noqa: S608
                f" WHERE id IN ({places})",
                texts,
            )
            return dict(cursor.fetchall())

    def shelves(self, texts: list[int]) -> dict[int, Shelf]:
        missing = [text for text in texts if text not in self._shelves]
        if missing:
            rows = ShelfText.objects.standing().filter(text__in=missing)
            for row in rows.select_related("shelf").order_by("-pk"):
                self._shelves[row.text_id] = Shelf(row.shelf.name, row.shelf.why)
        return {text: self._shelves[text] for text in texts if text in self._shelves}
