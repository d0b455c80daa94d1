"""What a consultation that was held elsewhere consists of: plain objects, no files, no database."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

AMENDED = "9"  # number of the article that the two latter files are about
# French "d etat", "l article", "qu une" in slugs, which lost their apostrophes.
_ELISION = re.compile(r"\b([cdjlmns]|qu) (?=[aeiouyh])")
_ARTICLE = re.compile(r"^(Article (\d+))\s*[-–:]\s*(.+)$", re.DOTALL)


class ImportProblem(Exception):
    """A file is missing or cannot be understood; the message names file, line and reason."""


@dataclass(frozen=True, slots=True)
class Totals:
    agree: int = 0
    mixed: int = 0
    disagree: int = 0

    @property
    def all(self) -> int:
        return self.agree + self.mixed + self.disagree

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.agree + other.agree, self.mixed + other.mixed, self.disagree + other.disagree
        )


@dataclass(frozen=True, slots=True)
class Argument:
    number: int
    author: str
    stance: str
    body: str
    supports: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A source: a document that somebody put beside an article."""

    number: int
    author: str
    title: str
    url: str
    category: str
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LawPair:
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the draft (`is_official`) or one that a participant proposed."""

    number: int
    part: int
    title: str
    body: str
    explanation: str
    law: tuple[LawPair, ...]
    author: str
    is_official: bool
    is_binned: bool
    created_at: datetime
    totals: Totals
    arguments: tuple[Argument, ...]
    links: tuple[Link, ...]

    @property
    def label(self) -> tuple[str, str, str]:
        """("Article 1", "1", "Open data par défaut") of "Article 1 - Open data par défaut"."""
        found = _ARTICLE.match(self.title)
        return (found[1], found[2], found[3]) if found else ("", "", self.title)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the draft: "Section 1", "Ouverture des données publiques"."""

    number: int
    label: str
    heading: str


@dataclass(frozen=True, slots=True)
class AmendmentRow:
    """`after` is None where the row stands for the article itself; `author` None likewise."""

    number: int
    author: int | None
    slug: str
    law_title: str
    before: str
    after: str | None
    reason: str
    created_at: datetime
    totals: Totals

    @property
    def title(self) -> str:
        """The slug as a sentence: the only name that tells one amendment from another."""
        words = _ELISION.sub(r"\1’", self.slug.replace("-", " ")).strip()
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Vote:
    amendment: int
    voter: int
    value: str


@dataclass(frozen=True)
class Bundle:
    """Everything that the folder holds."""

    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    amendments: tuple[AmendmentRow, ...]
    votes: tuple[Vote, ...]

    @cached_property
    def articles(self) -> list[Item]:
        return [item for item in self.items if item.is_official]

    @cached_property
    def proposed(self) -> list[Item]:
        return [item for item in self.items if not item.is_official]

    @cached_property
    def amended(self) -> Item:
        return next(item for item in self.articles if item.label[1] == AMENDED)

    @cached_property
    def authors(self) -> list[str]:
        """Keys of all who wrote articles, arguments or sources, in the order in which they appear."""
        seen: dict[str, None] = {}
        for item in self.items:
            seen.setdefault(item.author)
            for thing in (*item.arguments, *item.links):
                seen.setdefault(thing.author)
        return list(seen)

    @cached_property
    def official_author(self) -> str:
        return self.articles[0].author
