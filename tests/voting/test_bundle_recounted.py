"""What the site publishes of a secret poll, counted again by the tool that knows nothing of the site."""

import json
import random
import subprocess
import sys

import pytest
from django.conf import settings

from tests import factories
from tests.voting.polls import end_and_count, fresh, open_poll
from voting import voters
from voting.actions.box import cast_ballot, withdraw_ballot
from voting.questionnaire.definition import Item, Option, Question, QuestionKind
from voting.questionnaire.validation import METHODS_OF

pytestmark = pytest.mark.django_db

KEYS = ("north", "south", "west", "east")
OPTIONS = tuple(Option(key, {"en": key.title()}) for key in KEYS)
GRADES = tuple(Option(key, {"en": key.title()}) for key in ("good", "fair", "poor"))


def asked():
    """A question for every method, and those without one that a secret poll may ask."""
    for kind, methods in METHODS_OF.items():
        for method in sorted(methods):
            yield Question(
                key=f"{kind.value}-{method}",
                kind=kind,
                title={"en": f"{kind.value} by {method}"},
                options=() if kind is QuestionKind.YES_NO else OPTIONS,
                points=GRADES if kind is QuestionKind.GRADES else (),
                most=5 if kind is QuestionKind.SCORE else None,
                method=method,
                seats=2 if method.startswith("stv") else 1,
            )
    yield Question(
        key="staff",
        kind=QuestionKind.SCALE,
        title={"en": "The staff?"},
        least=1,
        most=5,
        satisfied_from=4,
        does_not_apply=True,
        show_if="yes_no-plurality = yes",
    )
    yield Question(
        key="service",
        kind=QuestionKind.MATRIX,
        title={"en": "The service?"},
        items=(Item("time", {"en": "Time"}), Item("cost", {"en": "Cost"})),
        least=1,
        most=5,
        satisfied_from=4,
    )


def answers(chance):
    """Somebody's answers by chance; some questions are skipped."""
    order = chance.sample(KEYS, chance.randint(1, 4))
    given = {}
    for question in asked():
        value = {
            QuestionKind.SINGLE: {"option": order[0]},
            QuestionKind.YES_NO: {"option": chance.choice(["yes", "no", "abstain"])},
            QuestionKind.MULTIPLE: {"options": sorted(order, key=KEYS.index)},
            QuestionKind.SCORE: {"scores": {key: chance.randint(0, 5) for key in order}},
            QuestionKind.GRADES: {
                "grades": {key: chance.choice(["good", "fair", "poor"]) for key in order}
            },
            QuestionKind.RANKING: {"ranking": order},
            QuestionKind.SCALE: {"point": chance.choice([1, 2, 3, 4, 5, "na"])},
            QuestionKind.MATRIX: {"points": {"time": chance.randint(1, 5)}},
        }[question.kind]
        if chance.random() > 0.1:
            given[question.key] = value
    return given


@pytest.fixture
def lines(bob, client, organisation):
    """The bundle as the site gives it to anybody, with ballots replaced and withdrawn."""
    poll = open_poll(
        bob,
        organisation,
        questions=list(asked()),
        secrecy="secret",
        change_policy="until_close",
        threshold="0.5",
        quorum="0.1",
        eligible_count=100,
    )
    chance = random.Random(3)
    for number in range(24):
        now = fresh(poll)
        voter = voters.person(factories.person(), now)
        given = answers(chance)
        receipt = cast_ballot(voter, poll=now, answers=given)
        if number % 6 == 0:
            receipt = cast_ballot(voter, poll=now, answers=answers(chance), former=receipt.code)
        if number % 8 == 0:
            withdraw_ballot(voter, poll=now, former=receipt.code)
    done = end_and_count(poll)
    answer = client.get(f"/en/polls/{done.process.slug}/bundle.jsonl")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    return text.splitlines()


def recount(tmp_path, lines, *more):
    path = tmp_path / "bundle.jsonl"
    path.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(settings.ROOT / "tools" / "recount.py"), str(path), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_figure_of_every_method_is_found_again(tmp_path, lines):
    code, said = recount(tmp_path, lines)
    assert code == 0, said
    header = json.loads(lines[0])
    assert recount(tmp_path, lines, "--root", header["root"])[0] == 0
    assert recount(tmp_path, lines, "--root", "0" * 64)[0] == 1


def test_a_changed_ballot_is_named(tmp_path, lines):
    place = next(
        index for index, line in enumerate(lines[1:], 1) if json.loads(line)["answers"] is not None
    )
    ballot = json.loads(lines[place])
    ballot["answers"]["yes_no-plurality"] = {"option": "no"}
    ballot["answers"]["single-plurality"] = {"option": "east"}
    lines[place] = json.dumps(ballot)
    code, said = recount(tmp_path, lines)
    assert code == 1 and ballot["mark"] in said


def test_a_ballot_that_was_taken_out_is_missed(tmp_path, lines):
    assert recount(tmp_path, lines[:-1])[0] == 1


def test_another_result_is_found(tmp_path, lines):
    header = json.loads(lines[0])
    for outcome in header["outcomes"]:
        if outcome["method"] == "irv":
            outcome["result"]["winners"] = ["west", "east"]
    code, said = recount(tmp_path, [json.dumps(header), *lines[1:]])
    assert code == 1 and "irv" in said


def test_what_is_no_bundle_is_said(tmp_path):
    code, said = recount(tmp_path, ["no bundle"])
    assert code == 2 and said.strip()
