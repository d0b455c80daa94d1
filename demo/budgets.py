"""Three budgets of the demonstration: one that is being voted on, one that was built, one that begins."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from accounts.actions import grant_role
from accounts.kinds import Role
from accounts.models import Organisation, User
from demo import DOMAIN
from demo.building import build
from demo.money import BUILDING, COSTING, INFORMING, PROPOSING, VOTING, Money, Span
from demo.past import Past
from demo.polls import Answers
from processes.models import Process

OFFICE = "Building office of Verlune"
ON_PAPER = 42  # sheets from the market hall two years ago
AT_THE_BOOTH = 8  # people who came to it this time, until now


def days(number: float) -> timedelta:
    return timedelta(days=number)


def spans(*edges: float) -> list[Span]:
    """Phases one after the other, from edge to edge (days before now; negative: after)."""
    return [(days(first), days(second)) for first, second in pairwise(edges)]


def tell(
    town: Organisation, people: dict[str, User], past: Callable[[], Past]
) -> Iterator[Process]:
    """The oldest first."""
    office = User.objects.create_user(f"costing@{DOMAIN}", None, name=OFFICE, language="fr")
    grant_role(None, person=office, organisation=town, role=Role.ANSWERER)
    people = {**people, "costing": office}
    yield _past(town, people, past())
    yield _open(town, people, past())
    yield _next(town, people, past())


def _told(money: Money) -> Process:
    """Put every moment where it belongs."""
    money.settle()
    process, past = money.process, money.past
    past.tell(process)
    past.tell_budget(process)
    return process


def _open(town: Organisation, people: dict[str, User], past: Past) -> Process:
    """Proposed, assessed, published; people vote now."""
    dates = [*spans(90, 80, 50, 40, 12), *spans(6, -8, -22, -560)]
    money = Money("budget", town, people, past, dates)
    past.mark(days(95))
    money.write()
    past.mark(days(90))
    money.stand_in(INFORMING)
    money.publish()
    past.mark(days(89.9))
    past.mark(days(79))
    money.stand_in(PROPOSING)
    money.propose()
    money.discuss()
    past.mark(days(52))
    past.mark(days(39))
    money.stand_in(COSTING)
    money.assess()
    past.mark(days(18))
    money.sign()
    past.mark(days(12))
    money.publish_decisions()
    past.mark(days(11.9))
    past.mark(days(6))
    money.stand_in(VOTING)
    money.open()
    past.mark(days(5.9))
    costs = {f"p{row.number}": Decimal(row.cost) for row in _on_the_ballot(money)}
    likes = dict(zip(costs, _LIKED, strict=True))
    vote, amount = money.vote, Decimal(money.data["envelope"][0]["amount"])
    rivals = _rivals(money)

    def say(chance: random.Random) -> Answers:
        return _basket(chance, _key(money), costs, likes, amount, rivals)

    vote.answer_by_account(say, without={"citizen", "second", "costing"})
    vote.booth("Town hall", "Market square 1", "paper", AT_THE_BOOTH, say)
    past.mark(timedelta(minutes=10))
    process = _told(money)
    past.tell_poll(vote.poll)
    return process


# How much people like the twelve projects on the ballot, in their order.
_LIKED = (5.0, 3.5, 4.5, 3.0, 2.8, 4.0, 2.0, 1.6, 1.8, 3.0, 2.0, 2.6)


def _on_the_ballot(money: Money) -> Any:
    return money.budget.projects.for_ballot()


def _rivals(money: Money) -> list[set[str]]:
    rows = money.data.get("conflict", ())
    return [{f"p{money.projects[key].number}" for key in row["projects"]} for row in rows]


def _key(money: Money) -> str:
    """What the first envelope is called on the ballot."""
    return next(iter(money.envelopes.values())).key


def _basket(
    chance: random.Random,
    question: str,
    costs: Mapping[str, Decimal],
    likes: Mapping[str, float],
    amount: Decimal,
    rivals: list[set[str]],
) -> Answers:
    """Somebody spends the envelope on what they like, until little is left."""
    wanted = sorted(costs, key=lambda key: -likes[key] * chance.random())
    taken: list[str] = []
    for key in wanted[: chance.randint(4, 9)]:
        is_barred = any(key in pair and pair & set(taken) for pair in rivals)
        if not is_barred and sum(costs[one] for one in taken) + costs[key] <= amount:
            taken.append(key)
    return {question: {"options": sorted(taken)}}


def _past(town: Organisation, people: dict[str, User], past: Past) -> Process:
    """From the idea to the ribbon; one project is late."""
    dates = [*spans(770, 750, 710, 690, 650), *spans(640, 620, 605, -120)]
    money = Money("budget-past", town, people, past, dates)
    past.mark(days(780))
    money.write()
    past.mark(days(770))
    money.stand_in(INFORMING)
    money.publish()
    past.mark(days(769.9))
    past.mark(days(749))
    money.stand_in(PROPOSING)
    money.propose()
    money.discuss()
    past.mark(days(712))
    past.mark(days(689))
    money.stand_in(COSTING)
    money.assess()
    past.mark(days(660))
    money.sign()
    past.mark(days(650))
    money.publish_decisions()
    past.mark(days(649.9))
    past.mark(days(640))
    money.stand_in(VOTING)
    money.open()
    past.mark(days(639.9))
    say = _two_camps(money)
    vote = money.vote
    vote.answer_by_account(say, without={"costing"})
    vote.booth("Market hall", "Market square 3", "paper", ON_PAPER, say)
    past.mark(days(620))
    vote.close()
    past.mark(days(619.9))
    vote.enter_urn(ON_PAPER, say)
    past.mark(days(619))
    vote.count()
    past.mark(days(618))
    money.stand_in(BUILDING)
    build(money)
    process = _told(money)
    past.tell_poll(vote.poll)
    return process


def _two_camps(money: Money) -> Callable[[random.Random], Answers]:
    """Ballots of a town half of which wants a fountain, so that what each rule does can be seen: most
    votes buys two dear projects, equal shares five."""
    chance = random.Random("verlune budget-past")  # noqa: S311 - not a secret
    rows = [
        (f"p{money.projects[row['key']].number}", row["weights"]) for row in money.data["project"]
    ]
    camps = [{key: weights[camp] for key, weights in rows} for camp in (0, 1)]
    most = money.data["most"]

    def say(_chance: random.Random) -> Answers:
        weights = camps[0] if chance.random() < 0.5 else camps[1]
        liked = [key for key, weight in weights.items() if chance.random() < weight]
        chance.shuffle(liked)
        chosen = liked[:most] or [max(weights, key=lambda key: weights[key])]
        return {_key(money): {"options": sorted(chosen)}}

    return say


def _next(town: Organisation, people: dict[str, User], past: Past) -> Process:
    """People propose now; one is to be revised, two might become one."""
    dates = [*spans(20, 10, -20, -34, -70), *spans(-77, -97, -110, -640)]
    money = Money("budget-next", town, people, past, dates)
    past.mark(days(24))
    money.write()
    past.mark(days(20))
    money.stand_in(INFORMING)
    money.publish()
    past.mark(days(19.9))
    past.mark(days(9))
    money.stand_in(PROPOSING)
    money.propose()
    money.discuss()
    past.mark(days(2))
    money.settle()
    money.ask()
    past.mark(timedelta(minutes=5))
    return _told(money)
