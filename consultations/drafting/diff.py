"""What changed between two texts, word by word, in bounded time.

Paragraphs are compared first and words only inside those that changed (Myers' algorithm in
diff-match-patch, with its time limit). When time runs out the rest is told more coarsely: whole
passages as deleted and inserted, never wrongly.
"""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import zip_longest
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

Op = Literal["equal", "insert", "delete"]

DEADLINE = 0.3  # seconds for one comparison
_PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
_WORD = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_LETTERS = re.compile(r"\w+")
_WINDOW = 10  # paragraphs in which the successor of a changed one is looked for
_FIRST_CODE = 0x4E00  # units are encoded as characters from here: all letters to diff-match-patch
_OPS: dict[int, Op] = {-1: "delete", 0: "equal", 1: "insert"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both texts, only in the second or only in the first."""

    op: Op
    text: str


class Row(NamedTuple):
    """A paragraph beside its successor, as escaped HTML; an empty side has no counterpart."""

    left: str
    right: str
    changed: bool


class _Comparer(diff_match_patch):  # type: ignore[misc]
    """Without two refinements that take quadratic time on repeated text and ignore the limit."""

    def diff_cleanupSemanticLossless(self, diffs: list[tuple[int, str]]) -> None:  # noqa: N802
        """Leave edits where they are."""

    def diff_halfMatch(self, text1: str, text2: str) -> None:  # noqa: N802
        """Look for no shortcut."""


_COMPARER = _Comparer()


@lru_cache(maxsize=4)
def word_diff(before: str, after: str, deadline_s: float = DEADLINE) -> tuple[Piece, ...]:
    """Return the pieces that tell `after` from `before`.

    Equal and deleted pieces joined are exactly `before`, equal and inserted ones exactly `after`.
    Neighbours differ in kind; a deletion stands before the insertion that replaces it.
    """
    deadline = time.time() + deadline_s
    pieces: list[Piece] = []
    for deleted, inserted, equal in _blocks(_compare(before, after, _PARAGRAPH, deadline)):
        for gone, come in _aligned(_PARAGRAPH.findall(deleted), _PARAGRAPH.findall(inserted)):
            if gone and come:
                pieces += _compare(gone, come, _WORD, deadline)
            else:
                pieces.append(Piece("delete" if gone else "insert", gone or come))
        if equal:
            pieces.append(Piece("equal", equal))
    return tuple(_merged(pieces))


def diff_html(before: str, after: str, inserted: str = "", deleted: str = "") -> str:
    """Return the text after the change as escaped HTML with <ins> and <del> in it.

    `inserted` and `deleted` are words that screen readers speak before each; they can also be
    added later, in the reader's language, by `spoken`.
    """
    html = "".join(_marked(piece.op, piece.text) for piece in word_diff(before, after))
    return spoken(html, inserted, deleted) if inserted or deleted else html


def diff_side_by_side(before: str, after: str) -> list[Row]:
    """Return both texts as rows of paragraphs, what changed marked by <del> and <ins>.

    A row ends where a paragraph ends in both texts; blank lines make no rows.
    """
    rows: list[Row] = []
    left = right = ""
    for deleted, inserted, equal in _blocks(word_diff(before, after)):
        if _are_whole(deleted, inserted, equal, is_start=not (left or right)):
            rows += [*_row(left, right), *_replaced(deleted, inserted)]
            left = right = ""
        else:
            left += _marked("delete", deleted)
            right += _marked("insert", inserted)
        *ended, rest = equal.split("\n")
        for paragraph in ended:
            shared = _marked("equal", paragraph)
            rows += _row(left + shared, right + shared)
            left = right = ""
        left += _marked("equal", rest)
        right += _marked("equal", rest)
    return [*rows, *_row(left, right)]


def spoken(html: str, inserted: str, deleted: str, language: str = "") -> str:
    """Return HTML of this module with words for screen readers at each insertion and deletion.

    `language` is that of these words, where it may not be that of the text.
    """
    lang = f' lang="{escape(language)}"' if language else ""
    for tag, label in (("<ins>", inserted), ("<del>", deleted)):
        html = html.replace(
            tag, f'{tag}<span class="visually-hidden"{lang}>{escape(label)} </span>'
        )
    return html


def _compare(before: str, after: str, unit: re.Pattern[str], deadline: float) -> Iterator[Piece]:
    """Yield the differences of two texts in whole units, until `deadline` by the system's clock."""
    codes: dict[str, int] = {}
    encoded = [
        "".join(
            chr(codes.setdefault(found, _FIRST_CODE + len(codes))) for found in unit.findall(text)
        )
        for text in (before, after)
    ]
    units = list(codes)
    differences = _COMPARER.diff_main(*encoded, False, deadline)
    if unit is _WORD:
        _COMPARER.diff_cleanupSemantic(differences)
    for op, text in differences:
        yield Piece(_OPS[op], "".join(units[ord(code) - _FIRST_CODE] for code in text))


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield changed paragraphs with their successors, or with "" where none is like them.

    The successor is the first of the next ten that shares three in five words, else the one that
    shares most and at least two in five (Dice's coefficient). A single paragraph belongs to all
    that stands in its place, for it may have been split.
    """
    if len(old) == 1 or len(new) == 1:
        yield "".join(old), "".join(new)
        return
    words = [frozenset(_LETTERS.findall(text)) for text in new]
    start = 0
    for text in old:
        place = _successor(frozenset(_LETTERS.findall(text)), words[start : start + _WINDOW])
        if place is None:
            yield text, ""
            continue
        for skipped in new[start : start + place]:
            yield "", skipped
        yield text, new[start + place]
        start += place + 1
    for text in new[start:]:
        yield "", text


def _successor(words: frozenset[str], others: list[frozenset[str]]) -> int | None:
    best, place = 0.4, None
    for index, other in enumerate(others):
        share = 2 * len(words & other) / (len(words) + len(other) or 1)
        if share >= best:
            best, place = share, index
        if share >= 0.6:
            break
    return place


def _blocks(pieces: Iterable[Piece]) -> Iterator[tuple[str, str, str]]:
    """Yield what was deleted, what was inserted in its place, and the equal text that follows."""
    texts = {"delete": "", "insert": "", "equal": ""}
    for piece in pieces:
        if texts["equal"] and piece.op != "equal":
            yield texts["delete"], texts["insert"], texts["equal"]
            texts = {"delete": "", "insert": "", "equal": ""}
        texts[piece.op] += piece.text
    if any(texts.values()):
        yield texts["delete"], texts["insert"], texts["equal"]


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with neighbours of one kind joined and deletions before insertions."""
    for deleted, inserted, equal in _blocks(pieces):
        if deleted:
            yield Piece("delete", deleted)
        if inserted:
            yield Piece("insert", inserted)
        if equal:
            yield Piece("equal", equal)


def _are_whole(deleted: str, inserted: str, equal: str, *, is_start: bool) -> bool:
    """Whether whole paragraphs went or came: from a start to an end, or from an end to an end."""
    changed = [text for text in (deleted, inserted) if text]
    if is_start:
        return all(text.endswith("\n") for text in changed)
    return equal[:1] in ("", "\n") and bool(changed) and all(text[0] == "\n" for text in changed)


def _replaced(deleted: str, inserted: str) -> Iterator[Row]:
    """Yield rows of whole paragraphs that went and came, those in the same place side by side."""
    sides = (re.split(r"\n+", text.strip("\n")) for text in (deleted, inserted))
    for left, right in zip_longest(*sides, fillvalue=""):
        yield from _row(_marked("delete", left), _marked("insert", right))


def _row(left: str, right: str) -> Iterator[Row]:
    if re.sub(r"</?(?:ins|del)>", "", left + right).strip():
        yield Row(left, right, left != right)


def _marked(op: Op, text: str) -> str:
    html = escape(text, quote=False)
    if not text or op == "equal":
        return html
    tag = "ins" if op == "insert" else "del"
    return f"<{tag}>{html}</{tag}>"
