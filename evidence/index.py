"""The index as the matcher sees it: fingerprints, texts and shelves of the database."""

from evidence import store
from evidence.matching.fingerprints import Hashes
from evidence.matching.index import Found, Shelf
from evidence.models import Shelf as ShelfRow
from evidence.models import ShelfText, Text

_TEXTS = Text._meta.db_table
_SHELVED = ShelfText._meta.db_table


class FingerprintIndex:
    """One for each unit of work (evidence.matching.index.Index)."""

    def __init__(self) -> None:
        self._texts: int | None = None
        self._alone: set[int] = set()  # read, and standing for no other
        self._shelves: dict[int, Shelf] = {}  # by text
        self._by_number: dict[int, Shelf] = {}

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Found:
        return store.lookup(hashes, limit)

    def texts(self) -> int:
        """Return about how many texts there were when first asked."""
        if self._texts is None:
            self._texts = store.size()
        return self._texts

    def members(self, texts: list[int]) -> dict[int, list[int]]:
        asked = [text for text in texts if text not in self._alone]
        return store.members(asked) if asked else {}

    def contents(self, texts: list[int]) -> dict[int, str]:
        if not texts:
            return {}
        places = ", ".join(["%s"] * len(texts))
        # Who stands for others is asked at once: hardly any text does.
        rows = store.rows(
            "SELECT id, content, EXISTS (SELECT 1 FROM evidence_indexed AS held"  # noqa: S608
            f" WHERE held.representative = {_TEXTS}.id)"
            f" FROM {_TEXTS} WHERE id IN ({places})",
            texts,
        )
        self._alone.update(text for text, _, stands in rows if not stands)
        return {text: content for text, content, _ in rows}

    def shelves(self, texts: list[int]) -> dict[int, Shelf]:
        missing = [text for text in texts if text not in self._shelves]
        if missing:
            places = ", ".join(["%s"] * len(missing))
            rows = store.rows(
                f"SELECT text_id, shelf_id FROM {_SHELVED}"  # noqa: S608
                f" WHERE removed_at IS NULL AND text_id IN ({places}) ORDER BY id DESC",
                missing,
            )
            for text, shelf in rows:
                self._shelves[text] = self._shelf(shelf)
        return {text: self._shelves[text] for text in texts if text in self._shelves}

    def _shelf(self, number: int) -> Shelf:
        if number not in self._by_number:
            row = ShelfRow.objects.get(pk=number)
            self._by_number[number] = Shelf(row.name, row.why)
        return self._by_number[number]
