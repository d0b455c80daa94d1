"""Every count explains itself: sentences, drawings without colour, tables, ties, hidden figures."""

import json
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from common.texts import Localized
from tests.pure.tallies import GRADES, PARTY, SCHULZE_45, TENNESSEE, contest
from tests.voting.polls import COLOURS, RANKED, end_and_count, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot
from voting.explain import explain
from voting.results.tallies import without_figures
from voting.tally.methods import METHODS, count
from voting.tally.model import Contest, marks

CITIES = {"m": "Memphis", "n": "Nashville", "c": "Chattanooga", "k": "Knoxville"}
GRADED = Contest(
    ("a", "b"),
    {
        marks({"a": one, "b": other}): 1
        for one, other in [
            ("good", "excellent"),
            ("good", "fair"),
            ("fair", "fair"),
            ("fair", "poor"),
            ("poor", "poor"),
        ]
    },
    grades=GRADES,
)
SCORED = Contest(("a", "b"), {marks({"a": 3, "b": 9}): 4})


def told(method: str, of: Contest, names: dict[str, str] | None = None, **more):
    result = json.loads(json.dumps(count(method, of, **more).to_json()))
    labels = {key: Localized((names or {}).get(key, key.upper()), "en") for key in of.candidates}
    return explain(result, labels)


def page(counted) -> str:
    return render_to_string("voting/_rounds.html", {"counted": counted})


def sentences(counted) -> list[str]:
    return [sentence for step in counted.steps for sentence in step.sentences]


def of_method(method: str) -> Contest:
    return {"score": SCORED, "majority-judgement": GRADED}.get(method, TENNESSEE)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_explains_every_round(method, language):
    with translation.override(language):
        counted = told(method, of_method(method), seats=2)
        html = page(counted)
    assert counted.about and counted.method != method
    assert counted.steps
    for step in counted.steps:
        assert step.sentences or step.drawing or step.table
    assert "<table" in html and "<svg" in html
    assert "style=" not in html and "%(" not in html
    assert not re.search(r"(pair_|quota_|highest_|medians_|_winner|no_ballots|best_grades)", html)


def test_a_run_off_tells_who_was_excluded_and_where_the_votes_went():
    counted = told("irv", TENNESSEE, CITIES)
    assert counted.elected == "Elected: Knoxville."
    assert [step.title for step in counted.steps] == [
        "1. First choices",
        "2. Excluded: Chattanooga",
        "3. Excluded: Nashville",
    ]
    assert counted.steps[1].moved == (("Knoxville", "15"),)
    assert (
        counted.steps[2].sentences[-1]
        == "Knoxville has more than half of the votes that still count."
    )
    assert counted.steps[0].caption == "The line is half of the votes that still count: 50"
    rows = {line.label.text: line.cells for line in counted.overview.lines}
    assert rows["Knoxville"] == ("17", "32", "58 elected")
    assert rows["Chattanooga"] == ("15", "excluded", "")
    assert rows["Votes that still count"] == ("100", "100", "100")


def test_transferable_votes_tell_quota_and_surplus():
    names = {"o": "Orange", "p": "Pear", "c": "Chocolate", "s": "Strawberry", "b": "Bonbon"}
    counted = told("stv-scottish", PARTY, names, seats=3)
    assert counted.steps[1].title == "2. The surplus of Chocolate moves on"
    assert "Chocolate has 6 votes more than the quota; they move on." in sentences(counted)
    assert counted.steps[1].moved == (("Bonbon", "2"), ("Strawberry", "4"))
    assert "The line is the quota: 6" in page(counted)


def test_pairs_are_told_one_by_one():
    counted = told("ranked-pairs", contest((7, "abc"), (5, "bca"), (4, "cab")))
    assert sentences(counted) == [
        "Nobody beats every other in a comparison of two.",
        "B beats C, 12 to 4: kept.",
        "A beats B, 11 to 5: kept.",
        "C beats A, 9 to 7: left out, it contradicts what is kept.",
        "The order is: A, B, C.",
    ]
    table = told("schulze", SCHULZE_45).steps[0].table
    assert table.lines[0].cells == ("", "20", "26", "30", "22")


def test_a_judgement_tells_grades_and_what_told_equals_apart():
    counted = told("majority-judgement", GRADED)
    assert counted.steps[0].table.lines[0].cells == ("0", "2", "2", "1")
    assert (
        "A, B are equal at first. With the middle grade taken away 1 time, A is ahead."
        in sentences(counted)
    )


def test_a_tie_says_how_it_was_settled():
    by_lot = told("plurality", contest((2, "a"), (2, "b")), lot="ba")
    assert by_lot.ties == ("Round 1: A, B were equal. The lot elected B.",)
    by_history = told("stv-scottish", contest((11, "a"), (6, "b"), (5, "c"), (1, "dc")))
    assert by_history.ties == (
        "Round 3: B, C were equal and last. C had fewest in the latest round in which they differed, "
        "and was excluded.",
    )


def test_names_are_escaped():
    html = page(told("irv", TENNESSEE, {"k": "<b>Knox & Co</b>"}))
    assert "<b>Knox" not in html
    assert "&lt;b&gt;Knox &amp; Co&lt;/b&gt;" in html


def test_a_count_whose_figures_are_hidden_says_so_and_shows_none():
    result = without_figures(count("irv", TENNESSEE).to_json())
    counted = explain(result, {key: Localized(name, "") for key, name in CITIES.items()})
    html = page(counted)
    assert "The numbers are hidden" in html
    assert "<svg" not in html and "<table" not in html
    assert "Elected: Knoxville." in html


def test_without_ballots_it_says_that_nobody_is_elected():
    counted = told("irv", Contest(("a", "b"), {}))
    assert counted.elected == "Nobody is elected."
    assert sentences(counted) == ["No ballot could be counted, so nobody is elected."]


@pytest.mark.django_db
def test_the_results_page_shows_how_it_was_counted(bob, alice, charlie, organisation):
    poll = fresh(open_poll(bob, organisation, questions=(COLOURS, RANKED), secrecy="secret"))
    for person, order in ((alice, ["north", "west"]), (charlie, ["south", "north"])):
        answers = {"colour": {"option": "red"}, "order": {"ranking": order}}
        cast_ballot(voters.person(person, poll), poll=poll, answers=answers)
    done = end_and_count(poll)
    html = Client().get(f"/en/polls/{done.process.slug}/results/").content.decode()
    assert html.count("How it was counted") == 2, "for each question that is tallied"
    assert "Excluded: West" in html
    assert "were equal and last. The lot excluded" in html
