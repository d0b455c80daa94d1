"""Asking for pages of polls as a browser does."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


def page(client: Client, path: str = "", slug: str = "tram", **query: str) -> HttpResponse:
    return client.get(f"/en/polls/{slug}/{path}", query)


def send(client: Client, path: str, data: dict[str, Any], slug: str = "tram") -> HttpResponse:
    return client.post(f"/en/polls/{slug}/{path}", data)


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name") == self.name:
            self.found.append(given.get("value") or "")


def hidden(answer: HttpResponse, name: str) -> str:
    """The value of a hidden field of the page's form."""
    reader = _Reader(name)
    reader.feed(answer.content.decode())
    return reader.found[0]
