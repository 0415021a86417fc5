"""The fingerprint index in the Django database: add, remove, lookup, count.

One row a posting, in the caller's transaction: a text can be found as soon as the
transaction that read it commits, and is gone with it when it does not. Another engine
could stand behind the same few functions.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import chain

import numpy as np
import numpy.typing as npt
from django.db import connection

from evidence.matching.fingerprints import Fingerprints, Hashes
from evidence.matching.index import Postings
from evidence.models import Text

Table = npt.NDArray[np.int64]

_BATCH = 500  # hashes a statement

_INSERT = {
    "sqlite": "INSERT INTO evidence_fingerprint VALUES (%s, %s, %s)",
    "postgresql": (
        "INSERT INTO evidence_fingerprint"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::integer[])"
    ),
}

# Both read the postings of one hash in the order of the primary key and stop: what a
# phrase that stands everywhere costs does not grow with the index.
_LOOKUP = {
    "sqlite": """
        SELECT asked.key, held.text, held.position
        FROM json_each(%s) AS asked CROSS JOIN evidence_fingerprint AS held
        WHERE held.hash = asked.value
        """,
    "postgresql": """
        SELECT asked.place - 1, held.text, held.position
        FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (hash, place)
        CROSS JOIN LATERAL (
            SELECT text, position FROM evidence_fingerprint
            WHERE hash = asked.hash ORDER BY text, position LIMIT %s
        ) AS held
        """,
}
_SQLITE_LIMIT = """
    AND held.text < coalesce((
        SELECT next.text FROM evidence_fingerprint AS next
        WHERE next.hash = asked.value ORDER BY next.text LIMIT 1 OFFSET %s
    ), 9223372036854775807)
    """


def add(text: int, sample: Fingerprints) -> None:
    """Index the fingerprints of one text.

    Raises IntegrityError when the text is indexed already: remove it first.
    """
    add_many([(text, sample)])


def add_many(samples: Iterable[tuple[int, Fingerprints]]) -> None:
    """Index several texts at once, in the order of the index, which is faster."""
    pairs = list(samples)
    if not pairs:
        return
    texts = np.concatenate([np.full(s.size, text, np.int64) for text, s in pairs])
    hashes = np.concatenate([s.hashes for _, s in pairs])
    positions = np.concatenate([s.positions for _, s in pairs])
    order = np.argsort(hashes, kind="stable")
    columns = [column[order].tolist() for column in (hashes, texts, positions)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO evidence_indexed VALUES (%s, %s, %s)",
            [(text, sample.size, sample.rule) for text, sample in pairs],
        )
        if connection.vendor == "postgresql":
            cursor.execute(_INSERT["postgresql"], columns)
        else:
            cursor.executemany(_INSERT["sqlite"], list(zip(*columns, strict=True)))


def remove(text: int, sample: Fingerprints | None = None) -> None:
    """Take a text out of the index; one that is not in it is none of our business.

    `sample`, the fingerprints it was added with, makes this quick. Without it, or when
    it is not the same sample after all, the whole index is read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprints FROM evidence_indexed WHERE text = %s", [text]
        )
        row = cursor.fetchone()
        if row is None:
            return
        left = row[0]
        for batch in _batches(sample.hashes) if sample is not None else []:
            places = ", ".join(["%s"] * len(batch))
            cursor.execute(
                "DELETE FROM evidence_fingerprint"  # noqa: S608 — only placeholders
                f" WHERE hash IN ({places}) AND text = %s",
                [*batch, text],
            )
            left -= cursor.rowcount
        if left:
            cursor.execute("DELETE FROM evidence_fingerprint WHERE text = %s", [text])
        cursor.execute("DELETE FROM evidence_indexed WHERE text = %s", [text])


def lookup(hashes: Hashes, limit: int | None = None) -> Postings:
    """Return every place where one of these hashes stands.

    With `limit`, at most so many of any one hash: those of the lowest text ids.
    """
    found = [
        _looked_up(batch, limit, offset=start * _BATCH)
        for start, batch in enumerate(_batches(hashes))
    ]
    table = np.concatenate(found) if found else np.empty((0, 3), np.int64)
    return Postings(
        table[:, 0].astype(np.int32), table[:, 1], table[:, 2].astype(np.int32)
    )


def _looked_up(batch: list[int], limit: int | None, offset: int) -> Table:
    """Return int64[r, 3]: index of the hash, counted from `offset`; text; position."""
    sql = _LOOKUP[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(sql, [batch, limit])
        elif limit is None:
            cursor.execute(sql, [json.dumps(batch)])
        else:
            cursor.execute(sql + _SQLITE_LIMIT, [json.dumps(batch), limit])
        rows = cursor.fetchall()
    numbers = np.fromiter(chain.from_iterable(rows), np.int64, 3 * len(rows))
    table = numbers.reshape(-1, 3)
    table[:, 0] += offset
    return table


def _batches(hashes: Hashes) -> list[list[int]]:
    numbers: list[int] = hashes.tolist()
    return [numbers[at : at + _BATCH] for at in range(0, len(numbers), _BATCH)]


def count() -> int:
    """Return how many texts are indexed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_indexed")
        return int(cursor.fetchone()[0])


def outdated(rule: str) -> list[int]:
    """Return the texts whose fingerprints were made by another rule, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text FROM evidence_indexed WHERE rule <> %s ORDER BY text", [rule]
        )
        return [row[0] for row in cursor.fetchall()]


class FingerprintIndex:
    """The index as the matcher sees it; one for each unit of work.

    `shelves` names the shelf of every text whose copying is no infringement.
    """

    def __init__(self, shelves: Mapping[int, str] | None = None) -> None:
        self._shelves = shelves or {}
        self._texts: int | None = None

    def lookup(self, hashes: Hashes, limit: int | None = None) -> Postings:
        return lookup(hashes, limit)

    def texts(self) -> int:
        """Return the number of texts when first asked: weights need no better."""
        if self._texts is None:
            self._texts = count()
        return self._texts

    def contents(self, texts: list[int]) -> dict[int, str]:
        places = ", ".join(["%s"] * len(texts))
        with connection.cursor() as cursor:
            # The ORM takes longer over this than the matcher over a short text.
            cursor.execute(
                f"SELECT id, content FROM {Text._meta.db_table}"  # noqa: S608
                f" WHERE id IN ({places})",
                texts,
            )
            return dict(cursor.fetchall())

    def shelved(self, texts: list[int]) -> dict[int, str]:
        return {text: self._shelves[text] for text in texts if text in self._shelves}
