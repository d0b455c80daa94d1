"""What pages of a poll cost: named, and the same with many ballots as with few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processes.actions import publish
from tests.factories import person
from tests.voting.filled import put_in
from tests.voting.pages import page, send
from tests.voting.polls import draft_poll, open_poll

RED = {"colour": {"option": "red"}}
CARRIED = '{"colour":{"option":"red"}}'


def queries(act) -> list[str]:
    """What it asked the database, without the marks around transactions."""
    with CaptureQueriesContext(connection) as caught:
        answer = act()
    assert answer.status_code in (200, 302), answer.status_code
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [q["sql"] for q in caught.captured_queries if not q["sql"].startswith(marks)]


@pytest.fixture
def poll(bob, organisation):
    return open_poll(bob, organisation, slug="tram")


def test_the_page_of_a_poll_for_everyone_is_two_queries(poll, client):
    page(client)
    # The poll, and its booths.
    assert len(queries(lambda: page(client))) == 2


def test_the_page_of_a_poll_for_somebody_signed_in_is_at_most_six(poll, alice, client_of):
    client = client_of(alice)
    page(client)
    # Session, person, poll; booths; whether the address is confirmed; turnout and draft.
    assert len(queries(lambda: page(client))) == 6


def test_before_it_opens_it_reads_what_the_editors_wrote(bob, organisation, client):
    poll = draft_poll(bob, organisation, slug="tram", opens_in=timedelta(days=2))
    publish(bob, process=poll.process)
    page(client)
    assert len(queries(lambda: page(client))) <= 6


def test_opening_a_page_of_questions_costs_the_same_with_many_ballots(poll, alice, client_of):
    client = client_of(alice)
    put_in(poll, [RED] * 10)
    few = queries(lambda: page(client, "answer/"))
    put_in(poll, [RED] * 1000)
    many = queries(lambda: page(client, "answer/"))
    assert len(few) == len(many)
    # Session, person, poll; address confirmed; draft; turnout.
    assert len(many) == 6


def test_casting_through_the_page_is_at_most_eight(poll, alice, client_of):
    client = client_of(alice)
    put_in(poll, [RED] * 10)
    page(client, "answer/")
    asked = queries(lambda: send(client, "check/", {"carried": CARRIED, "go": "send"}))
    # Session, person, poll, address confirmed; claim, ballot, draft gone.
    assert len(asked) <= 8, asked
    assert not [sql for sql in asked if sql.startswith("SELECT") and "voting_ballot" in sql]


def test_casting_a_secret_ballot_through_the_page_is_at_most_eight(bob, organisation, client_of):
    open_poll(bob, organisation, slug="secret", secrecy="secret")
    client = client_of(person())
    page(client, "answer/", slug="secret")
    data = {"carried": CARRIED, "go": "send"}
    assert len(queries(lambda: send(client, "check/", data, slug="secret"))) <= 8


def test_saving_while_typing_is_seven(poll, alice, client_of):
    client = client_of(alice)
    data = {"q.colour": "red", "shown": ["colour", "tree"], "go": "next"}
    asked = queries(lambda: send(client, "answer/?page=p1", data))
    assert len(asked) <= 7
