"""People with browsers, for tests that press a real web server: keep-alive connections to 127.0.0.1."""

import http.client
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

TOKEN = "t" * 32  # any 32 letters serve as a CSRF token when cookie and header agree
PATIENCE = 30.0  # seconds

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Reply:
    """What came back. status 0: nothing did."""

    status: int
    seconds: float
    headers: dict[str, str]
    body: bytes


class Browser:
    """One connection of one person (or of nobody, without a session)."""

    def __init__(self, url: str, session: str = "") -> None:
        parts = urlsplit(url)
        assert parts.hostname == "127.0.0.1"
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE)
        self._cookie = f"sessionid={session}; csrftoken={TOKEN}" if session else ""

    def get(self, path: str) -> Reply:
        return self.send("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        """A form, sent as htmx sends it: a refusal has a status instead of a redirect."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
        return self.send("POST", path, urlencode(fields).encode(), headers)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        sent = dict(headers or {})
        if self._cookie:
            sent["Cookie"] = self._cookie
            sent["X-CSRFToken"] = TOKEN
        began = time.monotonic()
        try:
            self._connection.request(method, path, body or None, sent)
            answer = self._connection.getresponse()
            content = answer.read()
            found = dict(answer.getheaders())
            status = answer.status
        except (OSError, http.client.HTTPException):
            self._connection.close()
            status, content, found = 0, b"", {}
        return Reply(status, time.monotonic() - began, found, content)


def at_once(what: Callable[[T], R], things: Iterable[T], *, connections: int = 16) -> list[R]:
    """Do it for all of them on that many connections side by side."""
    with ThreadPoolExecutor(connections) as pool:
        return list(pool.map(what, things))
