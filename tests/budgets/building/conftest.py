"""A budget that was voted on in the open, with two chosen projects, and the box of votes behind it."""

from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import Organisation, User
from budgets.kinds import Rule
from budgets.models import Budget, Project
from tests.budgets.results.ballots import approve, counted, with_projects
from tests.budgets.scenario import fresh
from voting.kinds import Secrecy

COSTS = {"A park": 30_000, "A pool": 80_000, "A bridge": 50_000}


@dataclass
class Built:
    """A counted budget: the park (p1) and the bridge (p3) are chosen, the pool (p2) is not.

    `voters` are, in order, whoever voted for p1 and p3, for p1, for p2, and for p3.
    """

    budget: Budget
    voters: list[User]

    def project(self, number: int) -> Project:
        row = Project.objects.with_frame().get(budget=self.budget, number=number)
        row.take_frame()
        return row


def built(bob: User, organisation: Organisation, author: User, **more: Any) -> Built:
    rules = {"secrecy": Secrecy.NAMED} | more.pop("rules", {})
    budget = with_projects(
        bob,
        organisation,
        author,
        COSTS,
        ballot={"rule": Rule.GREEDY_BY_VOTES},
        rules=rules,
        **more,
    )
    voters = approve(budget, "p1 p3", "p1", "p2", "p3")
    counted(budget)
    return Built(fresh(budget), voters)


@pytest.fixture
def chosen(bob: User, alice: User, organisation: Organisation) -> Built:
    """Alice proposed all of them; votes are named."""
    return built(bob, organisation, alice)


@pytest.fixture
def secret(bob: User, alice: User, organisation: Organisation) -> Built:
    """The same, in a secret poll."""
    return built(bob, organisation, alice, rules={"secrecy": Secrecy.SECRET})
