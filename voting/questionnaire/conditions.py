"""The rules "show if": one small language, parsed once and evaluated on the answers so far.

The grammar and what each test means stand in docs/algorithms/conditions.md. Nothing is executed:
a rule is parsed to a frozen tree of four shapes, and the tree is walked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from voting.questionnaire.definition import TEXTS, Question, QuestionKind
from voting.questionnaire.problems import Problem

LONGEST_RULE = 2000
DEEPEST = 20
RESERVED = frozenset({"and", "or", "not", "answered", "has"})
NOT_APPLICABLE = "na"

_TOKEN = re.compile(r"\s*(?:(?P<word>[\w.-]+)|(?P<sign><=|>=|!=|=|<|>)|(?P<bracket>[()]))", re.A)
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", re.A)
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.A)
_ORDERING = frozenset({"<", ">", "<=", ">="})
_SIGNS = frozenset({"=", "!=", "has"}) | _ORDERING

_CHOOSING = frozenset({QuestionKind.SINGLE, QuestionKind.YES_NO})
_OF_PARTS = frozenset(
    {QuestionKind.SCORE, QuestionKind.GRADES, QuestionKind.MATRIX, QuestionKind.SHARE}
)
_NUMERIC = frozenset(
    {
        QuestionKind.SCALE,
        QuestionKind.NUMBER,
        QuestionKind.SCORE,
        QuestionKind.MATRIX,
        QuestionKind.SHARE,
    }
)
# Of several options "has" is asked, of nothing else "=".
_SEVERAL = frozenset({QuestionKind.MULTIPLE, QuestionKind.KNAPSACK})


class RuleError(ValueError):
    """A rule that cannot be read. `problem` says what is wrong and, as `at`, where (from 1)."""

    def __init__(self, code: str, at: int = 1, word: str = ""):
        super().__init__(code)
        self.problem = Problem(code, {"at": at, "word": word})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: `key` (and the `part` of a matrix, score or grades) `sign` `value`.

    The sign "answered" has no value.
    """

    key: str
    part: str
    sign: str
    value: str
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


@dataclass(frozen=True, slots=True)
class All:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Either:
    rules: tuple["Rule", ...]


Rule = Comparison | Not | All | Either
_Token = tuple[str, int]  # the word or sign, and its place from 1


@lru_cache(maxsize=4096)
def parse(text: str) -> Rule:
    """The tree of a rule. Raises RuleError, also for an empty text."""
    if len(text) > LONGEST_RULE:
        raise RuleError("rule_too_long")
    parser = _Parser(_tokens(text))
    rule = parser.either(0)
    if parser.word:
        raise RuleError("rule_unexpected", parser.at, parser.word)
    return rule


def holds(rule: Rule, answers: Mapping[str, Any]) -> bool:
    """Whether the rule is true of normalised answers. A test about a missing answer is false."""
    if isinstance(rule, Comparison):
        return _test(rule, answers.get(rule.key))
    if isinstance(rule, Not):
        return not holds(rule.rule, answers)
    if isinstance(rule, All):
        return all(holds(part, answers) for part in rule.rules)
    return any(holds(part, answers) for part in rule.rules)


def is_shown(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked of somebody with these answers. A broken rule shows nothing."""
    if not question.show_if.strip():
        return True
    try:
        return holds(parse(question.show_if), answers)
    except RuleError:
        return False


def comparisons(rule: Rule) -> Iterator[Comparison]:
    """Every comparison in a rule, from left to right."""
    if isinstance(rule, Comparison):
        yield rule
    elif isinstance(rule, Not):
        yield from comparisons(rule.rule)
    else:
        for part in rule.rules:
            yield from comparisons(part)


def keys(question: Question) -> frozenset[str]:
    """The questions on which the showing of this one depends."""
    if not question.show_if.strip():
        return frozenset()
    try:
        return frozenset(test.key for test in comparisons(parse(question.show_if)))
    except RuleError:
        return frozenset()


def problems(text: str, earlier: Mapping[str, Question]) -> list[Problem]:
    """What is wrong with a rule of a question that follows `earlier`. Empty: nothing."""
    try:
        rule = parse(text)
    except RuleError as error:
        return [error.problem]
    return [found for test in comparisons(rule) if (found := _problem(test, earlier)) is not None]


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].lstrip()
            raise RuleError("rule_character", len(text) - len(rest) + 1, rest[:1])
        found.append((match[match.lastgroup or 0], match.start(match.lastgroup or 0) + 1))
        at = match.end()
    return [*found, ("", end + 1)]


class _Parser:
    """Recursive descent over the tokens; "or" binds least, then "and", then "not"."""

    def __init__(self, tokens: list[_Token]):
        self._tokens = tokens
        self._next = 0

    @property
    def word(self) -> str:
        return self._tokens[self._next][0]

    @property
    def at(self) -> int:
        return self._tokens[self._next][1]

    def take(self) -> str:
        word = self.word
        if word:
            self._next += 1
        return word

    def either(self, depth: int) -> Rule:
        found = [self.all(depth)]
        while self.word == "or":
            self.take()
            found.append(self.all(depth))
        return found[0] if len(found) == 1 else Either(tuple(found))

    def all(self, depth: int) -> Rule:
        found = [self.term(depth)]
        while self.word == "and":
            self.take()
            found.append(self.term(depth))
        return found[0] if len(found) == 1 else All(tuple(found))

    def term(self, depth: int) -> Rule:
        if depth > DEEPEST:
            raise RuleError("rule_too_deep", self.at)
        if self.word == "not":
            self.take()
            return Not(self.term(depth + 1))
        if self.word == "(":
            self.take()
            rule = self.either(depth + 1)
            if self.word != ")":
                raise RuleError("rule_bracket_open", self.at)
            self.take()
            return rule
        return self.test()

    def test(self) -> Comparison:
        at = self.at
        if self.word == "answered":
            self.take()
            return Comparison(self.name(), "", "answered", "", at)
        key, _, part = self.name().partition(".")
        if not key:
            raise RuleError("rule_question_missing", at, f".{part}")
        if self.word not in _SIGNS:
            raise RuleError("rule_sign_missing", self.at, self.word)
        sign = self.take()
        return Comparison(key, part, sign, self.name("rule_value_missing"), at)

    def name(self, code: str = "rule_question_missing") -> str:
        if not self.word or self.word in RESERVED or not re.fullmatch(r"[\w.-]+", self.word, re.A):
            raise RuleError(code, self.at, self.word)
        return self.take()


def _test(test: Comparison, answer: Any) -> bool:
    if answer is None:
        return False
    if test.sign == "answered":
        return True
    values = _values(answer, test.part)
    if test.sign == "has":
        return test.value in values
    if not values:
        return False
    first = values[0]
    if test.sign == "=":
        return _equal(first, test.value)
    if test.sign == "!=":
        return not _equal(first, test.value)
    return _ordered(test.sign, first, test.value)


def _values(answer: Mapping[str, Any], part: str) -> list[str]:
    """What an answer says, as words; of a ranking or several options all, the first leading."""
    for name in ("option", "point", "number", "date"):
        if name in answer:
            return [str(answer[name])]
    for name in ("options", "ranking"):
        if name in answer:
            return list(answer[name])
    for name in ("scores", "grades", "points"):
        if name in answer:
            value = answer[name].get(part)
            return [] if value is None else [str(value)]
    return []


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    return _is_number(one) and _is_number(other) and Decimal(one) == Decimal(other)


def _ordered(sign: str, one: str, other: str) -> bool:
    if _is_number(one) and _is_number(other):
        return _compare(sign, Decimal(one), Decimal(other))
    if _DATE.fullmatch(one) and _DATE.fullmatch(other):
        return _compare(sign, one, other)
    return False


def _compare(sign: str, one: Any, other: Any) -> bool:
    return bool({"<": one < other, ">": one > other, "<=": one <= other, ">=": one >= other}[sign])


def _is_number(word: str) -> bool:
    return _NUMBER.fullmatch(word) is not None


def _problem(test: Comparison, earlier: Mapping[str, Question]) -> Problem | None:
    """What is wrong with one comparison, given the questions before it."""
    question = earlier.get(test.key)
    if question is None:
        return Problem("rule_unknown_question", {"at": test.at, "word": test.key})
    if test.sign == "answered":
        return None
    place: dict[str, str | int] = {"at": test.at, "word": test.key}
    if question.kind in TEXTS:
        return Problem("rule_only_answered", place)
    if not _part_fits(test.part, question):
        code = "rule_part_missing" if not test.part else "rule_unknown_part"
        return Problem(code, {**place, "part": test.part})
    if not _sign_fits(test.sign, question.kind):
        return Problem("rule_sign_unfit", {**place, "sign": test.sign})
    if not _value_fits(test.value, question):
        return Problem("rule_unknown_value", {**place, "value": test.value})
    return None


def _part_fits(part: str, question: Question) -> bool:
    if question.kind not in _OF_PARTS:
        return part == ""
    if question.kind is QuestionKind.MATRIX:
        return part in {item.key for item in question.items}
    return part in question.option_keys()


def _sign_fits(sign: str, kind: QuestionKind) -> bool:
    if sign in _ORDERING:
        return kind in _NUMERIC or kind is QuestionKind.DATE
    if sign == "has":
        return kind in _SEVERAL or kind is QuestionKind.RANKING
    return kind not in _SEVERAL


def _value_fits(value: str, question: Question) -> bool:
    kind = question.kind
    if kind is QuestionKind.DATE:
        return _DATE.fullmatch(value) is not None
    if kind is QuestionKind.GRADES:
        return value in question.point_keys()
    if kind in _NUMERIC:
        is_na = value == NOT_APPLICABLE and question.does_not_apply
        return is_na or _is_number(value)
    return value in question.option_keys()
