"""Every address of the site, tried by everyone. A new address without a row fails here."""

from collections import Counter

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tests.architecture.authorisation import PEOPLE, Request, Row, Stage, admin_routes, routes
from tests.architecture.authorisation_table import TABLE

PASSWORD = "correct horse battery"


@pytest.fixture
def stage(alice, charlie, olga, bob, mona, organisation) -> Stage:
    for person in (alice, charlie, olga, bob, mona):
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return Stage(alice, charlie, olga, bob, mona, organisation)


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Nothing here is about the strength of a hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def ask(stage: Stage, person: str, method: str, address: str, request: Request) -> HttpResponse:
    """The answer that the person gets; whatever it changed is taken back."""
    client = Client(raise_request_exception=False)
    cache.clear()
    with transaction.atomic(), translation.override("en"):
        if who := getattr(stage, person):
            client.force_login(who)
        if method in ("GET", "HEAD"):
            answer = client.get(address, request.query)
        elif address.startswith("/api/"):
            answer = client.generic(
                method, address, _json(request.data), content_type="application/json"
            )
        else:
            answer = client.post(address, request.data or {})
        transaction.set_rollback(True)
    return answer


def _json(data) -> bytes:
    return b"" if data is None else Client()._encode_json(data, "application/json").encode()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.route}")
def test_everyone_gets_what_the_table_says(row: Row, stage: Stage):
    request = row.setup(stage)
    address = row.address(request)
    got = {
        person: ask(stage, person, row.method, address, request).status_code for person in PEOPLE
    }
    assert got == row.expected()


def test_every_address_has_a_row():
    listed = {row.route for row in TABLE}
    missing = sorted({f"{r.name}  ({r.pattern})" for r in routes() if r.name not in listed})
    assert not missing, "addresses without a row in authorisation_table.py"


def test_every_row_has_an_address():
    names = {route.name for route in routes()}
    assert not sorted({row.route for row in TABLE} - names)


def test_no_address_is_listed_twice_for_the_same_thing():
    """Published and unpublished are two things; the same words twice would hide a mistake."""
    counted = Counter((row.route, row.method, row.statuses) for row in TABLE)
    assert not [key for key, number in counted.items() if number > 1]


def test_every_method_of_the_api_has_a_row():
    listed = {(row.route, row.method) for row in TABLE}
    missing = [
        f"{method} {route.name}"
        for route in routes()
        for method in sorted(route.api_methods() or ())
        if (route.name, method) not in listed
    ]
    assert not missing


@pytest.mark.parametrize("route", sorted({row.route for row in TABLE}))
def test_a_page_that_has_no_row_for_a_method_refuses_it(route: str, stage: Stage):
    """So that nothing can be done at an address that the table does not speak of."""
    rows = [row for row in TABLE if row.route == route]
    request = rows[0].setup(stage)
    address = rows[0].address(request)
    for method in {"GET", "POST"} - {row.method for row in rows}:
        answer = ask(stage, "official", method, address, Request())
        assert answer.status_code == 405, f"{method} {route}"


def test_the_administration_is_closed_to_everyone_but_administrators(stage: Stage):
    tried = 0
    for route in admin_routes():
        for args in ((), (1,), ("accounts",)):
            try:
                address = reverse(route.name, args=args)
            except NoReverseMatch:
                continue
            if route.name in ("admin:login", "admin:logout", "admin:jsi18n"):
                continue
            for person in PEOPLE:
                answer = ask(stage, person, "GET", address, Request())
                assert answer.status_code in (302, 403), (address, person)
                if answer.status_code == 302:
                    assert "/accounts/login/" in answer.url or "/admin/login/" in answer.url
                tried += 1
    assert tried > 50
