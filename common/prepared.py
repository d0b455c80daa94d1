"""Querysets whose SQL is made once and prepared once.

Django writes the SQL of a queryset anew each time, and PostgreSQL plans it anew: on a page of seven
queries that is most of the time. A `Prepared` queryset is written once per process, with marks where
its parameters go, and sent as a prepared statement, so that a later read costs its execution and the
making of the rows. It is for the few reads that every page makes; everything else stays a queryset.

    BY_SLUG = Prepared(lambda slug: Process.objects.with_timetable().filter(slug=slug))
    BY_SLUG.first(slug="open-roads")
"""

import inspect
import re
import threading
from collections.abc import Callable, Container, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import ModelIterable, ValuesIterable, get_related_populators
from psycopg.sql import Literal

Row = TypeVar("Row")
_FIRST_MARK = 7_218_000_000_000_000_000  # a bigint that no row has for an id


class NotPreparable(Exception):
    """A parameter does not stand in the SQL as it was given; the message names it."""


class Prepared(Generic[Row]):
    """A queryset as a function of named parameters: whole numbers or texts.

    It gives what the queryset gives: model instances (with what they join and defer), or after
    `.values()` dictionaries. `build` gives the queryset; `kinds` names the parameters that are
    texts (slug=str). Each must reach the database unchanged (`filter(slug=slug)`, not
    `filter(title__contains=text)`), which is checked when the SQL is made. Safe among threads.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[Any]"], **kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._lock = threading.Lock()
        self._plan: _Plan | None = None

    def all(self, **values: int | str | None) -> list[Row]:
        """The rows for these parameters. One query."""
        plan = self._plan or self._make_plan()
        with connection.prepared_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(plan.sql, plan.parameters(values))
            rows = cursor.fetchall()
        return plan.results(rows)

    def first(self, **values: int | str | None) -> Row | None:
        """The first row for these parameters, or None. One query; the queryset should be limited."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def _make_plan(self) -> "_Plan":
        with self._lock:
            if self._plan is None:
                names = list(inspect.signature(self._build).parameters)
                marks: dict[str, int | str] = {
                    name: f"⟦{name}⟧" if self._kinds.get(name) is str else _FIRST_MARK + number
                    for number, name in enumerate(names)
                }
                self._plan = _Plan(self._build(**marks), marks)
            return self._plan


def _with_constants(
    statement: str, parameters: Sequence[Any], marks: Container[int | str]
) -> tuple[str, list[Any]]:
    """The statement with the texts and whole numbers that never change written into it, and the
    parameters that are left. Only so can the server use an index of WHERE kind = 'amendment'."""
    waiting, left = list(parameters), []

    def fill(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        value = waiting.pop(0)
        if not isinstance(value, int | str) or value in marks:
            left.append(value)
            return "%s"
        with connection.cursor() as cursor:
            return Literal(value).as_string(cursor.connection).replace("%", "%%")

    return re.sub("%[%s]", fill, statement), left


class _Plan:
    """The SQL of one queryset, and how its rows become instances."""

    def __init__(self, queryset: "models.QuerySet[Any]", marks: dict[str, int | str]) -> None:
        if queryset._iterable_class not in (ModelIterable, ValuesIterable):  # type: ignore[attr-defined]
            raise NotPreparable("only model instances and dictionaries can be prepared")
        compiler = queryset.query.get_compiler(connection=connection)
        names = {mark: name for name, mark in marks.items()}
        self.sql, self._parameters = _with_constants(*compiler.as_sql(), names)
        self._places = [
            (place, names[value])
            for place, value in enumerate(self._parameters)
            if isinstance(value, int | str) and value in names
        ]
        missing = set(marks) - {name for _place, name in self._places}
        if missing:
            raise NotPreparable(f"not found as given in the SQL: {', '.join(sorted(missing))}")
        self._compiler = compiler
        fields = [column[0] for column in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(fields)
        if queryset._iterable_class is ValuesIterable:  # type: ignore[attr-defined]
            self._make = self._dictionaries
            self._names = list(queryset.query.selected or ())
        else:
            self._make = self._instances
            self._learn_instances()

    def _learn_instances(self) -> None:
        compiler, info = self._compiler, self._compiler.klass_info
        chosen = info["select_fields"]
        self._model = info["model"]
        self._span = slice(chosen[0], chosen[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._span]]
        self._populators = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]
        self._annotations = list(compiler.annotation_col_map.items())

    def parameters(self, values: dict[str, int | str | None]) -> list[Any]:
        filled = list(self._parameters)
        for place, name in self._places:
            filled[place] = values[name]
        return filled

    def results(self, rows: list[Any]) -> list[Any]:
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return self._make(rows)

    def _dictionaries(self, rows: list[Any]) -> list[Any]:
        return [dict(zip(self._names, row, strict=True)) for row in rows]

    def _instances(self, rows: list[Any]) -> list[Any]:
        made = []
        for row in rows:
            instance = self._model.from_db(connection.alias, self._names, row[self._span])
            for populator in self._populators:
                populator.populate(row, instance)
            for name, place in self._annotations:
                setattr(instance, name, row[place])
            made.append(instance)
        return made
