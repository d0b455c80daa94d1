"""A count explains itself round by round: sentences, a table, a drawing.

`explain` takes what `voting.tally.model.Result.to_json` gave, as outcomes store it, and makes no query.
templates/voting/_rounds.html shows it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.html import trusted
from common.texts import Localized
from common.ui import charts
from voting.count_sentences import (
    figure,
    listed,
    method_about,
    method_name,
    note_sentence,
    round_title,
    tie_sentence,
)
from voting.results.shown import Line, Table

Result = Mapping[str, Any]
Labels = Mapping[str, Localized]

# Rounds whose tallies are places, not amounts: a list says it better than bars.
PLACES = frozenset({"ranking", "majority_value", "removal", "grades"})
# Beyond so many rounds those between the first and the last are folded.
MOST_OPEN = 3

_LIST = '<ul class="chart" aria-hidden="true">{}</ul>'
_LINE = (
    '<li><span class="chart__label"{}>{}</span><span class="chart__value num">{}</span>'
    '<svg class="chart__bar" width="100%" height="16">{}</svg></li>'
)
_TRACK = '<rect class="chart__track" width="100%" height="14" y="1"/>'
_FILL = '<rect class="chart__fill" width="{:.2f}%" height="14" y="1"/>'
_GOAL = '<line class="chart__goal" x1="{0:.2f}%" x2="{0:.2f}%" y1="-3" y2="19"/>'
_OUT = '<rect class="chart__hidden" x="0.5" y="1.5" width="99%" height="13"/>'


@dataclass(frozen=True, slots=True)
class Step:
    """One round. `moved` are (name, votes) of where votes went."""

    title: str
    sentences: tuple[str, ...]
    drawing: SafeString | None
    caption: str
    table: Table | None
    moved: tuple[tuple[str, str], ...]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A whole count. `overview` has a column for each round; None where one round is all there is."""

    method: str
    about: str
    elected: str
    steps: tuple[Step, ...]
    overview: Table | None
    ties: tuple[str, ...]
    is_hidden: bool
    digest: str


def explain(result: Result, labels: Labels, grades: Labels | None = None) -> Explained:
    """`labels` name the candidates by key; `grades` the grades of a majority judgement."""
    labels = {key: labels[key] for key in result["candidates"]}
    names = {key: label.text for key, label in labels.items()}
    telling = _Telling(result, labels, names, grades or {})
    is_hidden = bool(result.get("suppressed"))
    steps = () if is_hidden else tuple(telling.steps())
    return Explained(
        method_name(result["method"]),
        method_about(result["method"]),
        _elected(result, names),
        steps,
        None if is_hidden or len(result["rounds"]) < 2 else telling.overview(),
        tuple(tie_sentence(tie, names) for tie in result["ties"]),
        is_hidden,
        result["digest"],
    )


def _elected(result: Result, names: Mapping[str, str]) -> str:
    if not result["winners"]:
        return _("Nobody is elected.")
    return _("Elected: %(names)s.") % {"names": listed(result["winners"], names)}


class _Telling:
    """One count on its way to a page."""

    def __init__(
        self, result: Result, labels: Labels, names: Mapping[str, str], grades: Labels
    ) -> None:
        self.result = result
        self.labels = labels
        self.names = names
        self.grades = grades
        self.most = self._most()

    def _most(self) -> Decimal:
        """What the longest bar of any round stands for."""
        numbers = [
            Decimal(text)
            for step in self.result["rounds"]
            if step["code"] not in PLACES
            for text in step["tallies"].values()
        ]
        goals = [self._goal(step) or Decimal(0) for step in self.result["rounds"]]
        return max([*numbers, *goals], default=Decimal(0)) or Decimal(1)

    def _gone(self, step: Result) -> set[str]:
        """Who was excluded before this round."""
        before = self.result["rounds"][: step["number"] - 1]
        return {key for earlier in before for key in earlier["excluded"]}

    def steps(self) -> Iterable[Step]:
        last = len(self.result["rounds"])
        for step in self.result["rounds"]:
            notes = (note_sentence(n["code"], n["params"], self.names) for n in step["notes"])
            yield Step(
                round_title(step, self.names),
                tuple(sentence for sentence in notes if sentence),
                self._drawing(step),
                self._caption(step),
                self._table(step),
                tuple(self._moved(step)),
                last > MOST_OPEN and 1 < step["number"] < last,
            )

    def _moved(self, step: Result) -> Iterable[tuple[str, str]]:
        for transfer in step["transfers"]:
            target = transfer["to"]
            name = _("no further choice") if target is None else self.names[target]
            yield name, figure(transfer["votes"])

    # --- Drawings ---

    def _caption(self, step: Result) -> str:
        if step["code"] == "grades":
            return _("How the grades are shared out")
        if step["code"] in ("pairs", "paths", "locking"):
            return _("How many others each one beats")
        goal = self._goal(step)
        if goal is None:
            return ""
        if "quota" in step["values"]:
            return _("The line is the quota: %(votes)s") % {"votes": figure(str(goal))}
        return _("The line is half of the votes that still count: %(votes)s") % {
            "votes": figure(str(goal))
        }

    def _goal(self, step: Result) -> Decimal | None:
        """What is to be reached: the quota, or half of what still counts."""
        if "quota" in step["values"]:
            return Decimal(step["values"]["quota"])
        if "continuing" in step["values"]:
            return Decimal(step["values"]["continuing"]) / 2
        return None

    def _drawing(self, step: Result) -> SafeString | None:
        if step["code"] == "grades":
            return self._stacks(step)
        if step["code"] in PLACES:
            return None
        goal, gone = self._goal(step), self._gone(step)
        lines = (
            format_html(
                _LINE,
                _lang(label),
                label.text,
                self._beside(step, key),
                trusted(self._bar(step, key, goal)),
            )
            for key, label in self.labels.items()
            if key in step["excluded"] or (key in step["tallies"] and key not in gone)
        )
        return format_html(_LIST, trusted("".join(lines)))

    def _beside(self, step: Result, key: str) -> str:
        """The number, and in a word what became of the candidate in this round."""
        number = figure(step["tallies"].get(key, "0"))
        if key in step["elected"]:
            word = pgettext("of a candidate", "elected")
        elif key in step["excluded"]:
            word = pgettext("of a candidate", "excluded")
        else:
            return number
        return f"{number} · {word}"

    def _bar(self, step: Result, key: str, goal: Decimal | None) -> str:
        if key in step["excluded"]:
            return _OUT
        parts = [_TRACK, _FILL.format(100 * Decimal(step["tallies"][key]) / self.most)]
        if goal is not None:
            parts.append(_GOAL.format(100 * goal / self.most))
        return "".join(parts)

    def _stacks(self, step: Result) -> SafeString:
        rows = []
        for key, counts in step["table"].items():
            total = sum(map(int, counts.values())) or 1
            rows.append((self.labels[key], [int(text) / total for text in counts.values()]))
        first: Mapping[str, str] = next(iter(step["table"].values()), {})
        return charts.stacks(rows, [self._grade(grade) for grade in first])

    # --- Tables ---

    def _table(self, step: Result) -> Table | None:
        table = step["table"]
        if step["code"] == "grades":
            return self._matrix(table, _("How often each got which grade"), self._grade)
        if step["code"] == "pairs":
            return self._matrix(
                table, _("How many prefer the row to the column"), self.labels.__getitem__
            )
        if step["code"] == "paths":
            return self._matrix(
                table, _("The strongest chain from row to column"), self.labels.__getitem__
            )
        if step["code"] in PLACES or self.overview_is_needed:
            return None
        return Table(
            _("The numbers as a table"),
            _("Option"),
            (_here(round_title(step, self.names)),),
            [self._line(key, [step]) for key in self.labels],
        )

    @property
    def overview_is_needed(self) -> bool:
        return len(self.result["rounds"]) > 1

    def _matrix(self, table: Mapping[str, Mapping[str, str]], caption: str, name: Any) -> Table:
        columns = list(dict.fromkeys(column for row in table.values() for column in row))
        order = [key for key in self.labels if key in columns] or columns
        lines = [
            Line(
                self.labels[key],
                tuple(figure(row[column]) if column in row else "" for column in order),
                key in self.result["winners"],
            )
            for key, row in table.items()
        ]
        return Table(caption, _("Option"), tuple(name(column) for column in order), lines)

    def overview(self) -> Table:
        """Candidates by rounds, with what else adds up below."""
        rounds = self.result["rounds"]
        lines = [self._line(key, rounds) for key in self.labels]
        lines += [
            Line(_here(name), tuple(figure(step["values"][code]) for step in rounds))
            for code, name in _values().items()
            if all(code in step["values"] for step in rounds)
        ]
        head = tuple(_here(_("Round %(number)s") % {"number": step["number"]}) for step in rounds)
        return Table(_("All rounds"), _("Option"), head, lines)

    def _line(self, key: str, rounds: Iterable[Result]) -> Line:
        cells = tuple(self._cell(step, key) for step in rounds)
        return Line(self.labels[key], cells, key in self.result["winners"])

    def _cell(self, step: Result, key: str) -> str:
        if key in step["excluded"]:
            return pgettext("of a candidate", "excluded")
        text = step["tallies"].get(key)
        if text is None or key in self._gone(step):
            return ""
        if step["code"] in ("grades", "removal"):
            return self._grade(text).text
        shown = figure(text)
        if key in step["elected"]:
            return shown + " " + pgettext("of a candidate", "elected")
        return shown

    def _grade(self, key: str) -> Localized:
        return self.grades.get(key) or _here(key)


def _values() -> Mapping[str, str]:
    """The names of the figures below a table of rounds."""
    return {
        "quota": _("Quota"),
        "continuing": _("Votes that still count"),
        "exhausted": _("No further choice"),
        "nontransferable": _("No further choice, or lost in rounding"),
    }


def _here(text: str) -> Localized:
    return Localized(text, "")


def _lang(label: Localized) -> SafeString:
    return format_html(' lang="{}"', label.language) if label.language else trusted("")
