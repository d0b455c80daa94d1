"""Who gets the results of a budget. The columns are those of tests.architecture.authorisation_table."""

from budgets.models import Budget
from tests.architecture.authorisation import Request, Row, Stage
from tests.budgets.results.ballots import approve, counted, with_projects
from tests.budgets.scenario import draft_budget, envelope_of
from voting.kinds import Secrecy


def _open(stage: Stage, secrecy: str) -> Budget:
    rules = {"secrecy": secrecy}
    costs = {"A park": 30_000, "A pool": 80_000}
    budget = with_projects(stage.official, stage.organisation, stage.citizen, costs, rules=rules)
    approve(budget, "p1", "p2")
    return budget


def sealed(stage: Stage) -> Request:
    """People vote now."""
    return Request(kwargs={"slug": _open(stage, Secrecy.SECRET).process.slug})


def out(stage: Stage) -> Request:
    """Everything is counted."""
    return Request(kwargs={"slug": counted(_open(stage, Secrecy.SECRET)).process.slug})


def not_public(stage: Stage) -> Request:
    return Request(kwargs={"slug": draft_budget(stage.official, stage.organisation).process.slug})


def a_file(request: Request, name: str) -> Request:
    return Request(kwargs={**request.kwargs, "name": name})


def sealed_figures(stage: Stage) -> Request:
    return a_file(sealed(stage), "results.json")


def figures(stage: Stage) -> Request:
    return a_file(out(stage), "results.json")


def projects_of_a_draft(stage: Stage) -> Request:
    return a_file(not_public(stage), "projects.csv")


def _ballots(budget: Budget) -> Request:
    return Request(kwargs={"slug": budget.process.slug, "envelope": envelope_of(budget).key})


def sealed_ballots(stage: Stage) -> Request:
    return _ballots(_open(stage, Secrecy.SECRET))


def secret_ballots(stage: Stage) -> Request:
    return _ballots(counted(_open(stage, Secrecy.SECRET)))


def named_ballots(stage: Stage) -> Request:
    return _ballots(counted(_open(stage, Secrecy.NAMED)))


def confidential_ballots(stage: Stage) -> Request:
    return _ballots(counted(_open(stage, Secrecy.CONFIDENTIAL)))


def a_rule(stage: Stage) -> Request:
    return Request(kwargs={"rule": "phragmen"})


BUDGET_RESULTS = [
    Row("budgets:rule", "GET", "200", a_rule),
    Row("budgets:results", "GET", "200", out),
    Row("budgets:results", "GET", "404 404 404 404 200 404", not_public),
    Row("budgets:results-file", "GET", "200", figures),
    Row("budgets:results-file", "GET", "409", sealed_figures),
    Row("budgets:results-file", "GET", "404 404 404 404 200 404", projects_of_a_draft),
    Row("budgets:ballots-file", "GET", "200", secret_ballots),
    Row("budgets:ballots-file", "GET", "409", sealed_ballots),
    Row("budgets:ballots-file", "GET", "401 403 403 403 200 403", named_ballots),
    Row("budgets:ballots-file", "GET", "403", confidential_ballots),
]
