"""What is measured: each page and each thing to do, by whom, and what it may cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.client import request
from benchmarks.people import FORM_TOKEN, Person, Places

UNSTORED = "measured=1"  # a parameter that no page knows: the answer is made anew each time


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests that a person sends in turn; `goal` in bare views, `queries` at most.

    `people` is how many send different requests; connections beyond that number repeat them.
    """

    name: str
    requests: list[list[str]]
    goal: float | None = None
    queries: int | None = None
    expected: int = 200
    is_growing: bool = True  # whether ten times the data may show in it

    def connections(self, number: int) -> list[list[str]]:
        return [self.requests[index % len(self.requests)] for index in range(number)]


def scenarios(places: Places, people: list[Person]) -> Iterator[Scenario]:
    """Reading first, then writing."""
    yield from _reading(places, people)
    yield from _writing(places, people)


def _reading(places: Places, people: list[Person]) -> Iterator[Scenario]:
    base = f"/fr/consultations/{places.slug}/"
    pages = [
        ("article page", f"{base}articles/{places.article}/", 8, 8),
        ("draft page", f"{base}draft/", 8, 8),
        ("list: proposals", f"{base}proposals/", 6, 6),
        ("list: front page", "/fr/", 6, 6),
        ("list: answers", f"{base}answers/", 6, 6),
        ("list: arguments", f"/fr/subjects/{places.article}/comments/", 6, 6),
        ("consultation page", base, None, None),
        ("proposal page", f"{base}proposals/{places.proposal}/", 8, 8),
    ]
    for name, path, goal, queries in pages:
        yield Scenario(name, [[request("GET", f"{path}?{UNSTORED}")]], goal, queries)
        signed = [[request("GET", path, cookie=person.cookie)] for person in people]
        yield Scenario(f"{name}, signed in", signed, goal, queries)
    for name, path, _goal, _queries in pages[:4]:
        yield Scenario(f"{name}, stored", [[request("GET", path)]], 1)


def _writing(places: Places, people: list[Person]) -> Iterator[Scenario]:
    talk = f"/fr/subjects/{places.article}/"
    yield Scenario(
        "a position",
        [
            [_post(f"{talk}position/", person, value=value) for value in ("agree", "disagree")]
            for person in people
        ],
        5,
        6,
        expected=302,
    )
    text = "Cet article devrait aussi s’appliquer aux **collectivités**, et dès cette année."
    yield Scenario(
        "a comment",
        [[_post(f"{talk}comments/", person, stance="for", body=text)] for person in people],
        8,
        8,
        expected=302,
    )


def _post(path: str, person: Person, **fields: str) -> str:
    body = urlencode({"csrfmiddlewaretoken": FORM_TOKEN, **fields})
    return request("POST", path, cookie=person.cookie, body=body)
