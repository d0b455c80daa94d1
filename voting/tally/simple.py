"""Methods that add up points once: plurality, approval, score, Borda."""

from voting.tally.counting import Counted, as_marks, as_ranking, highest, nobody
from voting.tally.figures import halves, texts
from voting.tally.lots import Arbiter
from voting.tally.model import Contest, Note, Ranking, Round
from voting.tally.pairs import compare


def plurality(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """One vote a ballot, for its first choice; a ballot with several first choices has none."""
    tallies = dict.fromkeys(contest.candidates, 0)
    unusable = 0
    for ballot, copies in contest.ballots.items():
        first = as_ranking(ballot)[:1]
        if first and len(first[0]) == 1:
            tallies[first[0][0]] += copies
        else:
            unusable += copies
    return _added(contest, seats, arbiter, tallies, "highest", unusable)


def approval(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """One vote for every candidate whom the ballot approves (see `approved`)."""
    tallies = dict.fromkeys(contest.candidates, 0)
    everybody = len(contest.candidates)
    unusable = 0
    for ballot, copies in contest.ballots.items():
        groups = approved(as_ranking(ballot), everybody)
        for group in groups:
            for candidate in group:
                tallies[candidate] += copies
        unusable += 0 if groups else copies
    return _added(contest, seats, arbiter, tallies, "highest", unusable)


def approved(ballot: Ranking, everybody: int) -> Ranking:
    """What a ranked ballot approves: every candidate it names.

    A ballot with ties that names all candidates says by its last group who is not approved; that
    is how files of complete orders with ties write approval ballots.
    """
    named = sum(len(group) for group in ballot)
    has_ties = named > len(ballot) > 1
    return ballot[:-1] if has_ties and named == everybody else ballot


def score(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """The sum of the scores; a candidate without a score gets the least one."""
    tallies = dict.fromkeys(contest.candidates, 0)
    for ballot, copies in contest.ballots.items():
        given = dict(as_marks(ballot))
        for candidate in contest.candidates:
            tallies[candidate] += copies * int(given.get(candidate, contest.least))
    return _added(contest, seats, arbiter, tallies, "highest_score", 0)


def borda(contest: Contest, seats: int, arbiter: Arbiter) -> Counted:
    """A point for every candidate ranked below, half a point for every one ranked equal.

    Candidates whom a ballot does not rank are equal and last, so they share the points that are
    left. Tallies are kept doubled, so that halves stay whole numbers.
    """
    ballots = sum(contest.ballots.values())
    if not ballots:
        return nobody(contest)
    pairs = compare(contest)
    doubled = {
        one: sum(ballots + votes - pairs[other][one] for other, votes in row.items())
        for one, row in pairs.items()
    }
    winners = highest(contest.candidates, doubled, seats, arbiter, round_number=1)
    tallies = {one: halves(doubled[one]) for one in contest.candidates}
    note = Note("highest_points", {"elected": list(winners)})
    return Counted(winners, (Round(1, "points", tallies, elected=winners, notes=(note,)),))


def _added(
    contest: Contest,
    seats: int,
    arbiter: Arbiter,
    tallies: dict[str, int],
    code: str,
    unusable: int,
) -> Counted:
    if sum(contest.ballots.values()) == unusable:
        return nobody(contest, unusable)
    winners = highest(contest.candidates, tallies, seats, arbiter, round_number=1)
    note = Note(code, {"elected": list(winners)})
    step = Round(1, "votes", texts(contest.candidates, tallies), elected=winners, notes=(note,))
    return Counted(winners, (step,), unusable)
