"""Whole pages for readers without a session, rendered once for all of them."""

import gzip
import hashlib
import re
import time
import zlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

GetResponse = Callable[[HttpRequest], HttpResponseBase]

STALE = 60  # seconds for which a page that is no longer fresh may serve while one worker renders
CLAIM = 10  # seconds after which a worker that went to render a page is given up
SLOTS = 8192  # stored pages at most; an address has one slot, which it may lose to another
LARGEST = 1_000_000  # bytes of a page that is stored
LONGEST_QUERY = 512  # characters
VARIES = frozenset({"", "cookie", "accept-encoding", "hx-request"})
UNCACHEABLE = "private, no-store"

_REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


class Address(NamedTuple):
    """Where a page is: `text` in full with the query in order, its `slot`, the query's `names`."""

    text: str
    slot: str
    names: frozenset[str]


class Page(NamedTuple):
    """A rendered page as it is stored. `body` is compressed, `stored_at` in seconds since 1970."""

    address: str
    etag: str
    modified_at: int
    stored_at: float
    seconds: int
    headers: tuple[tuple[str, str], ...]
    length: int
    body: bytes


def public_page(
    *, seconds: int = 15, parameters: Iterable[str] = ()
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let everyone without a session share the pages of a view for some seconds.

    `parameters` names the query parameters that the view reads: an address with any other is
    rendered anew each time. For views that show the same to all anonymous readers; a page that
    sets a cookie (a form's token does) or varies by more than cookie, encoding and htmx is not shared.
    """
    names = frozenset(parameters)

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def labelled(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(*args, **kwargs)
            response.public_page = (seconds, names)  # type: ignore[attr-defined]
            return response

        return labelled

    return decorate


class AnonymousPageCache:
    """Serves pages of `public_page` views from the cache, before session and routing cost anything.

    Browsers ask each time and mostly hear 304 (max-age=0 and a validator, so that after signing in
    nobody sees the page of before); proxies may keep a page as long as we do (s-maxage, Age). When a
    page gets too old one worker renders it while the others go on serving the old one. All other
    answers say "private, no-store" unless their view says something else.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = _address(request)
        if address is None:
            return _keep_private(self.get_response(request), is_shared=False)
        now = time.time()
        known = _find(address)
        if known and not (_is_old(known, now) and cache.add(f"{address.slot}:claim", 1, CLAIM)):
            return _answer(request, known, now)
        response = self.get_response(request)
        if not _is_shareable(response, address):
            return _keep_private(response, is_shared=False)
        if request.method == "HEAD":
            return _keep_private(response, is_shared=True)
        page = _page(address, response, known, now)
        if settings.STORE_PUBLIC_PAGES:
            cache.set(address.slot, page, page.seconds + STALE)
            if known:
                cache.delete(f"{address.slot}:claim")
        return _answer(request, page, now)


def _address(request: HttpRequest) -> Address | None:
    """Return the page's address; None for what is never shared: other methods, sessions, tokens."""
    meta = request.META
    if request.method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in meta:
        return None
    if "HTTP_HX_REQUEST" in meta or ("HTTP_COOKIE" in meta and _has_session(request)):
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    pairs = []
    if query := meta.get("QUERY_STRING", ""):
        if len(query) > LONGEST_QUERY:
            return None
        pairs = sorted(parse_qsl(query, keep_blank_values=True))
    text = f"{request.scheme}://{host}{request.path}?{urlencode(pairs)}"
    slot = f"page:1:{zlib.crc32(text.encode(errors='surrogatepass')) % SLOTS}"
    return Address(text, slot, frozenset(name for name, _ in pairs))


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def _find(address: Address) -> Page | None:
    page = cache.get(address.slot) if settings.STORE_PUBLIC_PAGES else None
    return page if page is not None and page.address == address.text else None


def _is_old(page: Page, now: float) -> bool:
    return now >= page.stored_at + page.seconds


def _is_shareable(response: HttpResponseBase, address: Address) -> bool:
    """Whether everybody may get this answer to this address."""
    public = getattr(response, "public_page", None)
    if public is None or response.status_code != 200 or response.streaming or response.cookies:
        return False
    if response.has_header("Cache-Control") or response.has_header("Content-Encoding"):
        return False
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    is_small = len(response.content) <= LARGEST  # type: ignore[attr-defined]
    return is_small and varies <= VARIES and address.names <= public[1]


def _page(address: Address, response: HttpResponseBase, known: Page | None, now: float) -> Page:
    """Return what is stored. The moment of change stays while the content does."""
    content: bytes = response.content  # type: ignore[attr-defined]
    etag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    is_same = known is not None and known.etag == etag
    modified_at = known.modified_at if known and is_same else int(now)
    body = known.body if known and is_same else gzip.compress(content, 6, mtime=0)
    seconds: int = response.public_page[0]  # type: ignore[attr-defined]
    _keep_private(response, is_shared=True)
    headers = [item for item in response.items() if item[0] != "Content-Length"]
    headers += [("ETag", etag), ("Last-Modified", http_date(modified_at))]
    return Page(address.text, etag, modified_at, now, seconds, tuple(headers), len(content), body)


def _keep_private(response: HttpResponseBase, *, is_shared: bool) -> HttpResponseBase:
    """Say who may keep the answer: proxies and the reader's browser, or nobody."""
    public = getattr(response, "public_page", None)
    if is_shared and public:
        response.headers["Cache-Control"] = (
            f"public, max-age=0, s-maxage={public[0]}, stale-while-revalidate={STALE}"
        )
        patch_vary_headers(response, ["Accept-Encoding", "Cookie", "HX-Request"])
    elif not response.has_header("Cache-Control"):
        response.headers["Cache-Control"] = UNCACHEABLE
    return response


def _answer(request: HttpRequest, page: Page, now: float) -> HttpResponse:
    """Return the stored page, or 304 to a reader who has it."""
    if _has_it(request, page):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(b"" if request.method == "HEAD" else _body(request, page))
    for name, value in page.headers:
        response.headers[name] = value
    response.headers["Age"] = str(max(0, int(now - page.stored_at)))
    if response.status_code == 304:
        del response.headers["Content-Type"]
    elif _takes_gzip(request):
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(page.body))
    else:
        response.headers["Content-Length"] = str(page.length)
    return response


def _body(request: HttpRequest, page: Page) -> bytes:
    return page.body if _takes_gzip(request) else gzip.decompress(page.body)


def _takes_gzip(request: HttpRequest) -> bool:
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and not _REFUSES_GZIP.search(accepted)


def _has_it(request: HttpRequest, page: Page) -> bool:
    """Whether the reader's copy is this one, by RFC 9110: the validator first, else the moment."""
    if given := request.META.get("HTTP_IF_NONE_MATCH", ""):
        return given.strip() == "*" or page.etag[2:] in given
    since = parse_http_date_safe(request.META.get("HTTP_IF_MODIFIED_SINCE", ""))
    return since is not None and page.modified_at <= since
