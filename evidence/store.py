"""The fingerprint index in the Django database: add, remove, lookup, count.

One row a posting, in the caller's transaction: a text can be found as soon as the
transaction that read it commits, and is gone with it when it does not. What stands on a
shelf is in the same rows under its negative id, so that one read of the key answers for
both. Another engine could stand behind the same few functions.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from evidence.matching.fingerprints import Fingerprints, Hashes
from evidence.matching.index import Found, Postings, joined

Table = npt.NDArray[np.int64]

_BATCH = 500  # hashes a statement

_MOVED = 1 << 28  # added to the ids of texts, those on shelves being negative

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
    # One text with a number a posting: a row of Python's own costs more than finding
    # it. Nine bits say which hash (_BATCH), 29 the text, moved to be positive, and 25
    # the position and WHOLE.
    "sqlite": """
        SELECT group_concat(
            (asked.key << 54) + (held.text << 25) + (held.position + 9007199254740993)
        )
        FROM json_each(%s) AS asked CROSS JOIN evidence_fingerprint AS held
        WHERE held.hash = asked.value
        """,
    "postgresql": """
        SELECT asked.place - 1, held.text, held.position
        FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (hash, place)
        CROSS JOIN LATERAL (
            (SELECT text, position FROM evidence_fingerprint
             WHERE hash = asked.hash AND text < 0)
            UNION ALL
            (SELECT text, position FROM evidence_fingerprint
             WHERE hash = asked.hash AND text > 0 ORDER BY text, position LIMIT %s)
        ) AS held
        """,
}
_SQLITE_LIMIT = """
    AND held.text < coalesce((
        SELECT next.text FROM evidence_fingerprint AS next
        WHERE next.hash = asked.value AND next.text > 0
        ORDER BY next.text LIMIT 1 OFFSET %s
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
    _insert(pairs)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO evidence_indexed (text, fingerprints, rule)"
            " VALUES (%s, %s, %s)",
            [(text, sample.size, sample.rule) for text, sample in pairs],
        )


def _insert(pairs: list[tuple[int, Fingerprints]]) -> None:
    if not pairs:
        return
    texts = np.repeat([text for text, _ in pairs], [s.size for _, s in pairs])
    hashes = np.concatenate([s.hashes for _, s in pairs])
    positions = np.concatenate([s.positions for _, s in pairs])
    order = np.argsort(hashes)
    columns = [column[order].tolist() for column in (hashes, texts, positions)]
    with connection.cursor() as cursor:
        sql = _INSERT[connection.vendor]
        if connection.vendor == "postgresql":
            cursor.execute(sql, columns)
        else:
            cursor.executemany(sql, list(zip(*columns, strict=True)))


def remove(text: int, sample: Fingerprints | None = None) -> None:
    """Take a text out of the index; one that is not in it is none of our business.

    `sample`, the fingerprints it was added with, makes this quick. Without it, or when
    it is not the same sample after all, the whole index is read. The texts it stood
    for are the business of evidence.clusters.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprints FROM evidence_indexed WHERE text = %s", [text]
        )
        row = cursor.fetchone()
        if row is None:
            return
        _delete(text, sample, row[0])
        cursor.execute("DELETE FROM evidence_indexed WHERE text = %s", [text])


def _delete(text: int, sample: Fingerprints | None, left: int) -> None:
    with connection.cursor() as cursor:
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


def shelve(text: int, sample: Fingerprints) -> None:
    """Index a text that stands on a shelf, apart from what is uploaded."""
    _insert([(-text, sample)])


def unshelve(text: int, sample: Fingerprints | None) -> None:
    """Take a text off the shelves' index; without its sample all of it is read."""
    _delete(-text, sample, sample.size if sample is not None else 1)


def stand_for(representative: int, text: int, shared: Fingerprints) -> None:
    """Let one text stand for a near-identical one in every vote.

    Of the second only those fingerprints stay that the first does not have: `shared`
    are taken out, so that frequency counts a cluster once and nothing is lost.
    """
    _delete(text, shared, shared.size)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_indexed SET representative = %s,"
            " fingerprints = fingerprints - %s WHERE text = %s",
            [representative, shared.size, text],
        )
        # Whom the second stood for, the first stands for now.
        cursor.execute(
            "UPDATE evidence_indexed SET representative = %s WHERE representative = %s",
            [representative, text],
        )


def representatives(texts: Iterable[int]) -> dict[int, int | None]:
    """Return, of the indexed ones among these, which text stands for each."""
    return dict(_among("SELECT text, representative", "text", texts))


def members(texts: Iterable[int]) -> dict[int, list[int]]:
    """Return the texts that these stand for, by the text that does."""
    found: dict[int, list[int]] = {}
    for text, member in _among("SELECT representative, text", "representative", texts):
        found.setdefault(text, []).append(member)
    return found


def _among(select: str, column: str, texts: Iterable[int]) -> list[tuple[int, int]]:
    asked = list(texts)
    if not asked:
        return []
    places = ", ".join(["%s"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{select} FROM evidence_indexed"
            f" WHERE {column} IN ({places}) ORDER BY text",
            asked,
        )
        rows: list[tuple[int, int]] = cursor.fetchall()
        return rows


def lookup(hashes: Hashes, limit: int | None = None) -> Found:
    """Return every place where one of these hashes stands.

    With `limit`, of uploads at most so many of any one hash: those of the lowest ids.
    """
    found = [
        _looked_up(batch, limit, first=at * _BATCH)
        for at, batch in enumerate(_batches(hashes))
    ]
    every = found[0] if len(found) == 1 else joined(found)
    shelved = every.text < 0
    if not shelved.any():
        return Found(every, joined([]))
    shelves = every.only(shelved)
    np.negative(shelves.text, out=shelves.text)
    return Found(every.only(~shelved), shelves)


def _postings(table: Table) -> Postings:
    return Postings(
        table[:, 0].astype(np.int32), table[:, 1], table[:, 2].astype(np.int32)
    )


def _looked_up(batch: list[int], limit: int | None, first: int) -> Postings:
    """Return the postings of a few hashes, which are numbered from `first` on.

    Texts on shelves have negative ids.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_LOOKUP["postgresql"], [batch, limit])
            table = _table(cursor.fetchall())
        table[:, 0] += first
        return _postings(table)
    sql = _LOOKUP["sqlite"]
    asked: list[str | int] = [str(batch)]  # the JSON of a list of numbers
    if limit is not None:
        sql += _SQLITE_LIMIT
        asked.append(limit)
    told = rows(sql, asked)[0][0] or ""
    packed = np.fromstring(told, np.int64, sep=",")
    text = (packed >> 25 & 0x1FFFFFFF) - _MOVED
    position = (packed & 0x1FFFFFF) - 1
    query_index = packed >> 54
    if first:
        query_index += first
    return Postings(query_index, text, position)


def rows(sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
    """Return the rows of a query that is asked for every text.

    SQLite answers it without Django's cursor, whose layers take longer over a short
    query than finding the rows does.
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.wrap_database_errors:
            found = connection.connection.execute(sql.replace("%s", "?"), values)
            return list(found)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _table(found: list[tuple[int, ...]]) -> Table:
    numbers = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found))
    return numbers.reshape(-1, 3)


def _batches(hashes: Hashes) -> list[list[int]]:
    numbers: list[int] = hashes.tolist()
    return [numbers[at : at + _BATCH] for at in range(0, len(numbers), _BATCH)]


def count() -> int:
    """Return how many texts are indexed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_indexed")
        return int(cursor.fetchone()[0])


def size() -> int:
    """Return about how many texts are indexed, without counting them: the highest id.

    What weights a shared gram is the logarithm of it, and counting a million rows
    costs more than a query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(text), 0) FROM evidence_indexed")
        return int(cursor.fetchone()[0])


def rule_of(text: int) -> tuple[str, int | None] | None:
    """Return what made a text's fingerprints, and which text stands for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rule, representative FROM evidence_indexed WHERE text = %s", [text]
        )
        row: tuple[str, int | None] | None = cursor.fetchone()
    return row


def outdated(rule: str) -> list[int]:
    """Return the texts whose fingerprints were made by another rule, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text FROM evidence_indexed WHERE rule <> %s ORDER BY text", [rule]
        )
        return [row[0] for row in cursor.fetchall()]
