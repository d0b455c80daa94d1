"""Divide the lines of a draft into parts, each under the line that names it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from consultations.drafting.headings import (
    Heading,
    is_explanation,
    is_heading_like,
    read_designation,
    read_marked,
    read_outline,
)
from consultations.drafting.model import LEAVES, Kind, Problem

_MARKED = re.compile(r" {0,3}(?P<marks>#{1,9})(?:\s+(?P<text>.*))?$")
_ESCAPED = re.compile(r"\\+ {0,3}#{1,9}(?:\s|$)")
_CLOSING = re.compile(r"\s+#+$")
_PREAMBLE = Heading("preamble", 0, "", "", "")
_WRAPPED_LENGTH = 60


@dataclass(slots=True, eq=False)
class Part:
    """A node while it is being read. `level` is the heading's depth, 0 for names in plain text."""

    line: int
    level: int
    named: Heading
    heading: str
    body: list[str] = field(default_factory=list)
    explanation: list[str] = field(default_factory=list)
    children: list["Part"] = field(default_factory=list)
    kind: Kind | None = None
    is_explaining: bool = False

    def write(self, text: str) -> None:
        (self.explanation if self.is_explaining else self.body).append(text)

    def is_empty(self) -> bool:
        return not (tidy(self.body) or tidy(self.explanation) or self.children)


def tidy(lines: list[str]) -> str:
    """Join lines without the blank ones around them and the blanks at their ends."""
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def escape_line(line: str) -> str:
    """Return a line of a body so that it is not taken for a heading when it is read again."""
    return "\\" + line if _MARKED.match(line) or _ESCAPED.match(line) else line


def has_marks(lines: list[str]) -> bool:
    """Whether any line is a Markdown heading."""
    return any(_MARKED.match(line) for line in lines)


def read_markdown(lines: list[str]) -> tuple[list[Part], list[Problem]]:
    """Return the parts under their headings, and the lines that look like headings unmarked."""
    parts = [Part(1, 0, _PREAMBLE, "")]
    doubts = []
    for number, line in enumerate(lines, 1):
        marked = _MARKED.match(line)
        if marked is None:
            if _looks_named(line):
                doubts.append(Problem(number, "looks_like_heading", line.strip()[:80]))
            parts[-1].write(line[1:] if _ESCAPED.match(line) else line)
            continue
        level, text = len(marked["marks"]), _CLOSING.sub("", (marked["text"] or "").strip())
        named, last = read_marked(text), parts[-1]
        is_inside = last.named.kind == "article" and level > last.level and named.kind is None
        if is_explanation(text):
            last.is_explaining = True
        elif is_inside and not named.is_firm:
            last.write(line)
        else:
            parts.append(Part(number, level, named, named.rest))
    return [part for part in parts if part.line > 1 or part.level or not part.is_empty()], doubts


def _looks_named(line: str) -> bool:
    named = read_designation(line)
    return named is not None and named.is_apart and (not named.rest or is_heading_like(named.rest))


def take_title(parts: list[Part]) -> tuple[str, list[Part]]:
    """Take off the draft's own title: a first heading that stands above all and names no part."""
    if not parts:
        return "", parts
    first, *others = parts
    is_alone = others and first.level and all(part.level > first.level for part in others)
    is_title = first.named.kind is None and not first.named.number
    if not (is_title and (is_alone or first.named.is_firm)):
        return "", parts
    opening = Part(first.line, 0, _PREAMBLE, "", first.body, first.explanation)
    return first.heading, others if opening.is_empty() else [opening, *others]


def read_plain(lines: list[str]) -> list[Part]:
    """Return the parts under lines that name one; under numbered lines where none does."""
    names = {index: named for index, line in enumerate(lines) if (named := _name(lines, index))}
    if all(named.kind == "preamble" for named in names.values()):
        names |= _outline(lines)
    parts = [Part(1, 0, _PREAMBLE, "")]
    headings: set[int] = set()
    for index, line in enumerate(lines):
        named = names.get(index)
        if named is not None:
            below = None if named.rest else _heading_below(lines, index, named, names)
            headings |= set() if below is None else {below}
            parts.append(_part(index, named, named.rest if below is None else lines[below].strip()))
        elif index in headings:
            continue
        elif is_explanation(line):
            parts[-1].is_explaining = True
        else:
            parts[-1].write(line)
    return [part for part in parts if part.named is not _PREAMBLE or not part.is_empty()]


def _part(index: int, named: Heading, text: str) -> Part:
    """Return a new part; words behind its number that are a sentence open the body."""
    level = named.number.count(".") + 1 if named.kind is None else 0
    if not text or is_heading_like(text):
        return Part(index + 1, level, named, text)
    return Part(index + 1, level, named, "", [text])


def _name(lines: list[str], index: int) -> Heading | None:
    """Return what the line names, unless it is a sentence that only mentions an article."""
    named = read_designation(lines[index])
    if named is None or not (named.is_apart or is_heading_like(named.rest)):
        return None
    before = lines[index - 1].strip() if index else ""
    is_wrapped = len(before) >= _WRAPPED_LENGTH and before[-1] not in '.;:!?»”")'
    return None if is_wrapped and read_designation(before) is None else named


def _heading_below(
    lines: list[str], index: int, named: Heading, names: dict[int, Heading]
) -> int | None:
    """Return the line under "CHAPTER I" that is its heading, where there is one."""
    below = next(
        (i for i in range(index + 1, min(index + 3, len(lines))) if lines[i].strip()), None
    )
    if below is None or below in names or not is_heading_like(lines[below].strip()):
        return None
    if is_explanation(lines[below]):
        return None
    after = below + 1
    if after < len(lines) and lines[after].strip() and after not in names:
        return None
    following = next((i for i in range(after, len(lines)) if lines[i].strip()), None)
    is_all = following is None or following in names
    return None if is_all and named.kind in LEAVES else below


def _outline(lines: list[str]) -> dict[int, Heading]:
    """Return the lines that count 1, 1.1, 2 (or I, II): those like headings, or else all."""
    found = {i: named for i, line in enumerate(lines) if (named := read_outline(line))}
    like = {i: named for i, named in found.items() if is_heading_like(named.rest)}
    for candidates in (like, {i: named for i, named in found.items() if named.label[-1] == "."}):
        counted = dict(_in_sequence(candidates))
        if len(counted) > 1:
            return counted
    return {}


def _in_sequence(candidates: dict[int, Heading]) -> Iterator[tuple[int, Heading]]:
    """Yield the candidates whose number follows the one before: 1.1 or 2 after 1, 2 after 1.3."""
    path: tuple[int, ...] = (0,)
    is_roman = None
    for index, named in candidates.items():
        if is_roman is None:
            is_roman = named.number.isalpha()
        if named.number.isalpha() is not is_roman:
            continue
        count = (_roman(named.number),) if is_roman else tuple(map(int, named.number.split(".")))
        depth = len(count) - 1
        is_child = path != (0,) and count == (*path, 1)
        is_next = depth < len(path) and count == (*path[:depth], path[depth] + 1)
        if is_child or is_next:
            path = count
            yield index, named


def _roman(number: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[letter] for letter in number]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)
