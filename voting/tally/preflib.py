"""PrefLib: strict and weak orders, complete and incomplete (.soc .soi .toc .toi), and grades (.cat).

Both the present format (a head of "# NAME: value" lines, then "copies: order") and the one before 2022
(the number of candidates, their names, a line of sums, then "copies,order") are read. Ties stand in braces.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from voting.tally.counting import as_ranking
from voting.tally.files import BallotFile, Box, FormatError, shown, whole
from voting.tally.model import Contest, Marks, Ranking, approval, ranking

SUFFIXES = (".soc", ".soi", ".toc", ".toi", ".cat")

_HEAD = re.compile(r"#\s*([^:]+):(.*)")
_NAME = re.compile(r"ALTERNATIVE NAME (\d+)")
_CATEGORY = re.compile(r"CATEGORY NAME (\d+)")
_GROUP = re.compile(r"\{([^{}]*)\}|([^,{}]+)")
_ORDER = re.compile(r"\s*(?:\{[^{}]*\}|[^,{}]*)\s*(?:,\s*(?:\{[^{}]*\}|[^,{}]*)\s*)*")


@dataclass(frozen=True, slots=True)
class _Line:
    """A ballot as it stands in the file, with the number of its line."""

    number: int
    copies: int
    order: str


def read(text: str, name: str) -> BallotFile:
    """Read PrefLib text; `name` tells the kind. Raises FormatError."""
    lines = text.split("\n")
    is_head = any(line.startswith("#") for line in lines[:50])
    head, names, ballots = _present(lines) if is_head else _former(lines)
    size = _size(head, names)
    box = Box(size)
    if PurePath(name).suffix.lower() == ".cat":
        return _categories(head, names, ballots, box)
    for line in ballots:
        box.add(_groups(line), line.copies, line.number)
    warnings = (*box.warnings(), *_sums(head, sum(line.copies for line in ballots)))
    return BallotFile(
        box.contest(), names, title=head.get("TITLE", ""), empty=box.empty, warnings=warnings
    )


def _present(lines: list[str]) -> tuple[dict[str, str], dict[str, str], list[_Line]]:
    head: dict[str, str] = {}
    names: dict[str, str] = {}
    ballots: list[_Line] = []
    for number, line in enumerate(lines, 1):
        if found := _HEAD.match(line):
            key, value = found[1].strip().upper(), found[2].strip()
            if named := _NAME.fullmatch(key):
                names[str(int(named[1]))] = value
            else:
                head[key] = value
        elif line.strip() and not line.startswith("#"):
            copies, colon, order = line.partition(":")
            if not colon:
                raise FormatError(f'"copies: order" is expected instead of {shown(line)}', number)
            ballots.append(_Line(number, whole(copies, "a number of copies", number), order))
    return head, names, ballots


def _former(lines: list[str]) -> tuple[dict[str, str], dict[str, str], list[_Line]]:
    size = whole(lines[0], "the number of candidates", 1, least=1)
    names: dict[str, str] = {}
    for number, line in enumerate(lines[1 : size + 1], 2):
        key, comma, name = line.partition(",")
        if not comma:
            raise FormatError(f'"number,name" is expected instead of {shown(line)}', number)
        names[str(whole(key, "a candidate's number", number))] = name.strip()
    ballots: list[_Line] = []
    for number, line in enumerate(lines[size + 2 :], size + 3):
        if line.strip():
            copies, _, order = line.partition(",")
            ballots.append(_Line(number, whole(copies, "a number of copies", number), order))
    sums = (lines[size + 1] if len(lines) > size + 1 else "").split(",")
    return {"NUMBER ALTERNATIVES": str(size), "NUMBER VOTERS": sums[0]}, names, ballots


def _size(head: Mapping[str, str], names: Mapping[str, str]) -> int:
    written = head.get("NUMBER ALTERNATIVES")
    size = len(names) if written is None else whole(written, "NUMBER ALTERNATIVES", 0)
    if size < 1:
        raise FormatError("the file names no candidates; is it a PrefLib file?")
    if any(int(number) > size for number in names):
        raise FormatError(f"the file names more candidates than it says ({size})")
    return size


def _groups(line: _Line) -> Iterator[list[str]]:
    if "{" not in line.order and "}" not in line.order:
        yield from ([single] for single in line.order.strip().split(",") if single.strip())
        return
    if not _ORDER.fullmatch(line.order):
        raise FormatError(f"{shown(line.order)} is no order; are its braces closed?", line.number)
    for tied, single in _GROUP.findall(line.order):
        if single.strip():
            yield [single]
        elif tied.strip():
            yield tied.split(",")


def _sums(head: Mapping[str, str], voters: int) -> tuple[str, ...]:
    written = head.get("NUMBER VOTERS", "").strip()
    if not written.isdigit() or int(written) == voters:
        return ()
    return (f"the file speaks of {written} voters, its lines hold {voters}",)


def _categories(
    head: Mapping[str, str], names: Mapping[str, str], ballots: list[_Line], box: Box
) -> BallotFile:
    """Grades: each line lists, grade by grade from the first, who got it; "{}" is nobody."""
    numbers = [int(found[1]) for key in head if (found := _CATEGORY.fullmatch(key))]
    count = whole(head.get("NUMBER CATEGORIES", ""), "NUMBER CATEGORIES", 0, least=1)
    grades = tuple(head.get(f"CATEGORY NAME {n}", str(n)) for n in range(1, count + 1))
    if len(set(grades)) != count or any(number > count for number in numbers):
        raise FormatError("each category needs a name of its own")
    graded: dict[Ranking | Marks, int] = {}
    for line in ballots:
        parts = [tied if tied or not single else single for tied, single in _pieces(line)]
        if len(parts) > count:
            raise FormatError(f"there are more than {count} categories", line.number)
        groups = [[one for one in part.split(",") if one.strip()] for part in parts]
        box.add(groups, line.copies, line.number)
        ballot = tuple(
            sorted(
                (str(int(one)), grade)
                for grade, group in zip(grades, groups, strict=False)
                for one in group
            )
        )
        if ballot:
            graded[ballot] = graded.get(ballot, 0) + line.copies
    contest = replace(box.contest(), ballots=graded, grades=grades)
    warnings = (*box.warnings(), *_sums(head, sum(line.copies for line in ballots)))
    return BallotFile(
        contest, names, title=head.get("TITLE", ""), empty=box.empty, warnings=warnings
    )


def _pieces(line: _Line) -> list[tuple[str, str]]:
    if not _ORDER.fullmatch(line.order):
        raise FormatError(f"{shown(line.order)} has braces that are not closed", line.number)
    return [
        (tied, single.strip())
        for tied, single in _GROUP.findall(line.order)
        if not single.isspace()
    ]


def as_rankings(contest: Contest) -> Contest:
    """A contest of grades as ranked ballots: who got the same grade is equal."""
    place = {grade: index for index, grade in enumerate(contest.grades)}
    ranked: dict[Ranking | Marks, int] = {}
    for ballot, copies in contest.ballots.items():
        groups: list[list[str]] = [[] for _ in place]
        for candidate, grade in ballot:
            groups[place[str(grade)]].append(str(candidate))
        order = ranking(groups)
        ranked[order] = ranked.get(order, 0) + copies
    return Contest(contest.candidates, ranked)


def as_approvals(contest: Contest) -> Contest:
    """A contest of grades as approval ballots: whoever got the first grade is approved."""
    approving: dict[Ranking | Marks, int] = {}
    for ballot, copies in contest.ballots.items():
        approved = approval(str(one) for one, grade in ballot if grade == contest.grades[0])
        approving[approved] = approving.get(approved, 0) + copies
    return Contest(contest.candidates, approving)


def suffix(contest: Contest) -> str:
    """The kind of file that these ballots need: "soc", "soi", "toc" or "toi"."""
    everybody = len(contest.candidates)
    ballots = [as_ranking(ballot) for ballot in contest.ballots]
    has_ties = any(len(group) > 1 for ballot in ballots for group in ballot)
    is_complete = all(sum(map(len, ballot)) == everybody for ballot in ballots)
    return ("t" if has_ties else "s") + "o" + ("c" if is_complete else "i")


def write(
    contest: Contest, names: Mapping[str, str], *, title: str, file_name: str, date: str
) -> Iterator[str]:
    """Yield the lines of a PrefLib file, the most frequent order first. `date` is an ISO date.

    Candidates are numbered from 1 in the order of the contest; `names` is by the contest's keys.
    """
    number = {one: str(index) for index, one in enumerate(contest.candidates, 1)}
    head = {
        "FILE NAME": file_name,
        "TITLE": title,
        "DESCRIPTION": "",
        "DATA TYPE": suffix(contest),
        "MODIFICATION TYPE": "original",
        "RELATES TO": "",
        "RELATED FILES": "",
        "PUBLICATION DATE": date,
        "MODIFICATION DATE": date,
        "NUMBER ALTERNATIVES": str(len(number)),
        "NUMBER VOTERS": str(sum(contest.ballots.values())),
        "NUMBER UNIQUE ORDERS": str(len(contest.ballots)),
    }
    head |= {f"ALTERNATIVE NAME {number[one]}": names.get(one, one) for one in number}
    for key, value in head.items():
        yield f"# {key}: {' '.join(value.split())}".rstrip() + "\n"
    lines = [
        (-copies, ",".join(_written(group, number) for group in as_ranking(ballot)))
        for ballot, copies in contest.ballots.items()
    ]
    for copies, order in sorted(lines):
        yield f"{-copies}: {order}\n"


def _written(group: tuple[str, ...], number: Mapping[str, str]) -> str:
    numbers = sorted((number[one] for one in group), key=int)
    return numbers[0] if len(numbers) == 1 else "{" + ",".join(numbers) + "}"
