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
    knapsack         {"options": ["a", "c"]} in the order of the definition, within the budget
    share            {"points": {"a": 3, "c": 7}} in the order of the definition, none of them 0
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from voting.questionnaire.amounts import amount_of, plain, spent
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
    """Normalised answers, and what is wrong by question (under "" what belongs to none).

    `beyond` are answers about money or points that are wrong by their number or sum alone: a page and
    a draft keep them, so that a person can take something out again. The ballot box does not.
    """

    answers: Answers
    errors: dict[str, Problem]
    beyond: Answers = field(default_factory=dict)

    @property
    def kept(self) -> Answers:
        """What a page shows and a draft keeps."""
        return self.answers | self.beyond if self.beyond else self.answers

    @property
    def is_fine(self) -> bool:
        return not self.errors


class _Wrong(ValueError):
    def __init__(self, code: str, **params: str | int):
        super().__init__(code)
        self.problem = Problem(code, params)
        self.answer: dict[str, Any] | None = None  # normalised, where only a limit is broken


def check(questionnaire: Questionnaire, raw: object) -> Checked:
    """Normalise answers of any origin. Never raises; what is wrong is named and left out.

    Questions are gone through in order, each shown or not by the answers before it. Answers to
    questions that are not shown are dropped, empty ones count as skipped. Linear in the size.
    Where one page only may be answered, the first one answered counts.
    """
    if not isinstance(raw, Mapping):
        return Checked({}, {"": Problem("not_answers")})
    answers: Answers = {}
    errors: dict[str, Problem] = {}
    beyond: Answers = {}
    asked = set()
    for question in questionnaire.questions():
        asked.add(question.key)
        if question.key not in raw or not is_shown(question, answers):
            continue
        value, problem, broken = _checked(question, raw[question.key])
        if problem is not None:
            errors[question.key] = problem
            if broken is not None:
                beyond[question.key] = broken
        elif value is not None:
            answers[question.key] = value
    unknown = sum(1 for key in raw if not isinstance(key, str) or key not in asked)
    if unknown:
        errors[""] = Problem("unknown_questions", {"count": unknown})
    if questionnaire.one_page:
        _keep_one_page(questionnaire, answers, errors, beyond)
    return Checked(answers, errors, beyond)


def _keep_one_page(
    questionnaire: Questionnaire, answers: Answers, errors: dict[str, Problem], beyond: Answers
) -> None:
    """Take out what is answered beside the first page on which anything is."""
    kept = questionnaire.page_answered(answers.keys() | errors.keys())
    for page in questionnaire.pages:
        for question in page.questions if page is not kept else ():
            if question.key in answers or question.key in errors:
                answers.pop(question.key, None)
                beyond.pop(question.key, None)
                errors[question.key] = Problem("one_page_only")


def check_one(question: Question, value: object) -> tuple[dict[str, Any] | None, Problem | None]:
    """One answer, normalised (None: skipped), or what is wrong with it. Never raises."""
    found, problem, _broken = _checked(question, value)
    return found, problem


def _checked(
    question: Question, value: object
) -> tuple[dict[str, Any] | None, Problem | None, dict[str, Any] | None]:
    """The same, and what breaks a limit only (see `Checked.beyond`)."""
    if value is None:
        return None, None, None
    if not isinstance(value, Mapping):
        return None, Problem("wrong_shape"), None
    allowed, checker = _CHECKERS[question.kind]
    if any(name not in allowed for name in value):
        return None, Problem("wrong_shape"), None
    try:
        return checker(question, value), None, None
    except _Wrong as wrong:
        return None, wrong.problem, wrong.answer


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
    picked = frozenset(chosen)
    ordered = [key for key in offered if key in picked]
    answer = {"options": ordered, **_other(question, ordered, value.get("text"))}
    with _within_limits(answer if question.is_priced else None):
        _count_fits(len(chosen), question, len(offered))
    return answer


@contextmanager
def _within_limits(answer: dict[str, Any] | None) -> Iterator[None]:
    """What is refused inside is kept beside the refusal: it is wrong by its number or sum alone."""
    try:
        yield
    except _Wrong as wrong:
        wrong.answer = answer
        raise


def _knapsack(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    """Options that cost no more together than there is."""
    answer = _multiple(question, value)
    if answer is None:
        return None
    with _within_limits(answer):
        budget = amount_of(question.budget)
        over = spent(question, answer["options"]) - budget
        if over > 0:
            limits = {"budget": plain(budget), "currency": question.currency}
            raise _Wrong("over_budget", over=plain(over), **limits)
    return answer


def _share(question: Question, value: Mapping[object, object]) -> dict[str, Any] | None:
    """Points for options: whole numbers, none above `each`, no more together than `most`."""
    parts = _parts(value.get("points"), question.option_keys())
    most = 0 if question.most is None else question.most
    each = most if question.each is None else min(question.each, most)
    points = {key: n for key, n in ((k, _points(p, most)) for k, p in parts.items()) if n}
    if not points:
        return None
    given, answer = sum(points.values()), {"points": points}
    with _within_limits(answer):
        if max(points.values()) > each:
            raise _Wrong("too_many_for_one", most=each)
        if given > most:
            raise _Wrong("too_many_points", over=given - most, most=most)
        if given < min(question.least, most):
            raise _Wrong("too_few_points", least=min(question.least, most), given=given)
    return answer


def _points(value: object, most: int) -> int:
    if isinstance(value, str):
        raise _Wrong("outside", least=0, most=most)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong("wrong_shape")
    if not 0 <= value <= LARGEST_POINT:
        raise _Wrong("outside", least=0, most=most)
    return value


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
    return {"number": plain(amount)}


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
    QuestionKind.KNAPSACK: (frozenset({"options"}), _knapsack),
    QuestionKind.SHARE: (frozenset({"points"}), _share),
}
