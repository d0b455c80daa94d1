"""Answers, results, history and activity."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answers.actions import answer, owe_answers, promise
from answers.models import Obligation
from consultations.actions import (
    propose_amendment,
    propose_new_article,
)
from deliberation.actions import take_position
from processes.actions import close, publish_results
from processes.models import Process
from tests import scenario
from tests.consultations.reading.helpers import (
    FRAME,
    IDENTITY,
    PROMISE,
    address,
    many_proposals,
    text_of,
    titles,
)
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db


def test_answers_tell_apart_what_waits_is_late_and_was_answered(world, alice, bob, client):
    soon = timezone.now() + timedelta(days=5)
    promise(bob, process=world.process, rule="top", number=3, due_at=soon)
    late, waiting, done = (
        propose_amendment(
            alice, section_id=world.section(n).pk, body=f"Body {n}.", reason="", title=name
        )
        for n, name in ((1, "Late"), (2, "Waits"), (3, "Done"))
    )
    for proposal in (late, waiting, done):
        take_position(alice, subject_id=proposal.subject_id, value="agree")
    owe_answers(process=world.process)
    Obligation.objects.filter(subject=late.subject_id).update(
        due_at=timezone.now() - timedelta(days=1)
    )
    answer(bob, subject_id=done.subject_id, decision="refused", body="No.")
    for state, expected in [
        ("", {"Late", "Waits", "Done"}),
        ("late", {"Late"}),
        ("owed", {"Waits"}),
        ("answered", {"Done"}),
        ("nothing", {"Late", "Waits", "Done"}),
    ]:
        assert set(titles(client.get(address(world, f"answers/?state={state}")))) == expected
    counts = client.get(address(world, "answers/")).context["promise"]["counts"]
    assert (counts.owed, counts.answered, counts.late, counts.waiting) == (3, 1, 1, 1)


@pytest.mark.parametrize("number", [3, 30])
def test_the_answers_page_makes_the_same_queries(number, world, alice, bob, client_of):
    many_proposals(world, alice, number)
    promise(bob, process=world.process, rule="top", number=number, due_at=timezone.now())
    owe_answers(process=world.process)
    reader = client_of(alice)
    with named_queries(IDENTITY | FRAME | PROMISE | {"list": 'FROM "processes_subject"'}):
        reader.get(address(world, "answers/"))


def test_results_are_counted_from_rows(second_version, world, alice, charlie, bob, client):
    take_position(charlie, subject_id=world.article.pk, value="mixed")
    assert "The results will stand here" in text_of(client.get(address(world, "results/")))
    process = Process.objects.get(pk=world.process.pk)
    close(bob, process=process)
    publish_results(bob, process=process, summary={"en": "The town keeps its trees."})
    response = client.get(address(world, "results/"))
    page = text_of(response)
    assert "The town keeps its trees." in page
    assert response.context["sentence"] == (
        "2 people took part. 1 contribution was answered. 3 parts of the text changed."
    )
    decisions = {row.value: row.number for row in response.context["decisions"]}
    assert decisions == {
        "adopted": 1, "adopted_in_part": 0, "already_covered": 0, "refused": 0, "": 0,
    }  # fmt: skip
    moved = {str(move.title): move for move in response.context["changes"]}
    assert moved["Article 2 – Trees"].note.text == "More trees."
    assert [str(title) for _href, title in moved["Article 2 – Trees"].movers] == ["Two for one"]
    assert moved["Article 5 – Dogs"].kind == "added"
    assert moved["Article 4 – Stalls"].kind == "removed"
    assert "<ins>" in moved["Article 2 – Trees"].diff_html
    assert f"/api/v1/consultations/{world.process.slug}/" in page
    assert "Read the results" in text_of(client.get(address(world)))


def test_results_make_the_same_queries_whatever_changed(second_version, world, bob, client_of):
    process = Process.objects.get(pk=world.process.pk)
    close(bob, process=process)
    publish_results(bob, process=process, summary={})
    reader = client_of(bob)
    with named_queries(
        IDENTITY
        | FRAME
        | PROMISE
        | {
            "movers": "consultations_change_moved_by",
            "changes": 'FROM "consultations_change"',
            "decisions": 'FROM "answers_answer"',
            "not answered": 'COUNT(*) AS "__count" FROM "processes_subject"',
        }
    ):
        reader.get(address(world, "results/"))


def test_an_articles_history_shows_each_version_and_who_moved_it(second_version, world, client):
    changed = text_of(client.get(address(world, f"articles/{world.articles[1].pk}/history/")))
    assert changed.index("Version 2") < changed.index("Version 1")
    assert "More trees." in changed
    assert "Two for one" in changed
    assert "<del>" in changed
    gone = text_of(client.get(address(world, f"articles/{world.articles[3].pk}/history/")))
    assert "This version does not contain the article any more." in gone
    assert "twelve units" in gone


def test_history_makes_the_same_queries_whatever_the_versions(second_version, world, client):
    with named_queries(
        FRAME
        | {
            "movers": "consultations_change_moved_by",
            "changes": 'FROM "consultations_change"',
            "wordings": 'FROM "consultations_wording"',
            "section": 'FROM "consultations_section"',
        }
    ):
        client.get(address(world, f"articles/{world.articles[1].pk}/history/"))


def test_the_history_of_what_is_not_here_is_not_found(world, bob, organisation, client):
    other = scenario.open_consultation(bob, organisation, title="Other")
    for subject_id in (other.article.pk, 0, 10**30):
        path = f"articles/{subject_id}/history/"
        assert client.get(address(world, path)).status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_activity_makes_two_queries_of_its_own(number, world, alice, client_of):
    for n in range(number):
        propose_new_article(
            alice, consultation=world.consultation, title=f"New {n}", body=f"Body {n}.", reason=""
        )
    reader = client_of(alice)
    with named_queries(IDENTITY | FRAME | {"entries": 'FROM "processes_entry"'}):
        response = reader.get(address(world, "activity/"))
    assert len(response.context["news"]) == min(number + 1, 30)
