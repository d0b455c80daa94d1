"""What holds for every count, whatever the ballots."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.tallies import (
    GRADES,
    RANKED,
    graded_contests,
    strict_contests,
    weak_contests,
)
from voting.tally import thresholds
from voting.tally.judgement import majority_value
from voting.tally.methods import count
from voting.tally.model import Contest
from voting.tally.pairs import compare, condorcet_winner

SEATS = st.integers(1, 4)
methods = pytest.mark.parametrize("method", RANKED)


@methods
@given(of=weak_contests(), seats=SEATS)
def test_the_order_of_ballots_and_candidates_is_irrelevant(method, of, seats):
    turned = Contest(of.candidates[::-1], dict(reversed(of.ballots.items())))
    one, other = count(method, of, seats=seats), count(method, turned, seats=seats)
    assert one.digest == other.digest
    assert one.winners == other.winners
    assert [step.elected for step in one.rounds] == [step.elected for step in other.rounds]


@methods
@given(of=weak_contests(), seats=SEATS, data=st.data())
def test_other_names_elect_the_same_candidates(method, of, seats, data):
    """With the lot renamed too; the lot itself is drawn from names and so depends on them."""
    names = dict(zip(of.candidates, data.draw(st.permutations(of.candidates)), strict=True))
    lot = data.draw(st.permutations(of.candidates))
    ballots = {
        tuple(tuple(names[one] for one in group) for group in ballot): copies
        for ballot, copies in of.ballots.items()
    }
    renamed = Contest(tuple(names[one] for one in of.candidates), ballots)
    before = count(method, of, seats=seats, lot=lot)
    after = count(method, renamed, seats=seats, lot=[names[one] for one in lot])
    assert after.winners == tuple(names[one] for one in before.winners)


@methods
@given(of=strict_contests(), seats=SEATS)
def test_every_seat_is_filled_once(method, of, seats):
    result = count(method, of, seats=seats)
    assert len(set(result.winners)) == len(result.winners)
    assert len(result.winners) == min(result.seats, len(of.candidates))
    elected = [one for step in result.rounds for one in step.elected]
    assert sorted(elected) == sorted(result.winners)


@methods
@given(of=strict_contests(), copies=st.integers(2, 5))
def test_more_of_the_same_ballots_elect_the_same(method, of, copies):
    lot = of.candidates
    many = Contest(of.candidates, {ballot: n * copies for ballot, n in of.ballots.items()})
    if method not in {"stv-scottish", "stv-meek"}:  # whose quota and decimals do not scale
        assert count(method, of, lot=lot).winners == count(method, many, lot=lot).winners


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs"])
@given(of=weak_contests())
def test_whoever_beats_everybody_is_elected(method, of):
    winner = condorcet_winner(compare(of))
    if winner is not None:
        assert count(method, of).winners == (winner,)


@given(of=weak_contests())
def test_pairs_are_counted_as_by_hand(of):
    pairs = compare(of)
    for one in of.candidates:
        for other in pairs[one]:
            assert pairs[one][other] == sum(
                copies
                for ballot, copies in of.ballots.items()
                if _place(ballot, one) < _place(ballot, other)
            )


@pytest.mark.parametrize("method", ["stv-scottish", "stv-meek"])
@given(of=strict_contests(), seats=SEATS)
def test_no_vote_appears_or_disappears(method, of, seats):
    result = count(method, of, seats=seats)
    total = sum(of.ballots.values())
    for step in result.rounds:
        rest = Decimal(step.values["nontransferable"])
        assert rest >= 0
        assert sum(map(Decimal, step.tallies.values())) + rest == total


@given(of=strict_contests(), seats=SEATS)
def test_a_transfer_loses_less_than_a_hundred_thousandth_a_paper(of, seats):
    """What goes to nobody though every ballot names everybody is lost to the cut after five decimals."""
    whole = {
        (*ballot, *((one,) for one in of.candidates if (one,) not in ballot)): copies
        for ballot, copies in of.ballots.items()
    }
    result = count("stv-scottish", Contest(of.candidates, whole), seats=seats)
    papers = sum(whole.values())
    for transfers, step in enumerate(result.rounds):
        assert Decimal(step.values["nontransferable"]) <= Decimal(transfers * papers) / 100_000


@given(of=strict_contests(), seats=SEATS)
def test_a_majority_of_first_choices_is_elected_by_transferable_votes(of, seats):
    first = dict.fromkeys(of.candidates, 0)
    for ballot, copies in of.ballots.items():
        first[ballot[0][0]] += copies
    top = max(first, key=lambda one: first[one])
    if 2 * first[top] > sum(first.values()):
        for method in ("irv", "stv-scottish", "stv-meek", "plurality"):
            assert count(method, of, seats=seats).winners[0] == top


@given(counts=st.lists(st.integers(0, 6), min_size=len(GRADES), max_size=len(GRADES)))
def test_the_majority_value_is_what_removing_medians_one_by_one_gives(counts):
    grades = [grade for grade, number in enumerate(counts) for _ in range(number)]
    removed = []
    while grades:
        removed.append(grades.pop((len(grades) - 1) // 2))
    assert list(majority_value(counts)) == removed


@given(of=graded_contests())
def test_majority_judgement_elects_by_the_greatest_majority_value(of):
    result = count("majority-judgement", of, seats=len(of.candidates))
    values = {one: _removed(of, one) for one in of.candidates}
    ordered = [values[one] for one in result.winners]
    assert ordered == sorted(ordered, reverse=True)


@given(denominator=st.integers(1, 100), data=st.data())
def test_a_share_of_five_decimals_is_the_fraction_it_stands_for(denominator, data):
    share = Fraction(data.draw(st.integers(0, denominator)), denominator)
    written = Decimal(f"{float(share):.5f}")
    assert thresholds.exact_share(written) == share


@given(yes=st.integers(0, 50), no=st.integers(0, 50))
def test_what_is_needed_is_the_least_that_is_enough(yes, no):
    for share in (Fraction(1, 2), Fraction(2, 3), Fraction(3, 5), Fraction(1)):
        found = thresholds.of_cast(yes, no, share)
        is_enough = yes + no > 0 and (
            2 * yes > yes + no if share == Fraction(1, 2) else yes >= share * (yes + no)
        )
        assert found.is_reached == is_enough == (yes >= found.need)


def test_two_thirds_of_three_votes_are_two():
    assert thresholds.of_cast(2, 1, Decimal("0.66667")).is_reached
    assert not thresholds.of_cast(199_999, 100_001, Decimal("0.66667")).is_reached


def test_half_of_the_votes_is_no_majority():
    assert not thresholds.of_cast(5, 5, Decimal("0.5")).is_reached
    assert thresholds.of_cast(6, 5, Decimal("0.50000")).is_reached


def test_a_quorum_of_a_half_is_reached_by_half():
    assert thresholds.quorum(5, 10, Decimal("0.5")).is_reached
    assert not thresholds.quorum(4, 10, Decimal("0.5")).is_reached
    assert not thresholds.quorum(0, 0, Decimal("0.5")).is_reached


def test_a_double_majority_needs_the_whole_and_more_than_half_of_the_areas():
    many_small = {"a": (90, 10), "b": (4, 6), "c": (4, 6), "d": (0, 0)}
    found = thresholds.double_majority(many_small, Decimal("0.5"))
    assert found.whole.is_reached
    assert not found.is_reached
    assert (found.areas_for, found.areas_against) == (("a",), ("b", "c"))
    assert thresholds.double_majority(many_small | {"b": (6, 4)}, Decimal("0.5")).is_reached


def _place(ballot, candidate: str) -> int:
    return next((place for place, group in enumerate(ballot) if candidate in group), len(ballot))


def _removed(of: Contest, candidate: str) -> list[int]:
    """The grades of a candidate in the order in which medians are removed, by the definition."""
    grades = sorted(
        GRADES[::-1].index(dict(ballot).get(candidate, GRADES[-1]))
        for ballot, copies in of.ballots.items()
        for _ in range(copies)
    )
    removed = []
    while grades:
        removed.append(grades.pop((len(grades) - 1) // 2))
    return removed
