"""Published votes from elsewhere: imported, counted here, and the same comes out."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from budgets.allocation.pabulib import read
from budgets.importing.pabulib import load
from budgets.kinds import Rule
from budgets.models import Budget, Project
from opendata.recount import check
from tests.shared import folder

SMALL = """META
key;value
description;A small town
country;Poland
unit;Smallville
budget;1000
vote_type;approval
rule;greedy
max_length;2
date_begin;06.11.2020
date_end;30.11.2020
num_projects;3
num_votes;4
PROJECTS
project_id;cost;name;category;latitude;longitude;selected
7;600;A bench;green,people;50.1;20.2;1
9;500;A tree;green;;;0
12;400;A lamp;light;;;1
VOTES
voter_id;vote
a;7,12
b;7
c;9
d;
"""


def imported(text: str, tmp_path: Path, *words: str) -> str:
    file = tmp_path / "small.pb"
    file.write_text(text)
    out = StringIO()
    call_command("import_pabulib", str(file), "--body", "city-council", *words, stdout=out)
    return out.getvalue()


def test_a_published_vote_becomes_a_counted_budget(bob: User, tmp_path: Path) -> None:
    said = imported(SMALL, tmp_path, "--slug", "small")
    assert "4 ballots, 2 projects chosen for 1000" in said
    assert "Counted again: the same." in said
    assert "What the file says was chosen: the same." in said
    budget = Budget.objects.select_related("process", "poll").get(process__slug="small")
    assert budget.currency == "PLN"
    assert budget.poll.turnout_count == budget.poll.ballots.count() == 4
    rows = Project.objects.filter(budget=budget, chosen_at__isnull=False).order_by("rank")
    assert [project.number for project in rows] == [7, 12]
    assert Project.objects.get(budget=budget, number=7).latitude is not None
    assert all(project.subject.author is None for project in rows)


def test_every_counter_of_an_imported_budget_holds(bob: User, tmp_path: Path) -> None:
    imported(SMALL, tmp_path)
    assert check().is_clean


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (SMALL.replace("c;9", "c;99"), "line 23"),
        (SMALL.replace("600;A bench", "x;A bench"), "line 16"),
        (SMALL.replace("VOTES", "VOICES"), "VOTES"),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing(
    broken: str, message: str, bob: User, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=message) as error:
        imported(broken, tmp_path)
    assert error.value.returncode == 2
    assert not Budget.objects.exists()


def test_a_body_without_an_owner_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no public body"):
        imported(SMALL, tmp_path)


def test_a_budget_that_was_tampered_with_is_found_out(bob: User, tmp_path: Path) -> None:
    imported(SMALL, tmp_path, "--slug", "small")
    out = StringIO()
    call_command("recount_budget", "small", stdout=out)
    assert "Everything agrees." in out.getvalue()
    Project.objects.filter(number=9).update(chosen_at="2026-01-01T00:00:00Z", rank=3)
    with pytest.raises(CommandError) as error:
        call_command("recount_budget", "small", stdout=out)
    assert error.value.returncode == 1
    assert "DIFFERS: chosen projects" in out.getvalue()


FILES = (
    "France_Toulouse_2022_6_-_Saint-Cyprien.pb",
    "Switzerland_Zurich_D5.pb",
    "Poland_Gdynia_2020_Dabrowa__small.pb",
    "Poland_Swiecie_2023.pb",
)


@pytest.mark.parametrize("name", FILES)
def test_real_votes_have_the_known_winners_by_every_rule(name: str, bob: User) -> None:
    data = folder("pabulib")
    known = json.loads((data / "reference.json").read_text())[name]
    found = load(
        bob,
        organisation=bob.memberships.get().organisation,
        file=read((data / name).read_bytes()),
        name=name,
        language="en",
    )
    ids = {key: one for one, key in found.keys.items()}
    compared = 0
    for row in found.budget.allocations.all():
        if row.rule in known and row.rule in Rule.values:
            winners = sorted(ids[key] for key in row.result["winners"])
            assert winners == sorted(known[row.rule]), row.rule
            compared += 1
    assert compared > 0
