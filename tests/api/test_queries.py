"""How many queries an address makes: the same with 30 rows as with 3, and each with a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.actions import propose_amendment
from deliberation.actions import add_source, post_comment, take_position
from tests.factories import person
from tests.scenario import World

pytestmark = pytest.mark.django_db
API = "/api/v1"


def statements(run) -> list[str]:
    """What the database was asked, without the frames of transactions."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = run()
    assert answer.status_code < 300, answer.content
    asked = [query["sql"] or "(prepared)" for query in captured]
    frames = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [sql for sql in asked if not sql.startswith(frames)]


def say(world: World, people: int) -> None:
    """So many people, each of whom says something of every kind."""
    for _number in range(people):
        speaker = person()
        article, section = world.article.pk, world.section().pk
        comment = post_comment(speaker, subject_id=article, body="Wider!", stance="for")
        post_comment(speaker, subject_id=article, body="?", parent_id=comment.pk)
        add_source(
            speaker, subject_id=article, title="S", url="https://example.org/", category="law"
        )
        amendment = propose_amendment(speaker, section_id=section, body="Three.", reason="R.")
        take_position(speaker, subject_id=amendment.subject_id, value="agree")


LISTS = {
    "processes/": 2,  # who asks; the rows with body and area
    "consultations/{slug}/sections/": 3,  # ...; process; version; the rows
    "consultations/{slug}/proposals/": 2,  # process; the rows
    "subjects/{subject}/comments/": 2,  # subject; the rows
    "subjects/{subject}/sources/": 2,  # subject; the rows
    "organisations/": 1,
    "areas/": 1,
    "topics/": 1,
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_makes_as_many_queries_with_30_rows_as_with_3(world, client, path):
    address = f"{API}/{path.format(slug=world.process.slug, subject=world.article.pk)}"
    say(world, 3)
    client.get(address)
    few = statements(lambda: client.get(address, {"page_size": 100}))
    say(world, 27)
    many = statements(lambda: client.get(address, {"page_size": 100}))
    assert len(few) == len(many) <= LISTS[path]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("me/", 2),  # who asks; slugs of their public bodies
        ("me/contributions/", 4),  # who asks; proposals; comments; sources
        ("me/positions/", 2),  # who asks; the rows
        ("me/letters/", 2),  # who asks; the rows
        ("subjects/{subject}/", 2),  # who asks; the subject with all that is said of it
        ("subjects/{subject}/position/", 3),  # who asks; the subject; where I stand
        ("subjects/{subject}/comments/", 3),  # who asks; the subject; the rows
        # who asks; process with versions' consultation; topics; versions; areas of phases
        ("consultations/{slug}/", 5),
    ],
)
def test_what_a_person_reads_makes_few_queries(world, alice, api_of, path, most):
    client = api_of(alice)
    address = f"{API}/{path.format(slug=world.process.slug, subject=world.article.pk)}"
    client.get(address)
    say(world, 3)
    assert len(statements(lambda: client.get(address))) <= most


def test_taking_a_position_makes_five_queries(world, alice, api_of):
    client = api_of(alice)
    client.get(f"{API}/me/")  # the first use of a token on a day is noted
    address = f"{API}/subjects/{world.article.pk}/position/"
    # who asks; the subject with my position; the row; the subject's counters; the process's
    first = statements(lambda: client.put(address, {"value": "agree"}))
    assert len(first) <= 6, first
    again = statements(lambda: client.put(address, {"value": "agree"}))
    assert len(again) <= 3, again
    changed = statements(lambda: client.put(address, {"value": "mixed"}))
    assert len(changed) <= 5, changed


def test_posting_makes_eight_queries_at_most(world, alice, api_of):
    client = api_of(alice)
    client.get(f"{API}/me/")
    on, section = f"{API}/subjects/{world.article.pk}", world.section().pk
    proposals = f"{API}/consultations/{world.process.slug}/proposals/"
    comment = statements(lambda: client.post(f"{on}/comments/", {"body": "a", "stance": "for"}))
    assert len(comment) <= 6, comment
    parent = post_comment(alice, subject_id=world.article.pk, body="b").pk
    reply = statements(lambda: client.post(f"{on}/comments/", {"body": "a", "parent": parent}))
    assert len(reply) <= 7, reply
    body = {"title": "a", "url": "https://example.org/", "category": "law"}
    source = statements(lambda: client.post(f"{on}/sources/", body))
    assert len(source) <= 6, source
    body = {"kind": "amendment", "section": section, "body": "a", "reason": "b"}
    amendment = statements(lambda: client.post(proposals, body))
    assert len(amendment) <= 8, amendment
    body = {"kind": "new_article", "title": "a", "body": "a", "reason": "b"}
    article = statements(lambda: client.post(proposals, body))
    assert len(article) <= 8, article
