"""How a row of the authorisation table is written and tried."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Organisation, User
from tests import scenario

PEOPLE = ("nobody", "citizen", "another", "other_official", "official", "moderator")


@dataclass
class Stage:
    """The cast, and a world that is built when a row first asks for it.

    `citizen` is Alice, whose contributions a row is about; `another` is Charlie; `official` is
    Bob, owner of the public body; `other_official` is Olga, owner of another one.
    """

    citizen: User
    another: User
    other_official: User
    official: User
    moderator: User
    organisation: Organisation
    nobody: None = None

    @cached_property
    def world(self) -> scenario.World:
        """An open consultation of the official's public body."""
        return scenario.open_consultation(self.official, self.organisation)


@dataclass(frozen=True)
class Request:
    """What to ask: the arguments of the address, the query, and the body of a POST or PUT."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    data: Any = None


@dataclass(frozen=True)
class Row:
    """One address and method, and the status that each of PEOPLE gets.

    `route` is the name with its namespaces; `statuses` holds six numbers, or one for all.
    `setup` builds what the row needs and says what to ask.
    """

    route: str
    method: str
    statuses: str
    setup: Callable[[Stage], Request] = lambda stage: Request()

    def expected(self) -> dict[str, int]:
        numbers = [int(word) for word in self.statuses.split()]
        if len(numbers) == 1:
            numbers *= len(PEOPLE)
        return dict(zip(PEOPLE, numbers, strict=True))

    def address(self, request: Request) -> str:
        return reverse(self.route, args=request.args or None, kwargs=request.kwargs or None)


@dataclass(frozen=True)
class Route:
    """An address of the site: its name with namespaces, its pattern, the view behind it."""

    name: str
    pattern: str
    view: Callable[..., Any]

    def api_methods(self) -> set[str] | None:
        """The methods that a view of the API has; None for a page."""
        cls = getattr(self.view, "cls", None)
        if cls is None or not hasattr(cls, "renderer_classes"):
            return None
        actions = getattr(self.view, "actions", None)
        names = actions or [n for n in cls.http_method_names if hasattr(cls, n)]
        return {name.upper() for name in names} - {"OPTIONS", "HEAD"}


def routes() -> list[Route]:
    """Every address of the resolver, the Django administration apart."""
    return [route for route in _walk(get_resolver(), "", "") if not route.name.startswith("admin:")]


def admin_routes() -> list[Route]:
    return [route for route in _walk(get_resolver(), "", "") if route.name.startswith("admin:")]


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name or ''}", pattern, entry.callback)
