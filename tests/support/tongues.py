"""Which language each word of a page is said to be in, as a screen reader finds it."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905


@dataclass(frozen=True)
class Words:
    """A piece of text: its language, and the classes of all that it stands in."""

    text: str
    language: str
    within: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str, str]] = []  # (tag, language, classes)
        self.found: list[Words] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        language = self.open[-1][1] if self.open else ""
        self.open.append((tag, given.get("lang") or language, given.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open and self.open[-1][0] not in ("title", "script", "style"):
            classes = tuple(name for _tag, _language, name in self.open if name)
            self.found.append(Words(data, self.open[-1][1], classes))


def words_of(html: str) -> list[Words]:
    """Every piece of text on the page but its title, which can be in one language only."""
    reader = _Reader()
    reader.feed(html)
    return reader.found


def wrongly_spoken(html: str, marks: dict[str, str]) -> list[str]:
    """Texts with a mark of one language that are said to be in another. `marks` is {mark: code}."""
    return [
        f"[{words.language}] {words.text.strip()[:90]}"
        for words in words_of(html)
        for mark, code in marks.items()
        if re.search(rf"\b{mark}", words.text) and words.language != code
    ]
