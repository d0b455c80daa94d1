"""Files of a budget: what is in them, who may have them, and that they give the same winners again."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Organisation, User
from budgets.allocation import pabulib, pb_election
from budgets.allocation.running import allocate
from budgets.exports import COLUMNS
from budgets.kinds import BallotKind, Rule
from budgets.models import Allocation, Budget
from tests import factories
from tests.budgets.results.ballots import approve, chosen, counted, vote, with_projects
from tests.budgets.scenario import envelope_of
from voting.kinds import Secrecy

COSTS = {"A park": 30_000, "A pool": 80_000, "A bridge": 50_000, "=A tree": 10_000}


def file_of(budget: Budget, name: str, client: Client | None = None) -> bytes:
    response = (client or Client()).get(f"/en/budgets/{budget.process.slug}/results/{name}")
    assert response.status_code == 200, response.status_code
    assert response["Content-Disposition"].startswith("attachment; filename=")
    return b"".join(response)


def again(raw: bytes, rule: str) -> list[str]:
    """The winners of a file by the rule alone."""
    return list(allocate(rule, pb_election.election(pabulib.read(raw))).winners)


@pytest.fixture
def budget(bob: User, alice: User, organisation: Organisation) -> Budget:
    found = with_projects(bob, organisation, alice, COSTS)
    approve(found, *["p1 p3"] * 4, *["p2"] * 5, "p4", "")
    return counted(found)


def test_ballots_of_a_secret_vote_give_the_same_winners_again(budget: Budget) -> None:
    key = envelope_of(budget).key
    raw = file_of(budget, f"ballots/{key}.pb")
    assert again(raw, budget.rule) == chosen(budget) == ["p1", "p4"]
    found = pabulib.read(raw)
    assert pb_election.warnings(found) == ()
    stored = Allocation.objects.get(budget=budget, is_declared=True)
    assert pb_election.election(found).digest == stored.digest
    assert [found.value(name) for name in ("budget", "num_votes", "vote_type", "currency")] == [
        "100000", "10", "approval", "EUR",
    ]  # fmt: skip
    selected = dict(
        zip(*(found.projects.column(n) for n in ("project_id", "selected")), strict=True)
    )
    assert selected == {"p1": "1", "p2": "0", "p3": "0", "p4": "1"}


@pytest.mark.parametrize(
    ("ballot", "answers"),
    [
        ({"ballot": BallotKind.SHARE, "points": 10, "rule": Rule.MES_POINTS_ADD1}, "points"),
        ({"ballot": BallotKind.RANKING, "most": 3, "rule": Rule.GREEDY_BY_SCORE}, "ranking"),
        ({"ballot": BallotKind.RANKING, "rule": Rule.MES_POINTS}, "ranking"),
        ({"ballot": BallotKind.KNAPSACK, "rule": Rule.PHRAGMEN}, "options"),
    ],
)
def test_every_kind_of_ballot_gives_the_same_winners_again(
    ballot: dict[str, object], answers: str, bob: User, alice: User, organisation: Organisation
) -> None:
    budget = with_projects(bob, organisation, alice, COSTS, ballot=ballot)
    key = envelope_of(budget).key
    wishes = (["p3", "p1"], ["p2", "p4"], ["p4", "p1"], ["p3"])
    for number, keys in enumerate(wishes):
        points = {one: 7 - 4 * place for place, one in enumerate(keys)}
        value = {"points": points, "ranking": keys, "options": keys}[answers]
        vote(budget, factories.person(f"Voter {number}"), {key: {answers: value}})
    counted(budget)
    raw = file_of(budget, f"ballots/{key}.pb")
    assert again(raw, str(ballot["rule"])) == chosen(budget) != []
    stored = Allocation.objects.get(budget=budget, is_declared=True)
    assert pb_election.election(pabulib.read(raw)).digest == stored.digest


@pytest.mark.parametrize(
    ("secrecy", "nobody", "official"),
    [(Secrecy.SECRET, 200, 200), (Secrecy.NAMED, 403, 200), (Secrecy.CONFIDENTIAL, 403, 403)],
)
def test_who_may_have_the_ballots_was_declared(
    secrecy: str,
    nobody: int,
    official: int,
    bob: User,
    alice: User,
    organisation: Organisation,
    client_of: Callable[[User], Client],
) -> None:
    budget = with_projects(bob, organisation, alice, COSTS, rules={"secrecy": secrecy})
    approve(budget, "p1", "p3 p4")
    counted(budget)
    path = f"/en/budgets/{budget.process.slug}/results/ballots/{envelope_of(budget).key}.pb"
    assert client_of(alice).get(path).status_code == nobody
    assert client_of(bob).get(path).status_code == official


def test_ballots_and_results_are_sealed_before_the_count(
    bob: User, alice: User, organisation: Organisation, client_of: Callable[[User], Client]
) -> None:
    budget = with_projects(bob, organisation, alice, COSTS)
    approve(budget, "p1")
    base = f"/en/budgets/{budget.process.slug}/results/"
    for name in ("results.json", f"ballots/{envelope_of(budget).key}.pb"):
        assert client_of(bob).get(base + name).status_code == 409
    row = json.loads(file_of(budget, "projects.json"))["projects"][0]
    assert (row["stage"], row["support"], row["rank"]) == ("on_ballot", None, None)


def test_all_projects_stand_in_a_table_that_no_spreadsheet_takes_for_formulas(
    budget: Budget, alice: User
) -> None:
    text = file_of(budget, "projects.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["stage"] for row in rows] == ["chosen", "not_chosen", "not_chosen", "chosen"]
    assert [row["support"] for row in rows] == ["4", "5", "4", "1"]
    assert [row["cost"] for row in rows][:2] == ["30000.00", "80000.00"]
    assert rows[3]["title"] == "'=A tree"


def test_results_are_exact_as_data(budget: Budget) -> None:
    found = json.loads(file_of(budget, "results.json"))
    declared = [row for row in found["allocations"] if row["is_declared"]]
    assert [row["winners"] for row in declared] == [["p1", "p4"]]
    assert Decimal(declared[0]["cost"]) == 40_000
    assert declared[0]["losers"]["p2"]["code"] == "short"
    assert found["voters"][0]["projects_of_theirs"] == {"0": 5, "1": 5}


def test_an_unknown_file_is_not_found(budget: Budget, client: Client) -> None:
    base = f"/en/budgets/{budget.process.slug}/results/"
    assert client.get(f"{base}projects.exe").status_code == 404
    assert client.get(f"{base}ballots/nothing.pb").status_code == 404
