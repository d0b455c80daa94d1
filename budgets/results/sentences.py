"""Why a project was chosen or not, how ties were settled, what else a count has to say: in plain words.

Codes and what they hold are those of `budgets.allocation.result`, read from stored JSON. Titles may be in
another language than the page, so that sentences are phrases (plain text, and HTML that marks them).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.results.rules import rule_name, rule_paragraph
from common.texts import Localized, Phrase
from common.ui.money import money
from common.ui.tongues import phrase
from common.ui.words import count

__all__ = ["Names", "lost", "noted", "rule_name", "rule_paragraph", "support", "tied", "won"]

Row = Mapping[str, Any]


class Names:
    """What sentences call things: projects by key, categories by key, money by its currency."""

    def __init__(
        self,
        projects: Mapping[str, Localized],
        categories: Mapping[str, Localized],
        currency: str,
        *,
        in_points: bool,
    ) -> None:
        self._projects = projects
        self._categories = categories
        self.currency = currency
        self.in_points = in_points

    def project(self, key: str) -> Localized:
        return self._projects.get(key) or Localized(key, "")

    def category(self, key: str) -> Localized:
        return self._categories.get(key) or Localized(key, "")

    def money(self, amount: str | Decimal) -> str:
        return money(Decimal(amount), self.currency)


def support(number: int | None, *, in_points: bool) -> str:
    """ "1,204 votes", "312 points"; a dash for what is hidden."""
    if number is None:
        return "–"
    if in_points:
        return ngettext("%(count)s point", "%(count)s points", number) % {"count": count(number)}
    return ngettext("%(count)s vote", "%(count)s votes", number) % {"count": count(number)}


def lost(note: Row, names: Names) -> Phrase:
    """Why a project was not chosen, in one sentence or two."""
    makers = {
        "no_support": _no_support,
        "under_threshold": _under_threshold,
        "over_budget": _over_budget,
        "incompatible": _incompatible,
        "no_money": _no_money,
        "stopped": _stopped,
        "short": _short,
        "not_in_best_set": _not_in_best_set,
    }
    maker = makers.get(note["code"])
    return maker(note["params"], names) if maker else phrase(_("It was not chosen."))


def _no_support(params: Row, names: Names) -> Phrase:
    return phrase(_("Nobody chose it."))


def _under_threshold(params: Row, names: Names) -> Phrase:
    needed = support(params["threshold"], in_points=names.in_points)
    if params["support"] is None:
        return phrase(_("It needed at least %(needed)s and had fewer."), needed=needed)
    had = support(params["support"], in_points=names.in_points)
    return phrase(_("It needed at least %(needed)s and had %(had)s."), needed=needed, had=had)


def _over_budget(params: Row, names: Names) -> Phrase:
    return phrase(
        _("It costs %(cost)s, more than there is in all (%(budget)s)."),
        cost=names.money(params["cost"]),
        budget=names.money(params["budget"]),
    )


def _incompatible(params: Row, names: Names) -> Phrase:
    words = _("It cannot stand beside “%(project)s”, which was chosen before it.")
    return phrase(words, project=names.project(params["project"]))


def _no_money(params: Row, names: Names) -> Phrase:
    missing = Decimal(params["cost"]) - Decimal(params["left"])
    amounts = {
        "cost": names.money(params["cost"]),
        "left": names.money(params["left"]),
        "missing": names.money(missing),
    }
    if not params["after"]:
        return phrase(_("It costs %(cost)s, and there was only %(left)s."), **amounts)
    words = ngettext(
        "When its turn came, %(after)s project had been chosen and %(left)s was left. It costs "
        "%(cost)s: %(missing)s was missing.",
        "When its turn came, %(after)s projects had been chosen and %(left)s was left. It costs "
        "%(cost)s: %(missing)s was missing.",
        params["after"],
    )
    return phrase(words, after=count(params["after"]), **amounts)


def _stopped(params: Row, names: Names) -> Phrase:
    words = _(
        "The rule ends at the first project that does not fit. That was “%(project)s”, so this one "
        "was not asked about any more."
    )
    return phrase(words, project=names.project(params["project"]))


def _short(params: Row, names: Names) -> Phrase:
    cost = names.money(params["cost"])
    if params.get("have") is None or params.get("supporters") is None:
        words = _("It costs %(cost)s, and its supporters had not enough left to pay that together.")
        return phrase(words, cost=cost)
    people = params["supporters"]
    words = ngettext(
        "It costs %(cost)s. Its %(people)s supporter had only %(have)s left: the rest of that share was "
        "spent on other projects, or the share alone is too small.",
        "It costs %(cost)s. Its %(people)s supporters had only %(have)s left together: the rest of their "
        "shares was spent on other projects, or their shares alone are too small.",
        people,
    )
    return phrase(words, cost=cost, people=count(people), have=names.money(params["have"]))


def _not_in_best_set(params: Row, names: Names) -> Phrase:
    words = _(
        "The chosen projects together have more support than any set with this one in it that the money "
        "pays for. It costs %(cost)s; %(left)s is left."
    )
    return phrase(words, cost=names.money(params["cost"]), left=names.money(params["left"]))


def won(choice: Row, names: Names) -> str:
    """Why a project was chosen."""
    code = choice["code"]
    had = support(choice["support"], in_points=names.in_points)
    if code == "minimum":
        return _("It was chosen first, so that its category has as many projects as were promised.")
    if code == "completion":
        return _("It was chosen afterwards with money that was left, by its support.")
    if code == "best_set":
        return _("It belongs to the set of projects with the most support that the money pays for.")
    if code in ("shares", "loads"):
        return _paid(choice, names)
    if choice["support"] is None:
        return _("It was next in the order of support, and the money was enough.")
    if code == "votes_per_cost":
        words = _("With %(support)s for its cost it was next in order, and the money was enough.")
        return words % {"support": had}
    return _("With %(support)s it was next in order, and the money was enough.") % {"support": had}


def _paid(choice: Row, names: Names) -> str:
    """How many people paid for it, and what."""
    cost = names.money(choice["cost"])
    payers, payments = choice["payers"], choice["payments"]
    if not payers:
        return _("Its supporters paid the cost of %(cost)s together.") % {"cost": cost}
    if payers == 1:
        return _("One supporter paid for it alone: %(cost)s.") % {"cost": cost}
    people = ngettext("%(count)s supporter", "%(count)s supporters", payers) % {
        "count": count(payers)
    }
    figures = {"people": people, "cost": cost, "share": share(choice, names)}
    if len(payments) == 1 and payments[0]["least"] == payments[0]["most"]:
        return _("%(people)s paid %(share)s each: %(cost)s.") % figures
    if choice["price"] and choice["code"] == "shares" and not names.in_points:
        return (
            _("%(people)s paid %(share)s each, or all that was left to them: %(cost)s.") % figures
        )
    return _("%(people)s paid %(cost)s together.") % figures


def share(choice: Row, names: Names) -> str:
    """The most that anybody paid, to the cent."""
    payments = choice["payments"]
    amount = payments[0]["most"] if payments else choice["price"]
    return to_the_cent(amount, names) if amount else ""


def to_the_cent(amount: str, names: Names) -> str:
    """An amount to the cent; what is less than half of one is not told as nought."""
    exact = Decimal(amount)
    cut = exact.quantize(Decimal("0.01"))
    if cut or not exact:
        return money(cut, names.currency)
    return _("less than %(amount)s") % {"amount": money(Decimal("0.01"), names.currency)}


def tied(tie: Row, names: Names) -> Phrase:
    """Which projects stood equal, and what decided."""
    titles = [names.project(key) for key in tie["projects"]]
    words = {
        "votes": _("%(titles)s stood equal. More votes decided: “%(chosen)s” came first."),
        "points": _("%(titles)s stood equal. More points decided: “%(chosen)s” came first."),
        "cheaper": _("%(titles)s stood equal. The cheaper one came first: “%(chosen)s”."),
        "costlier": _("%(titles)s stood equal. The more expensive one came first: “%(chosen)s”."),
        "lot": _("%(titles)s stood equal. The lot decided: “%(chosen)s” came first."),
    }[tie["decided_by"]]
    listed = ", ".join(_("“%(title)s”") % {"title": title} for title in titles)
    return phrase(words, titles=listed, chosen=names.project(tie["chosen"]))


def noted(note: Row, names: Names) -> Phrase | None:
    """What a count says beside its choices; None for what needs no words."""
    params = note["params"]
    if note["code"] == "raised":
        return _raised(params, names)
    if note["code"] == "minimum":
        titles = ", ".join(
            _("“%(title)s”") % {"title": names.project(k)} for k in params["projects"]
        )
        words = _(
            "So that “%(category)s” has as many projects as were promised, %(titles)s came first."
        )
        return phrase(words, category=names.category(params["category"]), titles=titles)
    if note["code"] == "minimum_not_met":
        words = _(
            "“%(category)s” was promised at least %(wanted)s projects and has %(chosen)s: the money, or the "
            "support, was not enough for more."
        )
        figures = {"wanted": count(params["wanted"]), "chosen": count(params["chosen"])}
        return phrase(words, category=names.category(params["category"]), **figures)
    return None


def _raised(params: Row, names: Names) -> Phrase:
    figures = {
        "from": to_the_cent(params["from"], names),
        "share": to_the_cent(params["share"], names),
    }
    if not params["by"]:
        words = _("Everybody’s share was %(share)s. Raising it would have cost more than there is.")
        return phrase(words, share=figures["share"])
    words = _(
        "Everybody’s share was %(from)s at first and was raised to %(share)s, as far as the money goes."
    )
    return phrase(words, **figures)
