"""A consultation from the first argument to the last letter, in a browser, with and without scripts."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from config.site import Site
from consultations.models import Change, Proposal
from deliberation.actions import post_comment, take_position
from notifications.models import Delivery
from tests.counts import assert_counts_hold
from tests.scenario import World

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

expect.set_options(timeout=15_000)  # milliseconds; a page is slow on a busy machine
PASSWORD = "three plain words"
OURS = "Two wheelchairs must be able to pass."
WORDING = "A pavement is at least three metres wide."


@pytest.fixture
def site(live_web: Callable[..., Site], static_root: Path) -> Site:
    """The real server; mails lie in a folder."""
    return live_web(KENES_STATIC_ROOT=str(static_root), KENES_DEMO="true")


@pytest.fixture
def official(bob: User) -> User:
    bob.set_password(PASSWORD)
    bob.save(update_fields=["password"])
    return bob


@contextmanager
def visit(browser: Browser, *, scripts: bool) -> Iterator[Page]:
    """A browser of somebody's own; what the console complains about fails the test."""
    context = browser.new_context(java_script_enabled=scripts, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda line: complaints.append(line.text) if line.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # The browser notes the refusal that a form was meant to have.
    assert not [text for text in complaints if "Failed to load resource" not in text]


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()


def link_in_mail(folder: Path) -> str:
    (message,) = folder.iterdir()
    found = re.search(r"http://\S+", message.read_text())
    assert found is not None
    return found.group()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_first_argument_to_the_letter(
    scripts: bool,
    world: World,
    official: User,
    charlie: User,
    site: Site,
    browser: Browser,
    short_path: Path,
) -> None:
    post_comment(charlie, subject_id=world.article.pk, body="Streets are narrow.", stance="against")
    mail = short_path / "site-1" / "mail"
    with visit(browser, scripts=scripts) as alice:
        sign_up(alice, site, mail)
        take_a_position(alice, world, site)
        say_something(alice)
        attach_a_source(alice, world, site)
        amend(alice, world, site, scripts=scripts)
        propose_and_withdraw(alice, world, site)
        amendment = Proposal.objects.get(kind="amendment")
        take_position(charlie, subject_id=amendment.subject_id, value="agree")
        edit_what_others_support(alice, amendment, site)
        for letter in mail.iterdir():
            letter.unlink()
        with visit(browser, scripts=scripts) as bob:
            sign_in(bob, site, official)
            answer(bob, amendment)
            publish_the_next_version(bob)
            close_and_tell(bob)
        assert_counts_hold(world.process)
        assert Change.objects.get().moved_by.get() == amendment.subject
        site.start_worker(concurrency=1)
        find_the_letter(alice, site)
    dana = User.objects.get(name="Dana")
    assert Delivery.objects.filter(user=dana, channel="mail", sent_at__isnull=False).exists()
    letter = next(text for path in mail.iterdir() if "dana@" in (text := path.read_text()))
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in letter


def sign_up(page: Page, site: Site, mail: Path) -> None:
    page.goto(f"{site.url}/en/")
    page.get_by_role("link", name="Create an account").first.click()
    page.fill("[name=email]", "dana@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=name]", "Dana")
    page.locator("main form button").click()
    page.wait_for_url("**/confirm-email/")
    page.goto(link_in_mail(mail))
    page.locator("main form button").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def take_a_position(page: Page, world: World, site: Site) -> None:
    """By way of the text; taken, changed, taken back, taken."""
    page.goto(f"{site.url}/en/consultations/{world.process.slug}/")
    follow(page, "Read the text")
    page.locator(f"#text a[href*='/articles/{world.article.pk}/']").first.click()
    question = page.locator(".position-control__question")
    press(page, "Disagree")
    expect(question).to_have_text("You disagree")
    press(page, "Agree")
    expect(question).to_have_text("You agree")
    press(page, "Take my position back")
    expect(question).to_have_text("What do you think?")
    press(page, "Agree")
    expect(question).to_have_text("You agree")


def say_something(page: Page) -> None:
    """An argument, support for another, and a reply to it."""
    page.locator("#write > summary").click()
    page.check("#write [value=for]")
    page.fill("#write textarea", OURS)
    press(page, "Post")
    expect(page.locator("#for .comment")).to_contain_text(OURS)
    theirs = page.locator("#against .comment").first
    theirs.get_by_role("button", name="Support").click()
    theirs = page.locator("#against .comment").first
    expect(theirs).to_contain_text("1 supports this")
    theirs.get_by_role("link", name="Reply").click()
    page.fill("main textarea", "Not all of them.")
    press(page, "Post")
    expect(page.get_by_role("main")).to_contain_text("Not all of them.")


def attach_a_source(page: Page, world: World, site: Site) -> None:
    page.goto(f"{site.url}/en/subjects/{world.article.pk}/sources/")
    if not page.locator("main [name=title]").is_visible():
        page.locator("#write > summary").click()
    page.fill("main [name=title]", "How wide a wheelchair is")
    page.fill("main [name=url]", "https://example.org/width")
    page.select_option("main [name=category]", index=1)
    press(page, "Attach")
    expect(page.get_by_role("main")).to_contain_text("How wide a wheelchair is")


def amend(page: Page, world: World, site: Site, *, scripts: bool) -> None:
    """Rewrite the article; the difference is shown as one types, or when one asks for it."""
    page.goto(f"{site.url}/en/consultations/{world.process.slug}/articles/{world.article.pk}/")
    follow(page, "Propose another wording")
    field = page.locator("main [name=body]")
    field.fill(field.input_value().replace("at least two metres", "at least four metres"))
    if not scripts:
        press(page, "Show what I change")
    expect(page.locator("#difference .diff__inline ins")).to_contain_text("four")
    page.fill("main [name=reason]", "Prams and wheelchairs.")
    page.fill("main [name=title]", "Wider pavements")
    press(page, "Propose it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wider pavements")
    expect(page.locator(".diff__inline ins")).to_contain_text("four")


def propose_and_withdraw(page: Page, world: World, site: Site) -> None:
    page.goto(f"{site.url}/en/consultations/{world.process.slug}/draft/")
    follow(page, "Propose a new article")
    page.fill("main [name=title]", "Benches")
    press(page, "Propose it")
    if page.locator("main [name=body]").count():  # the browser or the server asks for the text
        page.fill("main [name=body]", "Every square has benches.")
        press(page, "Propose it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Benches")
    follow(page, "Withdraw")
    press(page, "Withdraw")
    expect(page.get_by_role("main")).to_contain_text("Its author has withdrawn this proposal.")


def edit_what_others_support(page: Page, amendment: Proposal, site: Site) -> None:
    """Somebody agrees already: it is said before anything is saved, and then it is reset."""
    slug = amendment.subject.process.slug
    page.goto(f"{site.url}/en/consultations/{slug}/proposals/{amendment.subject_id}/")
    follow(page, "Edit")
    page.fill("main [name=body]", WORDING)
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("1 person took a position on this text.")
    amendment.subject.refresh_from_db()
    assert amendment.subject.agree_count == 1
    assert page.input_value("main [name=body]") == WORDING
    press(page, "Change it and take the positions back")
    expect(page.locator(".diff__inline ins").first).to_contain_text("three")
    amendment.subject.refresh_from_db()
    assert amendment.subject.agree_count == 0


def sign_in(page: Page, site: Site, person: User) -> None:
    page.goto(f"{site.url}/en/accounts/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").first.click()
    page.get_by_role("link", name="Desk", exact=True).first.click()
    follow(page, "Streets and markets")


def answer(page: Page, amendment: Proposal) -> None:
    follow(page, "Answer contributions")
    follow(page, amendment.subject.title)
    page.check("main [value=adopted]")
    page.fill("main [name=body]", "Three metres it is.")
    press(page, "Save")
    expect(page.get_by_role("main")).to_contain_text("Change the answer")


def publish_the_next_version(page: Page) -> None:
    page.get_by_role("navigation", name="This consultation").get_by_role(
        "link", name="The text"
    ).click()
    press(page, "Begin the next version with this text")
    page.locator(".tree-edit__title a", has_text="Width of pavements").click()
    press(page, "Put these words into the article")
    page.goto(re.sub(r"/text/.*", "/text/", page.url))
    follow(page, "Look through the changes and publish")
    expect(page.locator(".diff__inline ins").first).to_contain_text("three")
    expect(page.locator("main input[name^=moved-]")).to_be_checked()
    page.check("main [name=confirmed]")
    press(page, "Publish version 2 for everyone")
    expect(page.get_by_role("main")).to_contain_text("Version 2")
    page.get_by_role("link", name="Desk", exact=True).first.click()
    follow(page, "Streets and markets")


def close_and_tell(page: Page) -> None:
    follow(page, "Close the consultation")
    page.fill("main [name=reason]", "All is said.")
    press(page, "Close it for good")
    page.fill("main [name=summary_en]", "Pavements will be three metres wide.")
    press(page, "Look what goes out")
    expect(page.get_by_role("main")).to_contain_text("2 people get a letter.")
    page.check("main [name=confirmed]")
    press(page, "Publish and send the letters")
    expect(page.get_by_role("main")).to_contain_text("Pavements will be three metres wide.")


def find_the_letter(page: Page, site: Site) -> None:
    letter = page.get_by_role("link", name="What became of what you said: Streets and markets")
    for _attempt in range(60):
        page.goto(f"{site.url}/en/inbox/")
        if letter.count() and Delivery.objects.filter(channel="mail", sent_at=None).count() == 0:
            break
        page.wait_for_timeout(1000)
    letter.click()
    main = page.get_by_role("main")
    for words in (
        OURS,
        "Three metres it is.",
        "Pavements will be three metres wide.",
        "Wider pavements",
    ):
        expect(main).to_contain_text(words)
