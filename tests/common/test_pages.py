"""Whole pages for readers without a session."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as live_settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory
from django.utils.cache import patch_vary_headers

from common import pages
from common.pages import AnonymousPageCache, public_page

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHARED = "public, max-age=0, s-maxage=15, stale-while-revalidate=60"
PRIVATE = "private, no-store"


class Site:
    """A view behind the cache that counts how often it renders."""

    def __init__(self, view: Callable[[HttpRequest], Any] | None = None, **options: Any):
        self.rendered = 0
        self.text = "page"
        self.view = view or self._page
        self.factory = RequestFactory()
        self.ask = AnonymousPageCache(public_page(**options)(self._count))

    def _count(self, request: HttpRequest) -> Any:
        self.rendered += 1
        return self.view(request)

    def _page(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            f"{self.text} {request.GET.urlencode()}", headers={"X-Frame-Options": "DENY"}
        )

    def get(self, path: str = "/en/", **headers: str) -> HttpResponse:
        return self.ask(self.factory.get(path, headers=headers))


@pytest.fixture(autouse=True)
def stored(settings: Any) -> None:
    settings.STORE_PUBLIC_PAGES = True


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def test_a_page_is_rendered_once_for_all():
    site = Site()
    first, second = site.get(), site.get()
    assert site.rendered == 1
    assert first.content == second.content == b"page "
    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == SHARED
    assert second.headers["X-Frame-Options"] == "DENY"
    assert first.headers["ETag"] == second.headers["ETag"]
    assert {"Accept-Encoding", "Cookie", "HX-Request"} == set(second.headers["Vary"].split(", "))


def test_who_takes_gzip_gets_it_and_who_does_not_does_not():
    site = Site()
    plain = site.get()
    packed = site.get(accept_encoding="br, gzip;q=0.8")
    refused = site.get(accept_encoding="gzip;q=0, identity")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert gzip.decompress(packed.content) == plain.content == refused.content
    assert site.rendered == 1


def test_a_reader_who_has_the_page_hears_so():
    site = Site()
    page = site.get()
    same = site.get(if_none_match=f'"other", {page.headers["ETag"]}')
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["ETag"] == page.headers["ETag"]
    assert same.headers["Cache-Control"] == SHARED
    assert "Content-Type" not in same.headers
    assert site.get(if_none_match='"other"').status_code == 200
    assert site.get(if_modified_since=page.headers["Last-Modified"]).status_code == 304
    assert site.get(if_modified_since="Sat, 01 Jan 2000 00:00:00 GMT").status_code == 200
    both = site.get(if_none_match='"other"', if_modified_since=page.headers["Last-Modified"])
    assert both.status_code == 200, "the validator counts more than the moment"


def test_head_is_get_without_its_body():
    site = Site()
    assert site.ask(site.factory.head("/en/")).headers["Cache-Control"] == SHARED
    site.get()
    answer = site.ask(site.factory.head("/en/"))
    assert site.rendered == 2, "a HEAD stores nothing, and is served what a GET stored"
    assert (answer.content, answer.headers["Content-Length"]) == (b"", "5")


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"{live_settings.SESSION_COOKIE_NAME}=abc"},
        {"cookie": "messages=abc"},
        {"authorization": "Bearer abc"},
    ],
)
def test_who_is_or_may_be_signed_in_gets_a_page_of_his_own(headers):
    site = Site()
    site.get()
    site.text = "mine"
    own = site.get(**headers)
    assert own.content == b"mine "
    assert own.headers["Cache-Control"] == PRIVATE
    assert "ETag" not in own.headers
    assert site.get().content == b"page "


def test_other_cookies_do_not_matter():
    site = Site()
    site.get()
    site.get(cookie=f"{live_settings.CSRF_COOKIE_NAME}=abc; theme=dark")
    assert site.rendered == 1


def test_a_fragment_for_htmx_is_neither_stored_nor_mistaken_for_the_page():
    site = Site()
    assert site.get(hx_request="true").headers["Cache-Control"] == PRIVATE
    site.get()
    site.get(hx_request="true")
    assert site.rendered == 3


def test_hosts_and_schemes_have_pages_of_their_own(settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    site = Site()
    site.get(host="one.example")
    site.get(host="two.example")
    site.ask(site.factory.get("/en/", secure=True, headers={"host": "one.example"}))
    assert site.rendered == 3


def test_the_order_of_parameters_does_not_matter_and_unknown_ones_are_not_stored():
    site = Site(parameters=["a", "b"])
    site.get("/en/?b=2&a=1")
    site.get("/en/?a=1&b=2")
    assert site.rendered == 1
    unknown = [site.get("/en/?a=1&utm=x") for _ in range(2)]
    assert site.rendered == 3
    assert unknown[0].headers["Cache-Control"] == PRIVATE
    site.get("/en/?a=" + "x" * 600)
    site.get("/en/?a=" + "x" * 600)
    assert site.rendered == 5


def test_any_number_of_addresses_takes_a_bounded_number_of_keys(monkeypatch):
    monkeypatch.setattr(pages, "SLOTS", 4)
    site = Site(parameters=["a"])
    for number in range(40):
        assert site.get(f"/en/?a={number}").content == f"page a={number}".encode()
    assert cache._cache.get_client().dbsize() <= 4


@pytest.mark.parametrize(
    "path",
    ["/en/?%00", "/en/?a=%ff", "/en/%ff%00/", "/en/?" + "&" * 500, "/en/?a=%ed%a0%80", "/en/?=&=;"],
)
def test_hostile_addresses_are_served(path):
    assert Site().get(path).status_code == 200


def _with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("a")
    response.set_cookie("b", "c")
    return response


def _with_token(request: HttpRequest) -> HttpResponse:
    guard = CsrfViewMiddleware(lambda inner: HttpResponse(get_token(inner)))
    return guard(request)


def _by_language(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("a")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@pytest.mark.parametrize(
    "view",
    [
        _with_cookie,
        _with_token,
        _by_language,
        lambda request: HttpResponse("a", status=404),
        lambda request: HttpResponse("a", status=500),
        lambda request: StreamingHttpResponse([b"a"]),
        lambda request: HttpResponse(b"a" * 1_000_001),
        lambda request: HttpResponse("a", headers={"Content-Encoding": "br"}),
    ],
)
def test_what_is_not_the_same_for_all_is_not_stored(view):
    site = Site(view)
    answers = [
        site.get(),
        site.get(cookie=f"{live_settings.CSRF_COOKIE_NAME}={'a' * 32}"),
        site.get(),
    ]
    assert site.rendered == 3
    assert {answer.headers["Cache-Control"] for answer in answers} == {PRIVATE}


def test_other_views_and_methods_stay_private_unless_they_say_otherwise():
    factory = RequestFactory()
    plain = AnonymousPageCache(lambda request: HttpResponse("a"))
    assert plain(factory.get("/")).headers["Cache-Control"] == PRIVATE
    own = AnonymousPageCache(
        lambda request: HttpResponse("a", headers={"Cache-Control": "max-age=9"})
    )
    assert own(factory.get("/")).headers["Cache-Control"] == "max-age=9"
    site = Site()
    for _ in range(2):
        assert site.ask(site.factory.post("/en/")).headers["Cache-Control"] == PRIVATE
    assert site.rendered == 2


def test_a_page_gets_old_and_says_how_old(clock):
    site = Site()
    page = site.get()
    clock.shift(14)
    assert site.get().headers["Age"] == "14"
    clock.shift(1)
    site.text = "new"
    renewed = site.get()
    assert renewed.content == b"new "
    assert renewed.headers["Age"] == "0"
    assert renewed.headers["ETag"] != page.headers["ETag"]
    assert renewed.headers["Last-Modified"] == "Sun, 01 Mar 2026 12:00:15 GMT"


def test_a_page_rendered_again_without_change_keeps_its_date(clock):
    site = Site()
    site.get()
    clock.shift(20)
    assert site.get().headers["Last-Modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert site.rendered == 2


def test_while_one_renders_the_others_are_served_the_old_page(clock):
    site = Site()
    site.get()
    clock.shift(20)
    meanwhile = []

    def slowly(request: HttpRequest) -> HttpResponse:
        meanwhile.extend(site.get().content for _ in range(5))
        return HttpResponse("new")

    site.view = slowly
    assert site.get().content == b"new"
    assert meanwhile == [b"page "] * 5
    assert site.rendered == 2
    site.view = site._page
    clock.shift(20)
    assert site.get().content == b"page ", "the claim was given back"


def test_a_page_that_fails_is_served_old_for_a_while(clock):
    site = Site()
    site.get()
    clock.shift(timedelta(seconds=20))
    site.view = lambda request: HttpResponse("broken", status=500)
    assert site.get().status_code == 500
    assert site.get().content == b"page "


def test_nothing_is_stored_when_storing_is_off(settings):
    settings.STORE_PUBLIC_PAGES = False
    site = Site()
    answers = [site.get(), site.get()]
    assert site.rendered == 2
    assert {answer.headers["Cache-Control"] for answer in answers} == {SHARED}


def test_a_host_that_is_not_ours_is_left_to_the_layers_below():
    site = Site()
    for _ in range(2):
        assert site.get(host="evil.example").headers["Cache-Control"] == PRIVATE
    assert site.rendered == 2
