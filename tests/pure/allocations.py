"""Elections that several tests of allocation share, and the rules written as plainly as they can be."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from hypothesis import strategies as st

from budgets.allocation.model import Ballot, Election, Project, approvals, points
from budgets.allocation.ties import declared

LETTERS = "abcdef"
ADD1 = "_add1_until_overspend"


def election(budget: int, projects: str, *lines: tuple[int, str], **more: object) -> Election:
    """Approvals in short: election(100, "a60 b30", (5, "ab"), (4, "b"))."""
    ballots: dict[Ballot, int] = {}
    for people, letters in lines:
        ballot = approvals(letters)
        ballots[ballot] = ballots.get(ballot, 0) + people
    standing = tuple(Project(word[0], Decimal(word[1:])) for word in projects.split())
    return Election(standing, Decimal(budget), ballots, **more)


# Six of ten want a cycle path, five of them a court too, four a library. Pages of docs/algorithms use it.
TOWN = election(100, "p60 c30 l30 t10", (5, "pc"), (1, "pt"), (4, "lt"))


@st.composite
def elections(draw: st.DrawFn, kind: str = "approval", *, most: int = 6) -> Election:
    """Up to six projects with few different costs, so that ties and exact payments are frequent."""
    keys = LETTERS[: draw(st.integers(1, most))]
    costs = draw(
        st.lists(
            st.sampled_from(["1", "2", "3", "4", "5", "6", "7.5", "10", "12.25", "30"]),
            min_size=len(keys),
            max_size=len(keys),
        )
    )
    if kind in ("points", "ranking"):
        given = st.dictionaries(st.sampled_from(keys), st.integers(1, 4)).map(points)
    else:
        given = st.sets(st.sampled_from(keys)).map(approvals)
    ballots = draw(st.dictionaries(given, st.integers(1, 5), min_size=1, max_size=8))
    budget = draw(st.sampled_from(["3", "7", "10", "12.5", "20", "33.34", "60"]))
    projects = tuple(Project(key, Decimal(cost)) for key, cost in zip(keys, costs, strict=True))
    return Election(projects, Decimal(budget), ballots, kind)


def preference(of: Election, ties: tuple[str, ...], lot: tuple[str, ...]) -> dict[str, tuple]:
    """A sorting key for each project: the first is favoured."""
    votes = {p.key: sum(n for b, n in of.ballots.items() if p.key in dict(b)) for p in of.projects}
    costs = {p.key: p.cost for p in of.projects}
    words = {
        "votes": lambda key: -votes[key],
        "points": lambda key: -sum(n * dict(b).get(key, 0) for b, n in of.ballots.items()),
        "cheaper": lambda key: costs[key],
        "costlier": lambda key: -costs[key],
        "lot": lot.index,
    }
    return {key: tuple(words[word](key) for word in declared(ties)) for key in costs}


def plain_shares(of: Election, rule: str, favour: dict[str, tuple], share: Fraction) -> list[str]:
    """Equal Shares at one share, by the definition, one voter after the other."""
    voters = [dict(ballot) for ballot, people in of.ballots.items() for _ in range(people)]
    costs = {project.key: Fraction(project.cost) for project in of.projects}
    left = [share] * len(voters)
    chosen: list[str] = []
    while True:
        offers = []
        for key, cost in costs.items():
            use = [_use(rule, ballot, key, cost) for ballot in voters]
            price = None if key in chosen else _price(cost, use, left)
            if price is not None:
                offers.append((price, favour[key], key, use))
        if not offers:
            return chosen
        price, _, key, use = min(offers)
        left = [owned - min(owned, price * of_it) for owned, of_it in zip(left, use, strict=True)]
        chosen.append(key)


def _use(rule: str, ballot: dict[str, int], key: str, cost: Fraction) -> Fraction:
    if key not in ballot:
        return Fraction(0)
    if rule.startswith("mes_points"):
        return Fraction(ballot[key])
    return cost if rule.startswith("mes_cost") else Fraction(1)


def _price(cost: Fraction, use: list[Fraction], left: list[Fraction]) -> Fraction | None:
    """The lowest price for a unit of use at which supporters pay the cost together."""
    group = [(owned / of_it, owned, of_it) for owned, of_it in zip(left, use, strict=True) if of_it]
    if not group or sum(owned for _, owned, _ in group) < cost:
        return None
    owed, paying = cost, sum(of_it for _, _, of_it in group)
    for ratio, owned, of_it in sorted(group):
        if ratio * paying >= owed:
            break
        owed -= owned
        paying -= of_it
    return owed / paying


def plain_rule(of: Election, rule: str, favour: dict[str, tuple]) -> list[str]:
    """Equal Shares with and without raised shares, one unit of currency at a time."""
    share = Fraction(of.budget) / of.people
    costs = {project.key: project.cost for project in of.projects}
    chosen = plain_shares(of, rule, favour, share)
    named = {key for ballot in of.ballots for key, _ in ballot}
    while rule.endswith(ADD1) and set(chosen) != named:
        share += 1
        more = plain_shares(of, rule, favour, share)
        if sum(costs[key] for key in more) > of.budget:
            break
        chosen = more
    return chosen


def plain_phragmen(of: Election, favour: dict[str, tuple]) -> list[str]:
    """Phragmén's rule, one voter after the other."""
    voters = [dict(ballot) for ballot, people in of.ballots.items() for _ in range(people)]
    costs = {p.key: Fraction(p.cost) for p in of.projects if p.cost <= of.budget}
    since = [Fraction(0)] * len(voters)
    chosen: list[str] = []
    left = Fraction(of.budget)
    while True:
        offers = []
        for key, cost in costs.items():
            group = [number for number, ballot in enumerate(voters) if key in ballot]
            if group and key not in chosen:
                moment = (cost + sum(since[number] for number in group)) / len(group)
                offers.append((moment, favour[key], key, group))
        first = [offer for offer in offers if offer[0] == min(offers)[0]]
        if not first or any(costs[key] > left for _, _, key, _ in first):
            return chosen
        moment, _, key, group = min(first)
        for number in group:
            since[number] = moment
        left -= costs[key]
        chosen.append(key)


def sets_that_fit(of: Election) -> Iterator[tuple[Project, ...]]:
    """All sets of projects that the money can buy and that do not exclude each other."""
    for size in range(len(of.projects) + 1):
        for some in combinations(of.projects, size):
            keys = {project.key for project in some}
            is_allowed = all(len(keys & group) < 2 for group in of.incompatible)
            if is_allowed and sum(project.cost for project in some) <= of.budget:
                yield some
