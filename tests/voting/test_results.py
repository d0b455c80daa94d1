"""From ballots to outcomes: everything adds up, and small cells of confidential polls are hidden."""

import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.voting.filled import (
    AGE,
    AREA,
    EFFORT,
    LINES,
    QUALITY,
    SEX,
    STOPS,
    SURVEY,
    TRUST,
    WAYS,
    counted_survey,
    many_answers,
    put_in,
)
from tests.voting.polls import end_and_count, fresh, open_poll
from voting.models import Ballot, Outcome
from voting.questionnaire.definition import BUDGETED, QuestionKind
from voting.results.ballots import Reading
from voting.results.bins import binned_ages, binned_dates, binned_numbers
from voting.results.compute import count_poll
from voting.results.gathering import gather
from voting.results.tallies import contest
from voting.statistics.crosstabs import association
from voting.statistics.suppression import follows

pytestmark = pytest.mark.django_db


def outcome(poll, question: str, method: str = "frequencies") -> dict[str, Any]:
    return Outcome.objects.get(poll=poll, question=question, method=method).result


def table(rows: list[dict[str, Any]]) -> dict[str, int | None]:
    return {row["key"]: row["count"] for row in rows}


@pytest.fixture
def answers() -> list[dict[str, Any]]:
    return many_answers(400)


@pytest.fixture
def poll(bob, organisation, answers):
    """A named poll, of which every cell is shown."""
    return counted_survey(bob, organisation, answers, secrecy="named")


def test_every_table_agrees_with_a_plain_recount(poll, answers) -> None:
    trust = outcome(poll, "trust")
    assert (trust["asked"], trust["answered"], trust["skipped"]) == (400, 400, 0)
    assert table(trust["rows"]) == dict(Counter(a["trust"]["option"] for a in answers))
    ways = outcome(poll, "ways")
    given = [a["ways"]["options"] for a in answers if "ways" in a]
    assert table(ways["rows"]) == Counter(option for chosen in given for option in chosen)
    assert (ways["answered"], ways["skipped"]) == (len(given), 400 - len(given))
    reason = outcome(poll, "reason")
    assert reason["asked"] == sum(a["trust"]["option"] == "no" for a in answers)
    assert reason["answered"] == sum("reason" in a for a in answers)
    assert "rows" not in reason
    for part in outcome(poll, "quality")["parts"]:
        points = Counter(
            str(a["quality"]["points"][part["key"]]) for a in answers if "quality" in a
        )
        assert {k: n for k, n in table(part["rows"]).items() if n} == points
        numbers = [int(p) for p in points.elements() if p != "na"]
        assert part["mean"]["mean"] == pytest.approx(sum(numbers) / len(numbers), abs=1e-6)
        assert part["satisfied"]["count"] == sum(n >= 4 for n in numbers)
        assert part["mean"]["total"] == len(numbers)


def test_the_sum_of_every_table_is_the_number_of_ballots(poll) -> None:
    ballots = outcome(poll, "", "turnout")["ballots"]
    assert ballots == 400
    for found in Outcome.objects.filter(poll=poll, method="frequencies"):
        result = found.result
        assert result["answered"] + result["skipped"] == result["asked"]
        if found.question != "reason":
            assert result["asked"] == ballots
        if result["kind"] in ("single", "yes_no", "scale", "ranking", "number", "date"):
            assert sum(table(result["rows"]).values()) == result["answered"]
        for part in result.get("parts", ()):
            assert sum(table(part["rows"]).values()) == part["answered"]
    for found in Outcome.objects.filter(poll=poll, method="groups"):
        whole = outcome(poll, found.question)
        for grouping in found.result["by"]:
            rows = grouping.get("rows", [])
            if rows and "cells" in rows[0]:
                assert sum(row["answered"] for row in rows) == whole["answered"]
                sums: Counter[str] = Counter()
                for row in rows:
                    sums.update(table(row["cells"]))
                assert sums == Counter(table(whole["rows"]))


def test_a_question_that_was_not_shown_is_not_asked(poll, answers) -> None:
    """The rule decides, not the answer: nobody who trusts is asked why not."""
    assert outcome(poll, "reason")["asked"] < len(answers)


def test_crosstabs_and_their_tests(poll, answers) -> None:
    groups = {g["key"]: g for g in outcome(poll, "trust", "groups")["by"]}
    assert set(groups) == {"channel", "sex", "age", "area"}
    sex = groups["sex"]
    plain = [
        [
            sum(
                a.get("sex", {}).get("option") == group and a["trust"]["option"] == option
                for a in answers
            )
            for option in ("yes", "no", "abstain")
        ]
        for group in ("f", "m")
    ]
    assert [list(table(row["cells"]).values()) for row in sex["rows"][:2]] == plain
    assert sex["rows"][2]["key"] == "", "those who did not say stand last"
    expected = association(plain)
    assert expected is not None
    assert sex["test"]["groups"] == ["f", "m"]
    assert sex["test"]["statistic"] == pytest.approx(expected.statistic, abs=1e-6)
    assert sex["test"]["p"] == pytest.approx(expected.p)
    assert "yates" not in sex["test"]
    assert [row["key"] for row in groups["age"]["rows"]] == ["18-29", "30-44", "45-59", "60+", ""]
    assert [row["key"] for row in groups["channel"]["rows"]] == ["web", "paper"]


def test_two_by_two_is_tested_with_and_without_yates(bob, organisation) -> None:
    chance = random.Random(4)
    given = [
        {"trust": {"option": chance.choice(["yes", "no"])}, "sex": {"option": chance.choice("fm")}}
        for _ in range(200)
    ]
    poll = counted_survey(bob, organisation, given, questions=(TRUST, SEX), secrecy="named")
    groups = {g["key"]: g for g in outcome(poll, "trust", "groups")["by"]}
    test = groups["sex"]["test"]
    assert test["degrees"] == 1
    assert 0 <= test["yates"]["statistic"] < test["statistic"]
    assert test["yates"]["p"] > test["p"]


def test_means_by_region(poll, answers) -> None:
    groups = {g["key"]: g for g in outcome(poll, "quality", "groups")["by"]}
    staff = next(part for part in groups["area"]["parts"] if part["key"] == "staff")
    for row in staff["rows"]:
        points = [
            a["quality"]["points"]["staff"]
            for a in answers
            if "quality" in a and a.get("area", {}).get("option", "") == row["key"]
        ]
        assert row["answered"] == len(points)
        assert row["mean"]["mean"] == pytest.approx(sum(points) / len(points), abs=1e-6)
        assert row["mean"]["low"] < row["mean"]["mean"] < row["mean"]["high"]
        assert row["satisfied"]["count"] == sum(p >= 4 for p in points)


def test_counts_of_methods_are_stored_with_digest_and_version(poll, answers) -> None:
    for question in (TRUST, LINES, STOPS):
        stored = Outcome.objects.get(poll=poll, question=question.key, method=question.method)
        assert stored.result["winners"]
        assert stored.input_digest == stored.result["digest"]
        assert stored.version == 1
    found = gather(poll.questionnaire, Reading(poll))
    assert sum(contest(LINES, found).ballots.values()) == sum("lines" in a for a in answers)


def test_counting_again_gives_the_same_digest(poll) -> None:
    reading = Reading(poll)
    gather(poll.questionnaire, reading)
    assert outcome(poll, "", "turnout")["ballots"] == 400
    assert Outcome.objects.get(poll=poll, method="turnout").input_digest == reading.digest


def test_void_ballots_count_nowhere(bob, organisation) -> None:
    poll = open_poll(bob, organisation, questions=(TRUST,), secrecy="named")
    first, second, _third = put_in(poll, [{"trust": {"option": "yes"}}] * 3)
    for replaced, given in ((first, {"trust": {"option": "no"}}), (second, None)):
        Ballot.objects.create(
            poll=poll,
            secrecy="named",
            turnout=replaced.turnout,
            mark=replaced.mark[::-1],
            answers=given,
            replaces=replaced,
        )
    poll = end_and_count(poll)
    assert table(outcome(poll, "trust")["rows"]) == {"yes": 1, "no": 1, "abstain": 0}
    turnout = outcome(poll, "", "turnout")
    assert (turnout["ballots"], turnout["void"]) == (2, 3)


def test_an_empty_poll_has_outcomes_of_nothing(bob, organisation) -> None:
    for secrecy in ("named", "confidential"):
        poll = counted_survey(bob, organisation, [], secrecy=secrecy)
        assert outcome(poll, "", "turnout")["ballots"] == 0
        assert outcome(poll, "trust")["answered"] == 0
        assert outcome(poll, "lines", "irv")["winners"] == []


def test_counting_makes_as_many_queries_for_many_ballots_as_for_few(bob, organisation) -> None:
    counts = []
    for number in (3, 60):
        poll = open_poll(bob, organisation, questions=SURVEY, secrecy="named")
        put_in(poll, many_answers(number))
        poll = fresh(poll)
        with CaptureQueriesContext(connection) as queries:
            count_poll(poll)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_quorum_and_threshold(bob, organisation) -> None:
    given = [{"trust": {"option": "yes"}}] * 6 + [{"trust": {"option": "no"}}] * 4
    poll = counted_survey(
        bob,
        organisation,
        given,
        questions=(TRUST,),
        secrecy="secret",
        quorum=Decimal("0.5"),
        threshold=Decimal("0.66667"),
        eligible_count=18,
    )
    turnout = outcome(poll, "", "turnout")
    assert turnout["quorum"]["is_reached"] is True
    assert (turnout["quorum"]["have"], turnout["quorum"]["need"]) == (10, 9)
    reached = outcome(poll, "trust", "threshold")
    assert reached["is_reached"] is False
    assert (reached["have"], reached["base_count"], reached["need"]) == (6, 10, 7)


# --- confidential polls


def numbers_in(data: Any) -> list[Any]:
    """Every count that stands anywhere in stored data."""
    if isinstance(data, dict):
        own = [data["count"]] if "count" in data else []
        own += [data["answered"]] if "key" in data and "answered" in data else []
        return own + [n for value in data.values() for n in numbers_in(value)]
    if isinstance(data, list):
        return [n for value in data for n in numbers_in(value)]
    return []


@pytest.mark.parametrize("number", [3, 12, 40, 150, 600])
def test_no_cell_below_five_is_stored_for_a_confidential_poll(bob, organisation, number) -> None:
    poll = counted_survey(bob, organisation, many_answers(number, 7), secrecy="confidential")
    for found in Outcome.objects.filter(poll=poll):
        for count in numbers_in(found.result):
            assert count is None or count >= 5, (found.question, found.method, found.result)
        if "rounds" in found.result and "suppressed" not in found.result:
            for step in found.result["rounds"]:
                assert all(Decimal(t) == 0 or Decimal(t) >= 5 for t in step["tallies"].values())
        assert not found.result.get("digest"), "a digest of few votes can be guessed"


def test_hidden_cells_do_not_follow_from_totals(bob, organisation) -> None:
    given = [{"trust": {"option": "yes"}}] * 40 + [{"trust": {"option": "no"}}] * 12
    given += [{"trust": {"option": "abstain"}}] * 2
    poll = counted_survey(
        bob, organisation, given, questions=(TRUST,), secrecy="confidential", channels=("web",)
    )
    assert table(outcome(poll, "trust")["rows"]) == {"yes": 40, "no": None, "abstain": None}
    tally = outcome(poll, "trust", "plurality")
    assert tally["winners"] == ["yes"]
    assert "12" not in str(tally) and "52" not in str(tally), "54 less 52 is who abstained"


def test_cells_of_a_crosstab_do_not_follow_from_rows_columns_and_the_whole(
    bob, organisation
) -> None:
    chance = random.Random(3)
    given = [
        {
            "trust": {"option": chance.choices(["yes", "no", "abstain"], [8, 8, 2])[0]},
            "area": {
                "option": chance.choices(["north", "south", "west", "hills"], [9, 5, 5, 2])[0]
            },
        }
        for _ in range(160)
    ]
    poll = counted_survey(bob, organisation, given, questions=(TRUST, AREA), secrecy="confidential")
    whole = table(outcome(poll, "trust")["rows"])
    by_area = next(g for g in outcome(poll, "trust", "groups")["by"] if g["key"] == "area")
    cells = {row["key"]: table(row["cells"]) for row in by_area["rows"]}
    assert any(n is None for row in cells.values() for n in row.values())
    for row in by_area["rows"]:
        gone = [n for n in cells[row["key"]].values() if n is None]
        assert row["answered"] is None or len(gone) != 1
        if row["answered"] is not None and gone:
            left = row["answered"] - sum(n for n in cells[row["key"]].values() if n is not None)
            assert left >= 5
    for option, total in whole.items():
        column = [row[option] for row in cells.values()]
        assert total is None or column.count(None) != 1


def test_a_mean_does_not_give_hidden_points_away(bob, organisation) -> None:
    """With total, mean and spread known, fewer than four hidden points could be computed."""
    given = [{"effort": {"point": point}} for point in [1] * 3 + [2] * 9 + [3] * 30 + [4] * 40]
    given += [{"effort": {"point": 5}}] * 50
    poll = counted_survey(
        bob, organisation, given, questions=(EFFORT,), secrecy="confidential", channels=("web",)
    )
    effort = outcome(poll, "effort")
    hidden = [row["key"] for row in effort["rows"] if row["count"] is None]
    assert {"1", "na"} <= set(hidden)
    shown = {"total", "mean"} if effort["mean"]["low"] is None else {"total", "mean", "spread"}
    assert len(hidden) > len(shown)
    assert effort["mean"]["mean"] == pytest.approx(
        float(Fraction(3 + 18 + 90 + 160 + 250, 132)), abs=1e-6
    )


def test_the_words_of_a_confidential_poll_stand_in_no_outcome(bob, organisation) -> None:
    poll = counted_survey(bob, organisation, many_answers(50), secrecy="confidential")
    stored = str(list(Outcome.objects.filter(poll=poll).values_list("result", flat=True)))
    assert "They never answer." not in stored


def test_groups_of_means_hide_small_numbers_of_satisfied(bob, organisation) -> None:
    given = [
        {"quality": {"points": {"staff": point}}, "sex": {"option": sex}}
        for sex, points in (("f", [5] * 38 + [1] * 2), ("m", [5] * 20 + [1] * 20))
        for point in points
    ]
    poll = counted_survey(
        bob, organisation, given, questions=(QUALITY, SEX), secrecy="confidential"
    )
    by_sex = next(g for g in outcome(poll, "quality", "groups")["by"] if g["key"] == "sex")
    staff = next(part for part in by_sex["parts"] if part["key"] == "staff")
    assert [row["satisfied"]["count"] for row in staff["rows"]] == [None, None]
    assert [row["answered"] for row in staff["rows"]] == [40, 40]


def test_ages_are_cut_the_same_way_everywhere(poll, answers) -> None:
    """Two ways of cutting one line would tell how many lie between the cuts."""
    rows = table(outcome(poll, "age")["rows"])
    groups = {g["key"]: g for g in outcome(poll, "trust", "groups")["by"]}
    assert list(rows) == [row["key"] for row in groups["age"]["rows"] if row["key"]]
    assert sum(rows.values()) == sum("age" in a for a in answers)


# --- classes


def test_numbers_fall_into_at_most_twelve_classes() -> None:
    counts = {Decimal(n): 1 for n in range(7, 131)}
    spans = binned_numbers(counts)
    assert list(spans)[:2] == ["0..20", "20..40"]
    assert sum(spans.values()) == len(counts)
    assert len(spans) <= 12
    few = binned_numbers({Decimal("2.5"): 3, Decimal(1): 2})
    assert few == {"1": 2, "2.5": 3}
    assert binned_numbers({}) == {}


def test_ages_have_spans_without_gaps() -> None:
    counts = {Decimal(17): 1, Decimal(44): 2, Decimal(103): 1}
    assert binned_ages(counts) == {"0-17": 1, "18-29": 0, "30-44": 2, "45-59": 0, "60+": 1}
    assert binned_ages({}) == {}


def test_numbers_of_any_size_have_classes() -> None:
    for power in (-3, 0, 5, 12):
        for count in (13, 99, 500):
            counts = {Decimal(n - 50).scaleb(power): 1 for n in range(count)}
            spans = binned_numbers(counts)
            assert sum(spans.values()) == count
            assert 3 <= len(spans) <= 12


def test_dates_fall_into_days_months_years_or_decades() -> None:
    assert binned_dates({"2026-11-24": 2}) == {"2026-11-24": 2}
    assert binned_dates({f"2026-11-{d:02}": 1 for d in range(1, 21)}) == {"2026-11": 20}
    assert binned_dates({f"{y}-01-01": 1 for y in range(1960, 2026)}) == {
        "1960s": 10,
        "1970s": 10,
        "1980s": 10,
        "1990s": 10,
        "2000s": 10,
        "2010s": 10,
        "2020s": 6,
    }


def test_the_survey_has_every_kind_of_question() -> None:
    others = BUDGETED | {QuestionKind.SHORT_TEXT}
    assert {q.kind for q in SURVEY} >= set(QuestionKind) - others
    assert AGE.demographic and WAYS.most == 3


@pytest.mark.parametrize("seed", range(6))
def test_all_tables_of_a_question_together_do_not_give_a_hidden_cell_away(
    bob, organisation, seed
) -> None:
    """Every sum that a reader knows, of all tables at once, as one system of equations."""
    chance = random.Random(seed)
    given = [
        {
            "trust": {"option": chance.choices(["yes", "no", "abstain"], [6, 5, 1])[0]},
            "sex": {"option": chance.choices(["f", "m"], [5, 1])[0]},
            "area": {
                "option": chance.choices(["north", "south", "west", "hills"], [9, 5, 3, 1])[0]
            },
        }
        for _ in range(60 + 20 * seed)
    ]
    for answer in given:
        if chance.random() < 0.1:
            del answer[chance.choice(["sex", "area"])]
    poll = counted_survey(
        bob, organisation, given, questions=(TRUST, SEX, AREA), secrecy="confidential"
    )
    trust = outcome(poll, "trust")
    hidden: set[tuple[str, ...]] = set()
    sums: list[dict[tuple[str, ...], int]] = []

    def know(*cells: tuple[tuple[str, ...], int | None], total: tuple[str, ...] | None) -> None:
        """The cells add up to `total`, a cell itself, or to a number that is shown (None)."""
        hidden.update(name for name, count in cells if count is None)
        equation = {name: 1 for name, _count in cells}
        sums.append({**equation, total: -1} if total else equation)

    know(*((("all", r["key"]), r["count"]) for r in trust["rows"]), total=None)
    for table in outcome(poll, "trust", "groups")["by"]:
        rows = table["rows"]
        know(*(((table["key"], r["key"]), r["answered"]) for r in rows), total=None)
        for row in rows:
            cells = [((table["key"], row["key"], c["key"]), c["count"]) for c in row["cells"]]
            know(*cells, total=(table["key"], row["key"]))
        for place, option in enumerate(("yes", "no", "abstain")):
            column = [((table["key"], r["key"], option), r["cells"][place]["count"]) for r in rows]
            know(*column, total=("all", option))
    assert hidden
    assert follows(hidden, sums) == frozenset()
