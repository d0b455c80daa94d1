"""Every rule in plain words: one paragraph for citizens, its steps, what speaks for and against it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from budgets.kinds import Rule


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule for people who never heard of it. `source`: who described it, "" for what everybody knows."""

    name: str
    paragraph: str
    steps: tuple[str, ...]
    speaks_for: str
    speaks_against: str
    source: str = ""


def rule_name(rule: str) -> str:
    """The rule's name in the reader's language; the code itself for one that is not known."""
    return str(Rule(rule).label) if rule in Rule.values else rule


def rule_paragraph(rule: str) -> str:
    """What the rule does, in one paragraph for citizens; "" for one that is not known."""
    return rule_words(rule).paragraph if rule in Rule.values else ""


def rule_path(rule: str) -> str:
    """Where the rule is explained, without language prefix."""
    return f"/budgets/rules/{rule}/"


def rule_words(rule: str) -> RuleWords:
    """All that is said of a rule. Raises ValueError for one that is not known."""
    known = Rule(rule)
    words = {
        Rule.GREEDY_BY_VOTES: _greedy_by_votes,
        Rule.GREEDY_BY_SCORE: _greedy_by_score,
        Rule.GREEDY_BY_VOTES_PER_COST: _greedy_per_cost,
        Rule.PHRAGMEN: _phragmen,
        Rule.KNAPSACK: _knapsack,
    }.get(known)
    return words() if words else _equal_shares(known)


def _greedy_by_votes() -> RuleWords:
    return RuleWords(
        rule_name(Rule.GREEDY_BY_VOTES),
        _(
            "The project with the most votes is chosen first, then the one with the next most votes, "
            "and so on. A project that costs more than what is left of the money is passed over. "
            "This goes on until nothing more fits."
        ),
        (
            _("Count the votes of every project and put the projects in order."),
            _("Take the first one if the money that is left pays for it; otherwise pass it over."),
            _("Go on with the next one until the end of the list."),
        ),
        _("Everybody understands it, and it is the rule that most cities use."),
        _(
            "A majority can decide on all the money, and expensive projects with many votes leave nothing "
            "for the others: many voters may get none of what they chose."
        ),
    )


def _greedy_by_score() -> RuleWords:
    return RuleWords(
        rule_name(Rule.GREEDY_BY_SCORE),
        _(
            "The points of all voters are added up. The project with the most points is chosen first, "
            "then the one with the next most points, and so on. A project that costs more than what is "
            "left of the money is passed over. This goes on until nothing more fits."
        ),
        (
            _("Add up the points of every project and put the projects in order."),
            _("Take the first one if the money that is left pays for it; otherwise pass it over."),
            _("Go on with the next one until the end of the list."),
        ),
        _("Everybody understands it, and it hears how strongly people wish for something."),
        _(
            "A majority can decide on all the money, and expensive projects with many points leave nothing "
            "for the others."
        ),
    )


def _greedy_per_cost() -> RuleWords:
    return RuleWords(
        rule_name(Rule.GREEDY_BY_VOTES_PER_COST),
        _(
            "The votes of each project are divided by its cost. The project that gets the most votes for "
            "its money is chosen first, then the next, and so on. A project that costs more than "
            "what is left of the money is passed over."
        ),
        (
            _("Divide the votes of every project by its cost and put the projects in order."),
            _("Take the first one if the money that is left pays for it; otherwise pass it over."),
            _("Go on with the next one until the end of the list."),
        ),
        _("Many projects are chosen, and most voters get at least one of theirs."),
        _("A large project that many people want can lose against several small ones."),
    )


def _equal_shares(rule: Rule) -> RuleWords:
    raised = rule.value.endswith("_add1_until_overspend")
    ending = (
        _(
            "At the end some money is usually left. Then everybody’s share is raised, by one unit of the "
            "currency at a time, and everything is worked out anew, as long as the chosen projects do "
            "not cost more than there is."
        )
        if raised
        else _("What is left when no project can be paid any more stays unspent.")
    )
    steps = [
        _("Divide the money by the number of voters: that is everybody’s share."),
        _(
            "For every project, see whether its supporters together still have enough to pay for it."
        ),
        _price(rule),
        _("Go on until no project can be paid by its own supporters any more."),
    ]
    if raised:
        steps.append(
            _(
                "Raise everybody’s share by one unit of the currency and begin again. Keep the last result "
                "that costs no more than the envelope holds."
            )
        )
    return RuleWords(
        rule_name(rule),
        " ".join([_start(rule), ending]),
        tuple(steps),
        _(
            "Every group of voters decides on its part of the money: a third of the voters who agree "
            "can spend a third of it. Hardly anybody goes away with nothing."
        ),
        _(
            "It takes longer to explain, and a project with very many votes can lose when its "
            "supporters have spent their shares on other projects."
        ),
        "D. Peters, G. Pierczyński, P. Skowron: Proportional Participatory Budgeting with Additive "
        "Utilities (2021)",
    )


def _start(rule: Rule) -> str:
    if "points" in rule.value:
        return _(
            "Everybody who votes is given an equal share of the money. A project is chosen if those who "
            "gave it points can pay for it together from their shares; whoever gave more points pays "
            "more. Projects that cost their supporters least for each point come first."
        )
    if "cardinality" in rule.value:
        return _(
            "Everybody who votes is given an equal share of the money. A project is chosen if its supporters "
            "can pay for it together from their shares, each the same if possible. Projects that cost each "
            "of their supporters least come first."
        )
    return _(
        "Everybody who votes is given an equal share of the money. A project is chosen if its supporters "
        "can pay for it together from their shares, each the same if possible. Projects of which each "
        "supporter pays the smallest part of the cost, and so those with many supporters, come first."
    )


def _price(rule: Rule) -> str:
    if "points" in rule.value:
        return _(
            "Choose the project with the lowest price for a point. Those who gave it points pay in "
            "proportion to them; whoever has too little pays all that is left to them."
        )
    if "cardinality" in rule.value:
        return _(
            "Choose the project with the lowest price for each supporter. All supporters pay the same; "
            "whoever has too little pays all that is left to them."
        )
    return _(
        "Choose the project of which each supporter pays the smallest part. All supporters pay the same; "
        "whoever has too little pays all that is left to them."
    )


def _phragmen() -> RuleWords:
    return RuleWords(
        rule_name(Rule.PHRAGMEN),
        _(
            "Imagine that everybody who votes begins with nothing and saves at the same pace. As soon as the "
            "supporters of a project have saved its cost together, it is bought, and they begin again at "
            "nothing. This goes on until the next project would cost more than what is left of the money."
        ),
        (
            _("Everybody saves at the same pace, continuously."),
            _(
                "When the supporters of a project own its cost together, it is chosen; they pay with all "
                "they have saved."
            ),
            _("Stop when the project whose turn it is does not fit into what is left."),
        ),
        _("Every group of voters gets projects in step with its size."),
        _("It ends at the first project that does not fit, so that some money may be left."),
        "L. E. Phragmén (1894); M. Los, Z. Christoff, D. Grossi: Proportional Budget Allocations (2022)",
    )


def _knapsack() -> RuleWords:
    return RuleWords(
        rule_name(Rule.KNAPSACK),
        _(
            "Of all sets of projects that the money pays for, the one is chosen whose projects have the most "
            "votes when they are added up."
        ),
        (
            _("Look at every set of projects that together cost no more than there is."),
            _("Choose the set whose projects have the most votes in all."),
        ),
        _("No other use of the money would carry more votes."),
        _(
            "A majority can still decide on everything, and a project can win or lose because of what "
            "other projects cost: the result is hard to follow by hand."
        ),
    )
