"""Many rows written at once: as many statements for 300 rows as for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Model

from evidence.prepared import database, prepared_cursor

MOST_VALUES = 32_766  # that SQLite takes in one statement
A_STEP = 2  # rows of one model that a step with one subject writes


def insert(rows: Sequence[Model], *, numbered: bool = True) -> None:
    """Write new rows of one model. Unless they are `numbered`, they are not told
    their ids."""
    if not rows:
        return
    form = _form(type(rows[0]))
    for batch in _batches(rows, len(form.columns)):
        ids = _insert(form, batch, numbered=numbered)
        for row, (pk,) in zip(batch, ids, strict=numbered):
            row.pk, row._state.adding, row._state.db = pk, False, DEFAULT_DB_ALIAS


def update_each(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of rows of one model, each row with values of its own."""
    if not rows:
        return
    options = type(rows[0])._meta
    fields = [options.get_field(name) for name in names]
    for batch in _batches(rows, len(fields) + 1):
        _update(options, [options.pk, *fields], batch)


def _batches(rows: Sequence[Model], columns: int) -> Iterator[Sequence[Model]]:
    together = MOST_VALUES // columns
    for first in range(0, len(rows), together):
        yield rows[first : first + together]


@dataclass(frozen=True, slots=True)
class _Column:
    """plain: the types whose values are stored as the row holds them."""

    field: Any
    plain: frozenset[type]

    def value(self, row: Model, connection: Any) -> Any:
        """What the field would save, which is asked only where it may differ."""
        value = self.field.pre_save(row, add=True)
        if type(value) in self.plain:
            return value
        return self.field.get_db_prep_save(value, connection)


@dataclass(frozen=True, slots=True)
class _Form:
    """The statement that inserts rows of a model, up to its values."""

    head: str
    tail: str
    columns: tuple[_Column, ...]


@cache
def _form(model: type[Model]) -> _Form:
    quoted = database().ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quoted(field.column) for field in fields)
    table, key = quoted(model._meta.db_table), quoted(str(model._meta.pk.column))
    return _Form(
        f"INSERT INTO {table} ({names}) VALUES ",  # noqa: S608
        f" RETURNING {key}",
        tuple(_Column(field, _plain(field)) for field in fields),
    )


def _plain(field: Any) -> frozenset[type]:
    if isinstance(field, models.ForeignKey):
        return _plain(field.target_field)
    if isinstance(field, (models.CharField, models.TextField)):
        return frozenset({str, type(None)})
    if isinstance(field, models.IntegerField):
        return frozenset({int, type(None)})
    return frozenset()


def _insert(form: _Form, rows: Sequence[Model], *, numbered: bool) -> list[tuple[int]]:
    connection = database()
    statement = form.head + _places(len(form.columns), len(rows))
    values = [column.value(row, connection) for row in rows for column in form.columns]
    if numbered:
        statement += form.tail
    # A plan is kept for the few rows that are written often, not for each number.
    if len(rows) <= A_STEP:
        return _ids(prepared_cursor(), statement, values, numbered)
    with connection.cursor() as cursor:
        return _ids(cursor, statement, values, numbered)


def _ids(
    cursor: Any, statement: str, values: list[Any], numbered: bool
) -> list[tuple[int]]:
    cursor.execute(statement, values)
    return list(cursor.fetchall()) if numbered else []


def _update(options: Any, fields: Sequence[Any], rows: Sequence[Model]) -> None:
    """Both databases call the columns of a list of values column1, column2 …"""
    connection = database()
    quoted = connection.ops.quote_name
    table, key = quoted(options.db_table), quoted(fields[0].column)
    new = ", ".join(
        f"{quoted(field.column)} = {_typed(field, place)}"
        for place, field in enumerate(fields[1:], start=2)
    )
    places = _places(len(fields), len(rows))
    statement = (
        f"UPDATE {table} SET {new} FROM (VALUES {places}) AS fresh "  # noqa: S608
        f"WHERE {table}.{key} = {_typed(fields[0], 1)}"
    )
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _typed(field: Any, place: int) -> str:
    """PostgreSQL takes a column of nothing but NULL for text."""
    connection = database()
    if connection.vendor != "postgresql":
        return f"fresh.column{place}"
    return f"fresh.column{place}::{field.db_type(connection)}"


def _places(columns: int, rows: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * columns)})"] * rows)
