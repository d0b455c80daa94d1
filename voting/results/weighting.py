"""Results weighted to known margins: what the answers would say if the people who answered were made up
as the population is.

A second and a third pass over the ballots; runs when a poll with margins is counted. Only people who
said everything that the margins ask can be weighted; how many were left out is said.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voting.models import Poll
from voting.questionnaire.definition import Question, QuestionKind
from voting.results.ballots import Reading
from voting.results.frequencies import DIGITS, part_keys
from voting.results.gathering import NOT_SAID, Mark, group_of, marks_of
from voting.statistics.means import weighted_mean
from voting.statistics.raking import ImpossibleMargin, rake
from voting.statistics.shares import wilson

WEIGHTS, WEIGHTED = "weights", "weighted"
KINDS = frozenset(
    {
        QuestionKind.SINGLE,
        QuestionKind.YES_NO,
        QuestionKind.MULTIPLE,
        QuestionKind.SCALE,
        QuestionKind.MATRIX,
    }
)

Row = dict[str, Any]
Cell = tuple[str, ...]


@dataclass(slots=True)
class Weighted:
    """Sums of weights: of each mark, and of whoever answered a question (with their squares)."""

    marks: dict[Mark, float] = field(default_factory=lambda: defaultdict(float))
    answered: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    squares: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def weigh(poll: Poll) -> tuple[Row, Weighted | None]:
    """(what is said of the weights, the weighted sums). The sums are None where no weights exist that
    meet the margins; the row says why ("problem", "question", "category")."""
    margins = {
        key: {category: float(share) for category, share in targets.items()}
        for key, targets in poll.margins.items()
    }
    questions = [poll.questionnaire.question(key) for key in margins]
    cells, left_out = _cells(poll, questions)
    said: Row = {"margins": poll.margins, "left_out": left_out, "respondents": cells.total()}
    people = [
        person
        for cell, number in cells.items()
        for person in [dict(zip(margins, cell, strict=True))] * number
    ]
    try:
        found = rake(people, margins)
    except ImpossibleMargin as problem:
        return {
            **said,
            "problem": problem.code,
            "question": problem.variable,
            "category": problem.category,
        }, None
    by_cell = dict(zip(cells.elements(), found.weights, strict=True))
    said |= {
        "effective_size": round(found.effective_size, DIGITS),
        "design_effect": round(found.design_effect, DIGITS),
        "least": round(min(found.weights), DIGITS),
        "most": round(max(found.weights), DIGITS),
        "has_converged": found.has_converged,
    }
    return said, _sums(poll, questions, by_cell)


def _cell(answers: Mapping[str, Any], questions: list[Question]) -> Cell:
    return tuple(group_of(question, answers.get(question.key)) for question in questions)


def _cells(poll: Poll, questions: list[Question]) -> tuple[Counter[Cell], int]:
    cells: Counter[Cell] = Counter()
    left_out = 0
    for answers, _channel, _area in Reading(poll):
        cell = _cell(answers, questions)
        if NOT_SAID in cell:
            left_out += 1
        else:
            cells[cell] += 1
    return cells, left_out


def _sums(poll: Poll, questions: list[Question], by_cell: Mapping[Cell, float]) -> Weighted:
    sums = Weighted()
    wanted = {q.key: q for q in poll.questionnaire.questions() if q.kind in KINDS}
    for answers, _channel, _area in Reading(poll):
        weight = by_cell.get(_cell(answers, questions))
        if weight is None:
            continue
        for key, value in answers.items():
            if key not in wanted:
                continue
            sums.answered[key] += weight
            sums.squares[key] += weight * weight
            for mark in marks_of(wanted[key], value):
                sums.marks[mark] += weight
    return sums


def weighted_rows(question: Question, sums: Weighted, plain: Row) -> Row | None:
    """The weighted result of one question; what `plain` (its frequencies) hides stays hidden."""
    total = sums.answered.get(question.key, 0.0)
    if question.kind not in KINDS or not total:
        return None
    size = total**2 / sums.squares[question.key]
    result: Row = {"effective_size": round(size, DIGITS)}
    if question.kind is QuestionKind.MATRIX:
        hidden = {part["key"]: part for part in plain["parts"]}
        result["parts"] = [
            {"key": key, **_one(question, key, sums, size, hidden[key])}
            for key in part_keys(question)
        ]
        return result
    return result | _one(question, "", sums, size, plain)


def _one(question: Question, part: str, sums: Weighted, size: float, plain: Row) -> Row:
    values = {
        value: weight
        for (key, place, value), weight in sums.marks.items()
        if key == question.key and place == part
    }
    is_several = question.kind is QuestionKind.MULTIPLE
    total = sums.answered[question.key] if is_several else sum(values.values())
    by_text = {str(value): weight for value, weight in values.items()}
    rows = [_row(row, by_text.get(row["key"], 0.0), total, size) for row in plain["rows"]]
    found: Row = {"rows": rows}
    points = {value: weight for value, weight in values.items() if isinstance(value, int)}
    if points and plain.get("mean") is not None:
        whole = weighted_mean(points)
        found["mean"] = None if whole is None else round(whole, DIGITS)
    plainly = plain.get("satisfied")
    if points and question.satisfied_from and plainly and not plainly.get("suppressed"):
        happy = sum(weight for value, weight in points.items() if value >= question.satisfied_from)
        found["satisfied"] = round(happy / sum(points.values()), DIGITS)
    return found


def _row(plain: Row, weight: float, total: float, size: float) -> Row:
    if plain.get("suppressed") or not total:
        return {"key": plain["key"], "share": None, "low": None, "high": None}
    share = min(1.0, weight / total)
    low, high = wilson(share * size, size)
    return {
        "key": plain["key"],
        "share": round(share, DIGITS),
        "low": round(low, DIGITS),
        "high": round(high, DIGITS),
    }
