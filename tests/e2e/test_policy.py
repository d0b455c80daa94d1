"""Every page of the site, found by its links, on a narrow phone: nothing that the policy would refuse."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Error
from playwright.sync_api import Page as Tab

from accounts.models import User
from config.site import Site
from tests.support import whole
from tests.support.crawl import Page, crawl
from tests.support.markup import forbidden

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),  # some three hundred pages
]

PHONE = {"width": 320, "height": 640}
# What sticks out to the right; what scrolls in a box of its own does not.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('main *, header *, footer *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => `sticks out: <${e.localName} class="${e.className}">`).slice(0, 3)
        .concat('scrolls sideways')"""


class Reader:
    """Somebody at a phone who notes what is wrong with each page."""

    def __init__(self, browser: Browser, site: Site, person: User | None) -> None:
        self.site = site
        self.wrong: dict[str, list[str]] = {}
        self.context = browser.new_context(viewport=PHONE, accept_downloads=False)
        if person is not None:
            client = Client()
            client.force_login(person)
            name = settings.SESSION_COOKIE_NAME
            value = client.cookies[name].value
            self.context.add_cookies([{"name": name, "value": value, "url": site.url}])
        self.tab = self.context.new_page()
        self.heard: list[str] = []
        self._listen(self.tab)

    def _listen(self, tab: Tab) -> None:
        tab.on("console", lambda line: self._hear(line.type, line.text))
        tab.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        tab.on(
            "response",
            lambda answer: (
                self.heard.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 and not answer.request.is_navigation_request()
                else None
            ),
        )

    def _hear(self, kind: str, text: str) -> None:
        """Whatever a page complains of; that it is a 404 itself is no complaint."""
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.heard.append(f"{kind}: {text}")

    def get(self, path: str) -> Page:
        """The page as the server sent it."""
        self.heard.clear()
        try:
            answer = self.tab.goto(self.site.url + path)
        except Error as error:
            assert "Download is starting" in str(error), path
            return Page(path, 200, "")
        assert answer is not None
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return Page(path, answer.status, "")
        html = answer.text()
        found = [*forbidden(html), *self.heard, *self.tab.evaluate(TOO_WIDE)]
        if answer.status >= 500:
            found.append(str(answer.status))
        if "content-security-policy" not in answer.headers:
            found.append("no policy")
        if found:
            self.wrong[path] = found
        return Page(path, answer.status, html)


def test_no_page_holds_what_the_policy_refuses_or_is_wider_than_a_phone(
    site: Site, browser: Browser
) -> None:
    cast = whole.load()
    wrong: dict[str, dict[str, list[str]]] = {}
    number = 0
    for key in (None, "citizen", "official", "moderator"):
        reader = Reader(browser, site, cast[key] if key else None)
        number += len(crawl(reader.get, whole.starts(cast, key)))
        if reader.wrong:
            wrong[str(key)] = reader.wrong
        reader.context.close()
    assert wrong == {}
    assert number > 200


def test_the_policy_allows_no_inline_code(site: Site, browser: Browser) -> None:
    """The policy itself, and that the browser holds to it on our pages."""
    tab = browser.new_context(viewport=PHONE).new_page()
    answer = tab.goto(f"{site.url}/en/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    tab.evaluate(
        """() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';
            document.body.append(s);
            document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.ran = 1">'); }"""
    )
    tab.wait_for_timeout(200)
    assert tab.evaluate("window.ran") is None
