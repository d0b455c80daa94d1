"""People answer polls in a real browser: with and without scripts, by keyboard alone, on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Organisation, User
from config.site import Site
from processes.actions import publish
from tests.e2e.test_look import wrong_for
from tests.e2e.test_taking_part import browser_page, citizen, sign_in  # noqa: F401 - a fixture
from tests.voting.filled import AGE, LINES, QUALITY, REASON, SEX, STOPS, TRUST, WAYS, text
from tests.voting.polls import (
    COLOURS,
    RANKED,
    TREE,
    draft_poll,
    end_and_count,
    fresh,
    open_poll,
    write_question,
)
from voting.actions.box import cast_ballot, new_code
from voting.actions.stages import open_poll_if_due
from voting.models import Ballot, Draft, Poll, QuestionPage, Turnout
from voting.voters import person

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def survey(bob: User, organisation: Organisation, **rules: Any) -> Poll:
    """Three pages: a condition, judgements, and questions about the person."""
    poll = draft_poll(bob, organisation, questions=(TRUST, WAYS, REASON), slug="tram", **rules)
    for order, (name, questions) in enumerate(
        (("The service", (QUALITY, LINES, STOPS)), ("About you", (SEX, AGE))), 1
    ):
        page = QuestionPage.objects.create(
            poll=poll, key=f"p{order + 1}", order=order, title=text(name)
        )
        for place, question in enumerate(questions):
            write_question(page, place, question)
    publish(bob, process=poll.process)
    return open_poll_if_due(fresh(poll))


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_questionnaire_is_answered_checked_changed_sent_and_withdrawn(
    scripts: bool,
    site: Site,
    chromium_path: str,
    bob: User,
    organisation: Organisation,
    citizen: User,  # noqa: F811
):
    survey(
        bob,
        organisation,
        change_policy="until_close",
        consent={"en": "Kept for two years."},
        consent_html={"en": "<p>Kept for two years.</p>"},
    )
    with browser_page(chromium_path, scripts=scripts) as page:
        page.goto(f"{site.url}/en/polls/tram/")
        page.get_by_role("link", name="Sign in and answer").click()
        sign_in(page, citizen)
        expect(page.get_by_text("Kept for two years.")).to_be_visible()
        page.get_by_role("button", name="I agree, and begin").click()
        expect(page.get_by_text("Page 1 of 3")).to_be_visible()
        page.get_by_label("No", exact=True).check()
        if not scripts:
            go_on(page)
            expect(page.get_by_text("There is one thing more to ask")).to_be_visible()
        page.get_by_label("Why not?").fill("They never answer.")
        page.get_by_label("Other", exact=True).check()
        page.locator("[id='t.ways']").fill("by carrier pigeon")
        if scripts:
            expect(page.locator("[data-saved]")).to_be_visible()
        go_on(page)
        expect(page.get_by_role("heading", name="The service")).to_be_visible()
        page.get_by_label("North").select_option("1")
        page.get_by_label("South").select_option("1")
        go_on(page)
        expect(page.get_by_text("Two options have rank 1").first).to_be_visible()
        page.get_by_label("South").select_option("2")
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_label("Why not?")).to_have_value("They never answer.")
        go_on(page)
        expect(page.get_by_label("South")).to_have_value("2")
        go_on(page)
        page.get_by_label("Age", exact=True).fill("44")
        go_on(page)
        expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
        expect(page.locator("#said-ways")).to_contain_text("Other: by carrier pigeon")
        page.locator("#said-age").get_by_role("link").click()
        page.get_by_label("Age", exact=True).fill("45")
        page.get_by_role("button", name="Back to all your answers").click()
        expect(page.locator("#said-age")).to_contain_text("45")
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        page.get_by_role("link", name="Back to").click()
        page.get_by_role("link", name="Withdraw your answer").click()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.get_by_text("Your answer was withdrawn")).to_be_visible()
    given, withdrawn = Ballot.objects.order_by("replaces_id")
    assert {given.answers is None, withdrawn.answers is None} == {True, False}
    answers = given.answers or withdrawn.answers
    assert answers["age"] == {"number": "45"} and answers["reason"]["text"] == "They never answer."
    assert answers["lines"] == {"ranking": ["north", "south"]}
    assert Turnout.objects.get().withdrawn_at is not None


def test_a_secret_vote_is_cast_by_keyboard_alone_and_its_receipt_finds_it(
    site: Site,
    chromium_path: str,
    bob: User,
    organisation: Organisation,
    citizen: User,  # noqa: F811
):
    poll = open_poll(bob, organisation, slug="tram", secrecy="secret", kind="vote")
    with browser_page(chromium_path) as page:
        page.goto(f"{site.url}/en/polls/tram/answer/")
        sign_in(page, citizen)
        page.wait_for_url("**/answer/")
        page.focus("[id='q.colour_group'] input >> nth=0")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        while page.evaluate("document.activeElement.tagName") != "BUTTON":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your receipt code")).to_be_visible()
        shown = page.locator("#code").inner_text()
        assert "answers" not in page.url and shown not in page.url
        while page.evaluate("document.activeElement.textContent") != "Cast my vote":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
        assert page.locator("#code").inner_text() == shown
        page.reload()  # asks to send again, and finds the same ballot
        expect(page.locator("#code")).to_have_text(shown)
    assert Ballot.objects.get().answers["colour"] == {"option": "green"}
    assert not Draft.objects.exists()
    end_and_count(poll)
    with browser_page(chromium_path, scripts=False) as page:
        page.goto(f"{site.url}/en/polls/tram/receipt/")
        page.get_by_label("Receipt code").fill(shown.lower())
        page.get_by_role("button", name="Find it").click()
        expect(page.get_by_text("Your ballot was counted")).to_be_visible()
        expect(page.locator(".outcome")).to_contain_text("Green")


def test_a_session_that_ends_while_voting_in_secret_loses_nothing(
    site: Site,
    chromium_path: str,
    bob: User,
    organisation: Organisation,
    citizen: User,  # noqa: F811
):
    open_poll(bob, organisation, slug="tram", secrecy="secret")
    with browser_page(chromium_path) as page:
        page.goto(f"{site.url}/en/polls/tram/answer/")
        sign_in(page, citizen)
        page.wait_for_url("**/answer/")
        page.get_by_label("Green").check()
        page.context.clear_cookies()
        go_on(page)
        expect(page.get_by_text("We do not know any more who you are")).to_be_visible()
        expect(page.get_by_label("Green")).to_be_checked()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Sign in (opens another tab)").click()
        sign_in(opened.value, citizen)
        opened.value.wait_for_url("**/answer/")
        go_on(page)
        if page.get_by_text("This page was open for a long time").is_visible():
            go_on(page)
        page.get_by_role("button", name="Cast my vote").click()
        expect(page.get_by_role("heading", name="Your ballot is in the box")).to_be_visible()
    assert Ballot.objects.get().answers == {"colour": {"option": "green"}}


def test_without_an_account_the_browser_works_for_a_pass(
    site: Site, chromium_path: str, bob: User, organisation: Organisation
):
    open_poll(bob, organisation, slug="tram", eligibility="anyone")
    with browser_page(chromium_path, width=320) as page:
        page.goto(f"{site.url}/en/polls/tram/")
        page.get_by_role("link", name="Answer now").click()
        page.wait_for_url("**/answer/", timeout=60_000)
        page.get_by_label("Blue").check()
        go_on(page)
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        page.goto(f"{site.url}/en/polls/tram/answer/")
        expect(page.get_by_text("You have answered.").first).to_be_visible()
    assert Turnout.objects.get().voter.startswith("pass:")
    with browser_page(chromium_path, scripts=False) as page:
        page.goto(f"{site.url}/en/polls/tram/answer/")
        expect(page.get_by_text("This calculation needs JavaScript")).to_be_visible()
        expect(page.get_by_role("link", name="Sign in instead")).to_be_visible()


def test_every_page_of_answering_can_be_read_by_everyone(
    site: Site,
    browser: Browser,
    bob: User,
    organisation: Organisation,
    alice: User,
    charlie: User,
):
    poll = survey(bob, organisation, change_policy="until_close")
    open_poll(bob, organisation, slug="anyone", eligibility="anyone")
    open_poll(bob, organisation, slug="invited", eligibility="invited")
    secret = open_poll(
        bob, organisation, slug="secret", secrecy="secret", questions=(COLOURS, TREE, RANKED)
    )
    answers = {"trust": {"option": "yes"}, "quality": {"points": {"staff": 5, "cost": "na"}}}
    cast_ballot(person(charlie, poll), poll=poll, answers=answers)
    counted = open_poll(bob, organisation, slug="counted", secrecy="secret")
    for voter in (alice, charlie):
        ballot = {"colour": {"option": "red"}}
        cast_ballot(person(voter, counted), poll=counted, answers=ballot, code=new_code())
    end_and_count(counted)
    Draft.objects.create(poll=poll, voter=f"user:{alice.pk}", user=alice, answers=answers)
    everyone = [
        *[f"/en/polls/{slug}/" for slug in ("tram", "anyone", "invited", "secret", "counted")],
        *["/en/polls/invited/code/", "/en/polls/anyone/pass/", "/en/polls/secret/receipt/"],
        *["/en/polls/counted/ballots/", "/en/polls/counted/receipt/"],
    ]
    hers = [
        *[f"/en/polls/tram/answer/?page=p{number}" for number in (1, 2, 3)],
        *["/en/polls/tram/check/", "/en/polls/secret/answer/"],
    ]
    his = [f"/en/polls/tram/{part}/" for part in ("thanks", "withdraw")]
    # The page that works for a pass would go on by itself while it is looked at.
    readers = [(everyone, None), (hers, alice), (his, charlie)]
    assert wrong_for(browser, site, readers, without="**/proof-worker*.js") == {}
    assert fresh(secret).turnout_count == 0
