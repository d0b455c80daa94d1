"""`manage.py allocate`: files in, JSON out, no server; and what real cities chose."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import manage
from tests.shared import ROOT, folder

PB = """META
key;value
description;Small town
budget;100.50
vote_type;approval
num_votes;11
PROJECTS
project_id;cost;name
7;60;Path
12;30.25;Court
3;30;Library
9;10;Trees
VOTES
voter_id;vote
"""
VOTES = ["7,12"] * 5 + ["7,9"] + ["3,9"] * 4


def allocate(*words: str | Path) -> tuple[int, str, str]:
    """Run the command with a bare environment: no address of any server, no secret."""
    done = subprocess.run(
        [sys.executable, "manage.py", "allocate", *map(str, words)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KENES_STATE": "/nonexistent/kenes"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def found(*words: str | Path) -> dict:
    code, output, errors = allocate(*words)
    assert (code, errors) == (0, "")
    return json.loads(output, parse_float=Decimal)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.pb"
    path.write_text(PB + "".join(f"{n};{vote}\n" for n, vote in enumerate(VOTES)))
    return path


def test_the_command_needs_no_server_and_prints_exact_numbers(town):
    assert not manage.requires_servers(["allocate", str(town), "--rule", "knapsack"])
    document = found(town, "--rule", "greedy_by_votes")
    assert document["winners"] == ["7", "9", "12"]
    assert (document["rule"], document["version"], document["budget"]) == (
        "greedy_by_votes",
        1,
        Decimal("100.5"),
    )
    assert document["cost"] == Decimal("100.25")
    assert document["ties"] == [
        {
            "round": 2,
            "projects": ["12", "9"],
            "decided_by": "cheaper",
            "chosen": "9",
            "envelope": "",
        }
    ]
    assert len(document["digest"]) == 64
    assert document["warnings"] == ['num_votes says "11", but there are 10']
    assert "rounds" not in document


def test_everything_is_explained_on_request(town):
    document = found(town, "--rule", "mes_cost", "--explain")
    assert document["winners"] == ["7", "9", "3"]
    assert document["rounds"][0]["payments"][0]["people"] == 6
    assert document["losers"]["12"]["code"] == "short"
    assert document["cost"] == 100


def test_the_order_of_the_file_is_irrelevant(town, tmp_path):
    head, _, votes = town.read_text().partition("VOTES\nvoter_id;vote\n")
    first, *projects = head.partition("project_id;cost;name\n")[2].splitlines()
    turned = head.replace("\n".join([first, *projects]), "\n".join([*projects[::-1], first]))
    other = tmp_path / "other.pb"
    other.write_text(turned + "VOTES\nvoter_id;vote\n" + "\n".join(votes.splitlines()[::-1]))
    assert other.read_text() != town.read_text()
    for rule in ("greedy_by_votes_per_cost", "mes_cardinality_add1_until_overspend"):
        one, two = found(town, "--rule", rule), found(other, "--rule", rule)
        assert one | {"file": ""} == two | {"file": ""}


def test_options_do_what_they_say(town):
    def winners(*words: str) -> list[str]:
        return found(town, "--rule", *words)["winners"]

    assert winners("greedy_by_votes", "--ties", "costlier") == ["7", "12", "9"]
    assert winners("greedy_by_votes", "--threshold", "6") == ["7"]
    assert winners("mes_cardinality") == ["9", "12", "3"]
    lots = {
        tuple(winners("greedy_by_votes", "--ties", "lot", "--seed", seed))
        for seed in ("a", "b", "c")
    }
    assert len(lots) == 2
    options = ("--threshold", "5", "--completion", "greedy", "--explain")
    full = found(town, "--rule", "mes_cost", *options)
    assert [one["code"] for one in full["rounds"]] == ["shares", "shares", "completion"]
    assert full["losers"]["3"] == {
        "code": "under_threshold",
        "params": {"support": 4, "threshold": 5},
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.pb", "--rule", "knapsack"], "missing.pb: No such file"),
        (["{folder}", "--rule", "knapsack"], "directory"),
        (["{town}", "--rule", "dice"], 'rule "dice" is not known (known: greedy_by_votes'),
        (["{town}", "--rule", "greedy_by_score"], "needs ballots with points"),
        (["{town}", "--rule", "mes_cost", "--ties", "beauty"], 'settled by "beauty"'),
        (["{town}", "--rule", "mes_cost", "--completion", "luck"], 'no completion "luck"'),
        (["{town}", "--rule", "mes_cost", "--threshold", "-1"], "must not be below zero"),
        (["{bad}", "--rule", "mes_cost"], 'bad.pb: line 15: a vote names the project "8"'),
        (["{empty}", "--rule", "mes_cost"], "empty.pb: the section META is missing"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(town, tmp_path, words, message):
    bad = tmp_path / "bad.pb"
    bad.write_text(PB + "1;7,8\n")
    empty = tmp_path / "empty.pb"
    empty.write_text("")
    places = {"town": town, "bad": bad, "empty": empty, "folder": tmp_path}
    code, output, errors = allocate(*(word.format(**places) for word in words))
    assert (code, output) == (2, "")
    assert message in errors
    assert errors.count("\n") == 1


@pytest.mark.shared_data
def test_wieliczka_chooses_what_it_chose_in_2023():
    base = folder("pabulib")
    name = "Poland_Wieliczka_2023_Green_Budget.pb"
    document = found(base / name, "--rule", "mes_cost_add1_until_overspend")
    known = json.loads((base / "reference.json").read_text())[name]
    assert sorted(document["winners"]) == known["city_selected"]
    assert document["cost"] <= document["budget"] == 1_000_000
