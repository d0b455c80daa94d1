"""Read a draft as it is pasted or uploaded: Markdown, or plain text with numbered headings.

Every word of the input is in the result, once and in its order, save the lines that only announce
an explanation. What cannot be decided here is reported, for a person corrects the tree afterwards.
"""

import re
from collections.abc import Iterator
from typing import Literal

from consultations.drafting.lines import (
    Part,
    has_marks,
    read_markdown,
    read_plain,
    take_title,
    tidy,
)
from consultations.drafting.model import LEAVES, Draft, Kind, Node, Problem

_COUNT = re.compile(r"\d{1,6}")
_ARTICLE_RANK = 9


def parse_draft(
    text: str,
    format: Literal["markdown", "plain"] = "markdown",  # noqa: A002
) -> Draft:
    """Return the tree of a draft and what a person should look at.

    Expects text as `common.html.clean_text` leaves it. Markdown without any heading is read as
    plain text. Time is linear in the length.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    title = ""
    if format == "markdown" and has_marks(lines):
        parts, doubts = read_markdown(lines)
        title, parts = take_title(parts)
    else:
        parts, doubts = read_plain(lines), []
    roots = _nest(parts)
    has_articles = any(part.named.rank == _ARTICLE_RANK for part in parts)
    for root in roots:
        _settle(root, None, has_articles)
    problems = [*doubts, *_look_over(roots)]
    return Draft(tuple(_node(root) for root in roots), title, tuple(sorted(problems, key=_by_line)))


def _by_line(problem: Problem) -> int:
    return problem.line


def _nest(parts: list[Part]) -> list[Part]:
    """Put each part under the last one that can hold it; return the topmost."""
    roots: list[Part] = []
    holders: list[Part] = []
    for part in parts:
        while holders and not _can_hold(holders[-1], part):
            holders.pop()
        (holders[-1].children if holders else roots).append(part)
        holders.append(part)
    return roots


def _can_hold(holder: Part, part: Part) -> bool:
    """Whether a part stands under another: by the heading's level, at one level by its name."""
    if holder.named.kind in LEAVES:
        return False
    if part.level != holder.level:
        return part.level > holder.level
    is_named = holder.named.kind is not None and part.named.kind is not None
    return is_named and not part.named.is_firm and part.named.rank > holder.named.rank


def _settle(part: Part, above: Kind | None, has_articles: bool) -> None:
    """Decide what each part is. Where nothing is called an article, the lowest sections are."""
    kind = part.named.kind
    is_loose = kind is None or (kind == "section" and not has_articles and not part.named.is_firm)
    if is_loose and not part.children:
        kind = "article"
    elif kind is None:
        is_high = any(child.children for child in part.children)
        lower: dict[Kind | None, Kind] = {
            None: "title" if is_high else "chapter",
            "title": "chapter",
        }
        kind = lower.get(above, "section")
    part.kind = kind
    for child in part.children:
        _settle(child, kind, has_articles)


def _node(part: Part) -> Node:
    kind = part.kind or "article"
    children = tuple(_node(child) for child in part.children)
    body, explanation = tidy(part.body), tidy(part.explanation)
    named = part.named
    return Node(kind, named.number, part.heading, body, explanation, children, named.label)


def _look_over(roots: list[Part]) -> Iterator[Problem]:
    """Yield what a person should look at: nothing found, nothing inside, numbers that jump."""
    if not any(root.kind != "preamble" for root in roots):
        yield Problem(1, "no_headings")
    yield from _look_at_siblings(roots)
    before = 0
    for part in _walk(roots):
        called = part.named.label or part.heading
        if part.is_empty():
            yield Problem(
                part.line, "empty_article" if part.kind in LEAVES else "empty_part", called
            )
        if part.named.rank == _ARTICLE_RANK and _COUNT.fullmatch(part.named.number):
            count = int(part.named.number)
            if count not in (before + 1, 1):
                yield Problem(part.line, "number_out_of_order", called)
            before = count


def _look_at_siblings(parts: list[Part]) -> Iterator[Problem]:
    seen = set()
    for part in parts:
        key = (part.kind, part.named.number)
        if part.named.number and key in seen:
            yield Problem(part.line, "duplicate_number", part.named.label or part.named.number)
        seen.add(key)
        yield from _look_at_siblings(part.children)


def _walk(parts: list[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _walk(part.children)
