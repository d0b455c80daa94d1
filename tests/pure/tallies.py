"""Contests that several tests of counting share, with their sources."""

from hypothesis import strategies as st

from voting.tally.model import Contest, Preference, marks, ranking, strict


def contest(*lines: tuple[int, str], candidates: str = "") -> Contest:
    """Ballots by letters: (3, "abc") are three ballots that rank a, b, c."""
    letters = candidates or "".join(sorted({letter for _, order in lines for letter in order}))
    ballots: dict[Preference, int] = {}
    for copies, order in lines:
        ballots[strict(*order)] = ballots.get(strict(*order), 0) + copies
    return Contest(tuple(letters), ballots)


# Where is the capital of Tennessee to be? Memphis, Nashville, Chattanooga, Knoxville, each nearest to
# itself. The usual example of the English Wikipedia's articles on voting methods.
TENNESSEE = contest((42, "mnck"), (26, "nckm"), (15, "cknm"), (17, "kcnm"))

# English Wikipedia, "Schulze method": 45 voters, no Condorcet winner.
SCHULZE_45 = contest(
    (5, "acbed"),
    (5, "adecb"),
    (8, "bedac"),
    (3, "cabed"),
    (7, "caebd"),
    (2, "cbade"),
    (7, "dceba"),
    (8, "ebadc"),
)

# Schulze (2011), example 1: 21 voters.
SCHULZE_21 = contest((8, "acdb"), (2, "badc"), (4, "cdba"), (4, "dbac"), (3, "dcba"))

# English Wikipedia, "Single transferable vote": food for a party, three kinds for twenty guests.
# orange, pear, chocolate, strawberry, bonbon (written o, p, c, s, b).
PARTY = contest((4, "o"), (2, "po"), (8, "cs"), (4, "cb"), (1, "s"), (1, "b"))

RANKED = (
    "plurality",
    "approval",
    "borda",
    "irv",
    "stv-scottish",
    "stv-meek",
    "schulze",
    "ranked-pairs",
)
GRADES = ("excellent", "good", "fair", "poor")
LETTERS = "abcde"


@st.composite
def strict_contests(draw: st.DrawFn) -> Contest:
    """Up to five candidates, ballots without ties, some of them partial."""
    candidates = LETTERS[: draw(st.integers(2, 5))]
    orders = st.permutations(candidates).flatmap(
        lambda order: st.integers(1, len(order)).map(lambda length: strict(*order[:length]))
    )
    return Contest(tuple(candidates), draw(_counted(orders)))


@st.composite
def weak_contests(draw: st.DrawFn) -> Contest:
    """The same with ties on the ballots."""
    candidates = LETTERS[: draw(st.integers(2, 5))]
    places = st.lists(st.integers(0, 5), min_size=len(candidates), max_size=len(candidates)).filter(
        any
    )
    orders = places.map(
        lambda row: ranking(
            [one for one, place in zip(candidates, row, strict=True) if place == wanted]
            for wanted in range(5, 0, -1)
        )
    )
    return Contest(tuple(candidates), draw(_counted(orders)))


@st.composite
def graded_contests(draw: st.DrawFn) -> Contest:
    """Grades for up to five candidates; some are left without one."""
    candidates = LETTERS[: draw(st.integers(2, 5))]
    ballots = st.dictionaries(st.sampled_from(candidates), st.sampled_from(GRADES), min_size=1).map(
        marks
    )
    return Contest(tuple(candidates), draw(_counted(ballots)), grades=GRADES)


def _counted(ballots: st.SearchStrategy) -> st.SearchStrategy:
    return st.dictionaries(ballots, st.integers(1, 9), min_size=1, max_size=8)
