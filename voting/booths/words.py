"""An answer in words, as somebody reads it beside the paper."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.texts import localized
from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import Item, Option, Question, QuestionKind

K = QuestionKind


def answer_words(question: Question, value: Mapping[str, Any] | None, language: str) -> str:
    """What was answered, in one line; "–" for nothing."""
    if not value:
        return "–"
    options = _names(question, language)
    if question.kind in (K.SINGLE, K.YES_NO):
        found = options.get(value["option"], value["option"])
    elif question.kind is K.MULTIPLE:
        found = ", ".join(options.get(key, key) for key in value["options"])
    elif question.kind is K.RANKING:
        places = enumerate(value["ranking"], 1)
        found = ", ".join(f"{place}. {options.get(key, key)}" for place, key in places)
    elif question.kind is K.SCALE:
        return _point(value["point"])
    else:
        return _parts(question, value, options, language)
    return f"{found}: {value['text']}" if value.get("text") else found


def _parts(
    question: Question, value: Mapping[str, Any], options: dict[str, str], language: str
) -> str:
    if question.kind is K.GRADES:
        grades = _labels(question.points, language)
        pairs = [(options.get(k, k), grades.get(g, g)) for k, g in value["grades"].items()]
    elif question.kind is K.SCORE:
        pairs = [(options.get(k, k), str(score)) for k, score in value["scores"].items()]
    elif question.kind is K.MATRIX:
        items = _labels(question.items, language)
        pairs = [(items.get(k, k), _point(point)) for k, point in value["points"].items()]
    else:
        return str(next(iter(value.values())))
    return ", ".join(f"{name}: {word}" for name, word in pairs)


def _point(point: Any) -> str:
    return _("Does not apply") if point == NOT_APPLICABLE else str(point)


def _names(question: Question, language: str) -> dict[str, str]:
    if question.kind is K.YES_NO:
        return {
            "yes": pgettext("vote", "Yes"),
            "no": pgettext("vote", "No"),
            "abstain": pgettext("vote", "I abstain"),
        }
    return _labels(question.options, language)


def _labels(rows: Iterable[Option | Item], language: str) -> dict[str, str]:
    return {row.key: localized(row.label, language).text or row.key for row in rows}
