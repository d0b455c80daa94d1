"""Pages in a real browser: readable by everyone, on a phone and in the dark, and nothing typed is lost."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from config.site import Site
from deliberation.actions import post_comment
from tests.scenario import World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.ROOT) / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(320, "light"), (1280, "light"), (1280, "dark")]
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def discussed(world: World, alice: User, charlie: User) -> World:
    """The consultation with an argument on each side and a reply."""
    said = post_comment(
        alice, subject_id=world.article.pk, body="Two wheelchairs can pass.", stance="for"
    )
    post_comment(
        charlie, subject_id=world.article.pk, body="Too wide for our streets.", stance="against"
    )
    post_comment(
        charlie, subject_id=world.article.pk, body="Only just.", stance="neutral", parent_id=said.pk
    )
    return world


def signed_in(context: BrowserContext, site: Site, person: User) -> None:
    """Give the browser a session of that person."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.url}])


def faults(page: Page) -> list[str]:
    """What axe finds wrong, where; and whether the page scrolls sideways."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")["violations"]
    problems = [f"{fault['id']}: {fault['nodes'][0]['target']}" for fault in found]
    return [*problems, "scrolls sideways"] if page.evaluate(TOO_WIDE) else problems


def addresses(world: World) -> tuple[list[str], list[str]]:
    """Pages for everyone, and pages for those who are signed in."""
    base = f"/en/consultations/{world.process.slug}/"
    article = world.article.pk
    everyone = [
        *["/en/", "/en/calendar/", "/en/accounts/login/", "/en/accounts/signup/", "/en/nowhere/"],
        *[
            base + part
            for part in ("", "draft/", "proposals/", "answers/", "results/", "activity/")
        ],
        *[f"{base}articles/{article}/", f"{base}articles/{article}/history/", "/api/v1/"],
    ]
    person = [
        *["/en/account/", "/en/inbox/", "/en/inbox/mail/", f"{base}articles/{article}/"],
        *[f"/en/subjects/{article}/{part}/" for part in ("comments", "sources")],
    ]
    return everyone, person


def wrong_pages(
    context: BrowserContext, site: Site, paths: list[str], look: str
) -> dict[str, list[str]]:
    """The pages with a fault in them, or with something that the site's policy refused."""
    page = context.new_page()
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text))
    wrong = {}
    for path in paths:
        lines.clear()
        answer = page.goto(site.url + path)
        assert answer.status == (404 if "nowhere" in path else 200), path
        policy = [text for text in lines if "Content Security Policy" in text]
        if found := faults(page) + policy:
            wrong[f"{look} {path}"] = found
    return wrong


def test_every_page_can_be_read_by_everyone(
    discussed: World, alice: User, site: Site, browser: Browser
):
    everyone, person = addresses(discussed)
    wrong: dict[str, list[str]] = {}
    for width, scheme in SIZES:
        for paths, reader in ((everyone, None), (person, alice)):
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme
            )
            if reader:
                signed_in(context, site, reader)
            wrong |= wrong_pages(context, site, paths, f"{width} {scheme}")
            context.close()
    assert wrong == {}


def test_a_position_is_taken_at_the_lower_edge_of_a_phone_without_leaving_the_text(
    discussed: World, alice: User, site: Site, browser: Browser
):
    context = browser.new_context(**PHONE)
    signed_in(context, site, alice)
    page = context.new_page()
    path = f"/en/consultations/{discussed.process.slug}/articles/{discussed.article.pk}/"
    page.goto(site.url + path)
    assert page.locator(".choice.is-agree").bounding_box()["y"] < 740
    page.evaluate("window.sameDocument = true")
    page.click(".choice.is-agree")
    page.wait_for_selector('.choice.is-agree[aria-pressed="true"]')
    assert page.evaluate("window.sameDocument")
    assert page.locator(".pbar__key li").first.inner_text().split() == ["1", "agrees"]
    page.click("text=Take my position back")
    page.wait_for_selector('.choice.is-agree[aria-pressed="false"]')
    discussed.article.refresh_from_db()
    assert discussed.article.agree_count == 0


def test_what_was_typed_survives_an_expired_session(
    discussed: World, alice: User, site: Site, browser: Browser
):
    context = browser.new_context(**PHONE)
    signed_in(context, site, alice)
    page = context.new_page()
    address = f"{site.url}/en/subjects/{discussed.article.pk}/comments/"
    page.goto(address)
    page.click(".write > summary")
    page.fill("textarea[name=body]", "A long and careful argument.")
    page.check("input[name=stance][value=for]")
    Session.objects.all().delete()
    page.locator("form[data-keep] .ds-button:not([data-variant])").click()
    page.wait_for_load_state()
    signed_in(context, site, alice)
    page.goto(address)
    assert page.input_value("textarea[name=body]") == "A long and careful argument."
    assert page.locator(".restored").is_visible()
    page.check("input[name=stance][value=for]")
    page.locator("form[data-keep] .ds-button:not([data-variant])").click()
    page.wait_for_selector(".messages")
    page.goto(address)
    assert page.input_value("textarea[name=body]") == ""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_contents_open_on_a_phone(
    scripts: bool, discussed: World, site: Site, browser: Browser
):
    page = browser.new_context(**PHONE, java_script_enabled=scripts).new_page()
    page.goto(f"{site.url}/en/consultations/{discussed.process.slug}/draft/")
    assert page.locator("#contents").is_hidden()
    page.click(".drawer-open")
    assert page.locator("#contents").is_visible()
    page.click(".drawer__close")
    assert page.locator("#contents").is_hidden()
