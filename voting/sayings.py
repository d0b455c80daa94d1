"""Answers in words, for people who read them: to check before sending, or in the published list."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.texts import localized
from common.ui import moments
from common.ui.money import money
from voting.questionnaire.amounts import amount_of
from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import Question, QuestionKind, Text
from voting.spending import in_a_line

_OPTIONS = frozenset(
    {QuestionKind.SINGLE, QuestionKind.YES_NO, QuestionKind.MULTIPLE, QuestionKind.KNAPSACK}
)


def said(question: Question, answer: Mapping[str, Any] | None) -> list[str]:
    """What an answer says, one line for each part; [] where the question was skipped."""
    if not answer:
        return []
    lines = _lines(question, answer)
    return [*lines, in_a_line(question, answer)] if question.is_priced else lines


def _lines(question: Question, answer: Mapping[str, Any]) -> list[str]:
    kind = question.kind
    if kind in _OPTIONS:
        keys = answer.get("options") or [answer.get("option")]
        return [_with_words(question, key, answer) for key in keys]
    if kind is QuestionKind.SCALE:
        return [_end_or_na(question, answer["point"])]
    if kind is QuestionKind.RANKING:
        return [
            _("%(place)s. %(name)s") % {"place": place, "name": _priced(question, key)}
            for place, key in enumerate(answer["ranking"], 1)
        ]
    if kind is QuestionKind.SHARE:
        return [_with_points(question, key, number) for key, number in answer["points"].items()]
    if kind in (QuestionKind.SCORE, QuestionKind.GRADES, QuestionKind.MATRIX):
        return _parts(question, answer)
    if kind is QuestionKind.DATE:
        return [moments.day(date.fromisoformat(answer["date"]))]
    return [str(answer.get("number") or answer.get("text") or "")]


def _with_words(question: Question, key: str, answer: Mapping[str, Any]) -> str:
    name = _priced(question, key)
    is_other = any(option.is_other and option.key == key for option in question.options)
    words = answer.get("text") if is_other else ""
    return _("%(name)s: %(words)s") % {"name": name, "words": words} if words else name


def _priced(question: Question, key: str) -> str:
    """An option with what it costs, where it has a cost."""
    name = _option(question, key)
    cost = next((option.cost for option in question.options if option.key == key), "")
    if not cost:
        return name
    return _("%(name)s – %(cost)s") % {
        "name": name,
        "cost": money(amount_of(cost), question.currency),
    }


def _with_points(question: Question, key: str, number: int) -> str:
    return ngettext("%(name)s: %(number)s point", "%(name)s: %(number)s points", number) % {
        "name": _option(question, key),
        "number": number,
    }


def _parts(question: Question, answer: Mapping[str, Any]) -> list[str]:
    if question.kind is QuestionKind.MATRIX:
        names = {item.key: item.label for item in question.items}
    else:
        names = {option.key: option.label for option in question.options}
    values = answer.get("scores") or answer.get("grades") or answer.get("points") or {}
    return [
        _("%(name)s: %(words)s")
        % {"name": localized(names[key]).text, "words": _value(question, value)}
        for key, value in values.items()
        if key in names
    ]


def _value(question: Question, value: object) -> str:
    if question.kind is QuestionKind.GRADES:
        return _label({point.key: point.label for point in question.points}, str(value))
    return _end_or_na(question, value)


def _end_or_na(question: Question, value: object) -> str:
    if value == NOT_APPLICABLE:
        return _("Does not apply")
    return _end(question, int(str(value)))


def _end(question: Question, number: int) -> str:
    """A point with its word: "1 (bad)"."""
    word = _label({point.key: point.label for point in question.points}, str(number))
    return str(number) if word == str(number) else f"{number} ({word})"


def _option(question: Question, key: str) -> str:
    if question.kind is QuestionKind.YES_NO:
        words = {
            "yes": pgettext("vote", "Yes"),
            "no": pgettext("vote", "No"),
            "abstain": pgettext("vote", "I abstain"),
        }
        return words.get(key, key)
    return _label({option.key: option.label for option in question.options}, key)


def _label(labels: Mapping[str, Text], key: str) -> str:
    return localized(labels[key]).text if key in labels else key
