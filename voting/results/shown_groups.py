"""Results told apart by group, regions as a series, and polls over time, as a page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.texts import Localized, localized
from common.ui import charts
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.results import words
from voting.results.gathering import CHANNEL, NOT_SAID
from voting.results.shown import Drawn, Grouped, Line, Row, Shown, Table, means_table
from voting.statistics import series

AREA = "area"


@dataclass(frozen=True, slots=True)
class Earlier:
    """One poll of a series: its name, the day on which it closed, and {question: frequencies}."""

    label: Localized
    closed_on: date
    frequencies: Mapping[str, Row]


def add_groups(found: Shown, result: Row, questionnaire: Questionnaire) -> None:
    """Put the tables by group of a "groups" outcome beside the question."""
    for grouping in result["by"]:
        asked = None if grouping["key"] == CHANNEL else questionnaire.question(grouping["key"])
        name = words.grouping(asked, grouping["demographic"])
        grouped = Grouped(grouping["key"], name, [])
        if "parts" in grouping:
            _parts(grouped, found.question, grouping, asked)
        elif grouping["rows"] and "cells" in grouping["rows"][0]:
            _crosstab(grouped, found.question, grouping, asked)
        else:
            _means(grouped, found.question, "", grouping, asked, grouping["demographic"])
        found.groups.append(grouped)


def _crosstab(grouped: Grouped, question: Question, grouping: Row, asked: Question | None) -> None:
    names = tuple(words.answer(question, cell["key"]) for cell in grouping["rows"][0]["cells"])
    labelled = [(words.group(asked, row["key"]), row) for row in grouping["rows"]]
    lines = [
        Line(
            label,
            (
                words.whole(row["answered"]),
                *(words.percent(cell["share"]) for cell in row["cells"]),
            ),
        )
        for label, row in labelled
    ]
    head = (Localized(pgettext("column", "Answers"), ""), *names)
    table = Table(_("Shares of each group"), pgettext("column", "Group"), head, lines)
    drawn = None
    if question.kind is not QuestionKind.MULTIPLE and len(names) <= charts.PATTERNS:
        shares = [(label, [cell["share"] for cell in row["cells"]]) for label, row in labelled]
        drawn = Drawn(_("Shares of each group"), charts.stacks(shares, names))
    grouped.tables.append((table, drawn))
    if "test" in grouping:
        grouped.tests = words.test_sentences(grouping["test"])


def _parts(grouped: Grouped, question: Question, grouping: Row, asked: Question | None) -> None:
    for part in grouping["parts"]:
        label = words.part(question, part["key"])
        _means(grouped, question, label.text, part, asked, grouping["demographic"])


def _means(
    grouped: Grouped,
    question: Question,
    caption: str,
    table: Row,
    asked: Question | None,
    demographic: str,
) -> None:
    rows = [(words.group(asked, row["key"]), row) for row in table["rows"]]
    grouped.tables.append(
        means_table(
            question, caption or _("Means of each group"), pgettext("column", "Group"), rows
        )
    )
    if table.get("test"):
        first = words.test_sentences(table["test"])[0]
        figures = words.test_sentences(table["test"])[1:]
        lead = _("%(name)s, satisfied or not: %(sentence)s")
        text = lead % {"name": caption, "sentence": first} if caption else first
        grouped.tests += [text, *figures]
    if demographic == AREA:
        regions = [(label, row) for label, row in rows if row["key"] != NOT_SAID]
        if found := region_series(caption, regions):
            grouped.tables.append((found, None))


def region_series(caption: str, rows: Sequence[tuple[Localized, Row]]) -> Table | None:
    """The means of areas as a series in the order asked; None below two areas that are shown."""
    known = [(label, row["mean"]["mean"]) for label, row in rows if row.get("mean")]
    if len(known) < 2:
        return None
    title = _("Areas as a series")
    return series_table(
        f"{caption}: {title}" if caption else title, pgettext("column", "Area"), known
    )


def series_table(
    caption: str,
    first: str,
    levels: Sequence[tuple[Localized, float]],
    days: Sequence[date] = (),
) -> Table:
    """Indices of a series of levels, which are rounded to two decimals first, as they are shown.

    `days`: when each level was measured, if at moments; unequal spans weigh the chronological mean.
    """
    values = [series.rounded(Decimal(str(level))) for _label, level in levels]
    steps = [None, *series.steps(values)]
    lines = [
        Line(label, (words.decimal(float(value)), *_figures(step)))
        for (label, _level), value, step in zip(levels, values, steps, strict=True)
    ]
    head = (
        pgettext("column", "Level"),
        pgettext("column", "Increment"),
        pgettext("column", "Rate of increase, %"),
        pgettext("column", "Build-up rate, % of the first"),
    )
    columns = tuple(Localized(text, "") for text in head)
    return Table(caption, first, columns, lines, _summary(values, days))


def _figures(step: series.Step | None) -> tuple[str, str, str]:
    if step is None:
        return ("", "", "")
    found = (step.chain_increment, step.chain_rate, step.build_up_rate)
    return (_signed(found[0]), _signed(found[1]), _signed(found[2]))


def _summary(values: Sequence[Decimal], days: Sequence[date]) -> list[str]:
    spans = [Decimal((later - sooner).days) for sooner, later in pairwise(days)]
    if spans and min(spans) > 0:
        mean = series.chronological_mean_of_spans(values, spans)
    else:
        mean = series.chronological_mean(values)
    increment = series.mean_increment(values)
    growth = series.mean_growth(values)
    notes = []
    if mean is not None:
        notes.append(_("Chronological mean %(mean)s.") % {"mean": _plain(mean)})
    if increment is not None:
        notes.append(_("Mean absolute increment %(mean)s.") % {"mean": _signed(increment)})
    if growth is not None:
        notes.append(_("Mean growth rate %(rate)s%%.") % {"rate": _plain(growth)})
    return [" ".join(notes)] if notes else []


def _plain(value: Decimal) -> str:
    return words.decimal(float(series.rounded(value)))


def _signed(value: Decimal | None) -> str:
    """With a true minus sign; a dash where it is not defined."""
    if value is None:
        return "–"
    cut = series.rounded(value)
    text = words.decimal(abs(float(cut)))
    return f"−{text}" if cut < 0 else text


def over_time(
    questionnaire: Questionnaire, polls: Sequence[Earlier]
) -> list[tuple[Localized, list[Table]]]:
    """The same questions in polls of one series, oldest first.

    Means of scales and of the items of a matrix, and in percent how many said yes.
    """
    found = []
    for question in questionnaire.questions():
        tables = [
            series_table(
                caption,
                pgettext("column", "Poll"),
                [(poll.label, level) for poll, level in levels],
                [poll.closed_on for poll, _level in levels],
            )
            for caption, levels in _levels(question, polls)
            if len(levels) > 1
        ]
        if tables:
            found.append((localized(question.title), tables))
    return found


Levels = list[tuple[Earlier, float]]


def _levels(question: Question, polls: Sequence[Earlier]) -> list[tuple[str, Levels]]:
    results = [
        (poll, result)
        for poll in polls
        if (result := poll.frequencies.get(question.key, {})).get("kind") == question.kind.value
    ]
    if question.kind is QuestionKind.YES_NO:
        shares = [
            (poll, 100 * row["share"])
            for poll, result in results
            for row in result["rows"]
            if row["key"] == "yes" and row["share"] is not None
        ]
        return [(_("Said yes, %"), shares)]
    if question.kind is QuestionKind.SCALE:
        means = [(poll, r["mean"]["mean"]) for poll, r in results if r.get("mean")]
        return [(pgettext("column", "Mean"), means)]
    if question.kind is QuestionKind.MATRIX:
        return [
            (words.part(question, item.key).text, _part_means(item.key, results))
            for item in question.items
        ]
    return []


def _part_means(key: str, results: Sequence[tuple[Earlier, Row]]) -> Levels:
    return [
        (poll, part["mean"]["mean"])
        for poll, result in results
        for part in result["parts"]
        if part["key"] == key and part.get("mean")
    ]
