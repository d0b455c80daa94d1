"""Walks a site by its own links, as a reader does, and stops at the same kind of page twice."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve

from tests.support.markup import links_of

LEFT_OUT = re.compile(r"^/(static|admin|media)/|/api/v1/schema/")  # files, and pages of Django's


@dataclass(frozen=True)
class Page:
    """One page as it came: `html` is "" for what is no page (a feed, a calendar file)."""

    path: str
    status: int
    html: str = field(repr=False)


def kind_of(path: str) -> tuple[str, tuple[str, ...]]:
    """What makes two addresses the same kind of page: the route, and the names in the query."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = "nowhere"
    return name, tuple(sorted({key for key, _value in parse_qsl(parts.query)}))


def crawl(
    get: Callable[[str], Page], starts: Iterable[str], *, of_a_kind: int = 2, limit: int = 400
) -> list[Page]:
    """Pages reached from `starts` by links in the language of the starts, each kind so often."""
    waiting = deque(starts)
    language = waiting[0][:4]
    seen, counts = set(waiting), Counter(map(kind_of, waiting))
    pages = []
    while waiting and len(pages) < limit:
        page = get(waiting.popleft())
        pages.append(page)
        for link in links_of(page.html, page.path):
            if link in seen or LEFT_OUT.search(link) or not link.startswith(language):
                continue
            seen.add(link)
            if counts[kind_of(link)] < of_a_kind:
                counts[kind_of(link)] += 1
                waiting.append(link)
    assert not waiting, f"more than {limit} pages"
    return pages
