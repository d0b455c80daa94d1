"""Majority judgement: the best median grade; equal medians are told apart by removing medians.

Michel Balinski and Rida Laraki, "Majority Judgment: Measuring, Ranking, and Electing", MIT Press 2011.
"""

from collections.abc import Mapping

from voting.tally.counting import Counted, as_marks, highest, nobody
from voting.tally.figures import texts
from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Note, Round

Profile = Mapping[str, list[int]]


def majority_judgement(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """Elect by majority value. A candidate without a grade on a ballot gets the worst one there."""
    ballots = sum(contest.ballots.values())
    if not ballots:
        return nobody(contest)
    profile = _profile(contest)
    values = {one: majority_value(profile[one]) for one in contest.candidates}
    levels = {value: rank for rank, value in enumerate(sorted(set(values.values())))}
    standing = {one: levels[values[one]] for one in contest.candidates}
    medians = {one: contest.grades[-1 - values[one][0]] for one in contest.candidates}
    first = _grades_round(contest, profile, medians)
    rest = _removals(contest, values, start=2)
    last_number = len(rest) + 2
    winners = highest(contest.candidates, standing, seats, arbiter, round_number=last_number)
    places = len(levels)
    last = Round(
        last_number,
        "majority_value",
        {one: str(places - standing[one]) for one in contest.candidates},
        elected=winners,
        notes=(Note("best_grades", {"elected": list(winners)}),),
    )
    return Counted(winners, (first, *rest, last))


def majority_value(counts: list[int]) -> bytes:
    """The grades as their medians are removed one by one; the greater sequence ranks higher.

    `counts[g]` is how often grade g was given, 0 the worst. With an even number the median is the
    lower of the two middle grades. Removing medians walks from the middle outwards: after an odd
    number of grades the lower neighbour comes next, after an even number the upper one, in turn.
    """
    grades = b"".join(bytes([grade]) * count for grade, count in enumerate(counts))
    middle = (len(grades) - 1) // 2
    lower, upper = grades[middle::-1], grades[middle + 1 :]
    value = bytearray(len(grades))
    if len(grades) % 2:
        value[0] = grades[middle] if grades else 0
        value[1::2], value[2::2] = lower[1:], upper
    else:
        value[0::2], value[1::2] = lower, upper
    return bytes(value)


def _profile(contest: Contest) -> dict[str, list[int]]:
    """How often each candidate got each grade, the worst first."""
    rank = {grade: index for index, grade in enumerate(reversed(contest.grades))}
    profile = {one: [0] * len(rank) for one in contest.candidates}
    ballots = sum(contest.ballots.values())
    for ballot, copies in contest.ballots.items():
        for candidate, grade in as_marks(ballot):
            profile[candidate][rank[str(grade)]] += copies
    for counts in profile.values():
        counts[0] += ballots - sum(counts)
    return profile


def _grades_round(contest: Contest, profile: Profile, medians: Mapping[str, str]) -> Round:
    table = {
        one: dict(zip(contest.grades, map(str, reversed(profile[one])), strict=True))
        for one in contest.candidates
    }
    return Round(1, "grades", medians, notes=(Note("medians"),), table=table)


def _removals(contest: Contest, values: Mapping[str, bytes], *, start: int) -> tuple[Round, ...]:
    """One round for each number of removed medians at which the leaders' order is settled further.

    It says after how many removals the best of those who were equal until then differ.
    """
    steps: list[Round] = []
    tied = [one for one in contest.candidates if values[one][0] == _best(values)[0]]
    while len(tied) > 1 and len({values[one] for one in tied}) > 1:
        removed = _first_difference([values[one] for one in tied])
        grade = max(values[one][removed] for one in tied)
        left = [one for one in tied if values[one][removed] == grade]
        shown = {one: contest.grades[-1 - values[one][removed]] for one in tied}
        note = Note("medians_removed", {"tied": tied, "removed": removed, "left": left})
        figures = texts(["removed"], {"removed": removed})
        steps.append(Round(start + len(steps), "removal", shown, notes=(note,), values=figures))
        tied = left
    return tuple(steps)


def _best(values: Mapping[str, bytes]) -> bytes:
    return max(values.values())


def _first_difference(values: list[bytes]) -> int:
    """The first place at which not all of `values` agree. They are of one length and not all equal."""
    low, high = 0, len(values[0])
    while high - low > 1:
        middle = (low + high) // 2
        if len({value[:middle] for value in values}) > 1:
            high = middle
        else:
            low = middle
    return low
