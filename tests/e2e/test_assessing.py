"""Assessing in a real browser: readable by everyone, and two projects assessed with the keyboard alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from budgets.actions.assessing import add_note, write_assessment
from budgets.actions.handing_out import hand_out
from budgets.actions.revisions import ask_for_merger, ask_for_revision
from budgets.actions.signing import send_back
from budgets.models import Assessment, Budget, Project
from config.site import Site
from tests.budgets import scenario
from tests.budgets.assessing.helpers import (
    BAD,
    GOOD,
    in_days,
    published,
    seen_of,
    signed,
    submitted,
)
from tests.e2e.test_look import signed_in, wrong_for

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LONG = "A quiet garden with benches, shade and water for everyone behind the old library"


@pytest.fixture
def budget(bob: User, organisation) -> Budget:
    return scenario.budget_in(
        "costing",
        bob,
        organisation,
        envelopes=(("The northern districts", 100_000), ("The southern districts", 80_000)),
        categories={"Parks and gardens": 0, "Streets": 1},
    )


@pytest.fixture
def projects(budget: Budget, alice: User, charlie: User, otto: User, bob: User) -> list[Project]:
    """One in every state."""
    parks = scenario.category_of(budget)
    names = (LONG, "A pool", "A bridge", "A square", "A path", "A pond")
    rows = [
        scenario.project(budget, alice, name, category=parks, estimate=25_000, place="Mill Lane")
        for name in names
    ]
    garden, pool, bridge, square, path, pond = rows
    ids = [garden.subject_id, pool.subject_id]
    hand_out(bob, budget=budget, subject_ids=ids, assessor=otto, due_at=in_days(4))
    add_note(otto, project=garden, body="Does the library agree?")
    submitted(garden, otto)
    send_back(bob, project=garden, note="Ask the gardeners about water.")
    write_assessment(otto, project=garden, finding=GOOD, seen=seen_of(garden))
    submitted(pool, otto)
    signed(bridge, otto, bob)
    published(square, otto, bob, BAD)
    ask_for_revision(bob, project=path, reason="Where is it?", due_at=in_days(5), language="en")
    ask_for_merger(
        bob, project=pond, into=garden, reason="Alike.", expires_at=in_days(5), language="en"
    )
    return rows


def addresses(budget: Budget, projects: list[Project]) -> list[str]:
    base = f"/en/desk/budgets/{budget.process.slug}/assessments/"
    garden, _pool, bridge, square, *_rest = (row.subject_id for row in projects)
    return [
        base,
        f"{base}?state=",
        f"{base}?state=late",
        f"{base}publish/",
        *(f"{base}{row.subject_id}/" for row in projects),
        *(f"{base}{garden}/{page}/" for page in ("revision", "merger", "move")),
        f"{base}{bridge}/publish/",
        f"{base}{square}/correct/",
    ]


def test_every_page_of_assessing_can_be_read_by_everyone(
    budget: Budget, projects: list[Project], bob: User, site: Site, browser: Browser
):
    paths = addresses(budget, projects)
    assert wrong_for(browser, site, [(paths, bob)]) == {}


def tab_to(page: Page, name: str) -> None:
    """Go on with the Tab key until the control of this name has the focus."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached by the keyboard")


def test_two_projects_are_assessed_with_the_keyboard_alone(
    budget: Budget, alice: User, otto: User, site: Site, browser: Browser
):
    rows = [scenario.project(budget, alice, name) for name in ("A park", "A pool")]
    context = browser.new_context()
    signed_in(context, site, otto)
    page = context.new_page()
    first = f"{site.url}/en/desk/budgets/{budget.process.slug}/assessments/{rows[0].subject_id}/"
    page.goto(first)
    for number, row in enumerate(rows):
        expect(page.get_by_role("heading", level=1)).to_have_text(row.subject.title)
        tab_to(page, "is_feasible")
        page.keyboard.press("Space")
        tab_to(page, "cost")
        page.keyboard.type(f"1{number} 500,50")
        tab_to(page, "reason")
        page.keyboard.type("The ground is ours.")
        if number == 0:
            tab_to(page, "next")
            page.keyboard.press("Enter")
    tab_to(page, "submit")
    page.keyboard.press("Enter")
    expect(page.get_by_text("awaits the signature of another person")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("A park")
    kept = {row.project.subject.title: row for row in Assessment.objects.all()}
    assert [str(kept[row.subject.title].cost) for row in rows] == ["10500.50", "11500.50"]
    assert [kept[row.subject.title].proposed_at is not None for row in rows] == [False, True]


def test_assessing_works_without_a_script(
    budget: Budget, alice: User, otto: User, site: Site, browser: Browser
):
    park = scenario.project(budget, alice, "A park")
    context = browser.new_context(java_script_enabled=False)
    signed_in(context, site, otto)
    page = context.new_page()
    page.goto(f"{site.url}/en/desk/budgets/{budget.process.slug}/assessments/{park.subject_id}/")
    page.get_by_label("Not feasible").check()
    page.get_by_label("Public reason").fill("The *ground* is not ours.")
    page.get_by_role("button", name="Look how it reads").click()
    expect(page.locator("#preview em")).to_have_text("ground")
    page.get_by_role("button", name="Submit for signature").click()
    expect(page.get_by_text("awaits the signature of another person")).to_be_visible()
