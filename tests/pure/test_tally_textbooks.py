"""Counts whose results stand in textbooks, articles and laws."""

from decimal import Decimal

import pytest

from tests.pure.tallies import GRADES, PARTY, SCHULZE_21, SCHULZE_45, TENNESSEE, contest
from voting.tally.judgement import majority_value
from voting.tally.lots import draw
from voting.tally.methods import METHODS, count
from voting.tally.model import Contest, approval, marks, ranking


def winners(method: str, of: Contest, seats: int = 1) -> str:
    return "".join(count(method, of, seats=seats).winners)


@pytest.mark.parametrize(
    ("method", "winner"),
    [
        ("plurality", "m"),
        ("irv", "k"),
        ("stv-scottish", "k"),
        ("stv-meek", "k"),
        ("borda", "n"),
        ("schulze", "n"),
        ("ranked-pairs", "n"),
    ],
)
def test_the_capital_of_tennessee_depends_on_the_method(method, winner):
    assert winners(method, TENNESSEE) == winner


def test_borda_gives_the_published_points_to_the_cities_of_tennessee():
    (step,) = count("borda", TENNESSEE).rounds
    assert step.tallies == {"c": "173", "k": "107", "m": "126", "n": "194"}


def test_both_condorcet_methods_rank_tennessee_alike():
    assert winners("schulze", TENNESSEE, 4) == winners("ranked-pairs", TENNESSEE, 4) == "nckm"


def test_a_run_off_excludes_chattanooga_then_nashville():
    result = count("irv", TENNESSEE)
    assert [step.excluded for step in result.rounds] == [(), ("c",), ("n",)]
    assert result.rounds[1].tallies == {"k": "32", "m": "42", "n": "26"}
    assert result.rounds[2].tallies == {"k": "58", "m": "42"}


def test_schulze_ranks_the_45_voters_as_published():
    result = count("schulze", SCHULZE_45, seats=5)
    assert "".join(result.winners) == "eacbd"
    assert result.ties == ()
    pairs, paths = result.rounds[0].table, result.rounds[1].table
    assert pairs["a"] == {"b": "20", "c": "26", "d": "30", "e": "22"}
    assert paths["a"] == {"b": "28", "c": "28", "d": "30", "e": "24"}
    assert paths["d"] == {"a": "25", "b": "28", "c": "28", "e": "24"}
    assert paths["e"] == {"a": "25", "b": "28", "c": "28", "d": "31"}


def test_schulze_ranks_the_21_voters_as_published():
    result = count("schulze", SCHULZE_21, seats=4)
    assert "".join(result.winners) == "dacb"
    assert result.rounds[0].table["d"] == {"a": "11", "b": "19", "c": "9"}
    assert result.rounds[1].table["d"] == {"a": "13", "b": "19", "c": "13"}


def test_ranked_pairs_leave_out_the_victory_that_closes_a_circle():
    circle = contest((7, "abc"), (5, "bca"), (4, "cab"))
    result = count("ranked-pairs", circle)
    told = [
        (note.code, note.params["winner"], note.params["loser"]) for note in result.rounds[1].notes
    ]
    assert told == [
        ("pair_locked", "b", "c"),  # 12 to 4
        ("pair_locked", "a", "b"),  # 11 to 5
        ("pair_left_out", "c", "a"),  # 9 to 7
    ]
    assert result.winners == ("a",)


def test_food_for_a_party_is_chosen_by_transferable_votes():
    result = count("stv-scottish", PARTY, seats=3)
    assert "".join(result.winners) == "cos"
    first, surplus, exclusion = result.rounds[:3]
    assert first.values["quota"] == "6"
    assert surplus.tallies["s"] == "5.00000"
    assert surplus.tallies["b"] == "3.00000"
    assert exclusion.excluded == ("p",)
    assert exclusion.tallies["o"] == "6.00000"


def test_transfer_values_are_cut_after_five_decimals():
    """Rule 48(3): a surplus of 2 on 7 papers is worth 0.28571 a paper; the rest is lost."""
    result = count("stv-scottish", contest((7, "ab"), (3, "b"), (3, "c"), (1, "d")), seats=2)
    surplus = result.rounds[1]
    assert result.rounds[0].values["quota"] == "5"
    assert [step.votes for step in surplus.transfers] == ["1.99997", "0.00003"]
    assert surplus.tallies["b"] == "4.99997"
    assert surplus.values["nontransferable"] == "0.00003"


def test_equal_last_candidates_are_told_apart_by_the_latest_stage_at_which_they_differed():
    """Rule 51(2)(a): b and c have 6 each at the second stage; at the first c had fewer."""
    result = count("stv-scottish", contest((11, "a"), (6, "b"), (5, "c"), (1, "dc")))
    assert result.rounds[1].excluded == ("d",)
    assert result.rounds[2].excluded == ("c",)
    (tie,) = result.ties
    assert (tie.decided_by, tie.candidates, tie.chosen) == ("history", ("b", "c"), "c")


def test_candidates_equal_at_all_stages_go_by_the_lot_and_the_result_says_so():
    equal = contest((5, "a"), (3, "b"), (3, "c"))
    for lot in ("abc", "acb"):
        result = count("stv-scottish", equal, lot=lot)
        (tie,) = [tie for tie in result.ties if tie.purpose == "exclude"][:1]
        assert (tie.decided_by, tie.chosen) == ("lot", lot[-1])


def test_the_larger_surplus_goes_first_whenever_it_arose():
    """Rule 49(1)."""
    result = count("stv-scottish", contest((9, "ac"), (12, "bd"), (3, "c"), (2, "d")), seats=3)
    assert [step.transfers[0].source for step in result.rounds[1:3]] == ["b", "a"]


def test_a_quota_by_meek_falls_as_ballots_have_nothing_left_to_say():
    """60 vote for a alone. Where a keeps the quota q, 3q = q + 35, so q is 17.5."""
    result = count("stv-meek", contest((60, "a"), (12, "b"), (12, "cb"), (11, "db")), seats=2)
    settled = next(step for step in result.rounds if step.code == "iteration")
    assert abs(Decimal(settled.values["quota"]) - Decimal("17.5")) < Decimal("0.000002")
    assert abs(Decimal(settled.tallies["a"]) - Decimal("17.5")) < Decimal("0.000002")
    assert "".join(result.winners) == "ab"


def test_meek_gives_a_surplus_on_to_one_who_is_elected_already():
    """a and b are in at once; each vote then passes between them until both keep the quota."""
    result = count("stv-meek", contest((50, "abc"), (40, "bac"), (10, "c"), (9, "d")), seats=3)
    assert "".join(result.winners) == "abc"
    second = result.rounds[1]
    assert Decimal(second.table["keep"]["a"]) < 1 > Decimal(second.table["keep"]["b"])
    assert Decimal(second.tallies["c"]) > 27


def test_majority_judgement_elects_the_best_median():
    ballots = {
        marks({"a": "excellent", "b": "good", "c": "poor"}): 3,
        marks({"a": "poor", "b": "good", "c": "fair"}): 2,
        marks({"a": "poor", "b": "fair", "c": "excellent"}): 2,
    }
    result = count("majority-judgement", Contest(("a", "b", "c"), ballots, grades=GRADES))
    assert result.rounds[0].tallies == {"a": "poor", "b": "good", "c": "fair"}
    assert result.winners == ("b",)


def test_equal_medians_are_told_apart_by_removing_one_after_the_other():
    """a: G G F F P, b: E F F P P. Without a median each: G G F P and E F P P: fair beats poor."""
    rows = [
        ("good", "excellent"),
        ("good", "fair"),
        ("fair", "fair"),
        ("fair", "poor"),
        ("poor", "poor"),
    ]
    ballots = {marks({"a": one, "b": other}): 1 for one, other in rows}
    result = count("majority-judgement", Contest(("a", "b"), ballots, grades=GRADES))
    assert result.rounds[0].tallies == {"a": "fair", "b": "fair"}
    assert result.rounds[1].values["removed"] == "1"
    assert result.winners == ("a",)


def test_a_majority_value_walks_from_the_middle_outwards():
    assert majority_value([1, 1, 1]) == bytes([1, 0, 2])
    assert majority_value([1, 1, 1, 1]) == bytes([1, 2, 0, 3])
    assert majority_value([0, 0]) == b""


def test_a_score_that_is_missing_counts_as_the_least():
    ballots = {marks({"a": 5, "b": 2}): 1, marks({"b": 3}): 1}
    result = count("score", Contest(("a", "b"), ballots, least=1))
    assert result.rounds[0].tallies == {"a": "6", "b": "5"}


def test_unranked_candidates_share_what_is_left_by_borda():
    (step,) = count("borda", contest((1, "a"), candidates="abcd")).rounds
    assert step.tallies == {"a": "3", "b": "1", "c": "1", "d": "1"}
    (step,) = count("borda", contest((1, "a"), candidates="abc")).rounds
    assert step.tallies == {"a": "2", "b": "0.5", "c": "0.5"}


def test_a_ballot_with_two_first_choices_has_no_first_choice():
    ballots = {ranking(["ab", "c"]): 5, ranking(["c"]): 1}
    result = count("plurality", Contest(("a", "b", "c"), ballots))
    assert (result.winners, result.ballots, result.unusable) == (("c",), 1, 5)


def test_an_approval_ballot_approves_all_it_names():
    ballots = {approval("ab"): 2, approval("bc"): 1, approval("abc"): 1}
    (step,) = count("approval", Contest(("a", "b", "c"), ballots)).rounds
    assert step.tallies == {"a": "3", "b": "4", "c": "2"}


def test_the_last_of_tied_groups_that_name_everybody_is_not_approved():
    (step,) = count("approval", Contest(("a", "b", "c"), {ranking(["ab", "c"]): 2})).rounds
    assert step.tallies == {"a": "2", "b": "2", "c": "0"}


@pytest.mark.parametrize("method", METHODS)
def test_without_ballots_nobody_is_elected(method):
    result = count(method, Contest(("a", "b"), {}, grades=GRADES), seats=2)
    assert result.winners == ()
    assert result.rounds[0].notes[0].code == "no_ballots"


def test_a_lot_is_drawn_from_the_seed_and_from_nothing_else():
    assert draw("abcdef", "seed") == draw("fedcba", "seed")
    assert {draw("abc", str(seed))[0] for seed in range(30)} == {"a", "b", "c"}


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(ValueError, match="seats"):
        count("irv", TENNESSEE, seats=0)
    with pytest.raises(ValueError, match="lot"):
        count("irv", TENNESSEE, lot="mnc")
    with pytest.raises(KeyError):
        count("coin", TENNESSEE)
