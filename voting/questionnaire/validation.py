"""What must be mended before a questionnaire can be put to people."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from voting.questionnaire.amounts import is_amount, is_currency
from voting.questionnaire.answers import LARGEST_POINT
from voting.questionnaire.conditions import RESERVED, problems
from voting.questionnaire.definition import (
    BUDGETED,
    CHOICES,
    Item,
    Option,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
    Text,
)
from voting.questionnaire.problems import Problem

MOST_QUESTIONS = 200
MOST_OPTIONS = 200
MOST_PRICED = 500  # options where they are projects with costs
LONGEST_PATH = 300
WIDEST_SCALE = 11  # points of a scale, a score or a matrix that are shown as buttons
WIDEST_SCORE = 101
DEMOGRAPHICS = frozenset({"sex", "age", "area", "category"})

_PATH = re.compile(r"/(?:[A-Za-z0-9._~-]+/)*(?:#[A-Za-z0-9._~-]+)?")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_OPTIONED = frozenset(
    {
        QuestionKind.SINGLE,
        QuestionKind.MULTIPLE,
        QuestionKind.RANKING,
        QuestionKind.SCORE,
        QuestionKind.GRADES,
        QuestionKind.KNAPSACK,
        QuestionKind.SHARE,
    }
)
_RANKED = frozenset({"borda", "irv", "stv-scottish", "stv-meek", "schulze", "ranked-pairs"})
METHODS_OF: dict[QuestionKind, frozenset[str]] = {
    QuestionKind.SINGLE: frozenset({"plurality"}),
    QuestionKind.YES_NO: frozenset({"plurality"}),
    QuestionKind.MULTIPLE: frozenset({"approval"}),
    QuestionKind.SCORE: frozenset({"score"}),
    QuestionKind.GRADES: frozenset({"majority-judgement"}),
    QuestionKind.RANKING: _RANKED,
}
DEMOGRAPHIC_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.NUMBER})


def validate(questionnaire: Questionnaire) -> list[Problem]:
    """Everything that must be mended before opening; empty when it is ready.

    `params` of each problem names the "page" or "question" (by key) that it is about.
    """
    found: list[Problem] = []
    if not questionnaire.pages:
        return [Problem("no_page")]
    found += _twice("page_twice", "page", (page.key for page in questionnaire.pages))
    questions = list(questionnaire.questions())
    if not questions:
        return [*found, Problem("no_question")]
    if len(questions) > MOST_QUESTIONS:
        found.append(Problem("too_many_questions", {"most": MOST_QUESTIONS}))
    found += _twice("question_twice", "question", (question.key for question in questions))
    found += [_empty(page) for page in questionnaire.pages if not page.questions]
    earlier: dict[str, Question] = {}
    for question in questions:
        found += validate_question(question, earlier)
        earlier[question.key] = question
    return found


def validate_question(question: Question, earlier: Mapping[str, Question]) -> list[Problem]:
    """What is wrong with one question that follows `earlier` (by key)."""
    codes = [*_name_codes(question), *_option_codes(question), *_end_codes(question)]
    codes += [*_use_codes(question), *_money_codes(question)]
    found = [Problem(code, {"question": question.key}) for code in codes]
    if question.show_if.strip():
        found += [
            Problem(wrong.code, {**wrong.params, "question": question.key})
            for wrong in problems(question.show_if, earlier)
        ]
    return found


def validate_secret(questionnaire: Questionnaire) -> list[Problem]:
    """What a secret ballot cannot ask, for an answer in words or about oneself tells who it was."""
    found = []
    for question in questionnaire.questions():
        if question.kind not in CHOICES:
            found.append(Problem("secret_kind", {"question": question.key}))
        elif any(option.is_other for option in question.options):
            found.append(Problem("secret_other", {"question": question.key}))
        if question.demographic:
            found.append(Problem("secret_demographic", {"question": question.key}))
    return found


def missing_languages(questionnaire: Questionnaire, languages: Iterable[str]) -> list[Problem]:
    """Which questions are not yet asked in all `languages`: texts that a reader would miss."""
    found = []
    for question in questionnaire.questions():
        texts: list[Text] = [question.title]
        texts += _labels(question)
        for language in languages:
            if any(not text.get(language, "").strip() for text in texts):
                params: dict[str, str | int] = {"question": question.key, "language": language}
                found.append(Problem("language_missing", params))
    return found


def _labels(question: Question) -> list[Text]:
    named: list[Option | Item] = [*question.options, *question.items, *question.points]
    return [row.label for row in named]


def _empty(page: Page) -> Problem:
    return Problem("page_empty", {"page": page.key})


def _twice(code: str, name: str, all_keys: Iterable[str]) -> list[Problem]:
    return [Problem(code, {name: key}) for key, count in Counter(all_keys).items() if count > 1]


def _name_codes(question: Question) -> Iterable[str]:
    if not _KEY.fullmatch(question.key) or question.key in RESERVED:
        yield "key_unfit"
    if not any(text.strip() for text in question.title.values()):
        yield "title_missing"


def _option_codes(question: Question) -> Iterable[str]:
    if any(not any(text.strip() for text in label.values()) for label in _labels(question)):
        yield "label_missing"
    for group in (question.options, question.items, question.points):
        if len({row.key for row in group}) < len(group):
            yield "option_twice"
        if len(group) > (MOST_PRICED if question.is_priced else MOST_OPTIONS):
            yield "too_many_options"
    if question.kind in _OPTIONED and len(question.options) < (1 if question.is_priced else 2):
        yield "options_missing"
    if sum(option.is_other for option in question.options) > 1:
        yield "two_others"
    if question.kind is QuestionKind.MATRIX and not question.items:
        yield "items_missing"
    if question.kind is QuestionKind.GRADES and len(question.points) < 2:
        yield "grades_missing"


def _end_codes(question: Question) -> Iterable[str]:
    kind, least, most = question.kind, question.least, question.most
    if kind in (QuestionKind.MULTIPLE, QuestionKind.RANKING, QuestionKind.KNAPSACK):
        limit = len(question.options)
        if least < 0 or least > limit or (most is not None and not max(least, 1) <= most <= limit):
            yield "limits_unfit"
    elif kind is QuestionKind.SHARE:
        yield from _share_codes(question)
    elif kind is QuestionKind.NUMBER:
        if most is not None and most < least:
            yield "limits_unfit"
    elif kind in (QuestionKind.SCALE, QuestionKind.MATRIX, QuestionKind.SCORE):
        widest = WIDEST_SCORE if kind is QuestionKind.SCORE else WIDEST_SCALE
        if most is None or not 2 <= most - least + 1 <= widest:
            yield "scale_unfit"
        elif kind is not QuestionKind.SCORE and not _points_fit(question):
            yield "points_unfit"


def _share_codes(question: Question) -> Iterable[str]:
    most = question.most
    each = most if question.each is None else question.each
    if most is None or each is None or not 1 <= each <= most <= LARGEST_POINT:
        yield "share_unfit"
    elif not 0 <= question.least <= min(most, each * len(question.options)):
        yield "limits_unfit"


def _money_codes(question: Question) -> Iterable[str]:
    """What is wrong with amounts and addresses. A knapsack needs them; elsewhere they may be left out."""
    is_knapsack = question.kind is QuestionKind.KNAPSACK
    if (is_knapsack or question.budget) and not is_amount(question.budget):
        yield "budget_unfit"
    if any((is_knapsack or o.cost) and not is_amount(o.cost) for o in question.options):
        yield "cost_unfit"
    if question.currency and not is_currency(question.currency):
        yield "currency_unfit"
    if question.each is not None and question.kind is not QuestionKind.SHARE:
        yield "share_unfit"
    if question.kind in BUDGETED and any(option.is_other for option in question.options):
        yield "priced_other"
    if any(not _path_fits(option.path) for option in question.options):
        yield "path_unfit"


def _path_fits(path: str) -> bool:
    """Whether a path leads to a page of this site."""
    return not path or (_PATH.fullmatch(path) is not None and len(path) <= LONGEST_PATH)


def _points_fit(question: Question) -> bool:
    """Words of a scale stand at its points: their keys are the numbers."""
    most = question.least if question.most is None else question.most
    numbers = {str(number) for number in range(question.least, most + 1)}
    return all(point.key in numbers for point in question.points)


def _use_codes(question: Question) -> Iterable[str]:
    if question.method and question.method not in METHODS_OF.get(question.kind, frozenset()):
        yield "method_unfit"
    if question.method and not 1 <= question.seats <= max(1, len(question.option_keys())):
        yield "seats_unfit"
    is_fit = question.demographic in DEMOGRAPHICS and question.kind in DEMOGRAPHIC_KINDS
    if question.demographic and not is_fit:
        yield "demographic_unfit"
    most = question.most if question.most is not None else question.least
    if question.satisfied_from and not question.least <= question.satisfied_from <= most:
        yield "satisfied_unfit"
