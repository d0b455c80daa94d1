"""Results of questions as a page shows them: a sentence, a table, a drawing, and the same by group.

Made of stored outcomes (or those so far) and the definition; makes no query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.texts import Localized, localized
from common.ui import charts
from common.ui.charts import Bar
from voting.questionnaire.definition import TEXTS, Question, QuestionKind
from voting.results import words

Row = dict[str, Any]
Outcomes = Mapping[tuple[str, str], Row]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its name and its figures, written out."""

    label: Localized
    cells: tuple[str, ...]
    is_winner: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`head` names the columns after the first; `first` names that one."""

    caption: str
    first: str
    head: tuple[Localized, ...]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)

    @property
    def has_hidden(self) -> bool:
        return any("–" in line.cells for line in self.lines)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing, what it shows, and what stands at its ends."""

    caption: str
    drawing: SafeString
    ends: tuple[str, str] | None = None


@dataclass(slots=True)
class Grouped:
    """A question told apart by one grouping: tables with drawings, and what a test says."""

    key: str
    name: Localized
    tables: list[tuple[Table, Drawn | None]]
    tests: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Shown:
    """The result of one question. `number` counts from 1; `counted` explains the count by a method."""

    number: int
    question: Question
    title: Localized
    asked: int
    answered: int
    skipped: int
    sentence: str
    tables: list[tuple[Table, Drawn | None]]
    details: list[Table] = field(default_factory=list)
    groups: list[Grouped] = field(default_factory=list)
    weighted: list[Table] = field(default_factory=list)
    threshold: str = ""
    chosen: str = ""
    tally: Row | None = None
    counted: Any = None  # voting.explain.Explained, where it is tallied

    @property
    def is_partly_asked(self) -> bool:
        return bool(self.question.show_if)

    @property
    def has_hidden(self) -> bool:
        own = [table for table, _drawn in self.tables] + self.details
        grouped = [table for group in self.groups for table, _drawn in group.tables]
        return any(table.has_hidden for table in (*own, *grouped))


def shown(number: int, question: Question, result: Row) -> Shown:
    """The result of a question from its frequencies."""
    found = Shown(
        number,
        question,
        localized(question.title),
        result["asked"],
        result["answered"],
        result["skipped"],
        "",
        [],
    )
    if question.kind in TEXTS:
        found.sentence = _(
            "What people wrote in their own words is not counted and not shown here."
        )
    elif question.kind is QuestionKind.GRADES:
        _fill_grades(found, result)
    elif "parts" in result:
        _fill_parts(found, result)
    else:
        _fill_rows(found, result)
    if question.kind is QuestionKind.SHARE:
        _add_points(found, result)
    return found


def _add_points(found: Shown, result: Row) -> None:
    """Points beside the people who gave them, and who has most in one sentence."""
    (table, drawn), rows = found.tables[0], result["rows"]
    lines = [
        Line(line.label, (words.whole(row["points"]), *line.cells))
        for line, row in zip(table.lines, rows, strict=True)
    ]
    head = (_column(pgettext("column", "Points")), *table.head)
    found.tables = [(Table(table.caption, table.first, head, lines, table.notes), drawn)]
    known = [row for row in rows if row["points"]]
    if not known:
        return
    most = max(row["points"] for row in known)
    names = [
        _("“%(answer)s”") % {"answer": words.answer(found.question, row["key"]).text}
        for row in known
        if row["points"] == most
    ]
    text = ngettext(
        "Most points, %(points)s: %(answers)s.",
        "Most points, %(points)s each: %(answers)s.",
        len(names),
    )
    found.sentence = text % {"points": words.whole(most), "answers": ", ".join(names)}


def _fill_rows(found: Shown, result: Row) -> None:
    question = found.question
    rows = result["rows"]
    several = _("Several answers were possible; the shares add up to more than 100%.")
    caption = {
        QuestionKind.RANKING: _("First preferences"),
        QuestionKind.MULTIPLE: several,
        QuestionKind.KNAPSACK: several,
        QuestionKind.SHARE: _("Who gave points, and how many"),
    }.get(question.kind, _("What people answered"))
    labels = [words.answer(question, row["key"]) for row in rows]
    table = Table(
        caption,
        pgettext("column", "Answer"),
        (
            _column(pgettext("column", "Answers")),
            _column(pgettext("column", "Share")),
            _column(pgettext("column", "95% interval")),
        ),
        [
            Line(label, (words.whole(row["count"]), words.percent(row["share"]), _range(row)))
            for label, row in zip(labels, rows, strict=True)
        ],
        _statistics(result),
    )
    drawn = Drawn(
        _("Share of those who answered; the line shows the interval"),
        charts.bars(_bar(label, row) for label, row in zip(labels, rows, strict=True)),
    )
    found.tables = [(table, drawn)]
    found.sentence = _sentence(question, result)


def _statistics(result: Row) -> list[str]:
    """Mean, median and share of satisfied in words."""
    notes = []
    if mean := result.get("mean"):
        notes.append(mean_sentence(mean))
    if "median" in result:
        notes.append(_("Half answered %(median)s or less.") % {"median": _short(result["median"])})
    satisfied = result.get("satisfied")
    if satisfied and satisfied["share"] is not None:
        notes.append(
            _("Satisfied (%(least)s or more): %(share)s, %(interval)s.")
            % {
                "least": satisfied["from"],
                "share": words.percent(satisfied["share"]),
                "interval": words.interval(satisfied["low"], satisfied["high"]),
            }
        )
    return notes


def mean_sentence(mean: Row) -> str:
    if mean.get("low") is None:
        return _("Mean %(mean)s.") % {"mean": words.decimal(mean["mean"])}
    return _("Mean %(mean)s (95%% interval %(interval)s).") % {
        "mean": words.decimal(mean["mean"]),
        "interval": words.interval(mean["low"], mean["high"], is_share=False),
    }


def _sentence(question: Question, result: Row) -> str:
    """The result in one sentence."""
    if not result["answered"]:
        return _("Nobody answered this.")
    if question.kind is QuestionKind.SCALE:
        return _scale_sentence(question, result)
    if question.kind is QuestionKind.NUMBER:
        mean = result.get("mean")
        return _("On average %(mean)s.") % {"mean": _short(mean["mean"])} if mean else ""
    known = [row for row in result["rows"] if row["count"]]
    if question.kind is QuestionKind.SHARE:
        return ""
    if question.kind is QuestionKind.DATE or not known:
        return ""
    if question.kind is QuestionKind.YES_NO:
        yes = next((row for row in known if row["key"] == "yes"), None)
        if yes is None:
            return ""
        return _("%(share)s said yes.") % {"share": words.percent(yes["share"])}
    best = max(known, key=lambda row: row["count"])
    also = [row for row in known if row["count"] == best["count"]]
    if len(also) > 1:
        return _level(question, also)
    text = {
        QuestionKind.RANKING: _("%(share)s put “%(answer)s” first, more than any other."),
    }.get(question.kind, _("%(share)s chose “%(answer)s”, more than any other."))
    return text % {
        "answer": words.answer(question, best["key"]).text,
        "share": words.percent(best["share"]),
    }


def _level(question: Question, rows: list[Row]) -> str:
    """Several answers that were given most often, equally often."""
    names = [
        _("“%(answer)s”") % {"answer": words.answer(question, row["key"]).text} for row in rows
    ]
    text = {
        QuestionKind.RANKING: _("Put first most often, by %(share)s each: %(answers)s."),
    }.get(question.kind, _("Chosen most often, by %(share)s each: %(answers)s."))
    return text % {"share": words.percent(rows[0]["share"]), "answers": ", ".join(names)}


def _scale_sentence(question: Question, result: Row) -> str:
    mean = result.get("mean")
    if not mean:
        return ""
    first = _("On average %(mean)s on a scale from %(least)s to %(most)s.") % {
        "mean": words.decimal(mean["mean"]),
        "least": question.least,
        "most": question.most,
    }
    satisfied = result.get("satisfied")
    if not satisfied or satisfied["share"] is None:
        return first
    second = _("%(share)s are satisfied.") % {"share": words.percent(satisfied["share"])}
    return f"{first} {second}"


def _fill_parts(found: Shown, result: Row) -> None:
    """A matrix or scores: a mean for each item, and how often each point was given, folded."""
    question = found.question
    parts = [(words.part(question, part["key"]), part) for part in result["parts"]]
    caption = (
        _("Mean and share of satisfied by criterion")
        if question.satisfied_from
        else _("Mean by option")
    )
    table, drawn = means_table(question, caption, pgettext("column", "Criterion"), parts)
    found.tables = [(table, drawn)]
    found.details = [
        Table(
            label.text,
            pgettext("column", "Answer"),
            (_column(pgettext("column", "Answers")), _column(pgettext("column", "Share"))),
            [
                Line(
                    words.answer(question, row["key"]),
                    (words.whole(row["count"]), words.percent(row["share"])),
                )
                for row in part["rows"]
            ],
        )
        for label, part in parts
        if part["rows"]
    ]
    found.sentence = _parts_sentence(parts)


def _parts_sentence(parts: list[tuple[Localized, Row]]) -> str:
    known = [(label.text, part["mean"]["mean"]) for label, part in parts if part.get("mean")]
    if not known:
        return ""
    best = max(known, key=lambda pair: pair[1])
    worst = min(known, key=lambda pair: pair[1])
    if len(known) == 1 or best[1] == worst[1]:
        return _("“%(name)s”: %(mean)s on average.") % {
            "name": best[0],
            "mean": words.decimal(best[1]),
        }
    return _("Best: “%(best)s” (%(high)s on average). Last: “%(worst)s” (%(low)s).") % {
        "best": best[0],
        "high": words.decimal(best[1]),
        "worst": worst[0],
        "low": words.decimal(worst[1]),
    }


def means_table(
    question: Question, caption: str, first: str, rows: list[tuple[Localized, Row]]
) -> tuple[Table, Drawn | None]:
    """Means of items or of groups, with shares of satisfied where the question has them."""
    has_satisfied = bool(question.satisfied_from)
    head = [
        _column(pgettext("column", "Answers")),
        _column(pgettext("column", "Mean")),
        _column(pgettext("column", "95% interval")),
    ]
    if has_satisfied:
        head.append(_column(pgettext("column", "Satisfied")))
    lines, bars = [], []
    for label, row in rows:
        mean = row.get("mean") or {}
        low, high = mean.get("low"), mean.get("high")
        cells = [
            words.whole(row["answered"]),
            words.decimal(mean.get("mean")),
            words.interval(low, high, is_share=False),
        ]
        if has_satisfied:
            cells.append(words.percent((row.get("satisfied") or {}).get("share")))
        lines.append(Line(label, tuple(cells)))
        bars.append(Bar(label, mean.get("mean"), low, high, words.decimal(mean.get("mean"))))
    table = Table(caption, first, tuple(head), lines)
    if question.most is None:
        return table, None
    drawing = charts.means(bars, question.least, question.most)
    ends = (_end(question, question.least), _end(question, question.most))
    return table, Drawn(_("Means; the line shows the interval"), drawing, ends)


def _fill_grades(found: Shown, result: Row) -> None:
    question = found.question
    names = tuple(localized(point.label) for point in question.points)
    parts = [(words.part(question, part["key"]), part) for part in result["parts"]]
    lines = [
        Line(
            label,
            (words.whole(part["answered"]), *(words.percent(row["share"]) for row in part["rows"])),
        )
        for label, part in parts
    ]
    head = (_column(pgettext("column", "Answers")), *names)
    table = Table(_("Grades given to each option"), pgettext("column", "Option"), head, lines)
    drawn = None
    if len(names) <= charts.PATTERNS:
        shares = [(label, [row["share"] for row in part["rows"]]) for label, part in parts]
        drawn = Drawn(_("Shares of the grades"), charts.stacks(shares, names))
    found.tables = [(table, drawn)]


def people_answered(number: int) -> str:
    return ngettext("%(count)s person answered.", "%(count)s people answered.", number) % {
        "count": words.whole(number)
    }


def _column(text: str) -> Localized:
    return Localized(text, "")


def _bar(label: Localized, row: Row) -> Bar:
    return Bar(label, row["share"], row["low"], row["high"], words.percent(row["share"]))


def _range(row: Row) -> str:
    return words.interval(row["low"], row["high"]) or "–"


def _end(question: Question, point: int) -> str:
    return words.answer(question, str(point)).text


def _short(number: float) -> str:
    """Two decimals at most, none where there are none."""
    return words.decimal(number, 0 if number == int(number) else 2)
