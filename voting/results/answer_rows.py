"""Single answers as rows of a table: one for each ballot that counts, one column for each thing asked."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from common.texts import localized
from voting.kinds import Channel
from voting.models import Ballot, Poll, Turnout
from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.results import words
from voting.results.flat import Cell
from voting.results.frequencies import OF_PARTS, part_keys

BETWEEN = " | "
# Questions with a column for each part.
BY_PART = OF_PARTS | {QuestionKind.SHARE}


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
        if question.kind in BY_PART:
            found += [f"{question.key}.{part}" for part in part_keys(question)]
        else:
            found.append(question.key)
    return found


class Labels(dict[tuple[str, str, str], str]):
    """The words of (question, answer, part) in the active language, looked up once each."""

    def of(self, question: Question, key: str, part: str = "") -> str:
        place = (question.key, key, part)
        found = self.get(place)
        if found is None:
            found = self[place] = words.answer(question, key, part).text
        return found


def chunk(poll: Poll, after: str, size: int, labels: Labels) -> tuple[list[list[Cell]], str, Any]:
    """(rows, mark of the last, its id) of at most `size` ballots that come after the mark `after`.

    `labels` is kept from chunk to chunk. The order is that of the marks, which are random, so that
    it tells nothing. Three queries through indexes: joined, each chunk would read the whole table.
    """
    while True:
        ballots = Ballot.objects.filter(poll=poll, mark__gt=after).order_by("mark")[:size]
        read = list(ballots.values_list("mark", "pk", "answers", "channel", "turnout_id"))
        if not read:
            return [], after, None
        after = read[-1][0]
        void = set(
            Ballot.objects.filter(replaces__in=[row[1] for row in read]).values_list(
                "replaces_id", flat=True
            )
        )
        kept = [row for row in read if row[1] not in void and row[2] is not None]
        if kept:
            break
    names = dict(
        Turnout.objects.filter(pk__in=[row[4] for row in kept if row[4]]).values_list(
            "pk", "user__name"
        )
    )
    found = [
        (mark, pk, answers, channel, names.get(turnout))
        for mark, pk, answers, channel, turnout in kept
    ]
    questionnaire = poll.questionnaire
    channels = {str(value): str(label) for value, label in Channel.choices}
    lines = [
        [
            mark if poll.is_secret else name or "",
            channels.get(channel, channel),
            *_cells(questionnaire, answers or {}, labels),
        ]
        for mark, _pk, answers, channel, name in found
    ]
    return lines, after, read[-1][1]


def _names(question: Question) -> Iterator[str]:
    title = localized(question.title).text
    if question.kind in BY_PART:
        for key in part_keys(question):
            yield f"{title} – {words.part(question, key).text}"
    else:
        yield title


def _cells(
    questionnaire: Questionnaire, answers: Mapping[str, Any], labels: Labels
) -> Iterator[Cell]:
    for question in questionnaire.questions():
        value = answers.get(question.key)
        if question.kind in BY_PART:
            given = next(iter(value.values())) if value else {}
            for key in part_keys(question):
                yield _point(question, given.get(key), key, labels)
        else:
            yield _cell(question, value, labels) if value else ""


def _cell(question: Question, value: Mapping[str, Any], labels: Labels) -> Cell:
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.YES_NO:
            return _with_words(question, [value["option"]], value, labels)
        case QuestionKind.MULTIPLE | QuestionKind.KNAPSACK:
            return _with_words(question, value["options"], value, labels)
        case QuestionKind.RANKING:
            names = [labels.of(question, key) for key in value["ranking"]]
            return BETWEEN.join(f"{place}. {name}" for place, name in enumerate(names, 1))
        case QuestionKind.SCALE:
            return _point(question, value["point"], "", labels)
        case QuestionKind.NUMBER:
            number = str(value["number"])
            return float(number) if "." in number else int(number)
    return str(value.get("date") or value.get("text") or "")


def _with_words(
    question: Question, keys: list[str], value: Mapping[str, Any], labels: Labels
) -> str:
    names = [labels.of(question, key) for key in keys]
    text = f": {value['text']}" if value.get("text") else ""
    return BETWEEN.join(names) + text


def _point(question: Question, given: Any, part: str, labels: Labels) -> Cell:
    if given is None:
        return ""
    if question.kind is QuestionKind.GRADES:
        return labels.of(question, given, part)
    return labels.of(question, given) if given == NOT_APPLICABLE else int(given)
