"""The running total of a question about money or points: what was chosen, and what is left.

The same words serve the page as it is loaded and the script that keeps it up to date
(static/js/spending.js), which puts its own figures into them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from common.ui.money import money, pattern
from voting.questionnaire.amounts import NOTHING, amount_of, spent
from voting.questionnaire.definition import Question, QuestionKind

K = QuestionKind
MONEY, POINTS, NUMBER = "money", "points", "number"


@dataclass(slots=True)
class Total:
    """`main` says what is left, or by how much it is too much (`is_over`); `more` what was chosen.

    `percent` is how full the bar is, None without a limit. `unit` is money, points or number.
    `words` are the same sentences for the script, `limit` the figure that it compares with.
    """

    unit: str
    limit: str
    main: str = ""
    more: str = ""
    is_over: bool = False
    percent: int | None = None
    money: str = ""
    words: dict[str, str] = field(default_factory=dict)


def total_of(question: Question, answer: object) -> Total | None:
    """The running total of an answer, normalised or as it was sent; None where nothing is added up."""
    if not question.is_priced:
        return None
    given = answer if isinstance(answer, Mapping) else {}
    if question.kind is K.SHARE:
        return _points(question, given)
    chosen = chosen_of(question, given)
    if question.kind is K.KNAPSACK:
        return _money(question, chosen)
    return _number(question, chosen)


def chosen_of(question: Question, answer: Mapping[str, Any]) -> list[str]:
    """The options that an answer names, whatever shape it was sent in."""
    if question.kind in (K.SHARE, K.RANKING) and "ranking" not in answer:
        parts = answer.get("points" if question.kind is K.SHARE else "ranks")
        given = parts if isinstance(parts, Mapping) else {}
        named = [key for key, value in given.items() if value not in ("", 0)]
    else:
        sent = answer.get("ranking" if question.kind is K.RANKING else "options")
        named = list(sent) if isinstance(sent, list | tuple) else []
    keys = {key for key in named if isinstance(key, str)}
    return [key for key in question.option_keys() if key in keys]


def in_a_line(question: Question, answer: Mapping[str, Any]) -> str:
    """What an answer comes to, for a list of what was said: "Together: €300,000 of €500,000"."""
    if question.kind is K.SHARE:
        given = {"spent": sum(answer["points"].values()), "limit": question.most or 0}
        return _("Points given: %(spent)s of %(limit)s") % given
    together = money(spent(question, chosen_of(question, answer)), question.currency)
    if question.kind is K.KNAPSACK:
        return _("Together: %(spent)s of %(limit)s") % {
            "spent": together,
            "limit": money(amount_of(question.budget), question.currency),
        }
    return _("Together: %(spent)s") % {"spent": together}


def _money(question: Question, chosen: list[str]) -> Total:
    limit, used = amount_of(question.budget), spent(question, chosen)
    found = Total(MONEY, question.budget)
    found.words = {
        "fine": _("Left: %(left)s"),
        "over": _("%(over)s too much. Take something out."),
        "more": _("Spent: %(spent)s of %(limit)s. Projects chosen: %(number)s."),
    }
    return _filled(found, question, used, limit, number=len(chosen))


def _points(question: Question, answer: Mapping[str, Any]) -> Total:
    parts = answer.get("points")
    values = parts.values() if isinstance(parts, Mapping) else ()
    used = sum(n for n in values if isinstance(n, int) and n > 0)
    limit = question.most or 0
    found = Total(POINTS, str(limit))
    found.words = {
        "fine": _("Points left: %(left)s"),
        "over": _("Points too many: %(over)s. Take some back."),
        "more": _("Points given: %(spent)s of %(limit)s. Projects chosen: %(number)s."),
    }
    number = len(chosen_of(question, answer))
    return _filled(found, question, Decimal(used), Decimal(limit), number=number)


def _number(question: Question, chosen: list[str]) -> Total:
    """Projects that are ticked or ranked: how many more there may be, and what they cost together."""
    most = question.most if question.most and question.most < len(question.options) else None
    found = Total(NUMBER, str(most or ""))
    found.words = {
        "fine": _("Projects chosen: %(number)s")
        if most is None
        else _("Projects chosen: %(number)s of at most %(limit)s"),
        "over": _("Too many by %(over)s. Take something out."),
        "more": _("Together they cost %(cost)s.")
        if not question.budget
        else _("Together they cost %(cost)s; there is %(budget)s."),
    }
    limit = None if most is None else Decimal(most)
    return _filled(found, question, Decimal(len(chosen)), limit, number=len(chosen), chosen=chosen)


def _filled(
    found: Total,
    question: Question,
    used: Decimal,
    limit: Decimal | None,
    *,
    number: int,
    chosen: list[str] | None = None,
) -> Total:
    """The total with its sentences: `used` of `limit`."""

    def written(amount: Decimal) -> str:
        if found.unit == MONEY:
            return money(amount, question.currency)
        return number_format(amount, 0, force_grouping=True)

    whole = NOTHING if limit is None else limit
    over = used - whole if limit is not None else NOTHING
    values = {
        "spent": written(used),
        "limit": written(whole),
        "left": written(max(whole - used, NOTHING)),
        "over": written(max(over, NOTHING)),
        "number": number_format(number, force_grouping=True),
        "cost": money(spent(question, chosen or ()), question.currency),
        "budget": money(amount_of(question.budget), question.currency),
    }
    found.is_over = over > 0
    found.main = found.words["over" if found.is_over else "fine"] % values
    found.more = found.words["more"] % values
    found.money = pattern(question.currency) % {"amount": "{amount}"}
    if limit:
        found.percent = min(100, int(used * 100 / limit))
    known = {name: f"{{{name}}}" for name in values} | {
        "limit": values["limit"],
        "budget": values["budget"],
    }
    found.words = {name: text % known for name, text in found.words.items()}
    return found
