"""How many voters prefer each candidate to each other one."""

from collections.abc import Mapping

from voting.tally.model import Contest

# preferred[a][b]: the number of ballots that rank a above b.
Pairs = Mapping[str, Mapping[str, int]]


def compare(contest: Contest) -> dict[str, dict[str, int]]:
    """Count every pair of candidates. Missing candidates stand below ranked ones, equal among themselves.

    Each candidate's row is one long integer, cut into as many fields of bits as there are
    candidates: adding "one more voter prefers her to all of these" is then a single sum, and a
    ballot costs as many sums as it has ranks, instead of one for every pair.
    """
    width = max(sum(contest.ballots.values()).bit_length(), 1)
    field = {one: 1 << (index * width) for index, one in enumerate(contest.candidates)}
    everybody = sum(field.values())
    rows = dict.fromkeys(contest.candidates, 0)
    for ballot, copies in contest.ballots.items():
        below = everybody * copies
        for group in ballot:
            for candidate in group:
                below -= field[str(candidate)] * copies
            for candidate in group:
                rows[str(candidate)] += below
    mask = (1 << width) - 1
    return {
        one: {
            other: (rows[one] >> (index * width)) & mask
            for index, other in enumerate(contest.candidates)
            if other != one
        }
        for one in contest.candidates
    }


def condorcet_winner(pairs: Pairs) -> str | None:
    """Whoever beats every other candidate in a comparison of two, if there is one."""
    for one, row in pairs.items():
        if all(votes > pairs[other][one] for other, votes in row.items()):
            return one
    return None


def as_table(pairs: Pairs) -> dict[str, dict[str, str]]:
    """The comparison as text, row by row in the order of candidates."""
    return {one: {other: str(votes) for other, votes in row.items()} for one, row in pairs.items()}
