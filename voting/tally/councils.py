"""The Scottish councils' counts as CSV.

"candidates,seats", then "copies,first,second,…" (a line without preferences is empty papers), then
"Candidate 1",name,party for each candidate, then the ward. Names may hold commas in quotes.
"""

import csv
import io
import re

from voting.tally.files import BallotFile, Box, FormatError, shown, whole

_CANDIDATE = re.compile(r"candidate\s*(\d+)", re.IGNORECASE)


def read(text: str) -> BallotFile:
    """Read the text of one ward. Raises FormatError."""
    rows = csv.reader(io.StringIO(text), skipinitialspace=True)
    try:
        numbered = [(rows.line_num, [cell.strip() for cell in row]) for row in rows]
    except csv.Error as error:
        raise FormatError(str(error), rows.line_num) from error
    filled = [(line, row) for line, row in numbered if any(row)]
    if not filled or len(filled[0][1]) < 2:
        raise FormatError('"candidates,seats" is expected', 1)
    line, head = filled[0]
    size = whole(head[0], "the number of candidates", line, least=1)
    seats = whole(head[1], "the number of seats", line, least=1)
    box = Box(size)
    names: dict[str, str] = {}
    titles: list[str] = []
    for line, row in filled[1:]:
        if found := _CANDIDATE.fullmatch(row[0]):
            _name(names, found[1], row, size, line)
        elif names:
            titles.append(", ".join(cell for cell in row if cell))
        else:
            copies = whole(row[0], "a number of copies", line)
            box.add(([cell] for cell in row[1:] if cell), copies, line)
    if len(names) < size:
        raise FormatError(f"{size} candidates are expected, the file names {len(names)}")
    return BallotFile(
        box.contest(),
        names,
        seats=seats,
        title=" ".join(titles),
        empty=box.empty,
        warnings=box.warnings(),
    )


def _name(names: dict[str, str], number: str, row: list[str], size: int, line: int) -> None:
    """A candidate by number. Two lines that name one number differently contradict each other."""
    key = str(int(number))
    if not 1 <= int(number) <= size:
        raise FormatError(f"there is no candidate {number} (1 to {size})", line)
    name = ", ".join(cell for cell in row[1:] if cell) or shown(row[0])
    if names.setdefault(key, name) != name:
        raise FormatError(f"candidate {number} has two names", line)
