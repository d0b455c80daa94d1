"""Shares of a whole, with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from voting.statistics.distributions import beta_quantile, normal_quantile

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`; `share`, `low` and `high` lie between 0 and 1, and are 0, 0, 1 of nothing."""

    count: int
    total: int
    share: float
    low: float
    high: float


def share(count: int, total: int, *, level: float = LEVEL) -> Share:
    """A share with its Wilson interval. Raises ValueError unless 0 <= count <= total."""
    if not 0 <= count <= total:
        raise ValueError(f"{count} is not a part of {total}")
    low, high = wilson(count, total, level=level)
    return Share(count, total, count / total if total else 0.0, low, high)


def wilson(count: float, total: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval without continuity correction (E. B. Wilson, JASA 22, 1927)."""
    if not total:
        return 0.0, 1.0
    z = normal_quantile((1 + level) / 2)
    part = count / total
    centre = part + z * z / (2 * total)
    half = z * sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    return max(0.0, (centre - half) / whole), min(1.0, (centre + half) / whole)


def clopper_pearson(count: int, total: int, *, level: float = LEVEL) -> tuple[float, float]:
    """The exact (conservative) interval (Clopper and Pearson, Biometrika 26, 1934). Needs SciPy."""
    tail = (1 - level) / 2
    low = beta_quantile(tail, count, total - count + 1) if count else 0.0
    high = beta_quantile(1 - tail, count + 1, total - count) if count < total else 1.0
    return low, high


def frequencies(counts: Mapping[str, int], total: int) -> dict[str, Share]:
    """A share of `total` for each key, in the order given. Several answers each may exceed 1 in sum."""
    return {key: share(count, total) for key, count in counts.items()}
