"""What is counted and what comes out.

Everything here is plain and frozen. Numbers are whole or written as exact decimal text, never floats.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

# A ranked ballot: groups from the best to the worst; candidates in one group are equal, candidates
# that are missing stand below all others. One choice is (("a",),), an approval ballot one group.
Ranking = tuple[tuple[str, ...], ...]
# A ballot of scores or grades: (candidate, score or key of the grade), sorted by candidate.
Marks = tuple[tuple[str, int | str], ...]
Preference = Ranking | Marks


@dataclass(frozen=True, slots=True)
class Contest:
    """Candidates and the distinct ballots with how often each was cast.

    `candidates` are keys in the order shown; that order decides nothing. `grades` (majority
    judgement) go from the best to the worst. `least` (score) is what a missing score counts.
    """

    candidates: tuple[str, ...]
    ballots: Mapping[Preference, int]
    grades: tuple[str, ...] = ()
    least: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 in hexadecimal of the contest in one spelling, whatever the order of its parts.

        The first line is canonical JSON of the candidates, sorted by key, the grades and the least
        score; each further line is the number of a ballot's copies, a space and its canonical JSON,
        sorted by that JSON. Lines end with a newline, the text is UTF-8.
        """
        head = {
            "candidates": sorted(self.candidates),
            "grades": list(self.grades),
            "least": self.least,
        }
        lines = sorted((_spelled(ballot), copies) for ballot, copies in self.ballots.items())
        hasher = hashlib.sha256(_spelled(head).encode() + b"\n")
        hasher.update("".join(f"{copies} {ballot}\n" for ballot, copies in lines).encode())
        return hasher.hexdigest()


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a round: a code, and what its sentence names."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Transfer:
    """Votes that moved in a round; `target` None: no further preference, they rest."""

    source: str
    target: str | None
    votes: str

    def to_json(self) -> dict[str, Any]:
        return {"from": self.source, "to": self.target, "votes": self.votes}


@dataclass(frozen=True, slots=True)
class Round:
    """One step of a count. `tallies` is how things stand at its end, in the order of candidates.

    `values` are further figures of the round by name (quota, exhausted, surplus, …); `table` is
    {row: {column: text}} where a step is a table (pairs of candidates, grades).
    """

    number: int
    code: str
    tallies: Mapping[str, str]
    elected: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    notes: tuple[Note, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    table: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "code": self.code,
            "tallies": dict(self.tallies),
            "elected": list(self.elected),
            "excluded": list(self.excluded),
            "transfers": [transfer.to_json() for transfer in self.transfers],
            "notes": [note.to_json() for note in self.notes],
            "values": dict(self.values),
            "table": {row: dict(columns) for row, columns in self.table.items()},
        }


@dataclass(frozen=True, slots=True)
class Tie:
    """Candidates that stood equal where an order was needed.

    `purpose`: "elect" (who gets a seat), "order" (who of the elected is first), "exclude",
    "transfer" (whose surplus goes first), "pair" (which victory is locked first).
    `decided_by`: "history" (an earlier round) or "lot". `chosen` was elected, excluded or taken first.
    """

    round: int
    purpose: str
    candidates: tuple[str, ...]
    decided_by: str
    chosen: str

    def to_json(self) -> dict[str, Any]:
        return {
            "round": self.round,
            "purpose": self.purpose,
            "candidates": list(self.candidates),
            "decided_by": self.decided_by,
            "chosen": self.chosen,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """Who is elected, in order of election, and every step that led there.

    `ballots` were counted; `unusable` had nothing that this method can count. `lot` is the order of
    candidates that settles what nothing else settles; the first is favoured. `digest` is the contest's.
    """

    method: str
    version: int
    seats: int
    candidates: tuple[str, ...]
    ballots: int
    unusable: int
    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    lot: tuple[str, ...]
    digest: str

    def to_json(self) -> dict[str, Any]:
        """Plain data for storing and publishing."""
        return {
            "method": self.method,
            "version": self.version,
            "seats": self.seats,
            "candidates": list(self.candidates),
            "ballots": self.ballots,
            "unusable": self.unusable,
            "winners": list(self.winners),
            "rounds": [step.to_json() for step in self.rounds],
            "ties": [tie.to_json() for tie in self.ties],
            "lot": list(self.lot),
            "digest": self.digest,
        }


def strict(*candidates: str) -> Ranking:
    """A ranked ballot without ties, best first."""
    return tuple((candidate,) for candidate in candidates)


def ranking(groups: Iterable[Iterable[str]]) -> Ranking:
    """A ranked ballot, equals in any order; empty groups are left out."""
    return tuple(tuple(sorted(group)) for group in map(tuple, groups) if group)


def approval(candidates: Iterable[str]) -> Ranking:
    """A ballot that approves these candidates."""
    return ranking([candidates])


def marks(given: Mapping[str, int | str]) -> Marks:
    """A ballot of scores or grades."""
    return tuple(sorted(given.items()))


# One encoder for all ballots: json.dumps would make a new one for each.
_spelled = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
