"""BLT, the ballot file of many STV programs.

"candidates seats", then perhaps withdrawn candidates as negative numbers, then ballots "weight 1 3=4 2 0"
until a weight of 0, then the names and the title, in quotes or not. "=" joins equals, "-" is a rank that
was left blank. Ballots may carry an identifier in brackets before the weight; "#" begins a remark.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from voting.tally.files import BallotFile, Box, FormatError, whole

_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_IDENTIFIER = re.compile(r"\([^)]*\)")
_BLANK = "-"


class _Token(NamedTuple):
    """A word and the number of its line."""

    text: str
    line: int


def read(text: str) -> BallotFile:
    """Read BLT text. Raises FormatError."""
    lines = text.split("\n")
    tokens = _tokens(lines)
    size = whole(_next(tokens).text, "the number of candidates", 1, least=1)
    seats = whole(_next(tokens).text, "the number of seats", 1, least=1)
    withdrawn: list[str] = []
    box = Box(size)
    end = 0
    for token in tokens:
        if token.text.startswith("-") and not box.ballots and not box.empty:
            number = whole(token.text[1:], "a withdrawn candidate's number", token.line, least=1)
            if number > size:
                raise FormatError(f"there is no candidate {number} (1 to {size})", token.line)
            withdrawn.append(str(number))
            box.withdrawn = frozenset(withdrawn)
            continue
        copies = whole(token.text, "a ballot's weight", token.line)
        if copies == 0:
            end = token.line
            break
        box.add(_ranks(tokens), copies, token.line)
    if not end:
        raise FormatError("the ballots do not end with a line of 0; is the file complete?")
    names, title = _names(lines[end:], size, end)
    return BallotFile(
        box.contest(),
        names,
        seats=seats,
        title=title,
        withdrawn=tuple(withdrawn),
        empty=box.empty,
        warnings=box.warnings(),
    )


def _tokens(lines: list[str]) -> Iterator[_Token]:
    for number, line in enumerate(lines, 1):
        plain = _IDENTIFIER.sub(" ", line.partition("#")[0])
        for word in plain.split():
            yield _Token(word, number)


def _next(tokens: Iterator[_Token]) -> _Token:
    token = next(tokens, None)
    if token is None:
        raise FormatError("the file ends too early")
    return token


def _ranks(tokens: Iterator[_Token]) -> Iterator[list[str]]:
    """The groups of one ballot, up to its 0."""
    while (token := _next(tokens)).text != "0":
        if token.text != _BLANK:
            yield token.text.split("=")


def _names(lines: list[str], size: int, start: int) -> tuple[dict[str, str], str]:
    """Names by number, and the title. One a line, or, if lines are too few, one a pair of quotes."""
    rows = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len(rows) < size:
        rows = [found[0] for row in rows for found in _QUOTED.finditer(row)]
    if len(rows) < size:
        raise FormatError(f"{size} names are expected, there are {len(rows)}", start)
    names = {str(number): _unquoted(row) for number, row in enumerate(rows[:size], 1)}
    return names, _unquoted(rows[size]) if len(rows) > size else ""


def _unquoted(row: str) -> str:
    """The text without its quotes; several quoted pieces (name and party) are joined by a comma."""
    pieces = [found[1].replace('""', '"').strip() for found in _QUOTED.finditer(row)]
    rest = _QUOTED.sub("", row).strip()
    if pieces and (not rest or rest.startswith("#")):
        return ", ".join(piece for piece in pieces if piece)
    return row.strip().strip('"').strip()
