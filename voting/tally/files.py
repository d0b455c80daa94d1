"""What all readers of ballot files share: the file as it was understood, and what is refused.

Candidates are known by their number in the file, as text ("1", "2", …). A ballot that names somebody
twice counts the first mention. What can be read in one way only is read, anything else is refused
with the number of its line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from voting.tally.model import Contest, Preference, Ranking, ranking


class FormatError(ValueError):
    """A file cannot be read; the message is one line in plain English and names the line."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)


@dataclass(frozen=True, slots=True)
class BallotFile:
    """What a file holds. `seats` None: the file does not say. `empty` ballots name nobody.

    `withdrawn` candidates are not in the contest; ballots skip them. `warnings` are things that do
    not prevent a count but deserve a look.
    """

    contest: Contest
    names: Mapping[str, str]
    seats: int | None = None
    title: str = ""
    withdrawn: tuple[str, ...] = ()
    empty: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Box:
    """Ballots as they are read, candidate by candidate checked against how many there are."""

    size: int
    withdrawn: frozenset[str] = frozenset()
    ballots: dict[Preference, int] = field(default_factory=dict)
    empty: int = 0
    repeated: int = 0
    known: dict[str, tuple[str]] = field(default_factory=dict)

    def add(self, groups: Iterable[Sequence[str]], copies: int, line: int) -> None:
        """Put `copies` of a ballot in. Raises FormatError for a candidate that does not exist."""
        ranks = list(groups)
        ballot = self._plain(ranks) or self._careful(ranks, copies, line)
        if ballot and copies:
            self.ballots[ballot] = self.ballots.get(ballot, 0) + copies
        else:
            self.empty += copies

    def _plain(self, ranks: Sequence[Sequence[str]]) -> Ranking:
        """A ballot without ties or repetitions whose candidates were met before; else ()."""
        order = tuple(self.known.get(group[0], ()) if len(group) == 1 else () for group in ranks)
        return order if all(order) and len(set(order)) == len(order) else ()

    def _careful(self, ranks: Iterable[Iterable[str]], copies: int, line: int) -> Ranking:
        """Any ballot, candidate by candidate."""
        seen: set[str] = set()
        kept: list[list[str]] = []
        for group in ranks:
            equal: list[str] = []
            for text in group:
                candidate = self._candidate(text, line)
                if candidate in seen:
                    self.repeated += copies
                elif candidate not in self.withdrawn:
                    equal.append(candidate)
                seen.add(candidate)
            kept.append(equal)
        return ranking(kept)

    def _candidate(self, text: str, line: int) -> str:
        number = whole(text, "a candidate's number", line)
        if not 1 <= number <= self.size:
            raise FormatError(f"there is no candidate {number} (1 to {self.size})", line)
        if str(number) not in self.withdrawn:
            self.known[text] = (str(number),)
        return str(number)

    def contest(self) -> Contest:
        numbers = (str(number) for number in range(1, self.size + 1))
        return Contest(tuple(one for one in numbers if one not in self.withdrawn), self.ballots)

    def warnings(self) -> tuple[str, ...]:
        if not self.repeated:
            return ()
        return (f"{self.repeated} ballots name a candidate twice; the first mention counts",)


def whole(text: str, what: str, line: int, *, least: int = 0) -> int:
    """The whole number in `text`. Raises FormatError, which says `what` was expected."""
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdigit()) or len(stripped) > 18:
        raise FormatError(f"{what} is expected instead of {shown(text)}", line)
    number = int(stripped)
    if number < least:
        raise FormatError(f"{what} must be at least {least}, not {number}", line)
    return number


def shown(text: str) -> str:
    """A piece of a file for a message: short, on one line, in quotes."""
    line = " ".join(text.split())
    return f'"{line[:40]}…"' if len(line) > 40 else f'"{line}"'


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, with or without a mark, else Latin-1, as older files are."""
    if b"\0" in raw[:4096]:
        raise FormatError("this is not a text file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")
