"""A budget's ballot in a real browser: by keyboard, without scripts, on a phone, in one area only."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Organisation, User
from config.site import Site
from tests.e2e.test_look import wrong_for
from tests.e2e.test_taking_part import browser_page, citizen, sign_in  # noqa: F401 - a fixture
from tests.voting.budgets import asking, knapsack, open_budget, share
from voting.actions.drafts import save_draft
from voting.models import Ballot, Draft
from voting.voters import person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ANSWER = "/en/polls/money/answer/"


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def sit_down(page: Page, site: Site, who: User) -> None:
    page.goto(f"{site.url}{ANSWER}")
    sign_in(page, who)
    page.wait_for_url("**/answer/")


def total(page: Page) -> Any:
    return page.locator(".total").first


def test_the_total_follows_each_tick_by_keyboard_and_going_over_is_said_and_undone(
    site: Site,
    chromium_path: str,
    bob: User,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    citizen: User,  # noqa: F811
):
    asked = asking(knapsack(number=40, budget="150000"))
    open_budget(bob, organisation, monkeypatch, asked, change_policy="until_close")
    with browser_page(chromium_path, width=320) as page:
        sit_down(page, site, citizen)
        expect(total(page)).to_contain_text("Left: €150,000")
        expect(page.get_by_role("button", name="Add up")).to_be_hidden()
        page.focus("[id='q.city.p9']")
        page.keyboard.press("Space")
        expect(total(page)).to_contain_text("Left: €60,000")
        expect(total(page)).to_contain_text("Spent: €90,000 of €150,000. Projects chosen: 1.")
        page.focus("[id='q.city.p8']")
        page.keyboard.press("Space")
        expect(total(page)).to_contain_text("€20,000 too much. Take something out.")
        # What has the focus is not hidden behind the total.
        focus = page.locator("[id='q.city.p8']").bounding_box()
        lower = total(page).bounding_box()
        assert focus and lower and focus["y"] + focus["height"] <= lower["y"] + 1
        expect(page.locator("[data-saved]")).to_be_visible()
        go_on(page)
        expect(page.get_by_role("alert")).to_contain_text("costs €20,000 more than there is")
        page.focus("[id='q.city.p8']")
        page.keyboard.press("Space")
        expect(total(page)).to_contain_text("Left: €60,000")
        page.get_by_label("Look for a project").fill("project 6")
        expect(page.locator(".offered > li:visible")).to_have_count(1)
        page.get_by_label("Project 6 €60,000").check()
        expect(total(page)).to_contain_text("Left: €0")
        page.get_by_label("Look for a project").fill("")
        page.get_by_label("Only what I have chosen").check()
        expect(page.locator(".offered > li:visible")).to_have_count(2)
        go_on(page)
        expect(page.locator("#said-city")).to_contain_text("Together: €150,000 of €150,000")
        page.get_by_role("button", name="Cast my vote").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Ballot.objects.get().answers == {"city": {"options": ["p6", "p9"]}}


def test_without_scripts_a_button_adds_up(
    site: Site,
    chromium_path: str,
    bob: User,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    citizen: User,  # noqa: F811
):
    asked = asking(knapsack(number=40, budget="150000"), share())
    open_budget(bob, organisation, monkeypatch, asked, secrecy="secret")
    with browser_page(chromium_path, scripts=False, width=320) as page:
        sit_down(page, site, citizen)
        expect(page.get_by_label("Look for a project")).to_be_hidden()
        page.locator("[id='q.city.p9']").check()
        page.locator("[id='q.city.p8']").check()
        page.get_by_role("button", name="Add up").click()
        expect(total(page)).to_contain_text("€20,000 too much. Take something out.")
        expect(page.locator("[id='q.city.p9']")).to_be_checked()
        page.locator("[id='q.city.p8']").uncheck()
        page.get_by_role("button", name="Add up").click()
        expect(total(page)).to_contain_text("Left: €60,000")
        go_on(page)
        page.locator("[id='q.points.p1']").fill("6")
        page.locator("[id='q.points.p2']").fill("6")
        page.keyboard.press("Enter")  # the first button of the form: it adds up
        expect(total(page)).to_contain_text("Points too many: 2. Take some back.")
        page.locator("[id='q.points.p2']").fill("4")
        go_on(page)
        expect(page.get_by_role("heading", name="Your receipt code")).to_be_visible()
        expect(page.locator("#said-points")).to_contain_text("Points given: 10 of 10")
        page.get_by_role("button", name="Cast my vote").click()
        expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    assert not Draft.objects.exists()
    answers = {"city": {"options": ["p9"]}, "points": {"points": {"p1": 6, "p2": 4}}}
    assert Ballot.objects.get().answers == answers


def test_points_have_a_plus_and_a_minus_and_an_area_is_chosen_first(
    site: Site,
    chromium_path: str,
    bob: User,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    citizen: User,  # noqa: F811
):
    asked = asking(share("north"), share("south", number=3), one_page=True)
    open_budget(bob, organisation, monkeypatch, asked, change_policy="until_close")
    with browser_page(chromium_path) as page:
        sit_down(page, site, citizen)
        page.get_by_label("Area south").check()
        go_on(page)
        more = page.get_by_role("button", name="One point more: Project 2")
        for _n in range(7):
            more.click()
        expect(page.locator("[id='q.south.p2']")).to_have_value("6")
        expect(total(page)).to_contain_text("Points left: 4")
        page.get_by_role("button", name="One point less: Project 2").click()
        expect(total(page)).to_contain_text("Points given: 5 of 10. Projects chosen: 1.")
        expect(page.locator("[data-saved]")).to_be_visible()
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_text("You have chosen 1 project here.")).to_be_visible()
        page.get_by_label("Area north").check()
        go_on(page)
        heading = page.get_by_role("heading", name="Vote in “Area north” instead?")
        expect(heading).to_be_visible()
        page.get_by_role("button", name="Stay with “Area south”").click()
        expect(page.locator("[id='q.south.p2']")).to_have_value("5")
        go_on(page)
        page.get_by_role("button", name="Cast my vote").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Ballot.objects.get().answers == {"south": {"points": {"p2": 5}}}


def test_a_ballot_about_money_can_be_read_by_everyone(
    site: Site,
    browser: Browser,
    bob: User,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    charlie: User,
):
    asked = asking(knapsack("north", number=40), share("south"), one_page=True)
    poll = open_budget(bob, organisation, monkeypatch, asked, change_policy="until_close")
    over = {"north": {"options": ["p3", "p4"]}}
    save_draft(person(alice, poll), poll=poll, answers=over)
    save_draft(person(charlie, poll), poll=poll, answers={"south": {"points": {"p1": 4}}})
    hers = [
        ANSWER,
        f"{ANSWER}?page=page-north",
        f"{ANSWER}?page=page-south",
        "/en/polls/money/check/",
    ]
    his = [f"{ANSWER}?page=page-south", "/en/polls/money/check/"]
    assert wrong_for(browser, site, [(hers, alice), (his, charlie)]) == {}
