"""What is chosen, and why: envelope by envelope, as the results page shows it. Makes no query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from budgets.results import sentences
from budgets.results.reading import Results
from budgets.results.sentences import Names
from common.texts import Localized, Phrase, localized
from common.ui import charts
from common.ui.charts import Bar
from common.ui.words import count
from voting.questionnaire.definition import Option, Question
from voting.results.shown import Line, Table
from voting.results.words import percent, whole

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paid:
    """Who paid what of a project: a drawing and the same as a table."""

    drawing: SafeString
    table: Table


@dataclass(frozen=True, slots=True)
class Shown:
    """A project in the result. `rank` is its place among all chosen ones, 0 for one that is not chosen."""

    key: str
    title: Localized
    href: str
    rank: int
    support: str
    cost: str
    why: Phrase | str
    left: str = ""
    paid: Paid | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The result of one envelope."""

    key: str
    title: Localized
    sentence: str
    chosen: list[Shown]
    lost: list[Shown]
    popular: Shown | None
    popular_sentence: str
    ties: list[Phrase]
    notes: list[Phrase]
    digest: str
    people: int


def shares(results: Results) -> list[Share]:
    """Every envelope that was voted on, in order."""
    found, rank = [], 0
    for question in results.questions:
        found.append(_share(results, question, rank))
        rank += len(found[-1].chosen)
    return found


def _share(results: Results, question: Question, rank: int) -> Share:
    result = results.declared[question.key]
    options = {option.key: option for option in question.options}
    chosen = [
        _chosen(results, options[choice["project"]], choice, place)
        for place, choice in enumerate(result["rounds"], rank + 1)
    ]
    keys = sorted(result["losers"], key=lambda key: (-_weight(result, key), _number(key)))
    lost = [_lost(results, options[key], result) for key in keys]
    popular, sentence = _popular(results, result, lost)
    names = results.names
    return Share(
        key=question.key,
        title=localized(question.title),
        sentence=_spent(question, result, names),
        chosen=chosen,
        lost=lost,
        popular=popular,
        popular_sentence=sentence,
        ties=[sentences.tied(tie, names) for tie in result["ties"]],
        notes=[said for note in result["notes"] if (said := sentences.noted(note, names))],
        digest=result["digest"],
        people=result["people"],
    )


def _weight(result: Row, key: str) -> int:
    return result["support"].get(key) or 0


def _number(key: str) -> int:
    digits = key.removeprefix("p")
    return int(digits) if digits.isdecimal() else 0


def _href(results: Results, key: str) -> str:
    path = results.path(key)
    return f"/{get_language()}{path}" if path else ""


def _chosen(results: Results, option: Option, choice: Row, rank: int) -> Shown:
    names = results.names
    return Shown(
        key=option.key,
        title=names.project(option.key),
        href=_href(results, option.key),
        rank=rank,
        support=sentences.support(choice["support"], in_points=results.in_points),
        cost=names.money(option.cost),
        why=sentences.won(choice, names),
        left=names.money(choice["left"]),
        paid=_paid(choice, names),
    )


def _lost(results: Results, option: Option, result: Row) -> Shown:
    names = results.names
    support = result["support"].get(option.key, 0)
    return Shown(
        key=option.key,
        title=names.project(option.key),
        href=_href(results, option.key),
        rank=0,
        support=sentences.support(support, in_points=results.in_points),
        cost=names.money(option.cost),
        why=sentences.lost(result["losers"][option.key], names),
    )


def _spent(question: Question, result: Row, names: Names) -> str:
    number = len(result["winners"])
    if not number:
        return _("No project is chosen. The %(amount)s stay unspent.") % {
            "amount": names.money(question.budget)
        }
    left = Decimal(question.budget) - Decimal(result["cost"])
    words = ngettext(
        "%(number)s project is chosen. It costs %(cost)s of %(amount)s; %(left)s is left.",
        "%(number)s projects are chosen. They cost %(cost)s of %(amount)s; %(left)s is left.",
        number,
    )
    return words % {
        "number": count(number),
        "cost": names.money(result["cost"]),
        "amount": names.money(question.budget),
        "left": names.money(left),
    }


def _popular(results: Results, result: Row, lost: list[Shown]) -> tuple[Shown | None, str]:
    """The most supported project that was not chosen, if any chosen one had less support."""
    if not lost or not result["winners"]:
        return None, ""
    first = lost[0]
    had = _weight(result, first.key)
    behind = sum(0 < _weight(result, key) < had for key in result["winners"])
    if not behind:
        return None, ""
    words = ngettext(
        "It had %(support)s, more than %(number)s project that was chosen.",
        "It had %(support)s, more than %(number)s projects that were chosen.",
        behind,
    )
    return first, words % {"support": first.support, "number": count(behind)}


def _paid(choice: Row, names: Names) -> Paid | None:
    """How the cost was shared among supporters; None where nobody pays, or all paid the same."""
    payments = choice["payments"]
    if len(payments) < 2:
        return None
    cost = Decimal(choice["cost"])
    rows = [(_each(one, names), one, Decimal(one["total"]) / cost) for one in payments]
    drawing = charts.bars(
        Bar(
            Localized(_people_paid(one["people"], each), ""),
            min(1.0, float(part)),
            None,
            None,
            percent(float(part)),
        )
        for each, one, part in rows
    )
    lines = [
        Line(
            Localized(each, ""),
            (
                whole(one["people"]),
                sentences.to_the_cent(one["total"], names),
                percent(float(part)),
            ),
        )
        for each, one, part in rows
    ]
    head = (
        Localized(pgettext("column", "People"), ""),
        Localized(pgettext("column", "Together"), ""),
        Localized(pgettext("column", "Of the cost"), ""),
    )
    caption = _("Who paid what share of it")
    return Paid(drawing, Table(caption, pgettext("column", "Each paid"), head, lines))


def _each(payment: Row, names: Names) -> str:
    least = sentences.to_the_cent(payment["least"], names)
    most = sentences.to_the_cent(payment["most"], names)
    if least == most:
        return most
    return _("%(low)s to %(high)s") % {"low": least, "high": most}


def _people_paid(people: int, each: str) -> str:
    return ngettext(
        "%(people)s person paid %(each)s", "%(people)s people paid %(each)s each", people
    ) % {"people": count(people), "each": each}


def money_table(results: Results) -> tuple[Table, SafeString]:
    """Envelopes: what there was, what is spent and left; and the same drawn."""
    names = results.names
    lines = [_money_line(names, *row) for row in _amounts(results)]
    head = (
        Localized(pgettext("column", "There was"), ""),
        Localized(pgettext("column", "Is spent"), ""),
        Localized(pgettext("column", "Is left"), ""),
    )
    drawing = charts.bars(
        Bar(
            title,
            float(spent / amount),
            None,
            None,
            _("%(share)s spent") % {"share": percent(float(spent / amount))},
        )
        for title, amount, spent in _amounts(results)
    )
    return Table(_("The money"), pgettext("column", "Envelope"), head, lines), drawing


def _amounts(results: Results) -> Iterator[tuple[Localized, Decimal, Decimal]]:
    for question in results.questions:
        cost = Decimal(results.declared[question.key]["cost"])
        yield localized(question.title), Decimal(question.budget), cost
    if len(results.questions) > 1:
        yield Localized(_("All envelopes"), ""), results.amount, results.cost


def _money_line(names: Names, title: Localized, amount: Decimal, spent: Decimal) -> Line:
    cells = (names.money(amount), names.money(spent), names.money(amount - spent))
    return Line(title, cells)
