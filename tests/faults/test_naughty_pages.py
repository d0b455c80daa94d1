"""What no browser sends, at every address of the site on a real web server: refused, never broken.

The addresses come from the resolver itself, so a new page is tried without being named here.
"""

import re
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from accounts.models import User
from config.site import Site
from deliberation.actions import add_source, post_comment
from tests.architecture.authorisation import routes
from tests.faults.driver import Browser, Reply, at_once
from tests.faults.people import session_of
from tests.scenario import World

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]

FORM = "application/x-www-form-urlencoded"
HOLE = re.compile(r"<(?:(\w+):)?(\w+)>")
NO_REQUESTS: tuple[bytes, ...] = (
    b"GET /en/?q=\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /en/\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\n\r\n",
    b"GET http://[::1/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET //en// HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"a=b;" * 3000 + b"\r\n\r\n",
    b"POST /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
)
NUMBERS = ("0", "-1", "007", "2147483648", "9223372036854775808", "9" * 40, "1e3", "%d9%a1", "NaN")
WORDS = (
    "%00",
    "%ff",
    "..%2f..%2fetc%2fpasswd",
    "%E2%80%AE",
    "%F0%9F%92%A9",
    "a" * 3000,
    "'--",
    "%0d%0aX:%20y",
)
METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE")
QUERIES = ("%00", "q=%00", "q=%ff", "q=%", "=&&=", "page=-1&version=-1&cursor=.", "page=" + "9" * 60,
           "q=" + "x" * 3500, "text=%F0%9F%92%A9", "%ff=%fe")  # fmt: skip
BODIES: tuple[tuple[str, bytes], ...] = (
    (FORM, b"body=a%00b&title=%00"),
    (FORM, b"body=\x00"),
    (FORM, b"body=\xff\xfe&title=\xc3"),
    (FORM, b"body=%ff%fe&title=%c3%28&value=%ff"),
    (FORM, b"body=%ed%a0%80"),  # half a surrogate pair
    (FORM, b"&".join(b"f%d=1" % number for number in range(5000))),
    (FORM, b""),
    (FORM + "; charset=utf-7", b"body=+AGE-"),
    (FORM + "; charset=nonsense", b"body=a"),
    ("application/json", b'{"body": "a", "value": "agree"}'),
    ("application/json", b"{" * 500),
    ("application/xml", b"<a/>"),
    ("text/plain", b"body=a"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"no part"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n'
     b"a\x00b\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n'
     b"\xff\xfe\r\n--x--\r\n"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"; '
     b'filename="../../\x00.md"\r\n\r\n\xff\xfe\x00\r\n--x--\r\n'),
    ("multipart/form-data; boundary=" + "x" * 300, b"--"),
    ("", b"body=a"),
    ("nonsense", b"\x00\x01"),
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"Host": "elsewhere.example"},
    {"Host": "a b"},
    {"Accept-Language": "\xff" * 200},
    {"Accept-Language": "zz-" * 300},
    {"Referer": "http://[::1"},
    {"Referer": "javascript:alert(1)"},
    {"HX-Request": "true", "HX-Current-URL": "%ff%00", "HX-Target": "\xff"},
    {"HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL-URI-AutoEncoded": "true",
     "HX-Current-URL": "%ff"},
    {"Cookie": "sessionid=\xff\xfe; csrftoken=%00; messages=a"},
    {"Cookie": "sessionid=" + "x" * 4000},
    {"Cookie": "=;=;;,\t"},
    {"X-Request-ID": "\xff" * 80},
    {"If-None-Match": 'W/"', "If-Modified-Since": "yesterday", "Range": "bytes=9-1"},
    {"Authorization": "Bearer \xff"},
    {"Accept": "\xff/\xff", "Accept-Encoding": "nonsense;q=x"},
    {"Content-Length": "-1"},
    {"X-Forwarded-For": "not an address", "X-Forwarded-Proto": "\xff"},
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def site(live_web: Callable[..., Site]) -> Site:
    return live_web(workers=2, threads=4, KENES_SECRET_KEY=settings.SECRET_KEY)


@pytest.fixture
def addresses(world: World, alice: User) -> list[str]:
    """Every address of the resolver that is a page, with what exists put in its holes."""
    said = post_comment(alice, subject_id=world.article.pk, body="Wider.", stance="for")
    source = add_source(
        alice, subject_id=world.article.pk, title="A study", url="https://example.org/", category="study"
    )  # fmt: skip
    there = {
        "slug": world.process.slug,
        "subject_id": str(world.article.pk),
        "comment_id": str(said.pk),
        "source_id": str(source.pk),
        "kind": "comment",
    }

    def fill(hole: re.Match[str]) -> str:
        return there.get(hole[2], "1" if hole[1] == "int" else "x")

    return sorted({"/" + HOLE.sub(fill, pattern) for pattern in _patterns()})


@dataclass(frozen=True)
class Pages:
    """The site's addresses, and who knocks at them: nobody, and whoever has business there."""

    site: Site
    addresses: list[str]
    sessions: dict[str, str]

    def press(self, what: Iterable[Asked]) -> list[str]:
        """Send it all, twice; what came back broken, or as a refusal without a word."""
        groups: dict[str, list[Asked]] = {"": []}
        for asked in what:
            groups[""].append(asked)
            groups.setdefault(self._session_for(asked.path), []).append(asked)
        found = at_once(self._as_one, groups.items(), connections=len(groups))
        for session in self.sessions.values():
            is_in = Browser(self.site.url, session).get("/en/account/").status == 200
            assert is_in, "everyone was signed in all the time"
        return [fault for faults in found for fault in faults]

    def _session_for(self, path: str) -> str:
        part = path.split("/")[2] if path.count("/") > 2 else ""
        return self.sessions.get(part, self.sessions["everywhere"])

    def _as_one(self, group: tuple[str, list[Asked]]) -> list[str]:
        session, what = group
        browser = Browser(self.site.url, session)
        return [
            f"{asked.method} {asked.path[:120]} {asked.headers} {asked.body[:60]!r}: {fault}"
            for asked in what
            for fault in _faults(
                asked.method, browser.send(asked.method, asked.path, asked.body, asked.headers)
            )
        ]


@pytest.fixture
def pages(site: Site, addresses: list[str], alice: User, bob: User, mona: User) -> Pages:
    people = {"everywhere": alice, "desk": bob, "moderation": mona}
    return Pages(site, addresses, {part: session_of(who) for part, who in people.items()})


def _patterns() -> list[str]:
    """The addresses of pages as the resolver writes them."""
    found = [
        route.pattern.replace("\\Z", "").replace("^", "").replace("$", "") for route in routes()
    ]
    plain = [re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", pattern) for pattern in found]
    return [pattern for pattern in plain if not pattern.startswith("api/")]


def _faults(method: str, reply: Reply) -> Iterator[str]:
    if reply.status == 0:
        yield "no answer"
    elif reply.status >= 500 and not (reply.status == 501 and method in METHODS):
        yield str(reply.status)
    elif reply.status >= 400 and method not in ("HEAD", "OPTIONS") and reply.status != 405:
        text = re.sub(rb"<[^>]+>", b"", reply.body).strip()
        if len(text) < 5:
            yield f"{reply.status} without a word"


def test_ids_and_names_that_no_page_has(pages: Pages) -> None:
    tried = []
    for pattern in sorted(set(_patterns())):
        holes = HOLE.findall(pattern)
        for place in range(len(holes)):
            for odd in NUMBERS if holes[place][0] == "int" else WORDS:
                path = "/" + _with_odd(pattern, place, odd)
                tried.append(Asked("GET", path))
                tried.append(Asked("POST", path, b"value=agree&body=a", {"Content-Type": FORM}))
    assert len(tried) > 300
    assert pages.press(tried) == []


def _with_odd(pattern: str, place: int, odd: str) -> str:
    """The address with `odd` in its n-th hole and something likely in the others."""
    numbers = count()

    def fill(hole: re.Match[str]) -> str:
        if next(numbers) == place:
            return odd
        return "1" if hole[1] == "int" else "streets-and-markets"

    return HOLE.sub(fill, pattern)


def test_methods_that_no_page_has(pages: Pages) -> None:
    tried = [Asked(method, path) for path in pages.addresses for method in METHODS]
    assert pages.press(tried) == []


def test_queries_that_are_no_text(pages: Pages) -> None:
    tried = [Asked("GET", f"{path}?{query}") for path in pages.addresses for query in QUERIES]
    assert pages.press(tried) == []


def test_bodies_of_the_wrong_kind(pages: Pages) -> None:
    tried = [
        Asked("POST", path, body, {"Content-Type": kind} if kind else {})
        for path in pages.addresses
        for kind, body in BODIES
        if "logout" not in path
    ]
    assert pages.press(tried) == []


def test_a_megabyte_where_a_sentence_belongs(pages: Pages) -> None:
    names = ("body", "reason", "title", "name", "email", "login", "text", "once", "value", "url")
    shares = b"&".join(name.encode() + b"=" + b"a" * 100_000 for name in names)
    bodies = (b"body=" + b"a" * 1_000_000, shares, b"body=" + b"a" * 3_000_000)
    tried = [
        Asked("POST", path, body, {"Content-Type": FORM})
        for path in pages.addresses
        for body in bodies
        if "logout" not in path
    ]
    assert pages.press(tried) == []


def test_headers_that_make_no_sense(pages: Pages) -> None:
    tried = [
        Asked("GET", path, b"", headers) for path in pages.addresses[::3] for headers in HEADERS
    ]
    assert pages.press(tried) == []


def test_the_refusal_says_what_is_wrong(pages: Pages, world: World) -> None:
    path = f"/en/subjects/{world.article.pk}/comments/"
    citizen = Browser(pages.site.url, pages.sessions["everywhere"])
    expected = {
        b"stance=for&body=" + b"a" * 1_000_000: (400, b"50000 characters"),
        b"stance=for&body=" + b"a" * 3_000_000: (413, b"more than this site accepts"),
        b"stance=for&body=a%00": (400, b"not UTF-8"),
        b"stance=for&body=%ff": (400, b"not UTF-8"),
        b"stance=for&body=": (400, b"required"),
        b"stance=nonsense&body=a": (400, b"nonsense"),
    }
    for body, (status, words) in expected.items():
        reply = citizen.send("POST", path, body, {"Content-Type": FORM})
        assert reply.status == status, body[:40]
        assert words in reply.body, (body[:40], reply.body[-3000:])
    assert citizen.send("POST", path, b"stance=for&body=a", {"Content-Type": FORM}).status == 302


def test_lines_that_are_no_request(site: Site) -> None:
    for sent in NO_REQUESTS:
        with socket.create_connection(("127.0.0.1", urlsplit(site.url).port), timeout=20) as line:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(200)
        assert not re.match(rb"HTTP/1\.\d 5", answer), answer
    assert Browser(site.url).get("/healthz/live").status == 200
