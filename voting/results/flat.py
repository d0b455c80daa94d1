"""Results as flat rows for tables of other programs, and as JSON. Numbers as they are stored."""

from collections.abc import Iterator
from typing import Any

from common.texts import Localized, localized
from voting.questionnaire.definition import Question
from voting.results import words
from voting.results.compute import FREQUENCIES, GROUPS
from voting.results.reading import Results

COLUMNS = (
    "question", "question_text", "grouping", "group", "group_text", "part", "part_text",
    "measure", "answer", "answer_text", "base", "count", "share", "share_low", "share_high",
    "mean", "mean_low", "mean_high", "deviation", "suppressed",
)  # fmt: skip

Row = dict[str, Any]
Cell = str | int | float | None


def rows(results: Results) -> Iterator[list[Cell]]:
    """A row for each figure, in the order of COLUMNS. `measure` is asked, answered, skipped, answer,
    points (how many an option was given), mean or satisfied; `base` is what a share or mean is of."""
    questionnaire = results.poll.questionnaire
    for question in questionnaire.questions():
        result = results.outcomes[question.key, FREQUENCIES]
        head = {"question": question.key, "question_text": localized(question.title).text}
        for measure in ("asked", "answered", "skipped"):
            yield _row(head, measure=measure, count=result[measure])
        for part, table in _parts(question, result):
            yield from _figures(question, {**head, **part}, table, result["answered"])
        for grouping in results.outcomes.get((question.key, GROUPS), {}).get("by", ()):
            asked = _grouping(results, grouping["key"])
            for part, table in _parts(question, grouping):
                for row in table["rows"]:
                    group = {
                        "grouping": grouping["key"],
                        "group": row["key"],
                        "group_text": words.group(asked, row["key"]).text,
                    }
                    yield from _figures(
                        question,
                        {**head, **part, **group},
                        {**row, "rows": row.get("cells", [])},
                        row["answered"],
                    )


def _grouping(results: Results, key: str) -> Question | None:
    try:
        return results.poll.questionnaire.question(key)
    except KeyError:
        return None


def _parts(question: Question, result: Row) -> Iterator[tuple[Row, Row]]:
    if "parts" not in result:
        yield {}, result
        return
    for part in result["parts"]:
        label: Localized = words.part(question, part["key"])
        yield {"part": part["key"], "part_text": label.text}, part


def _figures(
    question: Question, head: Row, table: Row, answered: int | None
) -> Iterator[list[Cell]]:
    base = table.get("answered", answered)
    for cell in table.get("rows", ()):
        text = words.answer(question, cell["key"], head.get("part", "")).text
        yield _cell({**head, "measure": "answer", "answer_text": text}, cell, base)
        if "points" in cell:
            yield _row(
                {**head, "measure": "points", "answer": cell["key"], "answer_text": text},
                base=base,
                count=cell["points"],
                suppressed="yes" if cell["points"] is None else "",
            )
    if mean := table.get("mean"):
        yield _row(
            head,
            measure="mean",
            base=mean["total"],
            mean=mean["mean"],
            mean_low=mean["low"],
            mean_high=mean["high"],
            deviation=mean.get("deviation"),
        )
    if satisfied := table.get("satisfied"):
        of = mean["total"] if mean else base
        yield _cell({**head, "measure": "satisfied"}, {**satisfied, "key": ""}, of)


def _cell(head: Row, cell: Row, base: int | None) -> list[Cell]:
    return _row(
        head,
        answer=cell["key"],
        base=base,
        count=cell["count"],
        share=cell["share"],
        share_low=cell["low"],
        share_high=cell["high"],
        suppressed="yes" if cell.get("suppressed") else "",
    )


def _row(head: Row, **values: Cell) -> list[Cell]:
    found = {**head, **values}
    return [found.get(name, "") for name in COLUMNS]


def as_json(results: Results) -> dict[str, Any]:
    """Everything that was counted, with what was asked: what a program needs to draw its own tables."""
    poll = results.poll
    return {
        "poll": poll.process.slug,
        "title": poll.process.title,
        "secrecy": poll.secrecy,
        "is_final": results.is_final,
        "counted_at": results.counted_at.isoformat(),
        "opened_at": poll.opened_at.isoformat() if poll.opened_at else None,
        "closed_at": poll.closed_at.isoformat() if poll.closed_at else None,
        "definition": poll.definition,
        "definition_digest": poll.definition_digest,
        "outcomes": [
            {"question": question, "method": method, "result": result}
            for (question, method), result in results.outcomes.items()
        ],
    }
