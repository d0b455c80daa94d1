"""Results as files: CSV, JSON, XLSX, and rankings in PrefLib's format."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from django.db import connection
from django.utils.translation import gettext as _

from common.texts import localized
from voting.models import Poll
from voting.questionnaire.definition import Question, QuestionKind
from voting.results.flat import COLUMNS, Cell, as_json, rows
from voting.results.gathering import preference
from voting.results.reading import Results
from voting.tally.model import Contest, Preference
from voting.tally.preflib import as_rankings, suffix, write

# What a spreadsheet would take for a formula when it opens a CSV file.
_FORMULA = re.compile(r"^[=+\-@\t\r]")
SHEET_LIMIT = 1_048_575  # rows under the head, by the format
_CELL_LIMIT = 32_767  # characters, by the format


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def safe_cell(value: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def csv_lines(head: Iterable[str], lines: Iterable[list[Cell]]) -> Iterator[str]:
    """A CSV file, line by line: with a byte order mark, so that spreadsheets read it as UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow(list(head))
    for line in lines:
        yield writer.writerow([safe_cell(cell) for cell in line])


def as_csv(results: Results) -> bytes:
    buffer = StringIO(newline="")
    buffer.writelines(csv_lines(COLUMNS, rows(results)))
    return buffer.getvalue().encode()


def as_json_bytes(results: Results) -> bytes:
    return json.dumps(as_json(results), ensure_ascii=False, indent=1).encode()


def as_xlsx(results: Results) -> bytes:
    """A sheet with the figures and one that says what they are."""
    buffer = BytesIO()
    book = new_book(buffer)
    write_sheet(book, _("Results"), COLUMNS, rows(results))
    poll = results.poll
    about: list[list[Cell]] = [
        [_("Title"), localized(poll.process.title).text],
        [_("Public body"), localized(poll.process.organisation.name).text],
        [_("Counted"), results.counted_at.isoformat(timespec="minutes")],
        [_("Answers that count"), results.turnout["ballots"]],
        [_("Fingerprint of the questions"), poll.definition_digest],
        [_("Intervals"), _("95%; Wilson for shares, Student’s t for means")],
    ]
    write_sheet(book, _("About"), (_("What"), _("Value")), about)
    book.close()
    return buffer.getvalue()


def new_book(target: Any) -> xlsxwriter.Workbook:
    """A workbook that writes row by row and takes neither text for a formula nor for a link."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(target, options)


def write_sheet(
    book: xlsxwriter.Workbook, name: str, head: Iterable[str], lines: Iterable[list[Cell]]
) -> None:
    sheet = book.add_worksheet(name[:31])
    names = list(head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(names), 18)
    sheet.write_row(0, 0, names, book.add_format({"bold": True}))
    for number, line in zip(range(1, SHEET_LIMIT + 1), lines, strict=False):
        for column, cell in enumerate(line):
            write_cell(sheet, number, column, cell)


def write_cell(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:_CELL_LIMIT])
    elif cell is not None:
        sheet.write_number(row, column, cell)


_PREFERENCES = """
SELECT b.answers -> %(question)s AS given, count(*) FROM voting_ballot b
WHERE b.poll_id = %(poll)s AND b.answers -> %(question)s IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM voting_ballot r WHERE r.replaces_id = b.id)
GROUP BY 1
"""
PREFLIB_KINDS = frozenset({QuestionKind.RANKING, QuestionKind.GRADES})


def contest_on_file(poll: Poll, question: Question) -> Contest:
    """The distinct preferences of a question as ranked ballots; equal grades are equal ranks.

    The caller asked the guard. One query, which groups them; memory grows with distinct ones.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PREFERENCES, {"poll": poll.pk, "question": question.key})
        found: dict[Preference, int] = {}
        for given, number in cursor.fetchall():
            answer = json.loads(given) if isinstance(given, str) else given
            ballot = preference(question, answer)
            found[ballot] = found.get(ballot, 0) + number
    contest = Contest(question.option_keys(), found, grades=question.point_keys())
    return as_rankings(contest) if question.kind is QuestionKind.GRADES else contest


def as_preflib(poll: Poll, question: Question) -> tuple[str, Iterator[str]]:
    """(file name, lines) of a PrefLib file with everybody's preferences."""
    contest = contest_on_file(poll, question)
    name = f"{poll.process.slug}-{question.key}.{suffix(contest)}"
    names = {option.key: localized(option.label).text for option in question.options}
    day = poll.counted_at.date().isoformat() if poll.counted_at else ""
    title = localized(question.title).text
    return name, write(contest, names, title=title, file_name=name, date=day)
