"""The files of a published consultation, read into plain objects. No database.

A folder holds `propositions.jsonl` (one article or proposed article a line, with the totals of its
positions, its arguments and sources), and of one article `article9_amendments.jsonl` and
`article9_votes.csv` (who voted what on which amendment: 1, 0, -1).
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from consultations.importing.held import (
    AMENDED,
    AmendmentRow,
    Argument,
    Bundle,
    ImportProblem,
    Item,
    LawPair,
    Link,
    Part,
    Totals,
    Vote,
)

PROPOSITIONS = "propositions.jsonl"
AMENDMENTS = "article9_amendments.jsonl"
VOTES = "article9_votes.csv"
ORIGINAL = "original"  # slug of the row that stands for that article as the government wrote it
VALUES = {"1": "agree", "0": "mixed", "-1": "disagree"}


def read(folder: Path) -> Bundle:
    """Read a folder. Raises ImportProblem."""
    items = tuple(_lines(folder / PROPOSITIONS, _item))
    rows = tuple(_lines(folder / AMENDMENTS, _amendment))
    bundle = Bundle(
        parts=tuple(_parts(folder / PROPOSITIONS)),
        items=items,
        amendments=rows,
        votes=tuple(_votes(folder / VOTES, rows)),
    )
    numbers = {item.label[1] for item in bundle.articles}
    if AMENDED not in numbers:
        raise ImportProblem(f"{PROPOSITIONS}: there is no government article {AMENDED} to amend.")
    official = {item.part for item in bundle.articles}
    for item in bundle.items:
        if item.part not in official:
            raise ImportProblem(f"{PROPOSITIONS}: {item.number} stands in a part without articles.")
    return bundle


def _lines(path: Path, make: Callable[[dict[str, Any]], Any]) -> Iterator[Any]:
    """Make one thing of each line of JSON, or raise ImportProblem that names the line."""
    for number, line in enumerate(_open(path), 1):
        if not line.strip():
            continue
        try:
            yield make(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ImportProblem(f"{path.name}, line {number}: {error!r}") from error


def _open(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise ImportProblem(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ImportProblem(f"{path} is not UTF-8: {error}") from error


def _count(value: Any) -> int:
    number = int(value)
    if number < 0:
        raise ValueError(f"a count is negative: {number}")
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text))
    if moment.tzinfo is None:
        raise ValueError(f"a moment without time zone: {text}")
    return moment


def _item(row: dict[str, Any]) -> Item:
    votes = row["votes"]
    return Item(
        number=int(row["id"]),
        part=int(row["section_id"]),
        title=row["title"].strip(),
        body=row["body"].strip(),
        explanation="\n\n".join(
            text for a in row["appendices"] or () if (text := (a["body"] or "").strip())
        ),
        law=tuple(
            LawPair(pair["title"], pair["before"] or "", pair["after"] or "")
            for pair in row["law_comparisons"] or ()
        ),
        author=row["author"]["id"],
        is_official=row["author"]["kind"] == "government",
        is_binned=bool(row["is_trashed"]),
        created_at=_moment(row["created_at"]),
        totals=Totals(*(_count(votes[name]) for name in ("agree", "mixed", "disagree"))),
        arguments=tuple(_argument(argument) for argument in row["arguments"]),
        links=tuple(_link(link) for link in row["sources"]),
    )


def _argument(row: dict[str, Any]) -> Argument:
    if row["side"] not in ("for", "against"):
        raise ValueError(f"argument {row['id']} is neither for nor against")
    return Argument(
        number=int(row["id"]),
        author=row["author"]["id"],
        stance=row["side"],
        body=row["body"].strip(),
        supports=_count(row["votes"]),
        created_at=_moment(row["created_at"]),
    )


def _link(row: dict[str, Any]) -> Link:
    return Link(
        number=int(row["id"]),
        author=row["author"]["id"],
        title=row["title"].strip(),
        url=row["link"].strip(),
        category=row["category"],
        note=(row["body"] or "").strip(),
        created_at=_moment(row["created_at"]),
    )


def _parts(path: Path) -> Iterator[Part]:
    """The parts in the order in which the draft's articles mention them."""
    seen: set[int] = set()
    for row in _lines(path, dict):
        number = int(row["section_id"])
        if row["author"]["kind"] == "government" and number not in seen:
            seen.add(number)
            yield Part(number, row["section"], row["section_subtitle"])


def _amendment(row: dict[str, Any]) -> AmendmentRow:
    votes = row["stats"]["votes"]
    return AmendmentRow(
        number=int(row["amendment"]),
        author=None if row["author"] is None else int(row["author"]),
        slug=row["slug"],
        law_title=row["title"] or "",
        before=row["before"] or "",
        after=row["after"],
        reason=(row["justification"] or "").strip(),
        created_at=_moment(row["date"]["created_at"]),
        totals=Totals(*(_count(votes[name]) for name in ("pour", "neutre", "contre"))),
    )


def _votes(path: Path, rows: tuple[AmendmentRow, ...]) -> Iterator[Vote]:
    """The votes, each with the number of a row of the amendments.

    The file calls the row that stands for the article itself by the article's number.
    """
    known = {row.number for row in rows}
    original = next((row.number for row in rows if row.slug == ORIGINAL), None)
    for number, row in enumerate(csv.DictReader(_open(path)), 2):
        try:
            amendment = int(row["amendment"])
            vote = Vote(amendment, int(row["voter"]), VALUES[row["vote"]])
        except (ValueError, KeyError, TypeError) as error:
            raise ImportProblem(f"{path.name}, line {number}: {error!r}") from error
        if amendment not in known and row["amendment"] == AMENDED and original is not None:
            vote = Vote(original, vote.voter, vote.value)
        elif amendment not in known:
            raise ImportProblem(f"{path.name}, line {number}: there is no amendment {amendment}.")
        yield vote
