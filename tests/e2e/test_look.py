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

AXE = (Path(settings.ROOT) / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(320, "light"), (1280, "light"), (1280, "dark")]
# Until it is painted, and no colour is on its way from one scheme's to the other's.
AT_REST = """async () => {
    const painted = () => new Promise(done => requestAnimationFrame(done));
    await painted();
    await painted();
    const moving = () => document.getAnimations().some(one => one instanceof CSSTransition);
    while (moving()) await painted();
}"""
FAULTS = """async rules => {
    const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
    const wide = document.documentElement.scrollWidth > innerWidth;
    return found.violations.map(fault => `${fault.id}: ${fault.nodes[0].target}`)
        .concat(wide ? ["scrolls sideways"] : []);
}"""
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
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(FAULTS, RULES))


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


def look(page: Page, width: int, scheme: str) -> None:
    """Show the page that is open at this width, in these colours."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(AT_REST)


def wrong_pages(context: BrowserContext, site: Site, paths: list[str]) -> dict[str, list[str]]:
    """The pages with a fault at any of SIZES, or with something that the site's policy refused."""
    page = context.new_page()
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text))
    wrong = {}
    for path in paths:
        lines.clear()
        look(page, *SIZES[0])
        answer = page.goto(site.url + path)
        assert answer.status == (404 if "nowhere" in path else 200), path
        for width, scheme in SIZES:
            look(page, width, scheme)
            if found := faults(page):
                wrong[f"{width} {scheme} {path}"] = found
        if policy := [text for text in lines if "Content Security Policy" in text]:
            wrong[path] = policy
    return wrong


def wrong_for(
    browser: Browser,
    site: Site,
    readers: list[tuple[list[str], User | None]],
    *,
    without: str = "",
) -> dict[str, list[str]]:
    """The pages with a fault, of all these readers: each has paths, and is signed in or nobody.

    `without` is the pattern of what the browser shall not load.
    """
    wrong: dict[str, list[str]] = {}
    for paths, reader in readers:
        context = browser.new_context()
        if without:
            context.route(without, lambda route: route.abort())
        if reader:
            signed_in(context, site, reader)
        found = wrong_pages(context, site, paths)
        wrong |= {f"{reader}: {place}": faults for place, faults in found.items()}
        context.close()
    return wrong


def test_every_page_can_be_read_by_everyone(
    discussed: World, alice: User, site: Site, browser: Browser
):
    everyone, person = addresses(discussed)
    assert wrong_for(browser, site, [(everyone, None), (person, alice)]) == {}


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
