"""tools/recount.py: it agrees with a true bundle, and names what was changed in any other."""

import ast
import copy
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.pure.tallies import GRADES, RANKED, graded_contests, strict_contests
from tests.shared import ROOT
from tests.voting.bundles import Vote, build, mark, rehash, write
from tests.voting.polls import COLOURS, TREE, end_and_count, fresh, open_poll
from tests.voting.polls import RANKED as LINES
from tools import recount
from voting import voters
from voting.actions.box import cast_ballot, withdraw_ballot
from voting.box import bundle
from voting.questionnaire.definition import Item, Option, Question, QuestionKind
from voting.secrecy.tree import root_of
from voting.tally.methods import METHODS, count
from voting.tally.model import Contest, marks

TOOL = ROOT / "tools" / "recount.py"


def options(*keys: str) -> tuple[Option, ...]:
    return tuple(Option(key, {"en": key.title()}) for key in keys)


def ask(key: str, kind: QuestionKind, **more) -> Question:
    return Question(key, kind, {"en": key.title()}, **more)


QUESTIONS = (
    ask("tram", QuestionKind.YES_NO, method="plurality"),
    ask("colour", QuestionKind.SINGLE, options=options("red", "blue"), method="plurality"),
    ask(
        "ways",
        QuestionKind.MULTIPLE,
        options=options("bus", "bike", "foot"),
        method="approval",
        show_if="tram = yes and not (colour = blue or answered lines)",
    ),
    ask(
        "lines",
        QuestionKind.RANKING,
        options=options(*"abcdef"),
        method="stv-scottish",
        seats=3,
    ),
    ask("stops", QuestionKind.RANKING, options=options(*"abc"), show_if="lines has a"),
    ask(
        "ease",
        QuestionKind.SCALE,
        least=1,
        most=5,
        does_not_apply=True,
        satisfied_from=4,
    ),
    ask("why", QuestionKind.SCALE, least=0, most=10, show_if="ease <= 2 or quality.staff < 3"),
    ask(
        "quality",
        QuestionKind.MATRIX,
        items=(Item("staff", {"en": "Staff"}), Item("cost", {"en": "Cost"})),
        least=1,
        most=5,
        does_not_apply=True,
        satisfied_from=4,
    ),
    ask("marks", QuestionKind.SCORE, options=options("x", "y"), least=0, most=9, method="score"),
    ask(
        "grades",
        QuestionKind.GRADES,
        options=options("x", "y", "z"),
        points=options(*GRADES),
        method="majority-judgement",
    ),
)


def some_votes(number: int = 60, seed: int = 5) -> list[Vote]:
    """Answers of every kind, several channels and areas, some replaced, some withdrawn."""
    chance = random.Random(seed)
    votes = [_vote(chance, f"voter {n}") for n in range(number)]
    votes += [
        Vote(f"again {n}", _answers(chance), replaces=f"voter {n}", area="north")
        for n in range(0, number, 10)
    ]
    votes.append(Vote("thrice", _answers(chance), replaces="again 0", area="south"))
    votes.append(Vote("gone", None, replaces="voter 3"))
    return votes


def _vote(chance: random.Random, name: str) -> Vote:
    channel = chance.choice(["web", "web", "paper", "telephone"])
    area = chance.choice(["north", "south", "west"])
    return Vote(name, _answers(chance), channel=channel, area=area)


def _answers(chance: random.Random) -> dict:
    """Answers that somebody could have given, with what was not asked left out."""
    points = [1, 2, 3, 4, 5, "na"]
    answers = {
        "tram": {"option": chance.choice(["yes", "yes", "no", "abstain"])},
        "colour": {"option": chance.choice(["red", "blue"])},
        "lines": {"ranking": chance.sample("abcdef", chance.randint(1, 6))},
        "ease": {"point": chance.choice(points)},
        "quality": {"points": {"staff": chance.choice(points), "cost": chance.choice(points)}},
        "marks": {"scores": {"x": chance.randint(0, 9), "y": chance.randint(0, 9)}},
        "grades": {"grades": {one: chance.choice(GRADES) for one in "xyz"}},
    }
    for key in chance.sample(sorted(answers), chance.randint(0, 3)):
        del answers[key]
    said = {key: value.get("option") for key, value in answers.items()}
    if said.get("tram") == "yes" and said.get("colour") != "blue" and "lines" not in answers:
        answers["ways"] = {"options": chance.choice([["bus"], ["bus", "foot"], ["bike"]])}
    if "a" in answers.get("lines", {}).get("ranking", []) and chance.random() < 0.5:
        answers["stops"] = {"ranking": ["b", "a"]}
    if answers.get("ease", {}).get("point") in (1, 2):
        answers["why"] = {"point": chance.randint(0, 10)}
    return answers


@pytest.fixture(scope="module")
def true_bundle():
    return build(
        QUESTIONS,
        some_votes(),
        quorum="0.50000",
        threshold="0.66667",
        threshold_base="areas",
        eligible_count=100,
    )


@pytest.fixture
def lines(true_bundle):
    """A bundle to change."""
    return copy.deepcopy(true_bundle)


def run(tmp_path: Path, lines, *words: str) -> tuple[int, str]:
    """Run the file alone, with neither the site's code nor any package in reach."""
    path = write(tmp_path / "bundle.jsonl", lines)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(TOOL), str(path), *words],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_true_bundle_agrees_in_everything(tmp_path, true_bundle):
    code, said = run(tmp_path, true_bundle, "--root", true_bundle[0]["root"].upper())
    assert code == 0, said
    assert "Everything agrees." in said
    for outcome in true_bundle[0]["outcomes"]:
        if outcome["question"]:
            assert f"ok       {outcome['question']}: {outcome['method']}" in said
    assert "8 ballots were replaced, each once (1 of the later ones withdraw); 59 count" in said


@pytest.mark.parametrize("base", ["cast", "eligible", "areas"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_votes_and_thresholds_agree_too(tmp_path, base, seed):
    lines = build(
        QUESTIONS,
        some_votes(12, seed),
        threshold="0.50000",
        threshold_base=base,
        eligible_count=20,
    )
    code, said = run(tmp_path, lines)
    assert code == 0, said


def test_a_vote_in_which_nobody_voted_agrees(tmp_path):
    code, said = run(tmp_path, build(QUESTIONS, []))
    assert code == 0, said


def test_a_changed_ballot_is_named(tmp_path, lines):
    ballot = next(line for line in lines[1:] if "colour" in (line["answers"] or {}))
    answer = ballot["answers"]["colour"]
    answer["option"] = "red" if answer["option"] == "blue" else "blue"
    code, said = run(tmp_path, lines)
    assert code == 1
    number = lines.index(ballot) + 1
    assert f'DIFFERS  the ballot on line {number}, mark "{ballot["mark"]}", is not the one' in said
    assert "DIFFERS  the root of the ballots" in said


def test_a_changed_ballot_with_its_hash_made_anew_changes_the_root(tmp_path, lines):
    ballot = next(line for line in lines[1:] if (line["answers"] or {}).get("ease"))
    ballot["answers"]["ease"]["point"] = 1 if ballot["answers"]["ease"]["point"] != 1 else 5
    rehash(ballot)
    code, said = run(tmp_path, lines)
    assert code == 1
    assert "DIFFERS  the root of the ballots" in said
    assert "is not the one" not in said


def test_a_forged_root_is_found_by_the_root_known_from_elsewhere(tmp_path):
    votes = some_votes(20)
    true, forged = build(QUESTIONS, votes), build(QUESTIONS, votes[:-1])
    assert run(tmp_path, forged)[0] == 0, "whole in itself"
    code, said = run(tmp_path, forged, "--root", true[0]["root"])
    assert code == 1
    assert "DIFFERS  the root that you know" in said


def test_a_ballot_that_was_taken_out_or_put_in_is_missed(tmp_path, lines):
    code, said = run(tmp_path, [*lines[:5], *lines[6:]])
    assert code == 1
    assert "DIFFERS  the number of ballots: counted again 67, published 68" in said
    code, said = run(tmp_path, [*lines[:6], lines[5], *lines[6:]])
    assert code == 1
    assert f'line 7, mark "{lines[5]["mark"]}", stands in the list twice' in said
    code, said = run(tmp_path, [*lines[:5], lines[6], lines[5], *lines[7:]])
    assert code == 1
    assert "out of order" in said


def chained(lines, former: str):
    return next(line for line in lines[1:] if line["replaces"] == mark(former))


def test_a_ballot_replaced_twice_is_named(tmp_path, lines):
    second = chained(lines, "voter 10")
    second["replaces"] = mark("voter 20")
    rehash(second)
    code, said = run(tmp_path, lines)
    assert code == 1
    assert second["mark"] in said or chained(lines, "voter 20")["mark"] in said
    assert "replaces already" in said


def test_a_ballot_that_replaces_an_unknown_one_is_named(tmp_path, lines):
    ballot = chained(lines, "voter 10")
    ballot["replaces"] = mark("nobody")
    rehash(ballot)
    code, said = run(tmp_path, lines)
    assert code == 1
    assert f'mark "{ballot["mark"]}", replaces' in said
    assert "which is not in the list" in said


def test_ballots_that_replace_each_other_are_named(tmp_path, lines):
    first = next(line for line in lines[1:] if line["mark"] == mark("voter 0"))
    first["replaces"] = mark("thrice")
    rehash(first)
    code, said = run(tmp_path, lines)
    assert code == 1
    assert "replaces itself by way of others" in said


def test_a_withdrawal_of_nothing_is_named(tmp_path, lines):
    ballot = chained(lines, "voter 3")
    ballot["replaces"] = None
    rehash(ballot)
    code, said = run(tmp_path, lines)
    assert code == 1
    assert f'mark "{ballot["mark"]}", withdraws nothing' in said


def _paths(value, path=()):
    """Every number, text and truth in a result, by the way that leads to it."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _paths(part, (*path, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _paths(part, (*path, index))
    else:
        yield path


def _changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return 1 if value is None else f"{value}1"


# Sentences about rounds, records of ties and intervals of means follow from what is compared.
EXPLAINED = {"notes", "ties", "removed", "version"}


def test_every_figure_of_every_outcome_is_compared(lines):
    """Each number and word of each result is changed in turn."""
    header, ballots = lines[0], list(enumerate(lines[1:], 2))
    missed = []
    for outcome in header["outcomes"]:
        for path in list(_paths(outcome["result"])):
            is_of_mean = "mean" in path and path[-1] in {"low", "high"}
            is_between = outcome["method"] == "majority-judgement" and path[:1] == ("rounds",)
            if EXPLAINED & set(path) or is_of_mean or is_between or path[-1] in {"code", "number"}:
                continue
            if (outcome["method"] == "groups" and path[-1] in {"deviation"}) or "yates" in path:
                continue
            place = outcome["result"]
            for step in path[:-1]:
                place = place[step]
            kept = place[path[-1]]
            place[path[-1]] = _changed(kept)
            report = recount.Report()
            recount.check_outcomes(header, len(ballots), _good(ballots), report)
            if not report.differences:
                missed.append((outcome["question"], outcome["method"], path))
            place[path[-1]] = kept
            if len(missed) > 5:
                break
    assert missed == []


def _good(ballots):
    silent = recount.Report()
    return recount.check_chains(ballots, silent)


def test_a_changed_outcome_is_named(tmp_path, lines):
    outcome = next(one for one in lines[0]["outcomes"] if one["method"] == "stv-scottish")
    winners = outcome["result"]["winners"]
    winners[0], winners[1] = winners[1], winners[0]
    code, said = run(tmp_path, lines)
    assert code == 1
    assert "DIFFERS  lines: stv-scottish (winners[1])" in said
    assert said.count("DIFFERS") == 2


def test_an_outcome_that_is_missing_or_not_declared_is_named(tmp_path, lines):
    lines[0]["outcomes"] = [one for one in lines[0]["outcomes"] if one["method"] != "approval"]
    lines[0]["outcomes"].append({**lines[0]["outcomes"][1], "method": "irv"})
    code, said = run(tmp_path, lines)
    assert code == 1
    assert "no outcome 'approval' was published for 'ways'" in said
    assert "tram: irv: this method was not declared" in said


def test_a_changed_question_is_named(tmp_path, lines):
    lines[0]["definition"]["pages"][0]["questions"][0]["title"]["en"] = "Another question"
    code, said = run(tmp_path, lines)
    assert code == 1
    assert "DIFFERS  the questions have their digest" in said


def test_more_ballots_than_voters_are_named(tmp_path, lines):
    lines[0]["turnout"]["web"] -= 1
    code, said = run(tmp_path, lines)
    assert code == 1
    assert "59 ballots count, but only 58 people voted" in said


@pytest.mark.parametrize(
    "answers",
    [
        {"colour": {"option": "green"}},
        {"colour": "red"},
        {"lines": {"ranking": ["a", "a"]}},
        {"lines": {"ranking": []}},
        {"ease": {"point": 6}},
        {"ease": {"point": True}},
        {"why": {"point": 3}},
        {"ways": {"options": [["bus"]]}},
        {"grades": {"grades": {"x": "great"}}},
        {"quality": {"points": {"colour": 1}}},
        {"never": {"option": "asked"}},
        ["colour"],
    ],
)
def test_a_ballot_that_answers_what_was_not_offered_is_named(tmp_path, lines, answers):
    ballot = next(line for line in lines[1:] if line["mark"] == mark("voter 5"))
    ballot["answers"] = answers
    rehash(ballot)
    code, said = run(tmp_path, lines)
    assert code == 1
    assert f'mark "{ballot["mark"]}", cannot count' in said


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "no json\n",
        "[1]\n",
        '{"kenes": "else"}\n',
        '{"kenes": "bundle", "version": 2}\n',
        '{"kenes": "bundle", "version": 1}\n',
    ],
)
def test_what_is_no_bundle_ends_with_2(tmp_path, raw):
    path = tmp_path / "file"
    path.write_text(raw)
    assert recount.main([str(path)]) == 2


def test_a_file_that_is_not_there_ends_with_2(tmp_path, capsys):
    assert recount.main([str(tmp_path / "none")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_the_tool_is_one_file_for_python_3_9_without_packages():
    tree = ast.parse(TOOL.read_text(), feature_version=(3, 9))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names


class Asked:
    """A contest as the tool holds it, made from ours."""

    def __init__(self, of: Contest, seats: int) -> None:
        made = recount.Contest({"kind": "ranking", "options": []}, [])
        made.candidates, made.ballots = list(of.candidates), recount.Counter(of.ballots)
        made.grades, made.least, made.seats = list(of.grades), of.least, seats
        made.digest = made.digested()
        made.lot = sorted(
            made.candidates, key=lambda one: recount.sha256(f"{made.digest}\n{one}".encode())
        )
        made.total = sum(made.ballots.values())
        self.contest = made


def agrees(method: str, of: Contest, seats: int) -> None:
    """Two programs that were written apart count the same, round by round."""
    ours = json.loads(json.dumps(count(method, of, seats=seats).to_json()))
    made = Asked(of, ours["seats"]).contest
    assert made.digest == ours["digest"]
    assert made.lot == ours["lot"]
    theirs = recount.METHODS[method](made)
    if "last" in theirs:
        recount.compare_ends(theirs, ours)
    assert recount.differences(theirs, ours) == []


@pytest.mark.parametrize("method", RANKED)
@given(of=strict_contests(), seats=st.integers(1, 4))
def test_two_programs_count_ranked_ballots_alike(method, of, seats):
    agrees(method, of, seats)


@given(of=graded_contests(), seats=st.integers(1, 3))
def test_two_programs_judge_alike(of, seats):
    agrees("majority-judgement", of, seats)


@given(
    ballots=st.dictionaries(
        st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), min_size=1).map(marks),
        st.integers(1, 5),
        min_size=1,
    ),
    seats=st.integers(1, 3),
)
def test_two_programs_add_scores_alike(ballots, seats):
    agrees("score", Contest(("a", "b", "c"), ballots, least=1), seats)


def test_the_tool_knows_every_method():
    assert {name: spec.version for name, spec in METHODS.items()} == recount.VERSIONS


@given(leaves=st.lists(st.binary(min_size=32, max_size=32), max_size=20))
def test_two_programs_build_the_same_tree(leaves):
    assert recount.root_of(leaves) == root_of(leaves).hex()


@pytest.mark.django_db
def test_the_bundle_of_a_real_vote_agrees(tmp_path, bob, alice, charlie, organisation):
    poll = fresh(
        open_poll(
            bob,
            organisation,
            questions=(COLOURS, TREE, LINES),
            secrecy="secret",
            change_policy="until_close",
            threshold="0.5",
            quorum="0.1",
            eligible_count=20,
        )
    )
    orders = [["north", "west"], ["south"], ["west", "south", "north"]]
    receipts = {}
    people = [alice, charlie, *(factories.person(f"Voter {n}") for n in range(5))]
    for number, person in enumerate(people):
        answers = {
            "colour": {"option": ["red", "green"][number % 2]},
            "tree": {"option": ["yes", "no", "abstain"][number % 3]},
            "order": {"ranking": orders[number % 3]},
        }
        receipts[person] = cast_ballot(voters.person(person, poll), poll=poll, answers=answers)
    cast_ballot(
        voters.person(alice, poll),
        poll=poll,
        answers={"colour": {"option": "blue"}},
        former=receipts[alice].code,
    )
    withdraw_ballot(voters.person(charlie, poll), poll=poll, former=receipts[charlie].code)
    done = end_and_count(poll)
    lines = [json.loads(line) for line in bundle(done)]
    code, said = run(tmp_path, lines, "--root", done.root)
    assert code == 0, said
    assert "9 ballots" in said and "6 count" in said
