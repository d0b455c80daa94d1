"""Results weighted to known margins, through the ballot box, against figures computed elsewhere."""

import csv
import json

import pytest

from tests.shared import folder
from tests.voting.polls import end_and_count, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot
from voting.actions.samples import set_margins
from voting.models import Poll
from voting.questionnaire.definition import Option, Question, QuestionKind

pytestmark = pytest.mark.django_db


def asked(key, *options, demographic=""):
    return Question(
        key=key,
        kind=QuestionKind.SINGLE,
        title={"en": key},
        options=tuple(Option(name, {"en": name}) for name in options),
        demographic=demographic,
    )


SATISFACTION = Question(
    key="satisfaction",
    kind=QuestionKind.SCALE,
    title={"en": "How satisfied are you?"},
    least=1,
    most=5,
    satisfied_from=4,
)


def answer(poll, number, said):
    answers = {
        key: {"point": int(value)} if key == "satisfaction" else {"option": value}
        for key, value in said.items()
    }
    holder = voters.holder_of_pass(voters.make_pass(poll, str(number)), poll)
    cast_ballot(holder, poll=poll, answers=answers)


def outcome(poll, question, method):
    return poll.outcomes.get(question=question, method=method).result


@pytest.mark.shared_data
def test_six_hundred_answers_are_weighted_as_the_reference_says(bob, organisation):
    survey = folder("survey")
    reference = json.loads((survey / "reference.json").read_text())
    targets = reference["targets"]
    kinds = ("sex", "age", "area")
    questions = [
        asked(name, *map(key_of, cells), demographic=kind)
        for (name, cells), kind in zip(targets.items(), kinds, strict=True)
    ]
    questions.append(SATISFACTION)
    poll = open_poll(
        bob, organisation, questions=questions, eligibility="anyone", secrecy="confidential"
    )
    margins = {
        name: {key_of(cell): str(share) for cell, share in cells.items()}
        for name, cells in targets.items()
    }
    Poll.objects.filter(pk=poll.pk).update(margins=margins)
    poll = fresh(poll)
    rows = list(csv.DictReader((survey / "responses.csv").open()))
    for number, row in enumerate(rows):
        said = {name: key_of(row[name]) for name in targets}
        answer(poll, number, {**said, "satisfaction": row["satisfaction"]})
    done = end_and_count(poll)
    weights = outcome(done, "", "weights")
    assert weights["respondents"] == reference["n"] == 600
    assert weights["left_out"] == 0
    assert weights["effective_size"] == pytest.approx(reference["effective_n"], abs=1e-4)
    assert weights["design_effect"] == pytest.approx(reference["design_effect_kish"], abs=1e-6)
    assert [weights["least"], weights["most"]] == pytest.approx(reference["weight_range"], abs=1e-4)
    weighted = outcome(done, "satisfaction", "weighted")
    assert weighted["mean"] == pytest.approx(reference["mean_weighted"], abs=1e-6)
    assert 100 * weighted["satisfied"] == pytest.approx(
        reference["satisfied_pct_weighted"], abs=1e-4
    )
    assert sum(row["share"] for row in weighted["rows"]) == pytest.approx(1, abs=1e-5)
    for name, cells in margins.items():
        shares = {row["key"]: row["share"] for row in outcome(done, name, "weighted")["rows"]}
        assert shares == pytest.approx(
            {key: float(share) for key, share in cells.items()}, abs=1e-5
        )
    plain = outcome(done, "satisfaction", "frequencies")
    assert plain["mean"]["mean"] == pytest.approx(reference["mean_unweighted"], abs=1e-6)
    assert plain["satisfied"]["count"] == reference["satisfied_count"]


def key_of(cell):
    """Keys of options are letters, digits and dashes; the file writes 60+."""
    return cell.replace("+", "-plus")


def test_a_margin_in_which_nobody_answered_is_told_and_nothing_is_weighted(bob, organisation):
    poll = open_poll(
        bob,
        organisation,
        questions=[asked("sex", "f", "m", demographic="sex"), SATISFACTION],
        eligibility="anyone",
    )
    Poll.objects.filter(pk=poll.pk).update(margins={"sex": {"f": "0.5", "m": "0.5"}})
    poll = fresh(poll)
    for number in range(6):
        answer(poll, number, {"sex": "f", "satisfaction": 4})
    answer(poll, 6, {"satisfaction": 1})
    done = end_and_count(poll)
    weights = outcome(done, "", "weights")
    assert (weights["problem"], weights["question"], weights["category"]) == (
        "no_respondents",
        "sex",
        "m",
    )
    assert weights["left_out"] == 1
    assert not done.outcomes.filter(method="weighted").exists()


def test_without_margins_there_are_no_weights(bob, alice, organisation):
    poll = open_poll(bob, organisation)
    cast_ballot(voters.person(alice, poll), poll=poll, answers={"tree": {"option": "yes"}})
    assert not end_and_count(poll).outcomes.filter(method__in=["weights", "weighted"]).exists()


def test_the_page_shows_weighted_results_and_how_far_they_carry(bob, client, organisation):
    poll = open_poll(
        bob,
        organisation,
        questions=[asked("sex", "f", "m", demographic="sex"), SATISFACTION],
        eligibility="anyone",
        secrecy="confidential",
    )
    set_margins(bob, poll=poll, margins={"sex": {"f": "0.5", "m": "0.5"}})
    poll = fresh(poll)
    for number in range(30):
        said = {"sex": "f" if number < 20 else "m", "satisfaction": 5 if number < 20 else 2}
        answer(poll, number, said)
    done = end_and_count(poll)
    page = client.get(f"/en/polls/{done.process.slug}/results/").content.decode()
    assert "Weighted mean 3.50." in page and "Mean 4.00" in page
    assert "by “sex” (raking)" in page
    assert "The 30 weighted answers carry as far as 27 unweighted ones" in page
    assert "Satisfied, weighted: 50.0%" in page
