"""Every figure of a survey of 600 answers, computed elsewhere with SciPy."""

import csv
import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.shared import folder
from voting.statistics import crosstabs, means, raking, series, shares

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def answers() -> list[dict[str, str]]:
    with (folder("survey") / "responses.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return json.loads((folder("survey") / "reference.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def weights(answers: list[dict[str, str]], reference: dict[str, Any]) -> raking.Weights:
    return raking.rake(answers, reference["targets"])


def points(answers: list[dict[str, str]]) -> Counter[int]:
    return Counter(int(answer["satisfaction"]) for answer in answers)


def near(value: float, figure: float) -> bool:
    """Equal to as many decimals as the reference prints (eight)."""
    return abs(value - figure) < 6e-9


def test_the_mean_and_its_interval(answers: list, reference: dict) -> None:
    found = means.mean(points(answers))
    assert found is not None
    assert found.total == reference["n"]
    assert near(found.mean, reference["mean_unweighted"])
    assert found.deviation is not None
    assert near(found.deviation, reference["sd_sample"])
    interval = means.t_interval(found)
    assert interval is not None
    assert all(map(near, interval, reference["ci95_mean_t"]))


def test_the_share_of_satisfied_and_its_intervals(answers: list, reference: dict) -> None:
    count = means.satisfied(points(answers), 4)
    found = shares.share(count, len(answers))
    assert found.count == reference["satisfied_count"]
    assert near(found.share * 100, reference["satisfied_pct"])
    assert all(map(near, (found.low, found.high), reference["wilson95"]))
    exact = shares.clopper_pearson(count, len(answers))
    assert all(map(near, exact, reference["clopper_pearson95"]))


def test_raking_gives_every_weight(answers: list, reference: dict, weights: raking.Weights) -> None:
    assert weights.has_converged
    assert all(
        near(weight, float(answer["weight"]))
        for weight, answer in zip(weights.weights, answers, strict=True)
    )
    assert abs(weights.effective_size - reference["effective_n"]) < 6e-7
    assert near(weights.design_effect, reference["design_effect_kish"])
    least, most = reference["weight_range"]
    assert abs(min(weights.weights) - least) < 6e-7
    assert abs(max(weights.weights) - most) < 6e-7


def test_weighted_figures(answers: list, reference: dict, weights: raking.Weights) -> None:
    sums: dict[int, float] = {}
    for answer, weight in zip(answers, weights.weights, strict=True):
        point = int(answer["satisfaction"])
        sums[point] = sums.get(point, 0.0) + weight
    mean = means.weighted_mean(sums)
    assert mean is not None
    assert near(mean, reference["mean_weighted"])
    satisfied = sum(weight for point, weight in sums.items() if point >= 4) / sum(sums.values())
    assert near(satisfied * 100, reference["satisfied_pct_weighted"])


def test_chi_square_of_age(answers: list, reference: dict) -> None:
    expected = reference["crosstab_age_by_satisfied"]
    table = _crosstab(answers, "age", list(expected))
    assert table == list(expected.values())
    found = crosstabs.association(table)
    assert found is not None
    assert near(found.statistic, reference["chi2_age"]["statistic"])
    assert found.degrees == reference["chi2_age"]["dof"]
    assert near(found.p, reference["chi2_age"]["p"])
    assert near(found.cramers_v, reference["chi2_age"]["cramers_v"])
    assert not found.corrected


def test_chi_square_of_gender_with_and_without_yates(answers: list, reference: dict) -> None:
    table = _crosstab(answers, "gender", ["female", "male"])
    for yates, name in ((True, "chi2_gender_yates"), (False, "chi2_gender_no_correction")):
        found = crosstabs.association(table, yates=yates)
        assert found is not None
        assert found.corrected is yates
        assert near(found.statistic, reference[name]["statistic"])
        assert near(found.p, reference[name]["p"])


def _crosstab(answers: list, variable: str, groups: list[str]) -> list[list[int]]:
    """Not satisfied, satisfied: in the order of the reference."""
    found: dict[str, list[int]] = {group: [0, 0] for group in groups}
    for answer in answers:
        found[answer[variable]][int(answer["satisfaction"]) >= 4] += 1
    return list(found.values())


def test_the_series(reference: dict) -> None:
    levels = [Decimal(level) for level in reference["series"]]
    for step, row in zip(series.steps(levels), reference["chain"], strict=True):
        assert step.level == row["y"]
        assert step.chain_increment == row["absolute_increment_chain"]
        assert step.base_increment == row["absolute_increment_base"]
        for value, name in (
            (step.chain_growth, "growth_rate_chain_pct"),
            (step.base_growth, "growth_rate_base_pct"),
            (step.chain_rate, "increment_rate_chain_pct"),
            (step.base_rate, "increment_rate_base_pct"),
        ):
            assert value is not None
            assert float(series.rounded(value, 6)) == row[name]
        assert float(step.one_percent) == row["one_percent_value"]


def test_the_means_of_the_series(reference: dict) -> None:
    levels = [Decimal(level) for level in reference["series"]]
    spans = [Decimal(days) for days in reference["unequal_interval_days"]]
    for value, name in (
        (series.mean_increment(levels), "mean_absolute_increment"),
        (series.mean_growth(levels), "mean_growth_rate_pct"),
        (series.chronological_mean(levels), "chronological_mean_equal_intervals"),
        (series.arithmetic_mean(levels), "interval_arithmetic_mean"),
        (series.chronological_mean_of_spans(levels, spans), "chronological_mean_unequal"),
    ):
        assert value is not None
        assert float(series.rounded(value, 8)) == reference[name]
