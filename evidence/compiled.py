"""Statements of the ORM that are written once and run again with other values.

Django writes the SQL of a queryset anew each time it is asked: more than half of
what a step through the one door costs. Here the SQL, the columns and the joins are
kept, and only the values change. What comes back are the same instances.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from operator import itemgetter
from typing import Any, ClassVar

from django.db import models
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from evidence.prepared import database, prepared_cursor

# What stands for the value of a list while a statement is compiled.
_FIRST, _MOST_SLOTS = -(2**62), 16


class Slot(Expression):
    """The place of the value of this number in a compiled statement."""

    output_field: ClassVar[Any] = models.Field()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class _Statement:
    """SQL with slots, for the database of the settings."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self.sql, self.parameters = "", tuple[Any, ...]()

    def keep(self, compiler: SQLCompiler) -> None:
        sql, parameters = compiler.as_sql()
        self.parameters = tuple(_slot_of(each) for each in parameters)
        self.sql = sql

    def filled(self, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        flat = [_stored(each[0] if isinstance(each, list) else each) for each in values]
        return self.sql, tuple(
            flat[each.number] if isinstance(each, Slot) else each
            for each in self.parameters
        )


class Rows(_Statement):
    """A query whose builder takes the values of its slots: `Rows(build)(1, 2)`.

    A list among the values may have any length: of more than one the rows are asked
    for by the ORM as ever, because what compiling costs is spread over them.
    """

    def __call__(self, *values: Any) -> list[Any]:
        if _is_many(values):
            return list(self.build(*values))
        if not self.sql:
            self._compile(values)
        cursor = prepared_cursor()
        cursor.execute(*self.filled(values))
        found = cursor.fetchall()
        return [self.made(row) for row in _converted(found, self.converters)]

    def _compile(self, values: Sequence[Any]) -> None:
        queryset: QuerySet[Any] = self.build(*_slots(values))
        compiler: Any = queryset.query.get_compiler(connection=database())
        compiler.as_sql()  # which says what is selected
        columns = [expression for expression, *_names in compiler.select]
        self.converters = list(compiler.get_converters(columns).items())
        self.made = _maker(queryset, compiler)
        self.keep(compiler)  # last: another thread takes what has SQL for whole


def _converted(rows: Sequence[Any], converters: Sequence[Any]) -> Iterator[list[Any]]:
    connection = database()
    for row in map(list, rows):
        for place, (converts, expression) in converters:
            for convert in converts:
                row[place] = convert(row[place], expression, connection)
        yield row


def _maker(queryset: Any, compiler: Any) -> Callable[[list[Any]], Any]:
    """Return what makes of a row what iterating the queryset would give."""
    shape = queryset._iterable_class
    if shape is FlatValuesListIterable:
        return itemgetter(0)
    if shape is ValuesListIterable:
        return tuple
    if shape is not ModelIterable or queryset._prefetch_related_lookups:
        raise TypeError(f"rows of this shape are not compiled: {shape.__name__}")
    chosen = compiler.klass_info["select_fields"]
    first, end = chosen[0], chosen[-1] + 1
    names = [column.target.attname for column, *_names in compiler.select[first:end]]
    alias, model = queryset.db, queryset.model
    populators: Any = get_related_populators
    related = populators(compiler.klass_info, compiler.select, alias)
    annotated = list(compiler.annotation_col_map.items())

    def made(row: list[Any]) -> Any:
        instance = model.from_db(alias, names, row[first:end])
        for name, place in annotated:
            setattr(instance, name, row[place])
        for populator in related:
            populator.populate(row, instance)
        return instance

    return made


class Change(_Statement):
    """An UPDATE: the builder takes the slots and returns the rows and their new
    values. Gives the number of rows that it found. Lists as in `Rows`."""

    def __call__(self, *values: Any) -> int:
        if _is_many(values):
            rows, new = self.build(*values)
            return int(rows.update(**new))
        if not self.sql:
            self._compile(values)
        cursor = prepared_cursor()
        cursor.execute(*self.filled(values))
        return int(cursor.rowcount)

    def _compile(self, values: Sequence[Any]) -> None:
        rows, new = self.build(*_slots(values))
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(new)
        self.keep(query.get_compiler(connection=database()))


def _is_many(values: Sequence[Any]) -> bool:
    return any(isinstance(each, list) and len(each) != 1 for each in values)


def _slots(values: Sequence[Any]) -> list[Any]:
    """Lists hold numbers, because `__in` takes no expression for a foreign key."""
    return [
        [_FIRST - number] if isinstance(each, list) else Slot(number)
        for number, each in enumerate(values)
    ]


def _slot_of(parameter: Any) -> Any:
    for number in range(_MOST_SLOTS):
        if parameter in (_FIRST - number, str(_FIRST - number)):
            return Slot(number)
    return parameter


def _stored(value: Any) -> Any:
    """Return a value as the database takes it."""
    if isinstance(value, datetime):
        return database().ops.adapt_datetimefield_value(value)
    if isinstance(value, Enum):
        return value.value
    return value.pk if isinstance(value, Model) else value
