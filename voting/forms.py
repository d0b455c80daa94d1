"""One page of a questionnaire as a form: what was sent, what is wrong with it, what is shown."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

from voting.asking import Asked, asked
from voting.questionnaire.answers import Answers, Checked, check, check_one
from voting.questionnaire.definition import Page, Question, QuestionKind, Questionnaire
from voting.questionnaire.paging import revealed, shown
from voting.sentences import sentence

K = QuestionKind
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.A)
_COMMA = re.compile(r"([+-]?\d{1,15}),(\d{1,2})")


class Sent(Protocol):
    """What a browser sent: a QueryDict."""

    def get(self, key: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...


class PageForm:
    """The questions of one page for somebody with these `answers` (of all pages, so far).

    `seed` puts options into the voter's order. With `data` the page was sent: `answers` then are those
    of all pages with this one's, normalised, and `errors` says what on this page is wrong.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        page: Page,
        answers: Mapping[str, Any],
        *,
        language: str,
        data: Sent | None = None,
        seed: str = "",
    ):
        self.questionnaire = questionnaire
        self.page = page
        self.language = language
        self.seed = seed
        self.is_bound = data is not None
        self._before = dict(answers)
        self.raw = raw_answers(page, data) if data is not None else {}

    @cached_property
    def _checked(self) -> Checked:
        if not self.is_bound:
            return Checked(self._before, {})
        return check(
            self.questionnaire, merged(self.questionnaire, self._before, self.page, self.raw)
        )

    @property
    def answers(self) -> Answers:
        return self._checked.answers

    @property
    def kept(self) -> Answers:
        """The answers with those that are beyond a limit alone (see `answers.Checked`)."""
        return self._checked.kept

    @cached_property
    def errors(self) -> dict[str, str]:
        """{question key: sentence} of this page."""
        own = {question.key for question in self.page.questions}
        return {
            key: sentence(problem) for key, problem in self._checked.errors.items() if key in own
        }

    def is_valid(self) -> bool:
        return self.is_bound and not self.errors

    def quiet(self) -> "PageForm":
        """The same page as it was sent, without a word about what is wrong: nobody goes on from it."""
        self.__dict__.pop("fields", None)
        self.__dict__["errors"] = {}
        return self

    @property
    def reveals(self) -> bool:
        """Whether the page, once sent, asks more than it showed: then it is shown again."""
        return bool(revealed(self.page, self._before, self.answers))

    def non_field_errors(self) -> list[str]:
        return []

    def __iter__(self) -> Iterator[Asked]:
        return iter(self.fields)

    @cached_property
    def fields(self) -> list[Asked]:
        """The questions that are shown, with what was typed."""
        values = self.raw if self.is_bound else self._before
        return [
            asked(
                question,
                values.get(question.key),
                language=self.language,
                seed=self.seed,
                error=self.errors.get(question.key, ""),
            )
            for question in shown(self.page, self.answers)
        ]


def merged(
    questionnaire: Questionnaire, answers: Mapping[str, Any], page: Page, raw: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers of all pages, those of `page` replaced by what was sent of it.

    Where one page only may be answered, and something was sent of this one, it is this one's alone.
    """
    if questionnaire.one_page and any(
        check_one(question, raw.get(question.key)) != (None, None) for question in page.questions
    ):
        return dict(raw)
    own = {question.key for question in page.questions}
    return {**{key: value for key, value in answers.items() if key not in own}, **raw}


def raw_answers(page: Page, data: Sent) -> dict[str, dict[str, Any]]:
    """What a browser sent of a page, in the shape that `answers.check` takes. Nothing is judged here.

    Fields are named "q.<question>", "q.<question>.<part>" and "t.<question>" (words for "other").
    Whoever writes words for "other" has chosen it, unless another option was.
    """
    return {question.key: _raw(question, data) for question in page.questions}


def _raw(question: Question, data: Sent) -> dict[str, Any]:
    name, kind = f"q.{question.key}", question.kind
    if kind in (K.SINGLE, K.YES_NO, K.MULTIPLE, K.KNAPSACK):
        return _raw_choice(question, data, name)
    if kind is K.SCALE:
        return {"point": _number(data.get(name))}
    if kind is K.NUMBER:
        return {"number": _COMMA.sub(r"\1.\2", _string(data.get(name)).strip())}
    if kind is K.DATE:
        return {"date": _string(data.get(name))}
    if kind in (K.SHORT_TEXT, K.LONG_TEXT):
        return {"text": _string(data.get(name))}
    if kind is K.GRADES:
        return {
            "grades": {key: _string(data.get(f"{name}.{key}")) for key in question.option_keys()}
        }
    if kind is K.MATRIX:
        keys = [item.key for item in question.items]
        return {"points": {key: _number(data.get(f"{name}.{key}")) for key in keys}}
    part = {K.SCORE: "scores", K.SHARE: "points"}.get(kind, "ranks")
    return {part: {key: _number(data.get(f"{name}.{key}")) for key in question.option_keys()}}


def _raw_choice(question: Question, data: Sent, name: str) -> dict[str, Any]:
    other = next((option.key for option in question.options if option.is_other), "")
    words = _string(data.get(f"t.{question.key}")) if other else ""
    found: dict[str, Any] = {"text": words} if words else {}
    if question.kind in (K.MULTIPLE, K.KNAPSACK):
        chosen = data.getlist(name)
        if words.strip() and other not in chosen:
            chosen = [*chosen, other]
        return {"options": chosen, **found}
    option = _string(data.get(name))
    return {"option": option or (other if words.strip() else ""), **found}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | str:
    """A whole number where one was sent; anything else stays what it is, to be refused."""
    text = _string(value).strip()
    return int(text) if _WHOLE.fullmatch(text) else text
