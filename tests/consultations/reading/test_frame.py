"""The page of a consultation, and who may read any."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answers.actions import answer, owe_answers, promise
from answers.models import Obligation
from consultations.actions import (
    propose_amendment,
    withdraw_proposal,
)
from deliberation.actions import post_comment, take_position
from tests import scenario
from tests.consultations.reading.helpers import (
    FRAME,
    IDENTITY,
    PAGES,
    PROMISE,
    address,
    many_proposals,
    text_of,
)
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PAGES)
def test_everyone_reads_what_is_published(path, world, client):
    response = client.get(address(world, path))
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_only_the_bodys_people_read_what_is_not_published(
    path, bob, otto, olga, alice, organisation, client_of, nobody
):
    consultation = scenario.draft_consultation(bob, organisation)
    page = f"/en/consultations/{consultation.process.slug}/{path}"
    for person, status in ((nobody, 404), (alice, 404), (olga, 404), (bob, 200), (otto, 200)):
        assert client_of(person).get(page).status_code == status, person


def test_the_bodys_people_read_the_draft_before_it_is_published(bob, organisation, client_of):
    consultation = scenario.draft_consultation(bob, organisation)
    page = text_of(client_of(bob).get(f"/en/consultations/{consultation.process.slug}/draft/"))
    assert "A tree that is felled" in page
    assert "Only the people of the public body see it" in page


def test_an_unknown_consultation_is_not_found(client, db):
    for path in PAGES:
        assert client.get(f"/en/consultations/nothing/{path}").status_code == 404


def test_the_page_says_who_asks_how_many_take_part_and_what_is_promised(
    world, alice, charlie, bob, client
):
    due = timezone.now() + timedelta(days=9)
    promise(bob, process=world.process, rule="threshold", number=1, due_at=due)
    proposal = propose_amendment(
        alice, section_id=world.section(1).pk, body="Three metres.", reason="", title="Wider"
    )
    take_position(charlie, subject_id=proposal.subject_id, value="agree")
    post_comment(charlie, subject_id=world.article.pk, body="Well said.", stance="for")
    owe_answers(process=world.process)
    response = client.get(address(world))
    page = text_of(response)
    assert "City-Council council" in page
    assert [number for number, _name in response.context["figures"]] == [2, 2, 1]
    counts = response.context["promise"]["counts"]
    assert (counts.owed, counts.answered, counts.late) == (1, 0, 0)
    assert "Every contribution that one person supports is owed a reasoned answer" in page
    assert [row.title for row in response.context["discussed"]] == [world.article.title]
    assert [row.title for row in response.context["latest"]] == ["Wider"]
    answer(bob, subject_id=proposal.subject_id, decision="refused", body="Too wide.")
    counts = client.get(address(world)).context["promise"]["counts"]
    assert (counts.owed, counts.answered, counts.late) == (1, 1, 0)


def test_what_is_withdrawn_before_it_is_answered_is_owed_no_more(world, alice, charlie, bob):
    promise(bob, process=world.process, rule="top", number=5, due_at=timezone.now())
    first = propose_amendment(alice, section_id=world.section(1).pk, body="Five.", reason="")
    second = propose_amendment(alice, section_id=world.section(2).pk, body="Six.", reason="")
    for proposal in (first, second):
        take_position(charlie, subject_id=proposal.subject_id, value="agree")
    owe_answers(process=world.process)
    rows = Obligation.objects.filter(process=world.process)
    assert (rows.counts().owed, rows.counts().late, rows.counts().waiting) == (2, 2, 0)
    withdraw_proposal(alice, proposal_id=first.pk)
    assert rows.counts().owed == 1
    answer(bob, subject_id=second.subject_id, decision="adopted", body="Yes.")
    assert (rows.counts().owed, rows.counts().answered, rows.counts().late) == (1, 1, 0)


@pytest.mark.parametrize("number", [3, 30])
def test_the_consultations_page_makes_the_same_queries_whatever_the_number(
    number, world, alice, client_of
):
    many_proposals(world, alice, number)
    reader = client_of(alice)
    with named_queries(
        IDENTITY
        | FRAME
        | PROMISE
        | {
            "most discussed": '"talk"',
            "latest": 'FROM "processes_subject"',
            "versions": 'FROM "consultations_version"',
        }
    ):
        reader.get(address(world))
