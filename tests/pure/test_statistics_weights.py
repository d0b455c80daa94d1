"""Raking, intervals and cross-tables where the input is small, odd or impossible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.statistics import crosstabs, means, raking, shares

PEOPLE = [{"sex": "f", "age": "young"}] * 30 + [{"sex": "m", "age": "young"}] * 10
PEOPLE += [{"sex": "f", "age": "old"}] * 5 + [{"sex": "m", "age": "old"}] * 15
HALVES = {"sex": {"f": 0.5, "m": 0.5}, "age": {"young": 0.5, "old": 0.5}}


def test_weights_meet_every_margin_and_their_mean_is_one() -> None:
    found = raking.rake(PEOPLE, HALVES)
    assert found.has_converged
    assert sum(found.weights) == pytest.approx(len(PEOPLE))
    women = sum(w for w, p in zip(found.weights, PEOPLE, strict=True) if p["sex"] == "f")
    assert women == pytest.approx(len(PEOPLE) / 2)
    assert found.effective_size < len(PEOPLE)


def test_equal_weights_have_no_design_effect() -> None:
    found = raking.rake([{"sex": "f"}, {"sex": "m"}], {"sex": {"f": 0.5, "m": 0.5}})
    assert found.weights == (1.0, 1.0)
    assert found.design_effect == 1.0
    assert found.effective_size == 2.0


def test_trimmed_weights_stay_in_their_bounds_and_say_what_they_miss() -> None:
    free = raking.rake(PEOPLE, HALVES)
    assert max(free.weights) > 1.3
    found = raking.rake(PEOPLE, HALVES, bounds=(0.8, 1.3))
    assert min(found.weights) >= 0.8
    assert max(found.weights) <= 1.3
    assert sum(found.weights) == pytest.approx(len(PEOPLE))
    assert found.trimmed > 0
    assert not found.has_converged
    assert found.distance > 0.01
    assert found.design_effect < free.design_effect


def test_margins_that_contradict_each_other_do_not_converge() -> None:
    twins = [{"a": "x", "b": "x"}] * 3 + [{"a": "y", "b": "y"}] * 3
    found = raking.rake(twins, {"a": {"x": 0.7, "y": 0.3}, "b": {"x": 0.3, "y": 0.7}})
    assert not found.has_converged
    assert found.rounds == raking.MOST_ROUNDS


@pytest.mark.parametrize(
    ("margins", "code", "category"),
    [
        ({"sex": {"f": 0.5, "m": 0.4, "x": 0.1}}, "no_respondents", "x"),
        ({"sex": {"f": 1.0}}, "no_target", "m"),
        ({"sex": {"f": 1.0, "m": 0.0}}, "no_target", "m"),
        ({"sex": {"f": 1.2, "m": -0.2}}, "not_a_share", "f"),
        ({"sex": {"f": float("nan"), "m": 1.0}}, "not_a_share", "f"),
        ({"sex": {"f": 0.5, "m": 0.4}}, "not_a_whole", ""),
        ({}, "no_answers", ""),
    ],
)
def test_an_impossible_margin_is_refused_and_named(margins: dict, code: str, category: str) -> None:
    with pytest.raises(raking.ImpossibleMargin) as refusal:
        raking.rake(PEOPLE, margins)
    assert (refusal.value.code, refusal.value.category) == (code, category)


def test_somebody_who_did_not_say_has_no_target() -> None:
    with pytest.raises(raking.ImpossibleMargin) as refusal:
        raking.rake([*PEOPLE, {"age": "old"}], HALVES)
    assert (refusal.value.code, refusal.value.variable) == ("no_target", "sex")


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share_and_lies_between_nought_and_one(a: int, b: int) -> None:
    found = shares.share(min(a, b), max(a, b))
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(ValueError, match="not a part"):
        shares.share(4, 3)


def test_the_exact_interval_is_closed_at_the_ends() -> None:
    assert shares.clopper_pearson(0, 10)[0] == 0.0
    assert shares.clopper_pearson(10, 10)[1] == 1.0


def test_a_single_answer_has_a_mean_and_no_interval() -> None:
    found = means.mean({4: 1})
    assert found == means.Mean(1, 4.0, None)
    assert means.t_interval(found) is None
    assert means.mean({}) is None


def test_the_median_lies_between_two_middle_values() -> None:
    assert means.median({1: 2, 4: 2}) == 2.5
    assert means.median({1: 2, 4: 3}) == 4
    assert means.median({}) is None


def test_empty_rows_and_columns_say_nothing_about_an_association() -> None:
    full = crosstabs.association([[10, 20], [20, 10]])
    assert full == crosstabs.association([[10, 20, 0], [0, 0, 0], [20, 10, 0]])
    assert crosstabs.association([[10, 20], [0, 0]]) is None
    assert crosstabs.association([]) is None


def test_perfect_association_has_a_v_of_one_and_independence_of_nought() -> None:
    perfect = crosstabs.association([[30, 0], [0, 30]])
    none = crosstabs.association([[10, 20], [10, 20]])
    assert perfect is not None
    assert none is not None
    assert perfect.cramers_v == pytest.approx(1)
    assert none.cramers_v == 0
    assert none.p == 1


def test_a_small_expectation_makes_the_test_unreliable() -> None:
    found = crosstabs.association([[2, 3], [40, 30]])
    assert found is not None
    assert not found.is_reliable


def test_yates_is_refused_beyond_two_by_two() -> None:
    with pytest.raises(ValueError, match="two by two"):
        crosstabs.association([[1, 2, 3], [3, 2, 1]], yates=True)
