"""A citizen takes part in a browser, with and without scripts; nothing typed is lost on the way."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import User
from config.site import Site
from consultations.models import Proposal
from deliberation.actions import post_comment
from deliberation.models import Comment, Position
from tests.counts import assert_counts_hold
from tests.scenario import World

PASSWORD = "three plain words"

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@contextmanager
def browser_page(chromium_path: str, *, scripts: bool = True, width: int = 1280) -> Iterator[Page]:
    """A page that collects what its console complains about; complaints fail the test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        context = browser.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        yield page
        browser.close()
        assert not [text for text in complaints if "Content Security Policy" in text]


def sign_in(page: Page, person: User) -> None:
    """Fill in the form of the page that asks for it."""
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()


@pytest.fixture
def citizen(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save(update_fields=["password"])
    return alice


def article_of(site: Site, world: World) -> str:
    return f"{site.url}/en/consultations/{world.process.slug}/articles/{world.article.pk}/"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_citizen_takes_a_position_argues_and_amends(
    scripts: bool,
    site: Site,
    chromium_path: str,
    world: World,
    citizen: User,
    charlie: User,
):
    for n in range(30):
        post_comment(charlie, subject_id=world.article.pk, body=f"Because {n}.", stance="for")
    with browser_page(chromium_path, scripts=scripts) as page:
        page.goto(article_of(site, world))
        page.locator("a.choice.is-agree").click()
        sign_in(page, citizen)
        page.locator("button.choice.is-agree").click()
        expect(page.locator(".position-control__question")).to_have_text("You agree")
        page.locator("button.choice.is-mixed").click()
        expect(page.locator(".pbar")).to_contain_text("1 mixed")
        page.locator("button[value=withdraw]").click()
        expect(page.locator(".position-control__question")).to_have_text("What do you think?")
        page.locator("button.choice.is-disagree").click()
        expect(page.locator(".position-control__question")).to_have_text("You disagree")

        page.get_by_role("link", name="More arguments for").click()
        expect(page.get_by_text("Because 0.")).to_be_visible()
        page.goto(article_of(site, world))

        page.locator("#write > summary").click()
        page.check("#write [value=against]")
        page.fill("#id_body", "It costs too much.")
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.locator("#against .comment")).to_contain_text("It costs too much.")

        page.get_by_role("link", name="Propose another wording").click()
        page.wait_for_url("**/amend/")
        text = page.input_value("#id_body")
        page.fill("#id_body", text.replace("two metres", "four metres"))
        if scripts:
            expect(page.locator("#difference .diff__inline ins").first).to_contain_text("four")
        page.fill("#id_reason", "Prams.")
        page.get_by_role("button", name="Propose it").click()
        expect(page.locator(".diff__inline ins").first).to_contain_text("four")
    assert Position.objects.get().value == "disagree"
    assert Proposal.objects.get().reason == "Prams."
    assert_counts_hold(world.process)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_expired_session_loses_nothing_that_was_typed(
    scripts: bool,
    site: Site,
    chromium_path: str,
    world: World,
    citizen: User,
):
    with browser_page(chromium_path, scripts=scripts) as page:
        page.goto(article_of(site, world))
        page.locator("a.choice.is-agree").click()
        sign_in(page, citizen)
        page.locator("#write > summary").click()
        page.check("#write [value=against]")
        page.fill("#id_body", "I thought about this for an hour.")
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="Post", exact=True).click()
        sign_in(page, citizen)
        expect(page.locator("#id_body")).to_have_value("I thought about this for an hour.")
        expect(page.locator("[name=stance][value=against]")).to_be_checked()
        page.get_by_role("button", name="Post", exact=True).click()
        expect(page.locator("#against .comment")).to_contain_text("for an hour")
    assert Comment.objects.get().stance == "against"


def test_what_was_typed_comes_back_with_its_difference_after_a_closed_window(
    site: Site, chromium_path: str, world: World, citizen: User
):
    with browser_page(chromium_path) as page:
        page.goto(f"{article_of(site, world)}amend/")
        sign_in(page, citizen)
        page.wait_for_url("**/amend/")
        page.fill("#id_body", "A pavement is four metres wide.")
        expect(page.locator("#difference .diff__inline ins").first).to_contain_text("four")
        page.goto("about:blank")
        page.goto(f"{article_of(site, world)}amend/")
        expect(page.locator("#id_body")).to_have_value("A pavement is four metres wide.")
        expect(page.locator("#difference .diff__inline ins").first).to_contain_text("four")


def test_the_buttons_stay_in_reach_on_a_phone(
    site: Site, chromium_path: str, world: World, citizen: User
):
    with browser_page(chromium_path, width=320) as page:
        page.goto(article_of(site, world))
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        box = page.locator(".position-control").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900
