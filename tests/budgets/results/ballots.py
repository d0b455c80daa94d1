"""Ballots in the box of a budget, and the count, as people and the clock make them."""

from typing import Any

from accounts.models import User
from budgets.models import Budget, Project
from common.verdicts import YES
from tests import factories
from tests.budgets.scenario import budget_in, envelope_of, feasible, fresh, move_to, project
from voting.actions.box import Receipt, cast_ballot
from voting.voters import Voter


def vote(budget: Budget, person: User, answers: dict[str, Any]) -> Receipt:
    """`answers` are {envelope key: answer as voting.questionnaire.answers has it}."""
    poll = fresh(budget).poll
    return cast_ballot(Voter(f"user:{person.pk}", YES, user=person), poll=poll, answers=answers)


def approve(budget: Budget, *ballots: str) -> list[User]:
    """One new voter for each text of project keys ("p1 p2"); all in the first envelope."""
    key = envelope_of(budget).key
    people = []
    for number, text in enumerate(ballots, 1):
        person = factories.person(f"Voter {budget.pk}-{number}")
        answers = {key: {"options": text.split()}} if text else {}
        vote(budget, person, answers)
        people.append(person)
    return people


def with_projects(
    owner: User, organisation: Any, author: User, costs: dict[str, int], **more: Any
) -> Budget:
    """A budget in its voting phase on projects {title: cost}, keys p1, p2, … in that order."""
    budget = budget_in("costing", owner, organisation, **more)
    for title, cost in costs.items():
        feasible(project(budget, author, title), cost=cost)
    return move_to(budget, "voting")


def counted(budget: Budget) -> Budget:
    """Voting is over and counted by the clock."""
    return move_to(budget, "results")


def chosen(budget: Budget) -> list[str]:
    """The keys of the chosen projects by rank, from the database."""
    rows = Project.objects.filter(budget=budget, chosen_at__isnull=False).order_by("rank")
    return [row.key for row in rows]
