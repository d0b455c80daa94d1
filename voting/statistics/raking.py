"""Weights that make a sample agree with what is known about the population.

Raking (iterative proportional fitting) after Deming and Stephan (1940); the effective size of a
weighted sample and the design effect after Kish, Survey Sampling (1965), section 11.7.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_ROUNDS = 200
TOLERANCE = 1e-12
# How far a sum of shares may be from one: margins are printed rounded.
SLACK = 1e-3

Margins = Mapping[str, Mapping[str, float]]


class ImpossibleMargin(ValueError):
    """Weights cannot be computed. `code`, `variable` and `category` say why and where.

    Codes: "no_respondents" (a category with a target in which nobody answered), "no_target" (a
    category that was answered and has none), "not_a_share" (a target that is negative or no
    number), "not_a_whole" (targets that do not sum up to one), "no_answers".
    """

    def __init__(self, code: str, variable: str = "", category: str = ""):
        super().__init__(f"{code}: {variable} {category}".strip())
        self.code = code
        self.variable = variable
        self.category = category


@dataclass(frozen=True, slots=True)
class Weights:
    """One weight for each respondent, in their order; the mean is one.

    `has_converged`: every margin is met to `distance`, the largest relative gap that was left.
    `trimmed`: how many weights stand at a bound (then margins are met only as far as bounds allow).
    """

    weights: tuple[float, ...]
    has_converged: bool
    rounds: int
    distance: float
    trimmed: int

    @property
    def effective_size(self) -> float:
        """Kish: (sum of weights)² / sum of squared weights."""
        return sum(self.weights) ** 2 / sum(weight * weight for weight in self.weights)

    @property
    def design_effect(self) -> float:
        """By how much weighting widens the variance: respondents / effective size."""
        return len(self.weights) / self.effective_size


def rake(
    respondents: Sequence[Mapping[str, str]],
    margins: Margins,
    *,
    bounds: tuple[float, float] | None = None,
) -> Weights:
    """Weights for `respondents` ({variable: category}) that meet `margins` ({variable: {category: share}}).

    `bounds`: the least and the largest weight; weights are trimmed to them after each round.
    Raises ImpossibleMargin. Cost: rounds times different combinations of categories.
    """
    _check(respondents, margins)
    names = tuple(margins)
    cells = [tuple(person[name] for name in names) for person in respondents]
    sizes = Counter(cells)
    weights = dict.fromkeys(sizes, 1.0)
    distance, rounds = 1.0, 0
    while rounds < MOST_ROUNDS and distance > TOLERANCE:
        rounds += 1
        before = dict(weights)
        distance = _round(weights, sizes, names, margins)
        if bounds is not None:
            _trim(weights, sizes, bounds)
            distance = max(abs(weights[cell] / before[cell] - 1) for cell in weights)
    gap = _gap(weights, sizes, names, margins)
    at_bound = [cell for cell in weights if bounds and weights[cell] in bounds]
    return Weights(
        tuple(weights[cell] for cell in cells),
        gap <= max(TOLERANCE, 1e-9),
        rounds,
        gap,
        sum(sizes[cell] for cell in at_bound),
    )


def _check(respondents: Sequence[Mapping[str, str]], margins: Margins) -> None:
    if not respondents or not margins:
        raise ImpossibleMargin("no_answers")
    for name, targets in margins.items():
        seen = {person.get(name, "") for person in respondents}
        for category, target in targets.items():
            if not 0 <= target <= 1:
                raise ImpossibleMargin("not_a_share", name, category)
            if target > 0 and category not in seen:
                raise ImpossibleMargin("no_respondents", name, category)
        for category in sorted(seen):
            if targets.get(category, 0.0) <= 0:
                raise ImpossibleMargin("no_target", name, category)
        if abs(sum(targets.values()) - 1) > SLACK:
            raise ImpossibleMargin("not_a_whole", name)


Cells = dict[tuple[str, ...], float]


def _factors(
    weights: Cells, sizes: Counter[tuple[str, ...]], place: int, targets: Mapping[str, float]
) -> dict[str, float]:
    """By what each category of one variable must be multiplied to meet its target."""
    sums: dict[str, float] = {}
    for cell, size in sizes.items():
        sums[cell[place]] = sums.get(cell[place], 0.0) + weights[cell] * size
    total = sum(sizes.values())
    whole = sum(targets.values())
    return {category: targets[category] / whole * total / sums[category] for category in sums}


def _round(
    weights: Cells, sizes: Counter[tuple[str, ...]], names: tuple[str, ...], margins: Margins
) -> float:
    """Fits every variable once; returns the largest relative correction that was made."""
    largest = 0.0
    for place, name in enumerate(names):
        factors = _factors(weights, sizes, place, margins[name])
        largest = max(largest, *(abs(factor - 1) for factor in factors.values()))
        for cell in weights:
            weights[cell] *= factors[cell[place]]
    return largest


def _gap(
    weights: Cells, sizes: Counter[tuple[str, ...]], names: tuple[str, ...], margins: Margins
) -> float:
    return max(
        abs(factor - 1)
        for place, name in enumerate(names)
        for factor in _factors(weights, sizes, place, margins[name]).values()
    )


def _trim(weights: Cells, sizes: Counter[tuple[str, ...]], bounds: tuple[float, float]) -> None:
    """Cuts weights at the bounds and gives the difference to the rest, so that the mean stays one."""
    low, high = bounds
    total = float(sum(sizes.values()))
    for cell in weights:
        weights[cell] = min(max(weights[cell], low), high)
    free = [cell for cell in weights if low < weights[cell] < high]
    held = sum(weights[cell] * sizes[cell] for cell in weights if not low < weights[cell] < high)
    loose = sum(weights[cell] * sizes[cell] for cell in free)
    if loose > 0 and total > held:
        for cell in free:
            weights[cell] = min(max(weights[cell] * (total - held) / loose, low), high)
