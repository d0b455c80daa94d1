"""How many queries budgets cost by the API: as many with 30 rows as with 3, and each with a name."""

import pytest

from accounts.actions import grant_role
from accounts.kinds import Role
from budgets.actions.assessing import Finding, write_assessment
from budgets.models import Budget
from tests.api.test_queries import statements
from tests.budgets import scenario
from tests.factories import person

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def budget(bob, organisation) -> Budget:
    return scenario.budget_in(
        "costing", bob, organisation, categories={"Parks": 0}, slug="our-money"
    )


def propose(budget: Budget, number: int) -> None:
    """So many projects with place, category and a word about them."""
    writer = person()
    grant_role(None, person=writer, organisation=budget.process.organisation, role=Role.ANSWERER)
    for _number in range(number):
        project = scenario.project(
            budget, person(), category=scenario.category_of(budget), latitude=47, longitude=2
        )
        finding = Finding(reason="Perhaps.")
        write_assessment(writer, project=project, finding=finding, seen=None)


PATHS = {
    "budgets/": 1,  # the rows
    # process with budget, poll, body, money and themes; topics; areas of phases; counts
    "budgets/our-money/": 4,
    "budgets/our-money/projects/": 2,  # the budget; the rows
    "budgets/our-money/map/": 3,  # the budget; the rows; boundaries
    "budgets/our-money/building/": 2,  # the budget; the figures
    "budgets/our-money/reports/": 2,  # the budget; the rows
}


@pytest.mark.parametrize("path", PATHS)
def test_what_everyone_reads_makes_as_many_queries_with_30_rows_as_with_3(budget, client, path):
    address, query = f"{API}/{path}", {"page_size": 100}
    propose(budget, 3)
    client.get(address)
    few = statements(lambda: client.get(address, query))
    propose(budget, 27)
    many = statements(lambda: client.get(address, query))
    assert len(few) == len(many) <= PATHS[path], many


def test_the_queue_makes_as_many_queries_with_30_rows_as_with_3(budget, bob, api_of):
    program, address = api_of(bob), f"{API}/budgets/our-money/assessments/"
    propose(budget, 3)
    program.get(address)
    few = statements(lambda: program.get(address, {"page_size": 100}))
    propose(budget, 27)
    many = statements(lambda: program.get(address, {"page_size": 100}))
    # who asks; the budget; the rows
    assert len(few) == len(many) <= 3, many


def test_one_project_and_posting_make_few_queries(budget, bob, alice, organisation, api_of):
    propose(budget, 3)
    program = api_of(alice)
    program.get(f"{API}/me/")  # the first use of a token on a day is noted
    first = budget.projects.first()
    address = f"{API}/budgets/our-money/projects/{first.subject_id}/"
    program.get(address)
    # who asks; the project with all small things; whether its author works there
    read = statements(lambda: program.get(address))
    assert len(read) <= 3, read
    open_now = scenario.budget_in("proposing", bob, organisation, slug="new-money")
    idea = {"title": "A pond", "body": "With frogs."}
    program.get(f"{API}/budgets/new-money/")
    # who asks; the budget; then the action: budget held, what is chosen, subject, project, counters, entry
    posted = statements(lambda: program.post(f"{API}/budgets/new-money/projects/", idea))
    assert open_now.projects.count() == 1
    assert len(posted) <= 8, posted
