"""The pages of a budget and its projects, by nobody and by everybody, and how many queries they make."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from budgets.actions.cosigning import cosign
from budgets.actions.pictures import attach_pictures, decode
from budgets.actions.projects import withdraw_project
from budgets.models import Budget, Project
from deliberation.actions import post_comment, take_position
from moderation.actions import hide
from processes.models import Phase
from tests import factories
from tests.budgets import scenario
from tests.budgets.projects.ideas import picture, proposed
from tests.support.markup import forbidden


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def address(budget: Budget, path: str = "") -> str:
    return f"/en/budgets/{budget.process.slug}/{path}"


def page_of(project: Project, path: str = "") -> str:
    return address(project.budget, f"projects/{project.subject_id}/{path}")


def read(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:500]
    html = answer.content.decode()
    assert not forbidden(html)
    return html


@pytest.mark.parametrize(
    ("phase", "words", "href"),
    [
        ("informing", "cannot be proposed yet", ""),
        ("proposing", "Propose a project", "propose/"),
        ("costing", "Officials work out", "projects/"),
    ],
)
def test_the_page_of_a_budget_offers_what_is_open(phase, words, href, bob, organisation, client):
    budget = scenario.budget_in(phase, bob, organisation)
    html = read(client, address(budget))
    assert words in html
    assert "€100,000" in html
    assert f'href="{address(budget, href)}"' in html


def test_the_page_of_a_budget_leads_to_the_ballot_and_then_to_the_results(voting, client):
    html = read(client, address(voting))
    assert f'href="/en/polls/{voting.process.slug}/answer/"' in html
    assert address(voting, "results/") not in html
    scenario.move_to(voting, "results")
    html = read(client, address(voting))
    assert f'href="{address(voting, "results/")}"' in html
    assert "The votes are counted" in html


def test_the_page_does_not_ask_for_votes_once_their_time_is_over(voting, client):
    Phase.objects.filter(process=voting.process, activities__contains=["vote"]).update(
        closes_at=Now()
    )
    html = read(client, address(voting))
    assert "The votes are being counted." in html
    assert f"/polls/{voting.process.slug}/answer/" not in html


def test_several_envelopes_are_drawn_and_told(bob, organisation, client):
    budget = scenario.budget_in(
        "proposing", bob, organisation, envelopes=[("North", 60_000), ("South", 40_000)]
    )
    html = read(client, address(budget))
    assert "€100,000" in html
    assert "€60,000" in html
    assert 'class="chart__bar"' in html
    assert '<th scope="row">South</th>' in html


def test_what_is_not_published_is_not_there(draft, client, client_of, alice, bob):
    for path in ("", "projects/", "projects/map.json", "projects/boundaries.json", "activity/"):
        assert client.get(address(draft, path)).status_code == 404
        assert client_of(alice).get(address(draft, path)).status_code == 404
        assert client_of(bob).get(address(draft, path)).status_code == 200


def test_a_project_is_shown_with_its_number_its_stage_and_its_money(proposing, alice, client):
    project = proposed(proposing, alice, place="Market square", on_behalf_of="The choir")
    html = read(client, page_of(project))
    for words in (
        "A fountain",
        "No. 1",
        "Proposed",
        "€12,000",
        "Market square",
        "Alice for The choir",
        "<strong>square</strong>",
    ):
        assert words in html, words
    assert 'class="position"' in html
    assert 'id="arguments"' in html


def test_a_published_assessment_is_read_with_cost_and_reason(costing, alice, client):
    good = scenario.feasible(scenario.project(costing, alice, "A park", estimate=20_000))
    Project.objects.filter(pk=good.pk).update(running_cost=500)
    bad = scenario.refused(scenario.project(costing, alice, "A pool"))
    html = read(client, page_of(good))
    for words in ("Feasible", "€30,000", "€20,000", "€500", "It can be done."):
        assert words in html, words
    html = read(client, page_of(bad))
    assert "Not feasible" in html
    assert "The ground is not ours." in html


def test_a_withdrawn_project_is_read_as_such(proposing, alice, client):
    project = proposed(proposing, alice)
    withdraw_project(alice, project_id=project.pk)
    html = read(client, page_of(project))
    assert "has withdrawn this project" in html
    assert "noindex" in html
    assert page_of(project) not in read(client, address(proposing, "projects/"))


def test_a_hidden_project_and_its_pictures_are_gone(proposing, alice, mona, client, client_of):
    project = proposed(proposing, alice)
    [row] = attach_pictures(alice, project=project, pictures=[decode(picture(), "A square")])
    assert client.get(address(proposing, f"pictures/{row.pk}/")).status_code == 200
    hide(mona, thing=project.subject, rule="privacy", reason="A name.")
    html = read(client, page_of(project))
    assert "Hidden by a moderator" in html
    assert "A fountain" not in html
    assert "A name." not in html
    assert "A name." in read(client_of(alice), page_of(project))
    assert client.get(address(proposing, f"pictures/{row.pk}/")).status_code == 404
    assert client_of(alice).get(address(proposing, f"pictures/{row.pk}/")).status_code == 404


def test_a_merged_project_leads_to_the_other(proposing, alice, charlie, client):
    mine, other = proposed(proposing, alice), proposed(proposing, charlie, title="Water")
    Project.objects.filter(pk=mine.pk).update(merged_into=other)
    html = read(client, page_of(mine))
    assert f'href="{page_of(other)}"' in html
    html = read(client, page_of(other))
    assert "Merged into this project" in html
    assert f'href="{page_of(mine)}"' in html


def test_a_picture_is_served_as_what_it_is(proposing, alice, client):
    project = proposed(proposing, alice)
    drawings = [decode(picture(), "A square"), decode(picture(kind="PNG", mode="RGBA"), "A plan")]
    rows = attach_pictures(alice, project=project, pictures=drawings)
    for row, kind in zip(rows, ("image/jpeg", "image/webp"), strict=True):
        answer = client.get(address(proposing, f"pictures/{row.pk}/"))
        assert answer["Content-Type"] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "max-age=86400" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content).startswith((b"\xff\xd8", b"RIFF"))
    html = read(client, page_of(project))
    assert 'alt="A square"' in html
    assert client.get(f"/en/budgets/elsewhere/pictures/{rows[0].pk}/").status_code == 404
    assert client.get(address(proposing, "pictures/99999999999999999999/")).status_code == 404


def _fill(budget, alice, number):
    Budget.objects.filter(pk=budget.pk).update(cosigners_needed=2)
    for n in range(number):
        project = proposed(
            budget, factories.person(f"Person {n}"), title=f"Fountain {n}",
            latitude=Decimal(48 + n), longitude=Decimal(n),
        )  # fmt: skip
        attach_pictures(alice, project=project, pictures=[decode(picture(size=(9, 9)), "A")])
        cosign(alice, project_id=project.pk)


def _statements(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries.captured_queries]


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize(
    ("path", "anonymous", "signed_in"),
    [
        ("", 3, 5),
        ("projects/", 2, 4),
        ("projects/?order=support", 2, 4),
        ("projects/?q=fountain&stage=cosigning", 2, 4),
        ("projects/map.json", 2, 2),
        ("activity/", 2, 4),
    ],
)
def test_lists_make_as_many_queries_with_thirty_projects_as_with_three(
    path, anonymous, signed_in, number, proposing, alice, charlie, client, client_of
):
    _fill(proposing, alice, number)
    assert len(_statements(client, address(proposing, path))) == anonymous
    assert len(_statements(client_of(charlie), address(proposing, path))) == signed_in


@pytest.mark.parametrize("number", [3, 30])
def test_the_page_of_a_project_makes_as_many_queries_whatever_was_said(
    number, proposing, alice, charlie, client, client_of
):
    project = proposed(proposing, alice)
    people = [factories.person(f"Person {n}") for n in range(number)]
    for person in people:
        post_comment(person, subject_id=project.subject_id, body="Yes!", stance="for")
        take_position(person, subject_id=project.subject_id, value="agree")
    attach_pictures(alice, project=project, pictures=[decode(picture(), "A")] * 3)
    merged = [proposed(proposing, person) for person in people]
    Project.objects.filter(pk__in=[row.pk for row in merged]).update(merged_into=project)
    assert len(_statements(client, page_of(project))) == 4
    assert len(_statements(client_of(charlie), page_of(project))) == 6
    assert len(_statements(client_of(alice), page_of(project))) == 6


def test_everybody_sees_the_same_order_today_and_another_tomorrow(proposing, alice):
    from budgets.filters import ORDERINGS, annotated, standing_in

    for n in range(12):
        proposed(proposing, alice, title=f"Fountain {n}")

    def order(day):
        rows = annotated(standing_in(proposing.pk), "random", day)
        return list(rows.order_by(*ORDERINGS["random"]).values_list("pk", flat=True))

    assert order("2026-11-24") == order("2026-11-24")
    assert order("2026-11-24") != order("2026-11-25")
    assert sorted(order("2026-11-24")) == sorted(order("2026-11-25"))
