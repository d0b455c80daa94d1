"""The page of results: what it says of a small vote that can be counted by hand."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation, User
from budgets.kinds import BallotKind, Rule
from budgets.models import Budget
from moderation.actions import hide
from moderation.kinds import Rule as ModerationRule
from processes.counters import take_part
from processes.models import Subject
from tests import factories
from tests.budgets.results.ballots import approve, chosen, counted, vote, with_projects
from tests.budgets.scenario import budget_in, draft_budget, envelope_of
from voting.kinds import Secrecy

COSTS = {"A park": 30_000, "A pool": 80_000, "A bridge": 50_000, "A tree": 10_000}


def address(budget: Budget, language: str = "en") -> str:
    return f"/{language}/budgets/{budget.process.slug}/results/"


def page(budget: Budget, client: Client | None = None) -> str:
    """The words of the page, without marks."""
    response = (client or Client()).get(address(budget))
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split()).replace(" .", ".")


@pytest.fixture
def budget(bob: User, alice: User, organisation: Organisation) -> Budget:
    """Equal shares, raised: a park and a bridge for four people, a pool for five, a tree for one."""
    found = with_projects(bob, organisation, alice, COSTS)
    approve(found, *["p1 p3"] * 4, *["p2"] * 5, "p4", "")
    return found


def test_it_says_in_one_sentence_what_became_of_it(budget: Budget) -> None:
    # Each of ten has 10,000: the park (7,500 each) and the tree can be paid. Raised to 16,000 each the
    # five could buy the pool beside them, which costs too much together: so it ends before that.
    text = page(counted(budget))
    assert chosen(budget) == ["p1", "p4"]
    assert "11 people voted. 2 projects are chosen, for €40,000 of €100,000." in text
    assert "5 of 10 voters who chose something got at least one of their projects (50.0%)." in text


def test_it_says_who_paid_what_of_each_chosen_project(budget: Budget) -> None:
    text = page(counted(budget))
    assert "4 supporters paid €7,500 each: €30,000." in text
    assert "One supporter paid for it alone: €10,000." in text
    assert (
        "Everybody’s share was €10,000 at first and was raised to €15,999, as far as the money goes."
        in text
    )


def test_payments_that_differ_are_drawn_and_stand_in_a_table(
    bob: User, alice: User, organisation: Organisation
) -> None:
    costs = {"A park": 15_000, "A pool": 42_000}
    budget = with_projects(bob, organisation, alice, costs, ballot={"rule": Rule.MES_COST})
    # 25,000 each. The park takes 5,000 from each of three; one of them gives all that is left for the pool.
    approve(budget, "p1", "p1", "p1 p2", "p2")
    text = page(counted(budget))
    assert "2 supporters paid €22,000 each, or all that was left to them: €42,000." in text
    assert "€22,000 1 €22,000 52.4% €20,000 1 €20,000 47.6%" in text
    assert "1 person paid €22,000 52.4%" in text


def test_a_popular_project_that_lost_is_told_first_with_its_reason(budget: Budget) -> None:
    text = page(counted(budget))
    assert (
        "A pool It had 5 votes, more than 2 projects that were chosen. It costs €80,000. "
        "Its 5 supporters had only €79,995 left together" in text
    )


def test_rules_that_did_not_decide_are_compared_on_the_same_ballots(budget: Budget) -> None:
    text = page(counted(budget))
    assert "What other rules would have chosen" in text
    # Most votes first: the pool, then the tree.
    assert re.search(
        r"B Most votes first 2 €90,000 60\.0% 0\.60 1 other project instead of 1", text
    )
    content = Client().get(address(budget)).content.decode()
    row = re.search(r"<tr><th scope=\"row\">A pool</th>(.*?)</tr>", content)
    assert row and row[1].startswith("<td>–</td><td>✓</td>")


def test_it_tells_how_many_voters_got_how_many_of_theirs(budget: Budget) -> None:
    text = page(counted(budget))
    assert "none 5 50.0% 1 project 5 50.0%" in text
    assert "1 more person voted and chose nothing." in text


def test_ties_are_told_with_what_decided(
    bob: User, alice: User, organisation: Organisation
) -> None:
    costs = {"A park": 60_000, "A pool": 50_000}
    ballot = {"rule": Rule.GREEDY_BY_VOTES}
    budget = with_projects(bob, organisation, alice, costs, ballot=ballot)
    approve(budget, "p1", "p2")
    text = page(counted(budget))
    assert chosen(budget) == ["p2"]
    assert "The cheaper one came first: “A pool”." in text
    assert "Declared before the vote: More votes, then the cheaper one, then a lot." in text


@pytest.mark.parametrize("state", ["draft", "waiting", "open"])
def test_before_the_count_it_says_what_will_be_here_and_when(
    state: str, bob: User, alice: User, organisation: Organisation, client: Client
) -> None:
    if state == "draft":
        budget = draft_budget(bob, organisation)
        assert client.get(address(budget)).status_code == 404
        client.force_login(bob)
    elif state == "waiting":
        budget = budget_in("proposing", bob, organisation)
    else:
        budget = with_projects(bob, organisation, alice, COSTS)
        approve(budget, "p1")
    text = page(budget, client)
    assert "The results will stand here" in text
    assert "People vote from" in text
    assert "1 vote" not in text


def test_a_hidden_project_is_told_without_its_words(
    budget: Budget, alice: User, mona: User
) -> None:
    counted(budget)
    take_part(budget.process_id, alice.pk, contributions=1)
    subject = Subject.objects.get(project__budget=budget, project__number=1)
    hide(mona, thing=subject, rule=ModerationRule.values[0], reason="It insults somebody.")
    text = page(budget)
    assert "A park" not in text
    assert "p1" in text


def test_a_confidential_vote_hides_what_is_about_few(
    bob: User, alice: User, organisation: Organisation
) -> None:
    rules = {"secrecy": Secrecy.CONFIDENTIAL}
    budget = with_projects(bob, organisation, alice, COSTS, rules=rules)
    approve(budget, *["p1"] * 7, *["p4"] * 2)
    text = page(counted(budget))
    assert chosen(budget) == ["p1", "p4"]
    assert "7 supporters paid" in text
    assert "2 votes" not in text and "2 supporters" not in text
    assert "A dash stands for a hidden number." in text
    assert "Fingerprint of the ballots," not in text
    assert "the Pabulib library" not in text


def queries(path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert Client().get(path).status_code == 200
    return len(found)


def test_it_makes_as_many_queries_for_many_projects_as_for_few(
    bob: User, alice: User, organisation: Organisation
) -> None:
    few = with_projects(
        bob, organisation, alice, {f"Idea {n}": 9_000 for n in range(3)}, slug="few"
    )
    many = with_projects(
        bob, organisation, alice, {f"Idea {n}": 9_000 for n in range(30)}, slug="many"
    )
    approve(few, "p1 p2", "p3")
    approve(many, *(f"p{n} p{n + 1} p{n + 2}" for n in range(1, 28)))
    for one in (few, many):
        counted(one)
        Client().get(address(one))
    assert queries(address(few)) == queries(address(many)) == 7


def test_every_rule_has_a_page_in_plain_words(client: Client) -> None:
    for rule in Rule:
        content = client.get(f"/en/budgets/rules/{rule.value}/").content.decode()
        assert "Step by step" in content
    assert client.get("/en/budgets/rules/no_such_rule/").status_code == 404


def test_points_are_added_up(bob: User, alice: User, organisation: Organisation) -> None:
    ballot = {"ballot": BallotKind.SHARE, "points": 10, "rule": Rule.GREEDY_BY_SCORE}
    budget = with_projects(bob, organisation, alice, COSTS, ballot=ballot)
    key = envelope_of(budget).key
    for points in ({"p3": 10}, {"p1": 4, "p3": 6}, {"p2": 9, "p4": 1}):
        vote(budget, factories.person(f"Voter {len(points)} {points}"), {key: {"points": points}})
    text = page(counted(budget))
    # 16 points for the bridge, 9 for the pool (too expensive then), 4 for the park, 1 for the tree.
    assert chosen(budget) == ["p3", "p1", "p4"]
    assert "16 points" in text
    assert "When its turn came, 1 project had been chosen and €50,000 was left." in text


def test_rankings_give_points_by_place(bob: User, alice: User, organisation: Organisation) -> None:
    ballot = {"ballot": BallotKind.RANKING, "most": 3, "rule": Rule.GREEDY_BY_SCORE}
    budget = with_projects(bob, organisation, alice, COSTS, ballot=ballot)
    key = envelope_of(budget).key
    for number, ranking in enumerate((["p2", "p1", "p4"], ["p2", "p4"], ["p3"])):
        vote(budget, factories.person(f"Voter {number}"), {key: {"ranking": ranking}})
    counted(budget)
    # 6 points for the pool, 3 for the bridge, 3 for the tree, 2 for the park; what is left is 20,000.
    assert chosen(budget) == ["p2", "p4"]


def test_what_people_would_spend_themselves_is_counted_as_votes(
    bob: User, alice: User, organisation: Organisation
) -> None:
    ballot = {"ballot": BallotKind.KNAPSACK, "rule": Rule.KNAPSACK}
    budget = with_projects(bob, organisation, alice, COSTS, ballot=ballot)
    approve(budget, "p2 p4", "p1 p3", "p1 p4", "p3 p4")
    text = page(counted(budget))
    # Park, bridge and tree: seven votes for 90,000; pool and tree have four.
    assert sorted(chosen(budget)) == ["p1", "p3", "p4"]
    assert "It belongs to the set of projects with the most support" in text


def test_what_is_kept_for_many_readers_gives_nobody_more_than_is_theirs(
    bob: User, alice: User, charlie: User, organisation: Organisation, settings: Any
) -> None:
    """Files of a named vote are for the public body, whoever opened the page before."""
    settings.STORE_PUBLIC_PAGES = True
    budget = with_projects(bob, organisation, alice, COSTS, rules={"secrecy": Secrecy.NAMED})
    approve(budget, "p1", "p2", "p1")
    counted(budget)
    pages = {}
    for person in (charlie, bob, alice, bob, charlie):
        client = Client()
        client.force_login(person)
        with CaptureQueriesContext(connection) as queries:
            content = client.get(address(budget)).content.decode()
        assert (".pb" in content) == (person == bob)
        pages.setdefault(person.pk, []).append(len(queries))
    assert pages[charlie.pk][1] < pages[charlie.pk][0]
    assert pages[alice.pk] == pages[charlie.pk][1:]
