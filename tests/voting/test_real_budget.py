"""A real budget from its projects to its count: what `budgets` asks, and the pages of `voting` take."""

import json
import re

import pytest

from tests.budgets import scenario
from tests.voting.pages import hidden, page, send
from tools import recount
from voting.box import bundle
from voting.models import Ballot
from voting.questionnaire.validation import validate, validate_secret

pytestmark = pytest.mark.django_db

PLACES = (("North", 100_000), ("South", 50_000))


def open_budget(bob, organisation, alice, ballot, **more):
    """In each envelope a park (30,000), a pool (80,000) and a bridge (50,000)."""
    budget = scenario.budget_in("costing", bob, organisation, slug="money", ballot=ballot, **more)
    for envelope in budget.envelopes.all():
        for title, cost in (("A park", 30_000), ("A pool", 80_000), ("A bridge", 50_000)):
            row = scenario.project(budget, alice, f"{title} {envelope.key}", envelope=envelope)
            scenario.feasible(row, cost=cost)
    return scenario.move_to(budget, "voting")


def text(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


FIELDS = {
    "knapsack": lambda name, keys: {name: [keys[0], keys[2]]},
    "approval": lambda name, keys: {name: [keys[0], keys[1]]},
    "share": lambda name, keys: {f"{name}.{keys[0]}": "3", f"{name}.{keys[1]}": "2"},
    "ranking": lambda name, keys: {f"{name}.{keys[1]}": "1", f"{name}.{keys[0]}": "2"},
}


@pytest.mark.parametrize("kind", list(FIELDS))
def test_every_kind_of_ballot_is_answered_counted_and_recounted(
    kind, bob, organisation, alice, client_of
):
    ballot = {"ballot": kind, "rule": _rule(kind)}
    if kind == "share":
        ballot |= {"points": 10, "points_each": 6}
    budget = open_budget(bob, organisation, alice, ballot, envelopes=PLACES[:1])
    asked = budget.poll.questionnaire
    assert validate(asked) == [] and validate_secret(asked) == []
    (question,) = asked.questions()
    client = client_of(alice)
    shown = text(page(client, "answer/", slug="money"))
    assert "A park" in shown and "€30,000" in shown
    href = f'href="/en{question.options[0].path}"'
    assert href in shown
    assert client.get(f"/en{question.options[0].path}").status_code == 200
    keys = question.option_keys()
    sent = {**FIELDS[kind](f"q.{question.key}", keys), "shown": [question.key], "carried": "{}"}
    check = send(client, f"answer/?page={question.key}", {**sent, "go": "next"}, slug="money")
    assert "Your receipt code" in text(check), text(check)
    data = {name: hidden(check, name) for name in ("carried", "code")}
    done = send(client, "check/", {**data, "go": "send"}, slug="money")
    assert "Your ballot is in the box" in text(done)
    budget = scenario.move_to(budget, "results")
    assert budget.poll.counted_at is not None
    lines = [json.loads(line) for line in bundle(budget.poll)]
    report = recount.recount(lines[0], list(enumerate(lines[1:], 2)))
    assert report.differences == 0, report.lines
    assert client.get("/en/polls/money/", follow=True).status_code == 200
    assert client.get("/en/polls/money/results/", follow=True).status_code == 200
    assert client.get("/en/polls/money/ballots/").status_code == 200


def _rule(kind: str) -> str:
    return "mes_points_add1_until_overspend" if kind in ("share", "ranking") else "greedy_by_votes"


@pytest.mark.parametrize(("number", "title"), [(1, "Our money"), (2, "North")])
def test_the_page_of_the_only_envelope_is_headed_by_the_name_of_the_budget(
    number, title, bob, organisation, alice, client_of
):
    ballot = {"ballot": "knapsack", "rule": "greedy_by_votes"}
    open_budget(bob, organisation, alice, ballot, envelopes=PLACES[:number])
    html = text(page(client_of(alice), "answer/", slug="money"))
    assert re.findall(r"<h1[^>]*>([^<]*)</h1>", html) == [title]
    assert re.findall(r'question__title"[^>]*>([^<]*)<', html) == ["North"]


def test_one_area_of_two_is_chosen_and_answered(bob, organisation, alice, client_of):
    ballot = {"ballot": "knapsack", "rule": "greedy_by_votes", "scope": "one"}
    budget = open_budget(
        bob, organisation, alice, ballot, envelopes=PLACES, rules={"secrecy": "named"}
    )
    _north, south = budget.poll.questionnaire.pages
    client = client_of(alice)
    first = text(page(client, "answer/", slug="money"))
    assert "€50,000 · 3 projects" in first
    chosen = send(client, "answer/", {"go": "area", "area": south.key}, slug="money")
    assert chosen.url.endswith(f"?page={south.key}")
    question = south.questions[0]
    sent = {f"q.{question.key}": [question.option_keys()[2]], "shown": [question.key]}
    send(client, f"answer/?page={south.key}", {**sent, "go": "next"}, slug="money")
    check = page(client, "check/", slug="money")
    data = {name: hidden(check, name) for name in ("carried", "code")}
    send(client, "check/", {**data, "go": "send"}, slug="money")
    assert list(Ballot.objects.get().answers) == [question.key]
