"""The desk of a budget in a real browser: readable by everyone, and the rule follows the ballot."""

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import User
from budgets.actions.assessors import name_assessor
from budgets.actions.conflicts import declare_conflict
from budgets.actions.maps import set_boundaries
from budgets.models import Budget
from config.site import Site
from tests.budgets import scenario
from tests.e2e.test_look import signed_in, wrong_for

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

POINT = (
    b'{"type": "Feature", "properties": {"name": "Old town"},'
    b' "geometry": {"type": "Point", "coordinates": [7, 43]}}'
)
PAGES = [
    "", "about/", "money/", "money/envelopes/new/", "money/categories/new/", "rules/",
    "conflicts/", "conflicts/new/", "assessors/", "map/", "map/remove/", "phases/", "ballot/",
    "close/",
]  # fmt: skip


@pytest.fixture
def filled(bob: User, alice: User, olga: User, organisation) -> Budget:
    """A budget in its costing phase with something on every page."""
    budget = scenario.budget_in(
        "costing",
        bob,
        organisation,
        envelopes=(("The north", 80_000), ("The south", 1_250_000)),
        categories={"Sport": 1, "Culture": 0},
    )
    rows = [scenario.project(budget, alice, f"A park number {n}") for n in range(4)]
    for row, cost in zip(rows, (30_000, 90_000, 12_500), strict=False):
        scenario.feasible(row, cost=cost)
    declare_conflict(bob, budget=budget, projects=rows[:2], reason="Both want the same ground.")
    name_assessor(bob, budget=budget, email=olga.email)
    set_boundaries(bob, budget=budget, raw=POINT)
    return budget


def test_every_page_is_accessible_and_fits(
    site: Site, browser: Browser, bob: User, organisation, filled: Budget
):
    draft = scenario.draft_budget(bob, organisation)
    desk = "/en/desk/"
    addresses = [f"{desk}budgets/{filled.process.slug}/{path}" for path in PAGES]
    addresses += [desk, f"{desk}budgets/", f"{desk}budgets/new/"]
    addresses += [f"{desk}budgets/{draft.process.slug}/{path}" for path in ("", "publish/")]
    assert wrong_for(browser, site, [(addresses, bob)]) == {}


def test_only_rules_that_can_read_the_ballot_are_offered(
    site: Site, browser: Browser, bob: User, filled: Budget
):
    context = browser.new_context()
    signed_in(context, site, bob)
    page = context.new_page()
    page.goto(f"{site.url}/en/desk/budgets/{filled.process.slug}/rules/")
    expect(page.get_by_label("Points to share out")).to_be_hidden()
    expect(page.get_by_label("Projects at most")).to_be_visible()
    expect(page.get_by_label("Most points first")).to_be_hidden()
    page.get_by_label("Share points among projects").check()
    expect(page.get_by_label("Most points first")).to_be_visible()
    expect(page.get_by_label("Most votes first")).to_be_hidden()
    page.get_by_label("Points to share out").fill("10")
    page.get_by_label("Most points first").check()
    page.get_by_role("button", name="Declare this").click()
    expect(page.get_by_text("Ballot and rule are declared.")).to_be_visible()
    assert scenario.fresh(filled).rule == "greedy_by_score"
