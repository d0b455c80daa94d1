"""Who gets what at the desk of budgets, its assessments apart. The columns as in authorisation_table.

Nobody is sent to sign in; people without a role are refused where the budget is public, and find
nothing where it is not.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Group
from budgets.actions.assessors import name_assessor
from budgets.actions.conflicts import declare_conflict
from budgets.actions.envelopes import add_category, add_envelope
from budgets.actions.maps import set_boundaries
from budgets.models import Budget
from tests.architecture.authorisation import Request, Row, Stage
from tests.budgets import scenario

READS = "302 403 403 403 200 403"
MISSES = "302 404 404 404 200 404"
WRITES = "302 404 404 404 302 404"  # of a draft: the others find nothing
CHANGES = "302 403 403 403 302 403"  # of a public one
POINT = b'{"type": "Point", "coordinates": [7, 43]}'
RULES = {
    "ballot": "approval",
    "scope": "all",
    "rule": "greedy_by_votes",
    "ties": "lot",
    "eligibility": "confirmed",
    "secrecy": "secret",
    "change_policy": "final",
}


def _draft(stage: Stage) -> Budget:
    return scenario.draft_budget(stage.official, stage.organisation)


def _of(budget: Budget, data: dict | None = None, **names: object) -> Request:
    return Request(kwargs={"slug": budget.process.slug, **names}, data=data)


def draft(stage: Stage) -> Request:
    return _of(_draft(stage), {"title_en": "Ours", "languages": ["en"]})


def public(stage: Stage) -> Request:
    return _of(scenario.budget_in("proposing", stage.official, stage.organisation))


def given_up(stage: Stage) -> Request:
    budget = scenario.budget_in("proposing", stage.official, stage.organisation)
    return _of(budget, {"reason": "There is no money."})


def opened(stage: Stage) -> Request:
    budget = scenario.budget_in("costing", stage.official, stage.organisation)
    scenario.feasible(scenario.project(budget, stage.citizen))
    return _of(scenario.move_to(budget, "voting"), RULES)


def a_new_budget(stage: Stage) -> Request:
    data = {"organisation": stage.organisation.pk, "languages": ["en"], "title_en": "Ours"}
    return Request(data=data)


def limits(stage: Stage) -> Request:
    return _of(_draft(stage), {"currency": "EUR", "cosigners_needed": 0})


def a_new_envelope(stage: Stage) -> Request:
    return _of(_draft(stage), {"title_en": "The north", "amount": "1000"})


def an_envelope(stage: Stage) -> Request:
    budget = _draft(stage)
    row = add_envelope(
        stage.official, budget=budget, title={"en": "North"}, amount=scenario.Decimal(9)
    )
    return _of(budget, {"title_en": "The north", "amount": "1000"}, pk=row.pk)


def an_envelope_up(stage: Stage) -> Request:
    return Request(kwargs={**an_envelope(stage).kwargs, "where": "up"})


def a_new_category(stage: Stage) -> Request:
    return _of(_draft(stage), {"title_en": "Sport", "minimum": 0})


def a_category(stage: Stage) -> Request:
    budget = _draft(stage)
    row = add_category(stage.official, budget=budget, title={"en": "Sport"})
    return _of(budget, {"title_en": "Sports", "minimum": 1}, pk=row.pk)


def a_category_up(stage: Stage) -> Request:
    return Request(kwargs={**a_category(stage).kwargs, "where": "up"})


def rules(stage: Stage) -> Request:
    return _of(_draft(stage), RULES)


def _two(stage: Stage) -> tuple[Budget, list]:
    budget = scenario.budget_in("proposing", stage.official, stage.organisation)
    return budget, [scenario.project(budget, stage.citizen, f"Park {n}") for n in range(2)]


def a_new_conflict(stage: Stage) -> Request:
    budget, rows = _two(stage)
    return _of(budget, {"projects": [row.pk for row in rows], "reason": "The same ground."})


def a_conflict(stage: Stage) -> Request:
    budget, rows = _two(stage)
    made = declare_conflict(stage.official, budget=budget, projects=rows, reason="One ground.")
    data = {"projects": [row.pk for row in rows], "reason": "The same ground."}
    return _of(budget, data, pk=made.pk)


def an_address(stage: Stage) -> Request:
    return _of(_draft(stage), {"email": stage.citizen.email})


def a_group(stage: Stage) -> Request:
    group = Group.objects.create(organisation=stage.organisation, name="Engineers")
    return _of(_draft(stage), {"group": group.pk})


def an_assessor(stage: Stage) -> Request:
    """Somebody who is none of the cast: an assessor reads what the others do not."""
    budget = _draft(stage)
    row = name_assessor(stage.official, budget=budget, email=stage.official.email)
    return _of(budget, pk=row.pk)


def boundaries(stage: Stage) -> Request:
    budget = _draft(stage)
    set_boundaries(stage.official, budget=budget, raw=POINT)
    return _of(budget)


def dates(stage: Stage) -> Request:
    opens = timezone.localtime() + timedelta(days=3)
    data = {
        "row": ["p0"],
        "p0-name_en": "Voting",
        "p0-opens_at": f"{opens:%Y-%m-%dT%H:%M}",
        "p0-closes_at": f"{opens + timedelta(days=9):%Y-%m-%dT%H:%M}",
        "p0-activities": ["vote"],
        "p0-audience": "signed_in",
    }
    return _of(_draft(stage), data)


BUDGETDESK = [
    Row("budgetdesk:budgets", "GET", "302 403 403 200 200 403"),
    Row("budgetdesk:new", "GET", "302 403 403 200 200 403"),
    # To another body's official the public body is not among the choices.
    Row("budgetdesk:new", "POST", "302 403 403 400 302 403", a_new_budget),
    Row("budgetdesk:overview", "GET", READS, public),
    Row("budgetdesk:overview", "GET", MISSES, draft),
    Row("budgetdesk:about", "GET", MISSES, draft),
    Row("budgetdesk:about", "POST", WRITES, draft),
    Row("budgetdesk:money", "GET", MISSES, draft),
    Row("budgetdesk:money", "GET", READS, opened),
    Row("budgetdesk:money", "POST", WRITES, limits),
    Row("budgetdesk:money", "POST", "302 403 403 403 409 403", opened),
    Row("budgetdesk:new-envelope", "GET", MISSES, draft),
    Row("budgetdesk:new-envelope", "GET", "302 403 403 403 409 403", opened),
    Row("budgetdesk:new-envelope", "POST", WRITES, a_new_envelope),
    Row("budgetdesk:envelope", "GET", MISSES, an_envelope),
    Row("budgetdesk:envelope", "POST", WRITES, an_envelope),
    Row("budgetdesk:move-envelope", "POST", WRITES, an_envelope_up),
    Row("budgetdesk:remove-envelope", "GET", MISSES, an_envelope),
    Row("budgetdesk:remove-envelope", "POST", WRITES, an_envelope),
    Row("budgetdesk:new-category", "GET", MISSES, draft),
    Row("budgetdesk:new-category", "POST", WRITES, a_new_category),
    Row("budgetdesk:category", "GET", MISSES, a_category),
    Row("budgetdesk:category", "POST", WRITES, a_category),
    Row("budgetdesk:move-category", "POST", WRITES, a_category_up),
    Row("budgetdesk:remove-category", "GET", MISSES, a_category),
    Row("budgetdesk:remove-category", "POST", WRITES, a_category),
    Row("budgetdesk:rules", "GET", MISSES, draft),
    Row("budgetdesk:rules", "GET", READS, opened),
    Row("budgetdesk:rules", "POST", WRITES, rules),
    Row("budgetdesk:rules", "POST", "302 403 403 403 409 403", opened),
    Row("budgetdesk:conflicts", "GET", MISSES, draft),
    Row("budgetdesk:conflicts", "GET", READS, a_new_conflict),
    Row("budgetdesk:new-conflict", "GET", READS, a_new_conflict),
    Row("budgetdesk:new-conflict", "POST", CHANGES, a_new_conflict),
    Row("budgetdesk:conflict", "GET", READS, a_conflict),
    Row("budgetdesk:conflict", "POST", CHANGES, a_conflict),
    Row("budgetdesk:remove-conflict", "GET", READS, a_conflict),
    Row("budgetdesk:remove-conflict", "POST", CHANGES, a_conflict),
    Row("budgetdesk:assessors", "GET", MISSES, draft),
    Row("budgetdesk:assessors", "POST", WRITES, an_address),
    Row("budgetdesk:add-assessor-group", "POST", WRITES, a_group),
    Row("budgetdesk:add-assessor-group", "GET", WRITES, a_group),
    Row("budgetdesk:remove-assessor", "POST", WRITES, an_assessor),
    Row("budgetdesk:map", "GET", MISSES, boundaries),
    Row("budgetdesk:map", "POST", "302 404 404 404 400 404", boundaries),  # no file was chosen
    Row("budgetdesk:remove-map", "GET", MISSES, boundaries),
    Row("budgetdesk:remove-map", "POST", WRITES, boundaries),
    Row("budgetdesk:phases", "GET", MISSES, draft),
    Row("budgetdesk:phases", "GET", READS, public),
    Row("budgetdesk:phases", "POST", WRITES, dates),
    Row("budgetdesk:ballot", "GET", MISSES, draft),
    Row("budgetdesk:ballot", "GET", READS, opened),
    Row("budgetdesk:publish", "GET", MISSES, draft),
    Row("budgetdesk:publish", "POST", WRITES, draft),
    Row("budgetdesk:close", "GET", READS, public),
    Row("budgetdesk:close", "POST", CHANGES, given_up),
]
