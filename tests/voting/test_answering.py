"""Answering a poll through its pages."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from tests.voting.polls import COLOURS, TREE, WORDS, end, fresh, open_poll
from voting.models import Ballot, Draft, Turnout
from voting.questionnaire.definition import Option, Question, QuestionKind

REASON = Question(
    "reason", QuestionKind.SHORT_TEXT, {"en": "Why not?", "fr": "Pourquoi ?"}, show_if="tree = no"
)


@pytest.fixture
def survey(bob, organisation):
    """A confidential poll that may be changed until the end."""
    return open_poll(
        bob,
        organisation,
        questions=(COLOURS, TREE, REASON, WORDS),
        change_policy="until_close",
        slug="tram",
    )


@pytest.fixture
def ballot(bob, organisation):
    """A secret poll that may be changed until the end."""
    return open_poll(
        bob, organisation, secrecy="secret", change_policy="until_close", slug="secret"
    )


def page(client: Client, path: str = "", slug: str = "tram", **query):
    return client.get(f"/en/polls/{slug}/{path}", query)


def send(client: Client, path: str, data: dict, slug: str = "tram"):
    return client.post(f"/en/polls/{slug}/{path}", data)


def hidden(answer, name: str) -> str:
    """The value of a hidden field of the page's form."""
    from html.parser import HTMLParser

    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "input" and given.get("name") == name:
                found.append(given.get("value", ""))

    Reader().feed(answer.content.decode())
    return found[0]


def test_the_page_of_a_poll_says_its_rules_before_and_after_it_opens(survey, client):
    text = page(client).content.decode()
    assert "Which colour shall the tram have?" in text
    assert "The rules" in text and "Nobody sees any result before the end" in text
    assert survey.definition_digest in text
    assert "/accounts/login/?next=%2Fen%2Fpolls%2Ftram%2Fanswer%2F" in text


def test_answers_are_kept_page_by_page_and_sent_at_the_end(survey, alice, client_of):
    client = client_of(alice)
    first = page(client, "answer/")
    assert first.status_code == 200
    assert "Why not?" not in first.content.decode()
    sent = {"q.colour": "red", "q.tree": "no", "shown": ["colour", "tree", "words"]}
    again = send(client, "answer/?page=p1", {**sent, "go": "next"})
    assert again.status_code == 302 and again.url.endswith("answer/?page=p1#more")
    assert "Why not?" in page(client, "answer/", page="p1").content.decode()
    sent |= {"q.reason": "Roots.", "shown": ["colour", "tree", "reason", "words"]}
    on = send(client, "answer/?page=p1", {**sent, "go": "next"})
    assert on.url == "/en/polls/tram/check/"
    check = page(client, "check/")
    assert "Red" in check.content.decode() and "Roots." in check.content.decode()
    data = {name: hidden(check, name) for name in ("carried", "code")}
    assert Draft.objects.count() == 1 and not Ballot.objects.exists()
    done = send(client, "check/", {**data, "go": "send"})
    assert done.url == "/en/polls/tram/thanks/"
    assert page(client, "thanks/").status_code == 200
    assert Ballot.objects.get().answers["reason"] == {"text": "Roots."}
    assert not Draft.objects.exists()
    # The same page sent twice is one ballot.
    assert send(client, "check/", {**data, "go": "send"}).status_code == 302
    assert Ballot.objects.count() == 1 and Turnout.objects.count() == 1


def test_a_secret_poll_carries_the_answers_in_the_form_and_shows_the_receipt(
    ballot, alice, client_of
):
    client = client_of(alice)
    first = page(client, "answer/", slug="secret")
    carried = hidden(first, "carried")
    assert carried == "{}"
    data = {"q.colour": "red", "shown": ["colour", "tree"], "carried": carried, "go": "next"}
    check = send(client, "answer/?page=p1", data, slug="secret")
    assert check.status_code == 200
    assert not Draft.objects.exists()
    carried, code = hidden(check, "carried"), hidden(check, "code")
    assert json.loads(carried) == {"colour": {"option": "red"}}
    thanks = send(
        client, "check/", {"carried": carried, "code": code, "go": "send"}, slug="secret"
    )
    assert thanks.status_code == 200
    assert code in thanks.content.decode().replace("-", "")
    assert Ballot.objects.get().turnout_id is None
    assert code not in str(client.session.items())
    # Voting again asks for the receipt of the first ballot.
    other = {"colour": {"option": "blue"}}
    refused = send(
        client, "check/", {"carried": json.dumps(other), "go": "send"}, slug="secret"
    )
    assert refused.status_code == 409 and "id=\"former\"" in refused.content.decode()
    assert "Blue" in refused.content.decode()
    again = {"carried": json.dumps(other), "go": "send", "former": code}
    assert send(client, "check/", again, slug="secret").status_code == 200
    counted = Ballot.objects.counted(ballot)
    assert [row.answers for row in counted] == [other]
