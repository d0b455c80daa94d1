"""What was declared for a budget, in sentences that a citizen reads."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.kinds import BallotKind, Scope, TieRule
from budgets.models import Budget
from common.ui.money import money
from common.ui.words import count


def facts_of(budget: Budget) -> list[tuple[str, str]]:
    """(name, words) of what holds for projects, votes and the choice. No query."""
    facts = [(_("What a project may cost"), _cost(budget))]
    if budget.cosigners_needed:
        needed = budget.cosigners_needed
        words = ngettext(
            "%(count)s other person signs a project before officials assess it.",
            "%(count)s other people sign a project before officials assess it.",
            needed,
        )
        facts.append((_("Co-signers"), words % {"count": count(needed)}))
    facts.append((_("How people vote"), _ballot(budget)))
    if budget.scope == Scope.ONE:
        facts.append((_("On what"), str(Scope.ONE.label)))
    if budget.support_needed:
        facts.append((_("Support needed"), _support(budget)))
    facts.append((_("If projects stand equal"), str(TieRule(budget.ties).label)))
    if budget.completion:
        facts.append((_("Money that is left"), str(budget.get_completion_display())))
    return [(name, words) for name, words in facts if words]


def _cost(budget: Budget) -> str:
    least, most = budget.smallest_cost, budget.largest_cost
    amounts = {"least": money(least, budget.currency), "most": money(most, budget.currency)}
    if least is not None and most is not None:
        return _("From %(least)s to %(most)s.") % amounts
    if least is not None:
        return _("%(least)s at least.") % amounts
    return _("%(most)s at most.") % amounts if most is not None else ""


def _ballot(budget: Budget) -> str:
    """The kind of ballot with its bounds."""
    kind = BallotKind(budget.ballot)
    if kind == BallotKind.SHARE:
        points = budget.points or 0
        words = ngettext(
            "Everyone shares %(count)s point among projects.",
            "Everyone shares %(count)s points among projects.",
            points,
        )
        said = words % {"count": count(points)}
        if budget.points_each:
            each = ngettext(
                "One project gets %(count)s point at most.",
                "One project gets %(count)s points at most.",
                budget.points_each,
            )
            said = f"{said} {each % {'count': count(budget.points_each)}}"
        return said
    if kind == BallotKind.KNAPSACK:
        return _("Everyone chooses projects that fit into the money together.")
    return _bounded(budget, kind)


def _bounded(budget: Budget, kind: BallotKind) -> str:
    numbers = {"least": count(budget.least), "most": count(budget.most or 0)}
    ranks = kind == BallotKind.RANKING
    if budget.most is None:
        if ranks:
            return _("Everyone ranks projects, %(least)s at least.") % numbers
        return _("Everyone ticks the projects they want, %(least)s at least.") % numbers
    if ranks:
        return _("Everyone ranks from %(least)s to %(most)s projects.") % numbers
    return _("Everyone ticks from %(least)s to %(most)s projects.") % numbers


def _support(budget: Budget) -> str:
    needed = budget.support_needed
    if budget.ballot in (BallotKind.SHARE, BallotKind.RANKING):
        words = ngettext(
            "A project needs %(count)s point at least.",
            "A project needs %(count)s points at least.",
            needed,
        )
    else:
        words = ngettext(
            "A project needs %(count)s vote at least.",
            "A project needs %(count)s votes at least.",
            needed,
        )
    return words % {"count": count(needed)}
