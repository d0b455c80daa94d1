"""What a draft is made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["title", "chapter", "section", "article", "preamble"]
KINDS: tuple[Kind, ...] = ("title", "chapter", "section", "article", "preamble")
LEAVES: frozenset[Kind] = frozenset({"article", "preamble"})


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a draft.

    `label` is how the text itself calls the part ("Titre II", "5-бап", "§ 5"), empty when it does
    not; `number` is that number alone, comparable between versions ("II", "5", "1" for "premier").
    `heading` is one line, `body` and `explanation` are paragraphs apart by a blank line. Articles
    and preambles have no children.
    """

    kind: Kind
    number: str = ""
    heading: str = ""
    body: str = ""
    explanation: str = ""
    children: tuple["Node", ...] = ()
    label: str = ""

    def walk(self) -> Iterator["Node"]:
        """Yield this part and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at before publishing.

    `line` counts from 1. `code` is one of: no_headings, empty_article, empty_part,
    duplicate_number, number_out_of_order, looks_like_heading. `detail` quotes the place.
    """

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A parsed text. Two drafts are equal when title and nodes are, whatever was reported."""

    nodes: tuple[Node, ...] = ()
    title: str = ""
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def walk(self) -> Iterator[Node]:
        """Yield all parts in reading order."""
        for node in self.nodes:
            yield from node.walk()
