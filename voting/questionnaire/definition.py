"""The frozen shape of a poll: pages, questions, options.

A definition is what people agree to answer. It is written as JSON (`to_json`, `from_json`) once,
when the poll opens, and its digest is public from then on. Texts are {language: text}.
"""

import hashlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

Text = Mapping[str, str]


class QuestionKind(StrEnum):
    """How a question is answered. The shape of each answer stands in `answers`."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    SCALE = "scale"
    RANKING = "ranking"
    SCORE = "score"
    GRADES = "grades"
    NUMBER = "number"
    DATE = "date"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    MATRIX = "matrix"
    KNAPSACK = "knapsack"
    SHARE = "share"


# Kinds of ballots about money: only processes that bring their own questionnaire ask them.
BUDGETED = frozenset({QuestionKind.KNAPSACK, QuestionKind.SHARE})
# Kinds whose answers name options; only these can be asked in a secret ballot.
CHOICES = frozenset(
    {
        QuestionKind.SINGLE,
        QuestionKind.MULTIPLE,
        QuestionKind.YES_NO,
        QuestionKind.SCALE,
        QuestionKind.RANKING,
        QuestionKind.SCORE,
        QuestionKind.GRADES,
        QuestionKind.MATRIX,
        QuestionKind.KNAPSACK,
        QuestionKind.SHARE,
    }
)
TEXTS = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT})

# The fixed options of a yes/no question, in the order shown.
YES_NO_KEYS = ("yes", "no", "abstain")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose, to rank or to grade. `is_other` asks for words beside it.

    `cost`: what it would cost, as decimal text in the question's currency; "" for none. `path`: its
    page on this site, without language prefix.
    """

    key: str
    label: Text
    is_other: bool = False
    cost: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a matrix, judged on the question's scale."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question. What a kind does not use stays at its default.

    `least` and `most`: options to choose (multiple), ranks to give (ranking), the ends of a score,
    scale or number (least 1 and most 5 make a five-point scale), points to share (share). `most`
    None: no limit.
    `points`: words for the points of a scale or matrix, and the grades of majority judgement from
    the best to the worst ({"key": …, "label": {…}}); a scale may leave inner points without words.
    `does_not_apply`: whether a scale or matrix offers that answer.
    `is_shuffled`: options are shown in random order, "other" last.
    `show_if`: a rule of `conditions`, "" for always.
    `demographic`: "", "sex", "age", "area" or "category": what the answer says about the person.
    `satisfied_from`: the least point of a scale or matrix that counts as satisfied; 0 for none.
    `method` and `seats`: how it is tallied (see voting.tally.methods); "" for frequencies only.
    `budget` and `currency`: the money there is, as decimal text and ISO 4217 code. A knapsack cannot
    be spent beyond it; elsewhere it is shown. `each`: the most points for one option (share).
    """

    key: str
    kind: QuestionKind
    title: Text
    help: Text = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    points: tuple[Option, ...] = ()
    least: int = 0
    most: int | None = None
    does_not_apply: bool = False
    is_shuffled: bool = False
    show_if: str = ""
    demographic: str = ""
    satisfied_from: int = 0
    method: str = ""
    seats: int = 1
    budget: str = ""
    currency: str = ""
    each: int | None = None

    def option_keys(self) -> tuple[str, ...]:
        """The keys that an answer may name, in the order of the definition."""
        if self.kind is QuestionKind.YES_NO:
            return YES_NO_KEYS
        return tuple(option.key for option in self.options)

    @property
    def is_priced(self) -> bool:
        """Whether its options have costs, or it is about money or points to share."""
        return self.kind in BUDGETED or any(option.cost for option in self.options)

    def point_keys(self) -> tuple[str, ...]:
        """The grades from the best to the worst (kind grades)."""
        return tuple(point.key for point in self.points)


@dataclass(frozen=True, slots=True)
class Page:
    """A section of the questionnaire: what is on one page without JavaScript."""

    key: str
    title: Text
    intro: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Everything that is asked, in order.

    `one_page`: answers stand on one page only, the one that somebody chooses (one area for each
    person). `allocation`: what was declared about the use of the answers, as plain JSON; nothing
    here reads it.
    """

    pages: tuple[Page, ...]
    one_page: bool = False
    allocation: Mapping[str, Any] = field(default_factory=dict)

    def questions(self) -> Iterator[Question]:
        """All questions in the order in which they are asked."""
        for page in self.pages:
            yield from page.questions

    def page_answered(self, answers: Container[str]) -> Page | None:
        """The first page on which a question of `answers` stands."""
        for page in self.pages:
            if any(question.key in answers for question in page.questions):
                return page
        return None

    def question(self, key: str) -> Question:
        """Raises KeyError for a key that is not asked."""
        for found in self.questions():
            if found.key == key:
                return found
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        """Plain data, defaults left out, so that a definition written today reads the same later."""
        found: dict[str, Any] = {"pages": [_plain(page) for page in self.pages]}
        if self.one_page:
            found["one_page"] = True
        if self.allocation:
            found["allocation"] = dict(self.allocation)
        return found

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal of the canonical JSON."""
        return hashlib.sha256(canonical(self.to_json())).hexdigest()


def canonical(data: Any) -> bytes:
    """JSON in one spelling: sorted keys, no spaces, UTF-8. What digests and hash trees are made of."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_json(data: Mapping[str, Any]) -> Questionnaire:
    """The reverse of `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
    pages = tuple(_page(page) for page in data["pages"])
    allocation = data.get("allocation", {})
    if not isinstance(allocation, Mapping):
        raise TypeError("allocation")
    return Questionnaire(pages, bool(data.get("one_page", False)), allocation)


def _plain(thing: Any) -> dict[str, Any]:
    whole = {f.name: getattr(thing, f.name) for f in fields(thing)}
    plain: dict[str, Any] = {}
    for name, value in whole.items():
        if name == "questions":
            plain[name] = [_plain(question) for question in value]
        elif name in {"options", "items", "points"}:
            if value:
                plain[name] = [_without_defaults(asdict(row)) for row in value]
        elif value not in ("", 0, None, False) and value != {}:
            plain[name] = dict(value) if isinstance(value, Mapping) else value
        elif name in {"key", "title", "most"} and value is not None:
            plain[name] = value
    if plain.get("seats") == 1:
        del plain["seats"]
    return plain


_LEFT_OUT = frozenset({"cost", "path"})


def _without_defaults(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if value is not False and not (name in _LEFT_OUT and not value)
    }


def _page(data: Mapping[str, Any]) -> Page:
    questions = tuple(_question(row) for row in data["questions"])
    return Page(data["key"], data.get("title", {}), data.get("intro", {}), questions)


def _question(data: Mapping[str, Any]) -> Question:
    rows = dict(data)
    rows["kind"] = QuestionKind(rows["kind"])
    rows["options"] = tuple(Option(**row) for row in rows.get("options", ()))
    rows["points"] = tuple(Option(**row) for row in rows.get("points", ()))
    rows["items"] = tuple(Item(**row) for row in rows.get("items", ()))
    return Question(**rows)
