"""Indices of a series. The scores are the regional ones of a study of 2022, as it printed them."""

from decimal import Decimal

import pytest

from voting.statistics import series

_PRINTED = "4.50 4.72 4.72 4.57 4.75 4.49 4.84 4.53 4.34 4.41 4.88 4.41 4.72 4.41 4.54 4.56 4.49"
SCORES = [Decimal(score) for score in _PRINTED.split()]
INCREMENTS = "0.22 0 −0.15 0.18 −0.26 0.35 −0.31 −0.19 0.07 0.47 −0.47 0.31 −0.31 0.13 0.02 −0.07"
RATES = "4.89 0 −3.18 3.94 −5.47 7.8 −6.4 −4.19 1.61 10.66 −9.63 7.03 −6.57 2.95 0.44 −1.54"
BUILD_UP = "4.89 0 −3.33 4 −5.78 7.78 −6.89 −4.22 1.56 10.44 −10.44 6.89 −6.89 2.89 0.44 −1.56"


def printed(values: list[Decimal | None]) -> str:
    return " ".join(
        str(series.rounded(value)).replace("-", "−") for value in values if value is not None
    )


def test_the_regional_scores_give_the_figures_of_the_study() -> None:
    steps = series.steps(SCORES)
    assert printed([step.chain_increment for step in steps]) == INCREMENTS
    assert printed([step.chain_rate for step in steps]) == RATES
    assert printed([step.build_up_rate for step in steps]) == BUILD_UP
    mean = series.chronological_mean(SCORES)
    assert mean is not None
    assert str(series.rounded(mean)) == "4.59"


def test_halves_are_rounded_away_from_zero() -> None:
    assert [str(series.rounded(Decimal(text))) for text in ("0.125", "-0.125", "-0.001")] == [
        "0.13",
        "-0.13",
        "0",
    ]
    assert str(series.rounded(Decimal("1200"))) == "1200"


def test_a_level_of_zero_has_no_percentages() -> None:
    first, second = series.steps([Decimal(0), Decimal(2), Decimal(3)])
    assert (first.chain_rate, first.base_growth, first.build_up_rate) == (None, None, None)
    assert second.chain_rate == 50
    assert second.base_rate is None
    assert series.mean_growth([Decimal(0), Decimal(2)]) is None


@pytest.mark.parametrize("levels", [[], [Decimal(3)]])
def test_fewer_than_two_levels_have_no_indices(levels: list[Decimal]) -> None:
    assert series.steps(levels) == ()
    assert series.mean_increment(levels) is None
    assert series.mean_growth(levels) is None
    assert series.chronological_mean(levels) is None
    assert series.chronological_mean_of_spans(levels, []) is None


def test_spans_must_lie_between_the_levels() -> None:
    with pytest.raises(ValueError, match="span"):
        series.chronological_mean_of_spans([Decimal(1), Decimal(2)], [Decimal(0)])


def test_the_example_of_the_documentation() -> None:
    scores = [Decimal(score) for score in ("4.50", "4.72", "4.72", "4.57")]
    steps = series.steps(scores)
    assert printed([step.chain_increment for step in steps]) == "0.22 0 −0.15"
    assert printed([step.chain_rate for step in steps]) == "4.89 0 −3.18"
    assert printed([step.build_up_rate for step in steps]) == "4.89 0 −3.33"
    mean = series.chronological_mean(scores)
    assert mean is not None
    assert str(series.rounded(mean)) == "4.66"
