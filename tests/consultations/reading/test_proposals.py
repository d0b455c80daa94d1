"""The list of proposals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answers.actions import answer, owe_answers, promise
from consultations.actions import (
    propose_amendment,
    propose_new_article,
)
from deliberation.actions import take_position
from tests.consultations.reading.helpers import (
    FRAME,
    IDENTITY,
    address,
    many_proposals,
    text_of,
    titles,
)
from tests.support.queries import named_queries

pytestmark = pytest.mark.django_db


def test_proposals_are_found_by_kind_part_state_and_words(world, alice, charlie, bob, client):
    wide = propose_amendment(
        alice, section_id=world.section(1).pk, body="Wide pavement.", reason="", title="Wide"
    )
    market = propose_amendment(
        alice, section_id=world.section(3).pk, body="On Sundays.", reason="", title="Sundays"
    )
    bench = propose_new_article(
        charlie, consultation=world.consultation, title="Benches", body="Sit down.", reason=""
    )
    take_position(charlie, subject_id=market.subject_id, value="agree")
    take_position(alice, subject_id=bench.subject_id, value="agree")
    take_position(charlie, subject_id=bench.subject_id, value="disagree")
    promise(bob, process=world.process, rule="threshold", number=1, due_at=timezone.now())
    owe_answers(process=world.process)
    answer(bob, subject_id=wide.subject_id, decision="already_covered", body="It is.")
    chapter = world.wording(1).parent_id
    for query, expected in [
        ("", ["Benches", "Sundays", "Wide"]),
        ("ordering=newest", ["Benches", "Sundays", "Wide"]),
        ("ordering=contested", ["Benches", "Sundays", "Wide"]),
        ("kind=new_article", ["Benches"]),
        ("kind=amendment", ["Sundays", "Wide"]),
        (f"section={chapter}", ["Wide"]),
        (f"section={world.section(3).pk}", ["Sundays"]),
        ("state=late", ["Benches", "Sundays"]),
        ("state=owed", []),
        ("state=unanswered", ["Benches", "Sundays"]),
        ("state=already_covered", ["Wide"]),
        ("state=refused", []),
        ("q=pavements", ["Wide"]),
        ("q=benchs", ["Benches"]),
        (
            "section=999999&kind=nothing&state=nothing&ordering=nothing",
            ["Benches", "Sundays", "Wide"],
        ),
    ]:
        assert titles(client.get(address(world, f"proposals/?{query}"))) == expected, query


@pytest.mark.parametrize("ordering", ["support", "newest", "discussed", "contested"])
def test_proposals_go_on_where_they_ended(ordering, world, alice, client):
    many_proposals(world, alice, 50)
    seen: list[str] = []
    href = f"?ordering={ordering}"
    while href:
        response = client.get(address(world, f"proposals/{href}"))
        seen += titles(response)
        href = response.context["next_href"]
    assert len(seen) == len(set(seen)) == 50
    if ordering == "support":
        assert seen[0] == "Amendment number 49"


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("query", ["", "?q=number&state=unanswered&kind=amendment"])
def test_the_list_of_proposals_makes_the_same_queries(number, query, world, alice, client_of):
    many_proposals(world, alice, number)
    reader = client_of(alice)
    with named_queries(
        IDENTITY
        | FRAME
        | {"parts": 'FROM "consultations_wording"', "list": 'FROM "processes_subject"'}
    ):
        response = reader.get(address(world, f"proposals/{query}"))
    assert len(response.context["lines"]) == min(number, 20)


def test_a_proposal_says_what_became_of_it(world, alice, bob, client):
    title = "<b>Wide</b> & long"
    proposal = propose_amendment(
        alice, section_id=world.section(1).pk, body="Wide.", reason="", title=title
    )
    take_position(alice, subject_id=proposal.subject_id, value="agree")
    due = timezone.now() + timedelta(days=5)
    promise(bob, process=world.process, rule="top", number=1, due_at=due)
    owe_answers(process=world.process)
    page = text_of(client.get(address(world, "proposals/")))
    assert "owed an answer in 5 days" in page
    assert "&lt;b&gt;Wide&lt;/b&gt; &amp; long" in page
    assert "<b>Wide" not in page
    answer(bob, subject_id=proposal.subject_id, decision="adopted_in_part", body="Half.")
    assert "Answered: Adopted in part" in text_of(client.get(address(world, "proposals/")))
