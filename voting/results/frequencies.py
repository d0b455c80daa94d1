"""The result of one question: how often what was answered, means, and the same by group.

The shapes are described in docs/algorithms/outcomes.md. Shares are rounded to six decimals.
"""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import TEXTS, Question, QuestionKind
from voting.results.bins import MOST_ROWS, binned_ages, binned_dates, binned_numbers
from voting.results.gathering import ABOUT, ANSWERED, ASKED, Gathered
from voting.results.hiding import MEAN, SATISFIED, SPREAD, Cells, Hidden, Open, Value
from voting.statistics.means import Mean, mean, median, t_interval
from voting.statistics.shares import share
from voting.statistics.suppression import LEAST

DIGITS = 6
OF_PARTS = frozenset({QuestionKind.MATRIX, QuestionKind.SCORE, QuestionKind.GRADES})
# Wider scores are not shown point by point.
WIDEST = 21

Row = dict[str, Any]


def frequencies(question: Question, found: Gathered, hiding: Open, *, intervals: bool) -> Row:
    """What everybody answered. `intervals`: with intervals of means, for which SciPy is needed."""
    asked = found.count(question.key, ABOUT, ASKED)
    answered = found.count(question.key, ABOUT, ANSWERED)
    result: Row = {
        "kind": question.kind.value,
        "asked": asked,
        "answered": answered,
        "skipped": asked - answered,
    }
    if question.kind in OF_PARTS:
        result["parts"] = [
            {"key": key, **_part(question, key, found, hiding, intervals=intervals)}
            for key in part_keys(question)
        ]
    elif question.kind is QuestionKind.SCALE:
        result |= _points(question, found.values(question.key), hiding, intervals=intervals)
    elif question.kind is QuestionKind.NUMBER:
        result |= _numbers(question, found.values(question.key), hiding, intervals=intervals)
    elif question.kind is QuestionKind.DATE:
        cells = binned_dates(found.values(question.key))
        result["rows"] = rows(cells, answered, hiding.of_total(cells))
    elif question.kind is QuestionKind.SHARE:
        result["rows"] = _shares(question, found, answered, hiding)
    elif question.kind not in TEXTS:
        result["rows"] = _choices(question, found, answered, hiding)
    return result


def part_keys(question: Question) -> tuple[str, ...]:
    if question.kind is QuestionKind.MATRIX:
        return tuple(item.key for item in question.items)
    return question.option_keys()


def counts_of_choices(question: Question, values: Mapping[Value, int]) -> dict[Value, int]:
    """Every option with how often it was chosen, in the order of the definition."""
    return {key: values.get(key, 0) for key in question.option_keys()}


def counts_of_points(question: Question, values: Mapping[Value, int]) -> dict[Value, int]:
    """Every point in order, and "na" where that is offered. A wide score lists what was given."""
    most = question.most
    given = sorted(value for value in values if isinstance(value, int))
    is_narrow = most is not None and most - question.least < WIDEST
    offered = range(question.least, most + 1) if most is not None and is_narrow else given
    counts: dict[Value, int] = {point: values.get(point, 0) for point in offered}
    if question.does_not_apply:
        counts[NOT_APPLICABLE] = values.get(NOT_APPLICABLE, 0)
    return counts


def rows(counts: Cells, total: int, hidden: frozenset[Value]) -> list[Row]:
    """A row for each cell: its count and share of `total` with Wilson's interval, or hidden."""
    return [cell(value, count, total, is_hidden=value in hidden) for value, count in counts.items()]


def cell(key: Value, count: int, total: int, *, is_hidden: bool) -> Row:
    if is_hidden:
        return {
            "key": str(key),
            "count": None,
            "share": None,
            "low": None,
            "high": None,
            "suppressed": True,
        }
    found = share(count, total)
    return {
        "key": str(key),
        "count": count,
        "share": round(found.share, DIGITS),
        "low": round(found.low, DIGITS),
        "high": round(found.high, DIGITS),
    }


def _choices(question: Question, found: Gathered, answered: int, hiding: Open) -> list[Row]:
    counts = counts_of_choices(question, found.values(question.key))
    is_several = question.kind in (QuestionKind.MULTIPLE, QuestionKind.KNAPSACK)
    hidden = hiding.of_choices(counts) if is_several else hiding.of_total(counts)
    return rows(counts, answered, hidden)


def _shares(question: Question, found: Gathered, answered: int, hiding: Open) -> list[Row]:
    """Of each option who gave it points, and how many points. Points are shown only where no row is
    hidden: whoever knows how many there are in all could compute the rest."""
    given = {key: found.values(question.key, key) for key in question.option_keys()}
    counts: dict[Value, int] = {key: sum(values.values()) for key, values in given.items()}
    hidden = hiding.of_choices(counts)
    return [
        {**row, "points": None if hidden else _sum(given[row["key"]])}
        for row in rows(counts, answered, hidden)
    ]


def _sum(values: Mapping[Value, int]) -> int:
    return sum(int(value) * count for value, count in values.items())


def _part(question: Question, part: str, found: Gathered, hiding: Open, *, intervals: bool) -> Row:
    values = found.values(question.key, part)
    total = sum(values.values())
    shown = None if hiding.is_hiding and total < LEAST else total
    if question.kind is QuestionKind.GRADES:
        counts: dict[Value, int] = {key: values.get(key, 0) for key in question.point_keys()}
        return {"answered": shown, "rows": rows(counts, total, hiding.of_total(counts))}
    return {"answered": shown, **_points(question, values, hiding, intervals=intervals)}


def _points(
    question: Question, values: Mapping[Value, int], hiding: Open, *, intervals: bool
) -> Row:
    """Rows of a scale, the mean of its points and the share of satisfied."""
    counts = counts_of_points(question, values)
    hidden = hiding.of_points(counts, question.satisfied_from)
    is_short = len(counts) <= WIDEST + 1
    shown = rows(counts, sum(counts.values()), hidden.cells) if is_short else []
    return {"rows": shown, **statistics(question, counts, hidden, intervals=intervals)}


def statistics(
    question: Question, counts: Mapping[Value, int], hidden: Hidden, *, intervals: bool
) -> Row:
    """Mean and share of satisfied, as far as they may be shown; "na" counts for neither."""
    points = {value: count for value, count in counts.items() if isinstance(value, int)}
    result: Row = {}
    found = mean(points)
    if found is not None and MEAN in hidden.statistics:
        result["mean"] = mean_row(found, with_spread=SPREAD in hidden.statistics and intervals)
    if question.satisfied_from and found is not None:
        happy = sum(count for value, count in points.items() if value >= question.satisfied_from)
        is_hidden = SATISFIED not in hidden.statistics
        result["satisfied"] = cell("satisfied", happy, found.total, is_hidden=is_hidden)
        result["satisfied"]["from"] = question.satisfied_from
    return result


def mean_row(found: Mean, *, with_spread: bool) -> Row:
    interval = t_interval(found) if with_spread else None
    low, high = interval if interval else (None, None)
    row = {**asdict(found), "low": low, "high": high}
    if not with_spread:
        del row["deviation"]
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value
        for name, value in row.items()
    }


def _numbers(
    question: Question, values: Mapping[Value, int], hiding: Open, *, intervals: bool
) -> Row:
    """Classes of numbers, mean and median.

    Where classes are the numbers themselves, a mean would help to compute hidden ones. Ages have
    the classes that groups have: two ways of cutting one line would tell who lies between.
    """
    amounts = {Decimal(str(value)): count for value, count in values.items()}
    cells = binned_ages(amounts) if question.demographic == "age" else binned_numbers(amounts)
    hidden = hiding.of_total(cells)
    result: Row = {"rows": rows(cells, sum(cells.values()), hidden)}
    found = mean(amounts)
    is_exact = len(amounts) <= MOST_ROWS and question.demographic != "age"
    if found is None or (hiding.is_hiding and (found.total < LEAST or (hidden and is_exact))):
        return result
    result["mean"] = mean_row(found, with_spread=intervals and not hidden)
    middle = median(amounts)
    if middle is not None and not hiding.is_hiding:
        result["median"] = round(float(middle), DIGITS)
    return result
