"""Checks and normalises what somebody answered. The same code for page, API, paper and count.

The shape of an answer, by kind (a question that was skipped or not shown has no answer):

    single, yes_no   {"option": "a"}, with words for "other": {"option": "z", "text": "…"}
    multiple         {"options": ["a", "c"]} in the order of the definition (and "text")
    scale            {"point": 4} or {"point": "na"}
    ranking          {"ranking": ["c", "a"]} best first; {"ranks": {"c": 1, "a": 2}} is accepted
    score            {"scores": {"a": 7}}
    grades           {"grades": {"a": "good"}}
    number           {"number": "12.5"}
    date             {"date": "2026-11-24"}
    short_text, long_text   {"text": "…"}
    matrix           {"points": {"staff": 5, "cost": "na"}}
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from voting.questionnaire.conditions import NOT_APPLICABLE, is_shown
from voting.questionnaire.definition import Question, QuestionKind, Questionnaire
from voting.questionnaire.problems import Problem

Answers = dict[str, dict[str, Any]]
_Checker = Callable[[Question, Mapping[object, object]], dict[str, Any] | None]

SHORT_LIMIT = 300  # characters of a short text and of the words for "other"
LONG_LIMIT = 5000
LARGEST_POINT = 1_000_000_000

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_BLANK = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Checked:
    """Normalised answers, and what is wrong by question (under "" what belongs to none)."""

    answers: Answers
    errors: dict[str, Problem]

    @property
    def is_fine(self) -> bool:
        return not self.errors


class _Wrong(ValueError):
    def __init__(self, code: str, **params: str | int):
        super().__init__(code)
        self.problem = Problem(code, params)


def check(questionnaire: Questionnaire, raw: object) -> Checked:
    """Normalise answers of any origin. Never raises; what is wrong is named and left out.

    Questions are gone through in order, each shown or not by the answers before it. Answers to
    questions that are not shown are dropped, empty ones count as skipped. Linear in the size.
    """
    if not isinstance(raw, Mapping):
        return Checked({}, {"": Problem("not_answers")})
    answers: Answers = {}
    errors: dict[str, Problem] = {}
    asked = set()
    for question in questionnaire.questions():
        asked.add(question.key)
        if question.key not in raw or not is_shown(question, answers):
            continue
        value, problem = check_one(question, raw[question.key])
        if problem is not None:
            errors[question.key] = problem
        elif value is not None:
            answers[question.key] = value
    unknown = sum(1 for key in raw if not isinstance(key, str) or key not in asked)
    if unknown:
        errors[""] = Problem("unknown_questions", {"count": unknown})
    return Checked(answers, errors)


def check_one(question: Question, value: object) -> tuple[dict[str, Any] | None, Problem | None]:
    """One answer, normalised (None: skipped), or what is wrong with it. Never raises."""
    if value is None:
        return None, None
    if not isinstance(value, Mapping):
        return None, Problem("wrong_shape")
    allowed, checker = _CHECKERS[question.kind]
    if any(name not in allowed for name in value):
        return None, Problem("wrong_shape")
    try:
        return checker(question, value), None
    except _Wrong as wrong:
        return None, wrong.problem


def clean_words(text: str, *, lines: bool) -> str:
    """Text as it is stored: NFC, without controls, trimmed; on one line unless `lines`."""
    text = _UNWANTED.sub("", _LINE_END.sub("\n", text))
    if not lines:
        text = " ".join(text.split())
    text = unicodedata.normalize("NFC", text).strip()
    return "" if all(unicodedata.category(c) in _BLANK for c in text) else text


def _words(value: object, limit: int, *, lines: bool = False) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _Wrong("wrong_shape")
    if len(value) > limit * 4:
        raise _Wrong("too_long", most=limit)
    text = clean_words(value, lines=lines)
    if len(text) > limit:
        raise _Wrong("too_long", most=limit)
    return text


def _key(value: object, offered: Collection[str]) -> str:
    if not isinstance(value, str):
        raise _Wrong("wrong_shape")
    if value not in offered:
        raise _Wrong("not_offered")
    return value


def _other(question: Question, chosen: Collection[str], words: object) -> dict[str, str]:
    """The words beside "other", where that was chosen; what was typed beside it else is dropped."""
    text = _words(words, SHORT_LIMIT)
    is_chosen = any(option.is_other and option.key in chosen for option in question.options)
    return {"text": text} if text and is_chosen else {}


def _single(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    option = value.get("option")
    if option is None or option == "":
        return None
    key = _key(option, question.option_keys())
    return {"option": key, **_other(question, (key,), value.get("text"))}


def _keys(value: object, offered: tuple[str, ...]) -> list[str]:
    """A list of different keys that are offered."""
    if not isinstance(value, list | tuple):
        raise _Wrong("wrong_shape")
    if len(value) > len(offered):
        raise _Wrong("too_many", most=len(offered))
    found = [_key(key, offered) for key in value]
    if len(set(found)) < len(found):
        raise _Wrong("named_twice")
    return found


def _count_fits(count: int, question: Question, offered: int) -> None:
    most = offered if question.most is None else min(question.most, offered)
    least = min(question.least, offered)
    if least == most and count != most:
        raise _Wrong("not_exactly", number=most)
    if count < least:
        raise _Wrong("too_few", least=least)
    if count > most:
        raise _Wrong("too_many", most=most)


def _multiple(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    offered = question.option_keys()
    chosen = _keys(value.get("options") or [], offered)
    if not chosen:
        return None
    _count_fits(len(chosen), question, len(offered))
    ordered = [key for key in offered if key in chosen]
    return {"options": ordered, **_other(question, ordered, value.get("text"))}


def _point(value: object, question: Question) -> int | str:
    if value == NOT_APPLICABLE and question.does_not_apply:
        return NOT_APPLICABLE
    return _whole(value, question)


def _whole(value: object, question: Question) -> int:
    most = LARGEST_POINT if question.most is None else question.most
    if isinstance(value, str):
        raise _Wrong("outside", least=question.least, most=most)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong("wrong_shape")
    if not question.least <= value <= most:
        raise _Wrong("outside", least=question.least, most=most)
    return value


def _scale(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    point = value.get("point")
    if point is None or point == "":
        return None
    return {"point": _point(point, question)}


def _ranking(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    offered = question.option_keys()
    if "ranks" in value:
        if "ranking" in value:
            raise _Wrong("wrong_shape")
        order = _by_rank(_parts(value["ranks"], offered), len(offered))
    else:
        order = _keys(value.get("ranking") or [], offered)
    if not order:
        return None
    _count_fits(len(order), question, len(offered))
    return {"ranking": order}


def _by_rank(ranks: dict[str, object], count: int) -> list[str]:
    """Options in the order of the ranks given to them, which must be 1, 2, 3 … without a gap."""
    places: dict[int, str] = {}
    for key, rank in ranks.items():
        if isinstance(rank, bool) or not isinstance(rank, int):
            raise _Wrong("not_offered" if isinstance(rank, str) else "wrong_shape")
        if not 1 <= rank <= count:
            raise _Wrong("outside", least=1, most=count)
        if rank in places:
            raise _Wrong("equal_ranks", rank=rank)
        places[rank] = key
    for rank in range(1, len(places) + 1):
        if rank not in places:
            raise _Wrong("rank_left_out", rank=rank)
    return [places[rank] for rank in sorted(places)]


def _parts(value: object, offered: tuple[str, ...]) -> dict[str, object]:
    """{key: what was said of it} in the order of the definition, without the empty ones."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _Wrong("wrong_shape")
    if len(value) > len(offered) or any(key not in offered for key in value):
        raise _Wrong("not_offered")
    return {key: value[key] for key in offered if value.get(key) not in (None, "")}


def _score(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    parts = _parts(value.get("scores"), question.option_keys())
    scores = {key: _whole(score, question) for key, score in parts.items()}
    return {"scores": scores} if scores else None


def _grades(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    parts = _parts(value.get("grades"), question.option_keys())
    grades = {key: _key(grade, question.point_keys()) for key, grade in parts.items()}
    return {"grades": grades} if grades else None


def _matrix(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    parts = _parts(value.get("points"), tuple(item.key for item in question.items))
    points = {key: _point(point, question) for key, point in parts.items()}
    return {"points": points} if points else None


def _number(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    number = value.get("number")
    if number is None or (isinstance(number, str) and not number.strip()):
        return None
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        raise _Wrong("wrong_shape")
    if isinstance(number, int) and abs(number) > 10**15:
        raise _Wrong("not_a_number")
    found = _NUMBER.fullmatch(str(number).strip())
    if found is None:
        raise _Wrong("not_a_number")
    amount = Decimal(found[0])
    most = question.most
    if amount < question.least or (most is not None and amount > most):
        if most is None:
            raise _Wrong("below", least=question.least)
        raise _Wrong("outside", least=question.least, most=most)
    return {"number": canonical_number(amount)}


def canonical_number(amount: Decimal) -> str:
    """The shortest decimal text: no exponent, no zeros at the end, no minus before zero."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _date(_question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    day = value.get("date")
    if day is None or (isinstance(day, str) and not day.strip()):
        return None
    if not isinstance(day, str):
        raise _Wrong("wrong_shape")
    if len(day) > SHORT_LIMIT or not _DATE.fullmatch(day.strip()):
        raise _Wrong("not_a_date")
    try:
        return {"date": date.fromisoformat(day.strip()).isoformat()}
    except ValueError as error:
        raise _Wrong("not_a_date") from error


def _text(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    is_long = question.kind is QuestionKind.LONG_TEXT
    text = _words(value.get("text"), LONG_LIMIT if is_long else SHORT_LIMIT, lines=is_long)
    return {"text": text} if text else None


_CHECKERS: dict[QuestionKind, tuple[frozenset[str], _Checker]] = {
    QuestionKind.SINGLE: (frozenset({"option", "text"}), _single),
    QuestionKind.YES_NO: (frozenset({"option", "text"}), _single),
    QuestionKind.MULTIPLE: (frozenset({"options", "text"}), _multiple),
    QuestionKind.SCALE: (frozenset({"point"}), _scale),
    QuestionKind.RANKING: (frozenset({"ranking", "ranks"}), _ranking),
    QuestionKind.SCORE: (frozenset({"scores"}), _score),
    QuestionKind.GRADES: (frozenset({"grades"}), _grades),
    QuestionKind.NUMBER: (frozenset({"number"}), _number),
    QuestionKind.DATE: (frozenset({"date"}), _date),
    QuestionKind.SHORT_TEXT: (frozenset({"text"}), _text),
    QuestionKind.LONG_TEXT: (frozenset({"text"}), _text),
    QuestionKind.MATRIX: (frozenset({"points"}), _matrix),
}
