"""A contest from what was answered to one question."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from voting.questionnaire.definition import Question, QuestionKind
from voting.tally.model import Contest, Preference, approval, marks, ranking, strict

# Which methods a kind of question can be tallied by; the first is the usual one.
METHODS_OF: Mapping[QuestionKind, tuple[str, ...]] = {
    QuestionKind.SINGLE: ("plurality",),
    QuestionKind.MULTIPLE: ("approval",),
    QuestionKind.RANKING: (
        "stv-scottish",
        "stv-meek",
        "irv",
        "schulze",
        "ranked-pairs",
        "borda",
        "plurality",
    ),
    QuestionKind.SCORE: ("score",),
    QuestionKind.GRADES: ("majority-judgement",),
}


def _single(answer: Mapping[str, Any]) -> Preference:
    return strict(answer["option"])


def _multiple(answer: Mapping[str, Any]) -> Preference:
    return approval(answer["options"])


def _ranking(answer: Mapping[str, Any]) -> Preference:
    return ranking([one] for one in answer["ranking"])


def _score(answer: Mapping[str, Any]) -> Preference:
    return marks(answer["scores"])


def _grades(answer: Mapping[str, Any]) -> Preference:
    return marks(answer["grades"])


_BALLOTS: Mapping[QuestionKind, Callable[[Mapping[str, Any]], Preference]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.RANKING: _ranking,
    QuestionKind.SCORE: _score,
    QuestionKind.GRADES: _grades,
}


def contest_of(question: Question, answers: Iterable[Mapping[str, Any]]) -> Contest:
    """Count the answers to `question` into distinct ballots.

    `answers` are normalised answers to this question alone, without those who skipped it. Raises
    KeyError for a kind of question that cannot be tallied.
    """
    make = _BALLOTS[question.kind]
    ballots: dict[Preference, int] = {}
    for answer in answers:
        ballot = make(answer)
        if ballot:
            ballots[ballot] = ballots.get(ballot, 0) + 1
    least = question.least if question.kind is QuestionKind.SCORE else 0
    return Contest(question.option_keys(), ballots, grades=question.point_keys(), least=least)
