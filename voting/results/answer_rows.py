"""Single answers as rows of a table: one for each ballot that counts, one column for each thing asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from common.texts import localized
from voting.models import Ballot, Poll
from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.results import words
from voting.results.flat import Cell
from voting.results.frequencies import OF_PARTS, part_keys

BETWEEN = " | "


def head(poll: Poll) -> list[str]:
    """The names of the columns, in the active language."""
    first = [_("Ballot"), _("Channel")] if poll.is_secret else [_("Person"), _("Channel")]
    return first + [
        name for question in poll.questionnaire.questions() for name in _names(question)
    ]


def keys(poll: Poll) -> list[str]:
    """The same columns by key, for programs: no two are equal."""
    found = ["ballot" if poll.is_secret else "person", "channel"]
    for question in poll.questionnaire.questions():
        if question.kind in OF_PARTS:
            found += [f"{question.key}.{part}" for part in part_keys(question)]
        else:
            found.append(question.key)
    return found


def chunk(poll: Poll, after: str, size: int) -> tuple[list[list[Cell]], str, Any]:
    """(rows, mark of the last, its id) of at most `size` ballots that come after the mark `after`.

    By their marks, which are random, so that the order tells nothing. One query through the index.
    """
    ballots = Ballot.objects.counted(poll).filter(mark__gt=after).order_by("mark")[:size]
    found = list(ballots.values_list("mark", "pk", "answers", "channel", F("turnout__user__name")))
    if not found:
        return [], after, None
    questionnaire = poll.questionnaire
    lines = [
        [
            mark if poll.is_secret else name or "",
            words.group(None, channel).text,
            *_cells(questionnaire, answers),
        ]
        for mark, _pk, answers, channel, name in found
    ]
    return lines, found[-1][0], found[-1][1]


def _names(question: Question) -> Iterator[str]:
    title = localized(question.title).text
    if question.kind in OF_PARTS:
        for key in part_keys(question):
            yield f"{title} – {words.part(question, key).text}"
    else:
        yield title


def _cells(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Iterator[Cell]:
    for question in questionnaire.questions():
        value = answers.get(question.key)
        if question.kind in OF_PARTS:
            given = next(iter(value.values())) if value else {}
            for key in part_keys(question):
                yield _point(question, given.get(key), key)
        else:
            yield _cell(question, value) if value else ""


def _cell(question: Question, value: Mapping[str, Any]) -> Cell:
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.YES_NO:
            return _with_words(question, [value["option"]], value)
        case QuestionKind.MULTIPLE:
            return _with_words(question, value["options"], value)
        case QuestionKind.RANKING:
            names = [words.answer(question, key).text for key in value["ranking"]]
            return BETWEEN.join(f"{place}. {name}" for place, name in enumerate(names, 1))
        case QuestionKind.SCALE:
            return _point(question, value["point"], "")
        case QuestionKind.NUMBER:
            number = str(value["number"])
            return float(number) if "." in number else int(number)
    return str(value.get("date") or value.get("text") or "")


def _with_words(question: Question, keys: list[str], value: Mapping[str, Any]) -> str:
    names = [words.answer(question, key).text for key in keys]
    text = f": {value['text']}" if value.get("text") else ""
    return BETWEEN.join(names) + text


def _point(question: Question, given: Any, part: str) -> Cell:
    if given is None:
        return ""
    if question.kind is QuestionKind.GRADES:
        return words.answer(question, given, part).text
    return words.answer(question, given).text if given == NOT_APPLICABLE else int(given)
