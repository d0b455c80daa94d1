"""The pages of articles and proposals: what they show, to whom, and in how many queries."""

import pytest

from answers.actions import answer, owe_answers, promise
from consultations.actions import (
    edit_proposal,
    propose_amendment,
    propose_new_article,
    publish_version,
    withdraw_proposal,
    write_draft,
)
from consultations.drafting.parse import parse_draft
from deliberation.actions import add_source, post_comment, take_position
from deliberation.models import Comment
from tests import factories
from tests.scenario import TEXT, end_phases
from tests.support.queries import named_queries

IDENTITY = {"session": "django_session", "person": 'FROM "accounts_user"'}
ARTICLE = {
    "conversation": "WITH lanes",
    "what moved it": 'FROM "consultations_change"',
    "amendments": 'FROM "consultations_proposal"',
    "sources": 'FROM "deliberation_source"',
    "article": 'FROM "consultations_wording"',
}
PROPOSAL = {
    "conversation": "WITH lanes",
    "what it moved": 'FROM "consultations_change"',
    "sources": 'FROM "deliberation_source"',
    "proposal": 'FROM "consultations_proposal"',
}


def address(world, subject_id=None, tail=""):
    return (
        f"/en/consultations/{world.process.slug}/articles/{subject_id or world.article.pk}/{tail}"
    )


def proposal_address(world, subject_id, tail=""):
    return f"/en/consultations/{world.process.slug}/proposals/{subject_id}/{tail}"


def show(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def crowd(world, number):
    """So many arguments, replies, amendments and sources."""
    people = [factories.person() for _each in range(3)]
    for n in range(number):
        person = people[n % 3]
        top = post_comment(person, subject_id=world.article.pk, body=f"Because {n}.", stance="for")
        post_comment(person, subject_id=world.article.pk, body="And?", parent_id=top.pk)
        propose_amendment(
            person, section_id=world.section().pk, body=f"{n + 3} metres.", reason="Prams."
        )
        add_source(
            person,
            subject_id=world.article.pk,
            title=f"Study {n}",
            url="https://example.org/",
            category="study",
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [3, 30])
def test_an_article_makes_the_same_named_queries_whatever_was_said(
    world, alice, client_of, nobody, number
):
    crowd(world, number)
    client, anonymous = client_of(alice), client_of(nobody)
    with named_queries(ARTICLE | IDENTITY):
        client.get(address(world))
    with named_queries(ARTICLE):
        anonymous.get(address(world))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [3, 30])
def test_a_proposal_makes_the_same_named_queries_whatever_was_said(world, alice, client_of, number):
    proposal = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Prams."
    )
    for n in range(number):
        post_comment(alice, subject_id=proposal.subject_id, body=f"Because {n}.", stance="for")
    client = client_of(alice)
    with named_queries(PROPOSAL | IDENTITY):
        client.get(proposal_address(world, proposal.subject_id))
    edit_proposal(alice, proposal_id=proposal.pk, title="Wider", body="Four metres.", reason="")
    earlier = {"earlier texts": 'FROM "consultations_revision"'}
    with named_queries(earlier | PROPOSAL | IDENTITY):
        client.get(proposal_address(world, proposal.subject_id))


@pytest.mark.django_db
def test_an_article_shows_everything_that_became_of_it(world, alice, otto, client_of, nobody):
    post_comment(alice, subject_id=world.article.pk, body="Two wheelchairs.", stance="for")
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Prams.", title="Wider"
    )
    take_position(alice, subject_id=world.article.pk, value="agree")
    answer(otto, subject_id=world.article.pk, decision="adopted", body="**Agreed.**")
    page = show(client_of(nobody), address(world))
    for piece in (
        "Width of pavements",
        "A pavement is at least two metres wide.",
        "Two wheelchairs must be able to pass.",
        "Two wheelchairs.",
        "<strong>Agreed.</strong>",
        f'href="/en/consultations/{world.process.slug}/proposals/{amendment.subject_id}/"',
        "<ins>",
        'rel="next"',
    ):
        assert piece in page, piece
    assert 'rel="prev"' not in page
    assert "csrfmiddlewaretoken" not in page, "a page for everybody holds nobody's token"
    assert 'rel="prev"' in show(client_of(nobody), address(world, world.articles[1].pk))


@pytest.mark.django_db
def test_what_moved_an_article_is_said_with_its_difference(world, bob, alice, client_of, nobody):
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="", title="Wider"
    )
    text = TEXT.replace("at least two metres", "at least three metres").replace(
        "## Article 4: Stalls\n\nA stall costs twelve units a day.\n", ""
    )
    write_draft(bob, consultation=world.consultation, draft=parse_draft(text), language="en")
    publish_version(
        bob,
        consultation=world.consultation,
        moved_by={world.section().pk: [amendment.subject_id]},
    )
    client = client_of(nobody)
    page = show(client, address(world))
    assert "Changed in version 2." in page
    assert "Wider" in page
    assert "three" in page
    assert "version 1 of the text, which has changed since" in show(
        client, proposal_address(world, amendment.subject_id)
    )
    gone = show(client, address(world, world.articles[3].pk))
    assert "This article is no longer in the text. It stood in version 1." in gone


@pytest.mark.django_db
def test_what_is_owed_stands_under_the_amendment(world, bob, alice, charlie, client_of, nobody):
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason=""
    )
    take_position(charlie, subject_id=amendment.subject_id, value="agree")
    promise(bob, process=world.process, rule="top", number=1, due_at=world.process.closes_at)
    owe_answers(process=world.process)
    client = client_of(nobody)
    assert "owed an answer" in show(client, address(world))
    assert "owed an answer" in show(client, proposal_address(world, amendment.subject_id))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("view", "piece"), [("", "diff__inline"), ("side", "diff__sides"), ("new", 'class="law"')]
)
def test_an_amendment_is_shown_in_three_ways(world, alice, client_of, nobody, view, piece):
    amendment = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="Because."
    )
    page = show(client_of(nobody), proposal_address(world, amendment.subject_id, f"?view={view}"))
    assert piece in page
    assert "Because." in page


@pytest.mark.django_db
def test_the_buttons_are_there_while_the_phase_is_open_and_then_a_sentence(
    world, bob, alice, client_of
):
    client = client_of(alice)
    assert 'name="value" value="agree"' in show(client, address(world))
    take_position(alice, subject_id=world.article.pk, value="agree")
    page = show(client, address(world))
    assert "You agree" in page
    assert 'value="withdraw"' in page
    end_phases(bob, world.process)
    page = show(client, address(world))
    assert 'name="value"' not in page
    assert "ended on" in page


@pytest.mark.django_db
def test_a_withdrawn_proposal_stays_readable(world, alice, client_of, nobody):
    row = propose_new_article(
        alice, consultation=world.consultation, title="Benches", body="A bench.", reason=""
    )
    withdraw_proposal(alice, proposal_id=row.pk)
    page = show(client_of(nobody), proposal_address(world, row.subject_id))
    assert "has withdrawn this proposal" in page
    assert "A bench." in page


@pytest.mark.django_db
def test_earlier_texts_stand_below(world, alice, client_of, nobody):
    row = propose_amendment(
        alice, section_id=world.section().pk, body="Three metres.", reason="", title="Wider"
    )
    edit_proposal(alice, proposal_id=row.pk, title="Wider", body="Four metres.", reason="")
    page = show(client_of(nobody), proposal_address(world, row.subject_id))
    assert "Earlier texts" in page
    assert "<p>Three metres.</p>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "99999999", "9" * 30])
def test_there_is_nothing_at_a_wrong_address(world, client_of, nobody, number):
    client = client_of(nobody)
    assert client.get(address(world, number)).status_code == 404
    assert client.get(proposal_address(world, number)).status_code == 404


@pytest.mark.django_db
def test_a_heading_leads_to_its_place_in_the_text(world, client_of, nobody):
    part = world.wording().parent.subject_id
    answer = client_of(nobody).get(address(world, part))
    assert answer.url.endswith(f"/draft/#part-{part}")


@pytest.mark.django_db
def test_nothing_that_people_type_becomes_markup(world, alice, client_of, nobody):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    post_comment(alice, subject_id=world.article.pk, body=evil, stance="for")
    row = propose_amendment(
        alice, section_id=world.section().pk, body=evil, reason=evil, title=evil
    )
    add_source(
        alice,
        subject_id=world.article.pk,
        title=evil,
        url="https://example.org/",
        category="blog",
        note=evil,
    )
    client = client_of(nobody)
    for path in (
        address(world),
        proposal_address(world, row.subject_id),
        proposal_address(world, row.subject_id, "?view=side"),
        proposal_address(world, row.subject_id, "?view=new"),
    ):
        page = show(client, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.django_db
def test_a_later_page_of_arguments_goes_on_where_the_first_ended(world, alice, client_of, nobody):
    Comment.objects.bulk_create(
        Comment(
            subject=world.article,
            author=alice,
            stance="for",
            body="b",
            body_html=f"<p>Argument number {n:02}.</p>",
            support_count=n,
        )
        for n in range(30)
    )
    client = client_of(nobody)
    page = show(client, address(world))
    assert "Argument number 10." in page
    assert "Argument number 09." not in page
    more = f"/en/subjects/{world.article.pk}/comments/?stance=for&amp;after=10-"
    assert more in page
    start = page.index(more)
    rest = show(client, page[start : page.index('"', start)].replace("&amp;", "&"))
    assert "Argument number 09." in rest
    assert "Argument number 10." not in rest
