"""Exact numbers as decimal text."""

from collections.abc import Iterable, Mapping


def decimal(units: int, places: int) -> str:
    """`units` of 10^-places as text: decimal(1234567, 5) is "12.34567". Zeroes are kept."""
    if not places:
        return str(units)
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), 10**places)
    return f"{sign}{whole}.{rest:0{places}d}"


def halves(doubled: int) -> str:
    """Half of `doubled` as text: "7" or "7.5"."""
    if doubled % 2 == 0:
        return str(doubled // 2)
    return decimal(doubled * 5, 1)


def texts(candidates: Iterable[str], tallies: Mapping[str, int], places: int = 0) -> dict[str, str]:
    """`tallies` as text, in the order of `candidates`; those without one are left out."""
    return {one: decimal(tallies[one], places) for one in candidates if one in tallies}
