"""Classes of numbers and dates, so that a table has few rows."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

MOST_ROWS = 12
_STEPS = (Decimal(1), Decimal(2), Decimal(5))


def binned_numbers(counts: Mapping[Decimal, int]) -> dict[str, int]:
    """Counts by class: the numbers themselves where they are few, else at most twelve spans.

    A span is written "10..20" and holds what is at least 10 and less than 20. Its width is 1, 2 or 5
    times a power of ten, and classes without numbers between others are kept.
    """
    if not counts:
        return {}
    ordered = sorted(counts)
    if len(ordered) <= MOST_ROWS:
        return {_text(value): counts[value] for value in ordered}
    width = _width(ordered[-1] - ordered[0])
    first = _start(ordered[0], width)
    spans: dict[Decimal, int] = {}
    start = first
    while start <= ordered[-1]:
        spans[start] = 0
        start += width
    for value, count in counts.items():
        spans[_start(value, width)] += count
    return {f"{_text(start)}..{_text(start + width)}": count for start, count in spans.items()}


def _start(value: Decimal, width: Decimal) -> Decimal:
    return (value / width).to_integral_value(ROUND_FLOOR) * width


def _width(span: Decimal) -> Decimal:
    """The least round width of which twelve spans, one of them begun below, cover `span`."""
    power = Decimal(10) ** (span / (MOST_ROWS - 1)).adjusted()
    for _ in range(2):
        for step in _STEPS:
            if step * power * (MOST_ROWS - 1) >= span:
                return step * power
        power *= 10
    raise ValueError(span)


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def binned_dates(counts: Mapping[str | int, int]) -> dict[str, int]:
    """Counts by day ("2026-11-24") where they are few, else by month, by year or by ten years ("2020s")."""
    days = {str(day): count for day, count in counts.items()}
    for length in (10, 7, 4):
        spans = _summed({day[:length]: 0 for day in days}, days, length)
        if len(spans) <= MOST_ROWS:
            return spans
    return {f"{span}0s": count for span, count in _summed({}, days, 3).items()}


def _summed(spans: dict[str, int], days: Mapping[str, int], length: int) -> dict[str, int]:
    for day, count in days.items():
        spans[day[:length]] = spans.get(day[:length], 0) + count
    return dict(sorted(spans.items()))


# Where age is asked in years, results show these spans.
AGES = ((0, 17), (18, 29), (30, 44), (45, 59), (60, None))


def age_group(age: int) -> str:
    """The span of AGES that an age in years lies in: "18-29", "60+"."""
    for least, most in AGES:
        if most is None:
            return f"{least}+"
        if age <= most:
            return f"{least}-{most}"
    raise ValueError(age)


def binned_ages(counts: Mapping[Decimal, int]) -> dict[str, int]:
    """Counts by the spans of AGES, from the first in which somebody is to the last."""
    names = [age_group(least) for least, _most in AGES]
    found = dict.fromkeys(names, 0)
    for age, count in counts.items():
        found[age_group(int(age))] += count
    used = [place for place, name in enumerate(names) if found[name]]
    return {name: found[name] for name in names[used[0] : used[-1] + 1]} if used else {}
