"""Quantiles and tails: the standard library's normal distribution, SciPy's others.

SciPy is imported inside the functions, on first use: it costs a process 30 MB and half a second,
and the web process, which shares this package's names, must never pay them.
"""

from statistics import NormalDist


def normal_quantile(probability: float) -> float:
    return NormalDist().inv_cdf(probability)


def t_quantile(probability: float, degrees: int) -> float:
    """Student's t with `degrees` degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - never in the web process

    return float(stdtrit(degrees, probability))


def chi_square_tail(statistic: float, degrees: int) -> float:
    """The probability of a chi-square at least as large as `statistic`."""
    from scipy.special import chdtrc  # noqa: PLC0415 - never in the web process

    return float(chdtrc(degrees, statistic))


def beta_quantile(probability: float, a: float, b: float) -> float:
    from scipy.special import betaincinv  # noqa: PLC0415 - never in the web process

    return float(betaincinv(a, b, probability))
