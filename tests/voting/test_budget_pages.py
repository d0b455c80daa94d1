"""A budget's ballot on pages, without a script: costs, the running total, areas, checking, casting."""

import json

import pytest

from tests.voting.budgets import asking, knapsack, open_budget, projects, share
from tests.voting.pages import hidden, page, send
from tests.voting.polls import end_and_count, fresh
from voting.models import Ballot, Draft, Turnout
from voting.questionnaire.definition import Question, QuestionKind

K = QuestionKind
SLUG = "money"
SACK = "answer/?page=page-city"


@pytest.fixture
def budget(bob, organisation, monkeypatch):
    """A named knapsack that can be changed until the end."""
    asked = asking(knapsack(is_shuffled=True))
    return open_budget(bob, organisation, monkeypatch, asked, change_policy="until_close")


def text(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_the_budget_keeps_its_own_overview_and_results(budget, client):
    assert page(client, slug=SLUG).url == "/en/budgets/money/"
    assert page(client, "results/", slug=SLUG).url == "/en/budgets/money/results/"


def test_projects_stand_with_their_costs_and_the_total_counts_what_was_ticked(
    budget, alice, client_of
):
    client = client_of(alice)
    shown = text(page(client, "answer/", slug=SLUG))
    assert "Tick projects that cost no more than €60,000 together." in shown
    assert "€20,000" in shown and 'href="/en/budgets/money/projects/2/"' in shown
    assert "Left: €60,000" in shown and "Projects chosen: 0." in shown
    sent = {"q.city": ["p1", "p2"], "shown": ["city"], "go": "add"}
    added = send(client, SACK, sent, slug=SLUG)
    assert added.status_code == 200
    assert "Left: €30,000" in text(added)
    assert "Spent: €30,000 of €60,000. Projects chosen: 2." in text(added)
    assert "Please correct" not in text(added)
    # Loaded anew it shows the total of what was ticked: the draft is kept.
    assert "Left: €30,000" in text(page(client, "answer/", slug=SLUG))


def test_going_over_is_said_at_once_and_can_be_undone(budget, alice, client_of):
    client = client_of(alice)
    sent = {"q.city": ["p3", "p4"], "shown": ["city"]}
    added = send(client, SACK, {**sent, "go": "add"}, slug=SLUG)
    assert added.status_code == 200 and "€10,000 too much. Take something out." in text(added)
    on = send(client, SACK, {**sent, "go": "next"}, slug=SLUG)
    assert on.status_code == 400
    assert "What you chose costs €10,000 more than there is (€60,000)." in text(on)
    # The draft keeps what is too much, so that nothing typed is lost, and it cannot be sent.
    again = text(page(client, "answer/", slug=SLUG))
    assert again.count("checked") >= 2 and "€10,000 too much" in again
    check = page(client, "check/", slug=SLUG)
    assert "costs €10,000 more than there is" in text(check)
    data = {name: hidden(check, name) for name in ("carried", "code")}
    refused = send(client, "check/", {**data, "go": "send"}, slug=SLUG)
    assert refused.status_code == 400 and not Ballot.objects.exists()
    fewer = send(client, SACK, {"q.city": ["p3"], "shown": ["city"], "go": "next"}, slug=SLUG)
    assert fewer.url == "/en/polls/money/check/"


def test_the_ballot_is_checked_sent_and_counted(budget, alice, client_of):
    client = client_of(alice)
    send(client, SACK, {"q.city": ["p2", "p1"], "shown": ["city"], "go": "next"}, slug=SLUG)
    check = page(client, "check/", slug=SLUG)
    assert "Project 1 – €10,000" in text(check)
    assert "Together: €30,000 of €60,000" in text(check)
    data = {name: hidden(check, name) for name in ("carried", "code")}
    assert send(client, "check/", {**data, "go": "send"}, slug=SLUG).url.endswith("/thanks/")
    thanks = text(page(client, "thanks/", slug=SLUG))
    assert "/en/budgets/money/" in thanks
    assert Ballot.objects.get().answers == {"city": {"options": ["p1", "p2"]}}
    counted = end_and_count(budget)
    assert counted.counted_at is not None
    assert fresh(budget).process.results_published_at is None


def test_each_voter_has_an_order_of_their_own_and_keeps_it(
    bob, organisation, monkeypatch, alice, charlie, client_of
):
    asked = asking(knapsack(number=20, is_shuffled=True))
    open_budget(bob, organisation, monkeypatch, asked)

    def order(person):
        shown = page(client_of(person), "answer/", slug=SLUG).content.decode()
        return sorted((f"p{n}" for n in range(1, 21)), key=lambda k: shown.index(f'value="{k}"'))

    assert order(alice) == order(alice) != order(charlie)


def test_points_are_shared_and_added_up(bob, organisation, monkeypatch, alice, client_of):
    open_budget(bob, organisation, monkeypatch, asking(share()))
    client = client_of(alice)
    address = "answer/?page=page-points"
    shown = text(page(client, "answer/", slug=SLUG))
    assert "You have 10 points to share. One project can get at most 6 points." in shown
    assert "Points left: 10" in shown and 'type="number"' in shown
    sent = {"q.points.p1": "6", "q.points.p2": "3", "q.points.p3": "", "shown": ["points"]}
    added = text(send(client, address, {**sent, "go": "add"}, slug=SLUG))
    assert "Points left: 1" in added and "Points given: 9 of 10. Projects chosen: 2." in added
    over = send(client, address, {**sent, "q.points.p3": "4", "go": "next"}, slug=SLUG)
    assert over.status_code == 400
    assert "You gave 3 points more than the 10 that there are." in text(over)
    assert "Points too many: 3. Take some back." in text(over)
    wrong = send(client, address, {**sent, "q.points.p3": "a few", "go": "next"}, slug=SLUG)
    assert wrong.status_code == 400 and "Give a number from 0 to 10" in text(wrong)
    assert send(client, address, {**sent, "go": "next"}, slug=SLUG).status_code == 302
    check = page(client, "check/", slug=SLUG)
    assert "Project 1: 6 points" in text(check) and "Points given: 9 of 10" in text(check)
    data = {name: hidden(check, name) for name in ("carried", "code")}
    send(client, "check/", {**data, "go": "send"}, slug=SLUG)
    assert Ballot.objects.get().answers == {"points": {"points": {"p1": 6, "p2": 3}}}


def test_approval_and_ranking_show_costs_without_a_limit_of_money(
    bob, organisation, monkeypatch, alice, client_of
):
    few = {"options": projects(4), "budget": "60000", "currency": "EUR"}
    asked = asking(
        Question("yes", K.MULTIPLE, {"en": "Which do you want?"}, most=2, **few),
        Question("order", K.RANKING, {"en": "In which order?"}, **few),
    )
    open_budget(bob, organisation, monkeypatch, asked)
    client = client_of(alice)
    sent = {"q.yes": ["p4", "p3"], "shown": ["yes"], "go": "add"}
    added = text(send(client, "answer/?page=page-yes", sent, slug=SLUG))
    assert "Projects chosen: 2 of at most 2" in added
    assert "Together they cost €70,000; there is €60,000." in added
    sent = {"q.yes": ["p4", "p3", "p1"], "shown": ["yes"], "go": "next"}
    many = send(client, "answer/?page=page-yes", sent, slug=SLUG)
    assert many.status_code == 400 and "Too many by 1. Take something out." in text(many)
    ranks = {"q.order.p1": "2", "q.order.p4": "1", "shown": ["order"], "go": "add"}
    ranked = text(send(client, "answer/?page=page-order", ranks, slug=SLUG))
    assert "Projects chosen: 2" in ranked and "Together they cost €50,000" in ranked


@pytest.fixture
def areas(bob, organisation, monkeypatch):
    """Two areas, of which everyone chooses one."""
    asked = asking(knapsack("north"), knapsack("south", number=3), one_page=True)
    return open_budget(bob, organisation, monkeypatch, asked, change_policy="until_close")


def test_where_one_area_counts_it_is_chosen_first(areas, alice, client_of):
    client = client_of(alice)
    first = text(page(client, "answer/", slug=SLUG))
    assert "Choose where you vote" in first and "€60,000 · 5 projects" in first
    none = send(client, "answer/", {"go": "area"}, slug=SLUG)
    assert none.status_code == 400 and "Choose one of these." in text(none)
    on = send(client, "answer/", {"go": "area", "area": "page-south"}, slug=SLUG)
    assert on.url == "/en/polls/money/answer/?page=page-south"
    address = "answer/?page=page-south"
    assert "Project 3" in text(page(client, "answer/", slug=SLUG, page="page-south"))
    sent = {"q.south": ["p3"], "shown": ["south"], "go": "next"}
    assert send(client, address, sent, slug=SLUG).url == "/en/polls/money/check/"
    check = text(page(client, "check/", slug=SLUG))
    assert "Area south" in check and "Area north" not in check
    assert "Vote in another place instead" in check
    assert send(client, address, {**sent, "go": "back"}, slug=SLUG).url == "/en/polls/money/answer/"


def test_changing_the_area_asks_before_it_throws_anything_away(areas, alice, client_of):
    client = client_of(alice)
    sent = {"q.south": ["p3"], "shown": ["south"], "go": "next"}
    send(client, "answer/?page=page-south", sent, slug=SLUG)
    again = text(page(client, "answer/", slug=SLUG))
    assert "You have chosen 1 project here." in again
    for asked in (
        page(client, "answer/", slug=SLUG, page="page-north"),
        send(client, "answer/", {"go": "area", "area": "page-north"}, slug=SLUG),
    ):
        assert "You have chosen 1 project in “Area south”" in text(asked)
        assert Draft.objects.get().answers == {"south": {"options": ["p3"]}}
    stay = send(client, "answer/", {"go": "area", "area": "page-south"}, slug=SLUG)
    assert stay.url.endswith("?page=page-south")
    sure = {"go": "area", "area": "page-north", "sure": "yes"}
    assert send(client, "answer/", sure, slug=SLUG).url.endswith("?page=page-north")
    assert Draft.objects.get().answers == {}
    sent = {"q.north": ["p1"], "shown": ["north"], "go": "next"}
    send(client, "answer/?page=page-north", sent, slug=SLUG)
    check = page(client, "check/", slug=SLUG)
    data = {name: hidden(check, name) for name in ("carried", "code")}
    send(client, "check/", {**data, "go": "send"}, slug=SLUG)
    assert Ballot.objects.get().answers == {"north": {"options": ["p1"]}}


def test_a_forged_ballot_for_two_areas_is_refused(areas, alice, client_of):
    client = client_of(alice)
    both = {"north": {"options": ["p1"]}, "south": {"options": ["p1"]}}
    sent = {"carried": json.dumps(both), "go": "send"}
    refused = send(client, "check/", sent, slug=SLUG)
    assert refused.status_code == 400
    assert "Choose one area, and answer there only." in text(refused)
    assert not Turnout.objects.exists()


def test_a_secret_choice_of_area_travels_with_the_page_alone(
    bob, organisation, monkeypatch, alice, client_of
):
    asked = asking(knapsack("north"), knapsack("south", number=3), one_page=True)
    open_budget(bob, organisation, monkeypatch, asked, secrecy="secret")
    client = client_of(alice)
    page(client, "answer/", slug=SLUG)
    first = send(client, "answer/", {"go": "area", "area": "page-south"}, slug=SLUG)
    assert first.status_code == 200 and "Nothing is stored before you cast your vote" in text(first)
    sent = {"q.south": ["p3", "p2"], "shown": ["south"], "carried": hidden(first, "carried")}
    added = send(client, "answer/?page=page-south", {**sent, "go": "add"}, slug=SLUG)
    assert "Left: €10,000" in text(added)
    back = send(client, "answer/?page=page-south", {**sent, "go": "back"}, slug=SLUG)
    assert "You have chosen 2 projects here." in text(back)
    other = {"go": "area", "area": "page-north", "carried": hidden(back, "carried")}
    asked_first = send(client, "answer/", other, slug=SLUG)
    assert "You have chosen 2 projects in “Area south”" in text(asked_first)
    stays = {"go": "area", "area": "page-south", "carried": hidden(asked_first, "carried")}
    assert "Left: €10,000" in text(send(client, "answer/", stays, slug=SLUG))
    changed = send(client, "answer/", {**other, "sure": "yes"}, slug=SLUG)
    assert "Left: €60,000" in text(changed)
    sent = {
        "q.north": ["p5"],
        "shown": ["north"],
        "carried": hidden(changed, "carried"),
        "go": "next",
    }
    check = send(client, "answer/?page=page-north", sent, slug=SLUG)
    assert "Your receipt code" in text(check)
    data = {name: hidden(check, name) for name in ("carried", "code")}
    sent = send(client, "check/", {**data, "go": "send"}, slug=SLUG)
    assert "Your ballot is in the box" in text(sent)
    assert not Draft.objects.exists()
    ballot = Ballot.objects.get()
    assert ballot.answers == {"north": {"options": ["p5"]}} and ballot.turnout_id is None
