"""How people vote on a budget and which rule chooses is declared, and fixed once voting opens."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Area, Group
from budgets.allocation.catalogue import RULES
from budgets.kinds import RULES_OF, BallotKind, Rule, Scope, TieRule
from budgets.models import Budget
from budgets.permissions import may_declare
from common.html import clean_text
from common.verdicts import YES, Refused, Verdict, no, require
from voting.actions.editing import Rules, declare_rules, write_consent
from voting.kinds import ChangePolicy, Eligibility, ResultsPolicy, Secrecy
from voting.models import Poll

MOST_POINTS = 1000
LARGEST_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class Declared:
    """The ballot and the rule of a budget. See `budgets.models.Budget` for every field."""

    ballot: str = BallotKind.APPROVAL
    scope: str = Scope.ALL
    least: int = 1
    most: int | None = None
    points: int | None = None
    points_each: int | None = None
    rule: str = Rule.MES_COST_ADD1
    completion: str = ""
    ties: str = TieRule.VOTES
    seed: str = ""
    support_needed: int = 0


@dataclass(frozen=True, slots=True)
class Voters:
    """Who may vote on a budget, and who knows what somebody voted. Results are always sealed."""

    eligibility: str = Eligibility.CONFIRMED
    area: Area | None = None
    group: Group | None = None
    secrecy: str = Secrecy.SECRET
    change_policy: str = ChangePolicy.FINAL
    shows_turnout: bool = True
    eligible_count: int | None = None


def declared_of(budget: Budget) -> Declared:
    return Declared(**{field.name: getattr(budget, field.name) for field in fields(Declared)})


def voters_of(poll: Poll) -> Voters:
    return Voters(**{field.name: getattr(poll, field.name) for field in fields(Voters)})


def locked(budget: Budget) -> Budget:
    """The budget's row and its poll's, held until the transaction ends, with the process: so that
    nothing is declared while voting opens."""
    Poll.objects.select_for_update(of=("self",)).get(pk=budget.poll_id)
    rows = Budget.objects.select_for_update(of=("self",)).select_related("process", "poll")
    return rows.get(pk=budget.pk)


@transaction.atomic
def declare_ballot(actor: Any, *, budget: Budget, declared: Declared) -> Budget:
    """Declare how people vote and which rule chooses. What a kind of ballot does not use is dropped."""
    require(may_declare(actor, locked(budget)))
    wanted = _tidied(declared)
    require(_ballot_fits(wanted))
    require(_rule_fits(wanted))
    names = [field.name for field in fields(Declared)]
    for name in names:
        setattr(budget, name, getattr(wanted, name))
    budget.save(update_fields=names)
    return budget


def _tidied(declared: Declared) -> Declared:
    """Without the limits that its kind of ballot has no use for."""
    seed = clean_text(declared.seed).strip()
    if declared.ballot == BallotKind.SHARE:
        return replace(declared, seed=seed, least=0, most=None)
    if declared.ballot == BallotKind.KNAPSACK:
        return replace(declared, seed=seed, least=0, most=None, points=None, points_each=None)
    return replace(declared, seed=seed, points=None, points_each=None)


def _ballot_fits(wanted: Declared) -> Verdict:
    if wanted.ballot not in BallotKind.values or wanted.scope not in Scope.values:
        return no("unknown_ballot", _("Choose one of what is offered."), 400)
    counts = (wanted.least, wanted.most or 1, wanted.support_needed)
    if any(not 0 <= number <= LARGEST_COUNT for number in counts) or wanted.most == 0:
        return no("number_unfit", _("This number is too large or too small."), 400)
    if wanted.most is not None and wanted.least > wanted.most:
        message = _("People cannot be asked for more projects at least than at most.")
        return no("least_above_most", message, 400)
    if wanted.ballot != BallotKind.SHARE:
        return YES
    if wanted.points is None or not 1 <= wanted.points <= MOST_POINTS:
        message = _("Say how many points people share out, from 1 to %(most)s.")
        return no("points_missing", message % {"most": MOST_POINTS}, 400)
    each = wanted.points_each
    if each is not None and not 1 <= each <= wanted.points:
        message = _("Points for one project lie between 1 and all points that there are to share.")
        return no("points_each_unfit", message, 400)
    return YES


def _rule_fits(wanted: Declared) -> Verdict:
    if wanted.rule not in RULES_OF[wanted.ballot]:
        message = _("This rule cannot read such ballots. Choose one of those beside it.")
        return no("rule_unfit", message, 400)
    if wanted.completion not in RULES[wanted.rule].completions:
        message = _(
            "This rule spends what it can by itself: nothing else is done with what is left."
        )
        return no("completion_unfit", message, 400)
    if wanted.ties not in TieRule.values:
        return no("unknown_tie_rule", _("Choose one of what is offered."), 400)
    if len(wanted.seed) > 120:
        return no("too_long", _("This text is too long."), 400)
    return YES


@transaction.atomic
def declare_voters(
    actor: Any, *, budget: Budget, voters: Voters, consent: Mapping[str, str]
) -> Budget:
    """Declare who may vote and what stays secret, and what people agree to first."""
    require(may_declare(actor, locked(budget)))
    budget.poll.process = budget.process
    rules = Rules(
        results_policy=ResultsPolicy.SEALED,
        **{field.name: getattr(voters, field.name) for field in fields(Voters)},
    )
    declare_rules(actor, poll=budget.poll, rules=rules)
    write_consent(actor, poll=budget.poll, consent=consent)
    return budget


@transaction.atomic
def bound_projects(
    actor: Any,
    *,
    budget: Budget,
    currency: str,
    smallest_cost: Decimal | None,
    largest_cost: Decimal | None,
    cosigners_needed: int,
) -> Budget:
    """Say in which currency, between which costs projects are, and how many people must sign one."""
    require(may_declare(actor, locked(budget)))
    currency = currency.strip().upper()
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        message = _("Write the currency as its code of three letters, such as EUR.")
        raise Refused(no("currency_unfit", message, 400))
    costs = [cost for cost in (smallest_cost, largest_cost) if cost is not None]
    if any(not 0 < cost < 10**12 for cost in costs) or costs != sorted(costs):
        message = _("The smallest cost must be more than nothing and no more than the largest.")
        raise Refused(no("costs_unfit", message, 400))
    if not 0 <= cosigners_needed <= LARGEST_COUNT:
        raise Refused(no("number_unfit", _("This number is too large or too small."), 400))
    budget.currency, budget.cosigners_needed = currency, cosigners_needed
    budget.smallest_cost, budget.largest_cost = smallest_cost, largest_cost
    budget.save(update_fields=["currency", "cosigners_needed", "smallest_cost", "largest_cost"])
    return budget
