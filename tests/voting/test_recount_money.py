"""tools/recount.py on ballots about money and points: sums, limits, one page only."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voting.budgets import asking, knapsack, share
from tests.voting.bundles import Vote, build_of, mark, rehash
from tools import recount

ASKED = asking(knapsack("city"), share("points"))
ONE = asking(knapsack("north"), knapsack("south"), one_page=True)
VOTES = (
    Vote("a", {"city": {"options": ["p1", "p5"]}, "points": {"points": {"p1": 6, "p4": 4}}}),
    Vote("b", {"city": {"options": ["p1"]}}),
    Vote("c", {"points": {"points": {"p4": 1}}}, channel="paper"),
    Vote("d", {}),
)
OF_ONE = (
    Vote("a", {"north": {"options": ["p1"]}}),
    Vote("b", {"south": {"options": ["p2"]}}),
    Vote("c", {"south": {"options": ["p2", "p3"]}}),
    Vote("d", {}),
)


def counted(lines: list[dict[str, Any]]) -> recount.Report:
    read = json.loads(json.dumps(lines))
    return recount.recount(read[0], list(enumerate(read[1:], 2)))


def outcome(lines: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(o["result"] for o in lines[0]["outcomes"] if o["question"] == key)


def test_a_true_bundle_agrees():
    report = counted(build_of(ASKED, VOTES))
    assert report.differences == 0, report.lines


def test_money_is_counted_by_people_and_points_by_their_sum_too():
    lines = build_of(ASKED, VOTES)
    assert [row["count"] for row in outcome(lines, "city")["rows"]] == [2, 0, 0, 0, 1]
    rows = {row["key"]: (row["count"], row["points"]) for row in outcome(lines, "points")["rows"]}
    assert rows == {"p1": (1, 6), "p2": (0, 0), "p3": (0, 0), "p4": (2, 5), "p5": (0, 0)}


def test_of_one_page_those_are_asked_who_chose_it():
    lines = build_of(ONE, OF_ONE)
    assert counted(lines).differences == 0
    asked = {key: outcome(lines, key)["asked"] for key in ("north", "south")}
    assert asked == {"north": 1, "south": 2} and outcome(lines, "south")["skipped"] == 0


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ({"city": {"options": ["p4", "p5"]}}, "more than there is"),
        ({"city": {"options": ["p9"]}}, "none that was offered"),
        ({"points": {"points": {"p1": 7}}}, "were not there to give"),
        ({"points": {"points": {"p1": 6, "p2": 5}}}, "were not there to give"),
        ({"points": {"points": {"p1": 0}}}, "were not there to give"),
        ({"points": {"points": {"p1": True}}}, "were not there to give"),
        ({"points": {"points": {"p9": 1}}}, "were not there to give"),
        ({"points": {"points": []}}, "were not there to give"),
    ],
)
def test_a_ballot_that_nobody_could_have_cast_is_named(answers: Any, word: str):
    lines = build_of(ASKED, VOTES)
    changed = next(line for line in lines[1:] if line["mark"] == mark("b"))
    changed["answers"] = answers
    rehash(changed)
    said = [line for line in counted(lines).lines if word in line]
    assert said and mark("b")[:12] in said[0]


def test_a_ballot_for_two_areas_is_named():
    lines = build_of(ONE, OF_ONE)
    changed = next(line for line in lines[1:] if line["mark"] == mark("c"))
    changed["answers"] = {"north": {"options": ["p1"]}, "south": {"options": ["p2"]}}
    rehash(changed)
    assert any("one only counts" in line for line in counted(lines).lines)


def test_points_that_were_published_wrongly_differ():
    lines = build_of(ASKED, VOTES)
    outcome(lines, "points")["rows"][3]["points"] = 50
    assert any("points: frequencies" in line for line in counted(lines).lines if "DIFFERS" in line)


POINTS = st.dictionaries(st.sampled_from(["p1", "p2", "p3"]), st.integers(1, 3), min_size=1)
SACKS = st.lists(st.sampled_from(["p1", "p2", "p3"]), unique=True, min_size=1).map(sorted)


@given(st.lists(st.tuples(SACKS, POINTS), max_size=12))
def test_any_box_is_counted_alike_by_the_site_and_by_the_tool(box: Any):
    votes = [
        Vote(str(n), {"city": {"options": sack}, "points": {"points": points}})
        for n, (sack, points) in enumerate(box)
    ]
    report = counted(build_of(ASKED, votes))
    assert report.differences == 0, report.lines
