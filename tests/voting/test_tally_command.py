"""`manage.py tally`: files in, JSON out, no server; and whom real elections elected."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from tests.shared import ROOT, folder

BLT = "3 2\n5 1 2 0\n4 2 3 0\n3 3 2 0\n0\nAnn\nBo\nCy\nWard\n"


def tally(*words: str | Path) -> tuple[int, str, str]:
    """Run the command with a bare environment: no address of any server, no secret."""
    done = subprocess.run(
        [sys.executable, "manage.py", "tally", *map(str, words)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KENES_STATE": "/nonexistent/kenes"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def elected(*words: str | Path) -> list[int]:
    code, output, _ = tally(*words)
    assert code == 0
    return json.loads(output)["winners"]


@pytest.fixture
def blt(tmp_path: Path) -> Path:
    path = tmp_path / "ward.blt"
    path.write_text(BLT)
    return path


def test_the_command_needs_no_server(blt):
    assert not manage.requires_servers(["tally", str(blt), "--method", "irv"])
    code, output, errors = tally(blt, "--method", "stv-scottish")
    assert (code, errors) == (0, "")
    found = json.loads(output)
    assert (found["winners"], found["seats"], found["ballots"]) == ([1, 2], 2, 12)
    assert found["names"] == {"1": "Ann", "2": "Bo", "3": "Cy"}
    assert found["title"] == "Ward"
    assert found["rounds"][0]["tallies"] == {"1": "5.00000", "2": "4.00000", "3": "3.00000"}
    assert len(found["digest"]) == 64


def test_seats_that_are_asked_for_go_before_those_of_the_file(blt):
    assert elected(blt, "--method", "stv-meek", "--seats", "1") == [2]
    assert elected(blt, "--method", "irv") == [2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.blt", "--method", "irv"], "missing.blt: No such file"),
        (["{blt}", "--method", "dice"], 'method "dice" is not known'),
        (["{blt}", "--method", "irv", "--seats", "2"], "irv elects one"),
        (["{blt}", "--method", "stv-meek", "--seats", "0"], "at least 1"),
        (["{blt}", "--method", "score"], "needs ballots with scores"),
        (["{blt}", "--method", "majority-judgement"], "needs ballots with grades"),
        (["{bad}", "--method", "irv"], "line 2: there is no candidate 7"),
        (["{folder}", "--method", "irv"], "directory"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(blt, tmp_path, words, message):
    bad = tmp_path / "bad.blt"
    bad.write_text("3 1\n1 7 0\n0\n")
    places = {"blt": blt, "bad": bad, "folder": tmp_path}
    code, output, errors = tally(*(word.format(**places) for word in words))
    assert (code, output) == (2, "")
    assert message in errors
    assert errors.count("\n") == 1


@pytest.mark.shared_data
def test_three_methods_elect_three_people_in_perth():
    path = folder("elections") / "perth_kinross_2017_by_election_ward_10.blt"
    for method, winner in {"plurality": 5, "irv": 3, "schulze": 1, "ranked-pairs": 1}.items():
        assert elected(path, "--method", method) == [winner]
