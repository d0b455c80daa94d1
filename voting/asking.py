"""Questions as a page shows them: labels in the reader's language, choices in their order, values."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from common.texts import Localized, localized
from common.ui.money import money
from voting.hints import hint_of
from voting.questionnaire.amounts import amount_of
from voting.questionnaire.answers import LONG_LIMIT, SHORT_LIMIT
from voting.questionnaire.conditions import NOT_APPLICABLE
from voting.questionnaire.definition import YES_NO_KEYS, Item, Option, Question, QuestionKind
from voting.questionnaire.validation import WIDEST_SCALE, WIDEST_SCORE
from voting.spending import Total, total_of

K = QuestionKind
LONG_LIST = 8


@dataclass(slots=True)
class Choice:
    """One thing to tick. `value` is what the browser sends. Of a project also: `cost` in words, its
    exact `amount`, and `href`, where it is described."""

    id: str
    value: str
    label: Localized
    is_chosen: bool = False
    is_other: bool = False
    cost: str = ""
    amount: str = ""
    href: str = ""


@dataclass(slots=True)
class Line:
    """One line of a table: a name, and either choices or something typed (`value`). Of a project also
    what a `Choice` has."""

    id: str
    name: str
    label: Localized
    choices: list[Choice] = field(default_factory=list)
    value: str = ""
    cost: str = ""
    amount: str = ""
    href: str = ""


@dataclass(slots=True)
class Asked:
    """One question on a page.

    `look` says which piece draws it: choices, scale, table, ranking, numbers, number, date, line or
    text; projects, points or places where options have costs, with their running `total`.
    `errors`, `label` and `id_for_label` are what components/error_summary.html reads.
    """

    question: Question
    name: str
    look: str
    title: Localized
    help: Localized
    hint: str
    choices: list[Choice] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    columns: list[Localized] = field(default_factory=list)
    value: str = ""
    words: str = ""
    limit: int = SHORT_LIMIT
    errors: list[str] = field(default_factory=list)
    total: Total | None = None

    @property
    def label(self) -> str:
        return self.title.text

    @property
    def is_group(self) -> bool:
        return self.look not in ("number", "date", "line", "text")

    @property
    def is_many(self) -> bool:
        return self.question.kind in (K.MULTIPLE, K.KNAPSACK)

    @property
    def is_long(self) -> bool:
        """Whether a way to look for something in the list is worth its place."""
        return len(self.choices) > LONG_LIST or len(self.lines) > LONG_LIST

    @property
    def most_each(self) -> int:
        """The most points for one option."""
        most = self.question.most or 0
        return most if self.question.each is None else min(self.question.each, most)

    @property
    def words_name(self) -> str:
        """The name of the field for the words beside "other"."""
        return f"t.{self.question.key}"

    @property
    def id_for_label(self) -> str:
        """The first control: where the link of an error leads."""
        if self.lines:
            first = self.lines[0]
            return first.choices[0].id if first.choices else first.id
        return self.choices[0].id if self.choices else self.name

    @property
    def described_by(self) -> str:
        """Ids of help, hint and error, as aria-describedby lists them."""
        parts = [("help", self.help.text), ("hint", self.hint), ("error", self.errors)]
        return " ".join(f"{self.name}_{part}" for part, text in parts if text)


_YES_NO = {
    "yes": lambda: pgettext("vote", "Yes"),
    "no": lambda: pgettext("vote", "No"),
    "abstain": lambda: pgettext("vote", "I abstain"),
}
_LOOKS = {
    K.SINGLE: "choices", K.MULTIPLE: "choices", K.YES_NO: "choices", K.SCALE: "scale",
    K.RANKING: "ranking", K.SCORE: "table", K.GRADES: "table", K.MATRIX: "table",
    K.NUMBER: "number", K.DATE: "date", K.SHORT_TEXT: "line", K.LONG_TEXT: "text",
    K.KNAPSACK: "projects", K.SHARE: "points",
}  # fmt: skip
# How options look that have costs.
_PRICED = {"choices": "projects", "ranking": "places"}


def asked(question: Question, value: object, *, language: str, seed: str, error: str = "") -> Asked:
    """A question for a page. `value` is its answer, normalised or as it was sent."""
    given = value if isinstance(value, Mapping) else {}
    name = f"q.{question.key}"
    look = _LOOKS[question.kind]
    if question.kind is K.SCORE and _width(question) > WIDEST_SCALE:
        look = "numbers"
    if question.is_priced:
        look = _PRICED.get(look, look)
    row = Asked(
        question,
        name,
        look,
        localized(question.title, language),
        localized(question.help, language),
        hint_of(question),
        errors=[error] if error else [],
        words=_text(given.get("text")),
        limit=LONG_LIMIT if question.kind is K.LONG_TEXT else SHORT_LIMIT,
        total=total_of(question, given),
    )
    _FILL[look](row, given, language, seed)
    return row


def in_order(rows: Iterable[Option | Item], question: Question, seed: str) -> list[Option | Item]:
    """The order in which this voter sees them: by chance where asked, the same each time, other last."""
    found = list(rows)
    if not question.is_shuffled or not seed:
        return found

    def place(row: Option | Item) -> tuple[bool, bytes]:
        chance = hashlib.sha256(f"{seed}\n{question.key}\n{row.key}".encode()).digest()
        return isinstance(row, Option) and row.is_other, chance

    return sorted(found, key=place)


def _width(question: Question) -> int:
    """How many points there are, never more than can be shown."""
    most = question.least if question.most is None else question.most
    return max(0, min(most - question.least + 1, WIDEST_SCORE))


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _choices(row: Asked, given: Mapping[str, Any], language: str, seed: str) -> None:
    question = row.question
    if row.is_many:
        sent = given.get("options")
        chosen = [_text(key) for key in sent] if isinstance(sent, list | tuple) else []
    else:
        chosen = [_text(given.get("option"))]
    if question.kind is K.YES_NO:
        named = [(key, Localized(_YES_NO[key](), ""), False) for key in YES_NO_KEYS]
    else:
        named = [
            (option.key, localized(option.label, language), getattr(option, "is_other", False))
            for option in in_order(question.options, question, seed)
        ]
    row.choices = [
        Choice(f"{row.name}.{key}", key, label, key in chosen, is_other)
        for key, label, is_other in named
    ]
    if question.is_priced:
        _price(row)
    if not row.is_many and chosen != [""]:
        row.choices.append(_no_answer(row.name))


def _price(row: Asked) -> None:
    """Put costs and addresses beside the projects of a question."""
    options = {option.key: option for option in row.question.options}
    currency, language = row.question.currency, get_language()
    start = len(row.name) + 1
    shown: list[Choice | Line] = [*row.choices, *row.lines]
    for one in shown:
        option = options[one.id[start:]]
        one.amount = option.cost
        one.cost = money(amount_of(option.cost), currency) if option.cost else ""
        one.href = f"/{language}{option.path}" if option.path else ""


def _no_answer(name: str) -> Choice:
    """The way back from a radio button: offered once something was chosen."""
    return Choice(f"{name}.", "", Localized(_("No answer"), ""))


def _points(question: Question, language: str) -> list[tuple[str, Localized]]:
    """The points of a scale: (what is sent, its words)."""
    words = {point.key: localized(point.label, language) for point in question.points}
    if question.kind is K.GRADES:
        return [(point.key, words[point.key]) for point in question.points]
    found = []
    for number in range(question.least, question.least + _width(question)):
        word = words.get(str(number))
        text = f"{number} – {word.text}" if word and word.text else str(number)
        found.append((str(number), Localized(text, word.language if word else "")))
    if question.does_not_apply:
        found.append((NOT_APPLICABLE, Localized(_("Does not apply"), "")))
    return found


def _scale(row: Asked, given: Mapping[str, Any], language: str, seed: str) -> None:
    chosen = _text(given.get("point"))
    row.choices = [
        Choice(f"{row.name}.{value}", value, label, value == chosen)
        for value, label in _points(row.question, language)
    ]
    if chosen:
        row.choices.append(_no_answer(row.name))


_PARTS = {K.SCORE: "scores", K.GRADES: "grades", K.MATRIX: "points", K.SHARE: "points"}


def _lines(row: Asked, given: Mapping[str, Any], language: str, seed: str) -> None:
    question = row.question
    rows = question.items if question.kind is K.MATRIX else question.options
    sent = given.get(_PARTS.get(question.kind, "ranks"))
    parts = sent if isinstance(sent, Mapping) else {}
    for part in in_order(rows, question, seed):
        name = f"{row.name}.{part.key}"
        label = localized(part.label, language)
        row.lines.append(Line(name, name, label, value=_text(parts.get(part.key))))
    if question.is_priced:
        _price(row)


def _table(row: Asked, given: Mapping[str, Any], language: str, seed: str) -> None:
    _lines(row, given, language, seed)
    points = _points(row.question, language)
    offers_none = any(line.value for line in row.lines)
    if offers_none:
        points = [*points, ("", Localized(_("No answer"), ""))]
    row.columns = [label for _value, label in points]
    for line in row.lines:
        line.choices = [
            Choice(f"{line.id}.{value}", value, label, bool(value) and value == line.value)
            for value, label in points
        ]


def _ranking(row: Asked, given: Mapping[str, Any], language: str, seed: str) -> None:
    order = given.get("ranking")
    if isinstance(order, list | tuple):
        ranks = {_text(key): number for number, key in enumerate(order, 1)}
        given = {"ranks": ranks}
    _lines(row, given, language, seed)
    count = len(row.question.options)
    most = count if row.question.most is None else min(row.question.most, count)
    for line in row.lines:
        line.choices = [
            Choice(line.id, str(rank), Localized(str(rank), ""), str(rank) == line.value)
            for rank in range(1, most + 1)
        ]


def _typed(row: Asked, given: Mapping[str, Any], language: str, seed: str) -> None:
    names = {"number": "number", "date": "date"}
    row.value = _text(given.get(names.get(row.look, "text")))


_FILL = {
    "choices": _choices,
    "projects": _choices,
    "points": _lines,
    "places": _ranking,
    "scale": _scale,
    "table": _table,
    "numbers": _lines,
    "ranking": _ranking,
    "number": _typed,
    "date": _typed,
    "line": _typed,
    "text": _typed,
}
