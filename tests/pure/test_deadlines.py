"""What is owed an answer, by when, and whether the promise was kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.deadlines import Candidate, Threshold, TopN, owed, state, working_days_after

DUE = datetime(2026, 6, 1, 18, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(1, 10_000), st.integers(0, 6)), unique_by=lambda one: one.key
)


def of(*supports: int) -> list[Candidate]:
    return [Candidate(key, support) for key, support in enumerate(supports, 1)]


def test_the_most_supported_are_owed_an_answer_in_order_of_support():
    assert owed(of(5, 9, 7, 1), TopN(2)) == (2, 3)


def test_all_that_tie_at_the_last_place_are_included():
    assert owed(of(9, 7, 7, 7, 1), TopN(2)) == (1, 2, 3, 4)


def test_nobodys_favourite_is_owed_nothing():
    assert owed(of(3, 0, 0), TopN(2)) == (1,)
    assert owed(of(3, 0), Threshold(0)) == (1,)
    assert owed([], TopN(2)) == ()
    assert owed(of(3), TopN(0)) == ()


def test_a_threshold_includes_those_who_reach_it_exactly():
    assert owed(of(499, 500, 501), Threshold(500)) == (3, 2)


@given(CANDIDATES, st.integers(0, 12), st.randoms())
def test_the_order_of_asking_does_not_matter(candidates, number, rng):
    shuffled = rng.sample(candidates, len(candidates))
    assert owed(candidates, TopN(number)) == owed(shuffled, TopN(number))


@given(CANDIDATES, st.integers(0, 12))
def test_nobody_with_more_support_is_left_out(candidates, number):
    called = set(owed(candidates, TopN(number)))
    inside = [one.support for one in candidates if one.key in called]
    outside = [one.support for one in candidates if one.key not in called]
    supported = [one for one in candidates if one.support]
    assert len(called) >= min(number, len(supported))
    assert not inside or not outside or min(inside) > max(outside)
    assert len([support for support in inside if support > min(inside)]) < max(1, number)


@given(CANDIDATES, st.integers(0, 12))
def test_a_longer_list_holds_the_shorter_one(candidates, number):
    assert set(owed(candidates, TopN(number))) <= set(owed(candidates, TopN(number + 1)))


@pytest.mark.parametrize(
    ("answered_at", "now", "expected"),
    [
        (None, DUE, "owed"),
        (None, DUE + MOMENT, "late"),
        (DUE, DUE + timedelta(days=9), "answered"),
        (DUE + MOMENT, DUE + timedelta(days=9), "answered_late"),
    ],
)
def test_the_due_moment_itself_is_in_time(answered_at, now, expected):
    assert state(due_at=DUE, answered_at=answered_at, now=now) == expected


def test_weekends_and_holidays_do_not_count():
    friday = date(2026, 4, 30) + timedelta(days=1)
    assert friday.weekday() == 4
    assert working_days_after(friday, 1) == date(2026, 5, 4)
    assert working_days_after(date(2026, 4, 29), 2, [friday]) == date(2026, 5, 4)
    assert working_days_after(date(2026, 5, 2), 0) == date(2026, 5, 4)
    assert working_days_after(friday, 0) == friday
    assert working_days_after(date(2026, 5, 7), 1, weekend={4, 5}) == date(2026, 5, 10)


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(ValueError, match="negative"):
        working_days_after(DUE.date(), -1)
    with pytest.raises(ValueError, match="working day"):
        working_days_after(DUE.date(), 1, weekend=range(7))


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 60), st.sets(st.integers(0, 90))
)
def test_exactly_so_many_working_days_lie_between(start, days, offsets):
    holidays = {start + timedelta(days=offset) for offset in offsets}
    end = working_days_after(start, days, holidays)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    counted = [day for day in between if day.weekday() < 5 and day not in holidays]
    assert end.weekday() < 5
    assert end not in holidays
    assert len(counted) == days or (days == 0 and counted == [end])
