"""Budgets of Bob's public body, one for each phase that tests are about."""

import pytest

from accounts.models import Organisation, User
from budgets.models import Budget
from tests.budgets import scenario


@pytest.fixture
def draft(bob: User, organisation: Organisation) -> Budget:
    """Not published, with money, dates and rules."""
    return scenario.draft_budget(bob, organisation)


@pytest.fixture
def proposing(bob: User, organisation: Organisation) -> Budget:
    """Published; people propose projects now."""
    return scenario.budget_in("proposing", bob, organisation)


@pytest.fixture
def reviewing(bob: User, organisation: Organisation) -> Budget:
    return scenario.budget_in("reviewing", bob, organisation)


@pytest.fixture
def costing(bob: User, organisation: Organisation) -> Budget:
    """Published; projects are assessed now."""
    return scenario.budget_in("costing", bob, organisation)


@pytest.fixture
def voting(bob: User, alice: User, charlie: User, organisation: Organisation) -> Budget:
    """Open for votes on a park (30,000), a pool (80,000) and a bridge (50,000), of 100,000."""
    budget = scenario.budget_in("costing", bob, organisation)
    for title, author, cost in (
        ("A park", alice, 30_000),
        ("A pool", charlie, 80_000),
        ("A bridge", alice, 50_000),
    ):
        scenario.feasible(scenario.project(budget, author, title), cost=cost)
    return scenario.move_to(budget, "voting")
