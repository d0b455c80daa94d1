"""Budgets on the desk's first page and in the list of all of them."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budgets.actions.assessors import name_assessor
from budgets.models import Assessment
from processes.models import Process
from tests.budgets import scenario


def home(browser, path="") -> str:
    answer = browser.get(f"/en/desk/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_desk_lists_budgets_and_what_waits_in_them(client_of, bob, otto, alice, costing):
    row = scenario.project(costing, alice)
    scenario.project(costing, alice, "A pool")
    Assessment.objects.create(project=row, due_at=timezone.now() - timedelta(hours=1))
    for person in (bob, otto):
        page = home(client_of(person))
        assert "1 assessment is late" in page
        assert "2 projects wait for their assessment" in page
        assert f'href="/en/desk/budgets/{costing.process.slug}/"' in page


def test_editors_alone_are_asked_to_publish(client_of, bob, otto, draft):
    assert "Not published yet" in home(client_of(bob))
    page = home(client_of(otto))
    assert "Not published yet" not in page
    assert "New budget" not in page


def test_the_desk_warns_when_voting_opens_soon_or_should_be_open(client_of, bob, costing, alice):
    assert "Voting opens soon, and no project is on the ballot" in home(client_of(bob))
    scenario._shift(costing, "voting")
    assert "Voting could not open: no project is on the ballot" in home(client_of(bob))
    scenario.feasible(scenario.project(costing, alice))
    assert "no project is on the ballot" not in home(client_of(bob))


def test_a_desk_with_budgets_alone_does_not_speak_of_consultations_first(
    client_of, bob, alice, costing
):
    scenario.feasible(scenario.project(costing, alice))
    page = home(client_of(bob))
    assert "Your consultations will stand here" not in page
    assert "Nothing waits for you" in page


def test_an_assessor_from_elsewhere_finds_the_budgets_that_wait_for_them(
    client_of, bob, alice, olga, draft
):
    assert client_of(alice).get("/en/desk/budgets/").status_code == 403
    name_assessor(bob, budget=draft, email=alice.email)
    page = home(client_of(alice), "budgets/")
    assert f'href="/en/desk/budgets/{draft.process.slug}/assessments/"' in page
    assert "New budget" not in page
    assert draft.process.slug not in home(client_of(olga), "budgets/")


def test_first_page_and_list_ask_as_much_for_thirty_budgets_as_for_three(
    client_of, bob, alice, organisation
):
    browser = client_of(bob)

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            home(browser, path)
        return len(captured.captured_queries)

    def make(number: int) -> None:
        for n in range(number):
            budget = scenario.draft_budget(
                bob, organisation, slug=f"b{Process.objects.count()}-{n}"
            )
            scenario.project(budget, alice)

    make(3)
    few = [asked(path) for path in ("", "budgets/")]
    few = [asked(path) for path in ("", "budgets/")]
    make(9)
    assert [asked(path) for path in ("", "budgets/")] == few
    assert few[1] <= 7
