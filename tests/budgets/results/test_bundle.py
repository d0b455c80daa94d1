"""From the ballot to the published bundle: anyone chooses the projects again, without this site."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.test import Client

from accounts.models import Organisation, User
from budgets.actions.conflicts import declare_conflict
from budgets.counting import differences
from budgets.kinds import Rule
from budgets.models import Allocation, Budget, Project
from tests import factories
from tests.budgets.results.ballots import chosen, counted, vote
from tests.budgets.scenario import budget_in, category_of, envelope_of, feasible, move_to, project
from tests.shared import ROOT


def allocated(*words: str | Path) -> dict[str, object]:
    """What the command says, without a server and without a secret."""
    done = subprocess.run(
        [sys.executable, "manage.py", "allocate", *map(str, words)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "KENES_STATE": "/nonexistent/kenes"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def whole_vote(
    bob: User, alice: User, organisation: Organisation, rule: str, **more: object
) -> Budget:
    """Two envelopes; in the north two projects exclude one another and one category has a minimum."""
    budget = budget_in(
        "costing",
        bob,
        organisation,
        envelopes=(("North", 90_000), ("South", 25_000)),
        categories={"Nature": 1, "Streets": 0},
        ballot={"rule": rule, "seed": "said on the radio", **more},
    )
    nature, streets = category_of(budget, 1), category_of(budget, 2)
    north, south = envelope_of(budget, 1), envelope_of(budget, 2)
    for title, envelope, category, cost in (
        ("A pond", north, nature, 50_000),
        ("A road", north, streets, 30_000),
        ("A path", north, streets, 25_000),
        ("A tree", south, nature, 15_000),
        ("A lamp", south, streets, 10_000),
        ("A bench", south, streets, 10_000),
        ("A square", north, streets, 30_000),
    ):
        feasible(project(budget, alice, title, envelope=envelope, category=category), cost=cost)
    rivals = list(Project.objects.filter(budget=budget, number__in=[2, 3]))
    declare_conflict(bob, budget=budget, projects=rivals, reason="Both use the same ground.")
    budget = move_to(budget, "voting")
    for number, (here, there) in enumerate(
        [("p2 p3 p7", "p5"), ("p2 p3 p7", "p5 p6"), ("p2 p3 p7", "p6"), ("p1", "p4"), ("p2", "")]
    ):
        answers = {north.key: {"options": here.split()}, south.key: {"options": there.split()}}
        if not there:
            del answers[south.key]
        vote(budget, factories.person(f"Voter {number}"), answers)
    return counted(budget)


def test_the_bundle_alone_gives_what_was_chosen(
    bob: User, alice: User, organisation: Organisation, tmp_path: Path
) -> None:
    budget = whole_vote(bob, alice, organisation, Rule.GREEDY_BY_VOTES)
    # North: the pond first, for its category; then the road (4 votes), which excludes the path. No
    # money is left for the square.
    # South: the tree first (15,000), then the lamp or the bench by lot.
    assert chosen(budget)[:3] == ["p1", "p2", "p4"]
    assert chosen(budget)[3] in ("p5", "p6")
    file = tmp_path / "bundle.jsonl"
    answer = Client().get(f"/en/polls/{budget.process.slug}/bundle.jsonl")
    file.write_bytes(b"".join(answer))
    found = allocated(file)
    assert found["winners"] == chosen(budget)
    assert found["cost"] == sum(p.cost for p in budget.projects.filter(chosen_at__isnull=False))
    other = allocated(file, "--rule", Rule.KNAPSACK)
    stored = Allocation.objects.filter(budget=budget, rule=Rule.KNAPSACK, is_declared=False)
    assert other["winners"] == [key for row in stored for key in row.result["winners"]]


def test_the_page_says_what_excluded_what_and_what_came_first(
    bob: User, alice: User, organisation: Organisation
) -> None:
    budget = whole_vote(bob, alice, organisation, Rule.GREEDY_BY_VOTES)
    content = Client().get(f"/en/budgets/{budget.process.slug}/results/").content.decode()
    assert (
        "It cannot stand beside “<span" in content or "It cannot stand beside “A road”" in content
    )
    assert (
        "It was chosen first, so that its category has as many projects as were promised."
        in content
    )
    assert "The lot decided" in content
    assert "The lot is drawn from “said on the radio”" in content


def test_a_completion_is_counted_and_compared_with_the_rule_alone(
    bob: User, alice: User, organisation: Organisation
) -> None:
    budget = whole_vote(bob, alice, organisation, Rule.MES_COST, completion="greedy")
    rows = Allocation.objects.filter(budget=budget, rule=Rule.MES_COST)
    plain = {row.envelope_id: set(row.result["winners"]) for row in rows if not row.is_declared}
    declared = {row.envelope_id: set(row.result["winners"]) for row in rows if row.is_declared}
    assert len(plain) == len(declared) == 2
    assert all(plain[key] <= declared[key] for key in plain)
    assert any(plain[key] < declared[key] for key in plain)
    assert differences(budget) == []
