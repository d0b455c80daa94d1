"""Pabulib's `.pb` files: read, written again without loss, and understood as an election.

A file has three tables with titles META, PROJECTS and VOTES; fields are parted by semicolons and
quoted as in CSV. Source: pabulib.org/format; D. Stolicki, S. Szufa, N. Talmon, "Pabulib: a
participatory budgeting library" (2020). Unknown columns and keys, the order of everything and all text
are kept.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

SECTIONS = ("META", "PROJECTS", "VOTES")
MOST_BYTES = 256 * 2**20
_SPECIAL = re.compile(r'[;"\r\n]')
_NEEDED = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("vote",)}


class PbError(ValueError):
    """A file cannot be read; the message is one line in plain English and names the line."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in the file. `lines` are the numbers of the lines at which rows end."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = field(default=(), compare=False, repr=False)

    def place(self, name: str) -> int | None:
        """Where a column stands; spaces around its name and capitals are irrelevant."""
        names = [column.strip().lower() for column in self.columns]
        return names.index(name) if name in names else None

    def column(self, name: str) -> list[str]:
        """The cells of a column without spaces around; "" where a row is too short or there is no such
        column.
        """
        place = self.place(name)
        if place is None:
            return [""] * len(self.rows)
        return [row[place].strip() if place < len(row) else "" for row in self.rows]

    def line(self, number: int) -> int:
        """The line of a row, 0 if it was not read from a file."""
        return self.lines[number] if number < len(self.lines) else 0


@dataclass(frozen=True, slots=True)
class PbFile:
    """A whole file. `newline` ends its lines, the last too unless it `ends_open`; `has_mark`: it begins
    with a byte order mark."""

    meta: Table
    projects: Table
    votes: Table
    newline: str = "\n"
    has_mark: bool = False
    ends_open: bool = False

    def value(self, key: str) -> str:
        """A value of META, "" if there is none."""
        pairs = zip(self.meta.column("key"), self.meta.column("value"), strict=True)
        return next((value for name, value in pairs if name.lower() == key), "")

    @property
    def names(self) -> dict[str, str]:
        """Projects' names by id, where the file has any."""
        return dict(
            zip(self.projects.column("project_id"), self.projects.column("name"), strict=True)
        )


def read(raw: bytes) -> PbFile:
    """Read a file. Raises PbError."""
    text = _decoded(raw)
    tables: dict[str, Table] = {}
    for title, columns, rows, lines, line in _sections(text):
        _check(title, columns, tables, line)
        tables[title] = Table(columns, rows, lines)
    for title in SECTIONS:
        if title not in tables:
            raise PbError(f"the section {title} is missing")
    return PbFile(
        tables["META"],
        tables["PROJECTS"],
        tables["VOTES"],
        newline="\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n",
        has_mark=raw.startswith(b"\xef\xbb\xbf"),
        ends_open=not text.endswith(("\n", "\r")),
    )


def write(file: PbFile) -> bytes:
    """The file as bytes, quoted only where it must be."""
    lines: list[str] = []
    for title, table in zip(SECTIONS, (file.meta, file.projects, file.votes), strict=True):
        lines.append(title)
        lines += [";".join(map(_cell, row)) for row in (table.columns, *table.rows)]
    text = file.newline.join(lines) + ("" if file.ends_open else file.newline)
    return (("\ufeff" if file.has_mark else "") + text).encode()


def _cell(text: str) -> str:
    """A field as it is written. (`csv.writer` leaves a carriage return without quotes.)"""
    return '"' + text.replace('"', '""') + '"' if _SPECIAL.search(text) else text


def _decoded(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise PbError(f"the file is too big (more than {MOST_BYTES >> 20} MiB)")
    if b"\0" in raw:
        raise PbError("this is not a text file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PbError("the text is not UTF-8", line) from error


_Section = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...], tuple[int, ...], int]


def _sections(text: str) -> Iterator[_Section]:
    """Title, columns, rows and their lines of each section, and the line of the title."""
    title, start = "", 0
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, row in _rows(text):
        word = row[0].strip().upper() if len(row) == 1 or not any(row[1:]) else ""
        if word in SECTIONS:
            if title:
                yield title, columns, tuple(rows), tuple(lines), start
            title, columns, rows, lines, start = word, (), [], [], line
        elif not title:
            raise PbError("the file must begin with META", line)
        elif not columns:
            columns = tuple(row)
        elif len(row) > len(columns):
            raise PbError(f"{len(row)} fields are too many for {len(columns)} columns", line)
        else:
            rows.append(tuple(row))
            lines.append(line)
    if title:
        yield title, columns, tuple(rows), tuple(lines), start


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the number of its line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        for row in reader:
            if len(row) > 1 or (row and row[0].strip()):
                yield reader.line_num, row
    except csv.Error as error:
        raise PbError(f"quotes or fields are not as in CSV ({error})", reader.line_num) from error


def _check(title: str, columns: Sequence[str], before: dict[str, Table], line: int) -> None:
    if title in before:
        raise PbError(f"the section {title} stands twice", line)
    if title != SECTIONS[len(before)]:
        raise PbError(f"{SECTIONS[len(before)]} is expected instead of {title}", line)
    names = [column.strip().lower() for column in columns]
    for needed in _NEEDED[title]:
        if names.count(needed) != 1:
            raise PbError(f'{title} needs one column "{needed}"', line + 1)
