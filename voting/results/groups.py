"""The result of one question told apart by channel and by what people said about themselves.

Choices become cross-tables with chi-square and Cramér's V, points become means and shares of
satisfied. The shapes are described in docs/algorithms/outcomes.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import Question, QuestionKind
from voting.results.frequencies import (
    DIGITS,
    cell,
    counts_of_choices,
    counts_of_points,
    mean_row,
)
from voting.results.gathering import CHANNEL, NOT_SAID, Gathered, is_grouping
from voting.results.hiding import Open, Value
from voting.statistics.crosstabs import Association, association
from voting.statistics.means import mean
from voting.statistics.suppression import LEAST

CHOICE_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.YES_NO, QuestionKind.MULTIPLE})
POINT_KINDS = frozenset({QuestionKind.SCALE, QuestionKind.MATRIX})
# Tables by a grouping with more groups are left to whoever downloads the answers.
MOST_GROUPS = 60

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What tells groups apart: the channel, or a question about the person."""

    key: str
    demographic: str
    groups: tuple[str, ...]


def groupings(found: Gathered) -> Iterator[Grouping]:
    """All groupings, with the groups in which somebody is, those who did not say last."""
    for key, groups in found.groups.items():
        if key == CHANNEL:
            yield Grouping(key, CHANNEL, tuple(sorted(groups, key=_channel_place)))
            continue
        question = found.questionnaire.question(key)
        offered = [str(value) for value in _offered(question)]
        others = sorted(set(groups) - set(offered) - {NOT_SAID}, key=_natural)
        named = [group for group in (*offered, *others) if group in groups]
        last = [NOT_SAID] if NOT_SAID in groups else []
        if len(named) <= MOST_GROUPS:
            yield Grouping(key, question.demographic, (*named, *last))


def by_group(question: Question, found: Gathered, hiding: Open) -> list[Row]:
    """The question by each grouping that tells at least two groups apart."""
    if question.kind not in CHOICE_KINDS | POINT_KINDS or is_grouping(question):
        return []
    return [
        {"key": grouping.key, "demographic": grouping.demographic, **table}
        for grouping in groupings(found)
        if grouping.key != question.key and len(grouping.groups) > 1
        for table in (_table(question, grouping, found, hiding),)
    ]


def _table(question: Question, grouping: Grouping, found: Gathered, hiding: Open) -> Row:
    answered = found.answered_by_group(grouping.key, question.key)
    totals = {group: answered[group] for group in grouping.groups}
    hidden = hiding.of_total(totals)
    if question.kind in CHOICE_KINDS:
        return _crosstab(question, grouping, found, hiding, totals, hidden)
    if question.kind is QuestionKind.SCALE:
        return _means(question, "", grouping, found, hiding)
    parts = [
        {"key": item.key, **_means(question, item.key, grouping, found, hiding)}
        for item in question.items
    ]
    return {"parts": parts}


def _crosstab(
    question: Question,
    grouping: Grouping,
    found: Gathered,
    hiding: Open,
    totals: Mapping[str, int],
    hidden_rows: frozenset[Value],
) -> Row:
    values = found.values_by_group(grouping.key, question.key)
    table = {group: counts_of_choices(question, values[group]) for group in grouping.groups}
    overall = counts_of_choices(question, found.values(question.key))
    adds_up = question.kind is not QuestionKind.MULTIPLE
    hidden_columns = hiding.of_total(overall) if adds_up else hiding.of_choices(overall)
    hidden = hiding.of_table(
        table,
        [str(group) for group in hidden_rows],
        hidden_columns,
        rows_add_up=adds_up,
    )
    rows = [
        {
            **_head(group, totals[group], is_hidden=group in hidden_rows),
            "cells": [
                cell(option, count, totals[group], is_hidden=(group, option) in hidden)
                for option, count in table[group].items()
            ],
        }
        for group in grouping.groups
    ]
    return {"rows": rows, **({"test": _test(table, hidden)} if adds_up else {})}


def _head(group: str, total: int, *, is_hidden: bool) -> Row:
    row: Row = {"key": group, "answered": None if is_hidden else total}
    return {**row, "suppressed": True} if is_hidden else row


def _test(
    table: Mapping[str, Mapping[Value, int]], hidden: frozenset[tuple[str, Value]]
) -> Row | None:
    """Chi-square of the groups that are shown in full and named; it tells nothing that they do not."""
    used = {
        group: list(cells.values())
        for group, cells in table.items()
        if group != NOT_SAID and not any((group, value) in hidden for value in cells)
    }
    plain = association(list(used.values()))
    if plain is None:
        return None
    result: Row = {"groups": list(used), **_figures(plain)}
    filled = [any(column) for column in zip(*used.values(), strict=True)]
    if plain.degrees == 1 and sum(filled) == 2:
        rows = [[n for n, keep in zip(row, filled, strict=True) if keep] for row in used.values()]
        corrected = association([row for row in rows if any(row)], yates=True)
        result["yates"] = _figures(corrected) if corrected else None
    return result


def _figures(found: Association) -> Row:
    return {
        "statistic": round(found.statistic, DIGITS),
        "degrees": found.degrees,
        "p": round(found.p, 12),
        "cramers_v": round(found.cramers_v, DIGITS),
        "is_reliable": found.is_reliable,
    }


def _means(question: Question, part: str, grouping: Grouping, found: Gathered, hiding: Open) -> Row:
    """Mean and share of satisfied of each group; "na" counts for neither."""
    values = found.values_by_group(grouping.key, question.key, part)
    points = {
        group: {v: n for v, n in values[group].items() if isinstance(v, int)}
        for group in grouping.groups
    }
    totals: dict[Value, int] = {group: sum(points[group].values()) for group in grouping.groups}
    hidden_rows = {str(group) for group in hiding.of_total(totals)}
    least = question.satisfied_from
    happy = {group: _split(points[group], least) for group in grouping.groups}
    hidden = _hidden_satisfied(question, part, found, hiding, happy, hidden_rows)
    rows = []
    for group in grouping.groups:
        row = _head(group, int(totals[group]), is_hidden=group in hidden_rows)
        average = mean(points[group])
        if average is not None and group not in hidden_rows:
            row["mean"] = mean_row(average, with_spread=average.total >= LEAST)
        if least:
            gone = group in hidden_rows or (group, "yes") in hidden
            row["satisfied"] = cell("satisfied", happy[group]["yes"], totals[group], is_hidden=gone)
        rows.append(row)
    shown = {group: cells for group, cells in happy.items() if group not in hidden_rows}
    return {"rows": rows, **({"test": _test(shown, hidden)} if least else {})}


def _split(points: Mapping[int, int], least: int) -> dict[Value, int]:
    happy = sum(count for value, count in points.items() if value >= least)
    return {"yes": happy, "no": sum(points.values()) - happy}


def _hidden_satisfied(
    question: Question,
    part: str,
    found: Gathered,
    hiding: Open,
    happy: Mapping[str, Mapping[Value, int]],
    hidden_rows: set[str],
) -> frozenset[tuple[str, Value]]:
    """Which groups' numbers of satisfied are hidden; all, where the number of everybody is."""
    if not question.satisfied_from:
        return frozenset()
    overall = _split(
        {v: n for v, n in found.values(question.key, part).items() if isinstance(v, int)},
        question.satisfied_from,
    )
    is_hidden = hiding.is_hiding and min(overall.values()) < LEAST
    return hiding.of_table(happy, hidden_rows, ["yes", "no"] if is_hidden else [], rows_add_up=True)


def _offered(question: Question) -> tuple[Value, ...]:
    if question.kind is QuestionKind.SCALE:
        return tuple(v for v in counts_of_points(question, {}) if v != NOT_APPLICABLE)
    return question.option_keys()


def _natural(group: str) -> tuple[int, str]:
    """Numbers and spans of numbers in order."""
    digits = "".join(c for c in group.partition("-")[0] if c.isdigit())
    return (int(digits) if digits else 0, group)


def _channel_place(channel: str) -> int:
    return {"web": 0, "paper": 1, "telephone": 2}.get(channel, 3)
