"""After a secret vote: receipts, the list, the bundle, and the letter."""

import json

import pytest
from django.core import mail

from notifications.letters import compose
from notifications.models import Delivery
from notifications.tasks import send_batch
from processes.tasks import deliver_entries
from tests.factories import person
from tests.voting.pages import page, send
from tests.voting.polls import end_and_count, fresh, open_poll
from voting.actions.box import cast_ballot, new_code, withdraw_ballot
from voting.models import Ballot
from voting.secrecy.receipts import mark_of
from voting.secrecy.tree import proves
from voting.voters import person as voter_of

RED = {"colour": {"option": "red"}, "tree": {"option": "yes"}}
BLUE = {"colour": {"option": "blue"}}


@pytest.fixture
def poll(bob, organisation):
    return open_poll(bob, organisation, secrecy="secret", change_policy="until_close", slug="tram")


@pytest.fixture
def codes(poll, alice, charlie):
    """Receipts: one that counts, one replaced by it, one withdrawn."""
    first, second, gone = new_code(), new_code(), new_code()
    cast_ballot(voter_of(alice, poll), poll=poll, answers=BLUE, code=first)
    cast_ballot(voter_of(alice, poll), poll=poll, answers=RED, code=second, former=first)
    cast_ballot(voter_of(charlie, poll), poll=poll, answers=BLUE, code=gone)
    withdraw_ballot(voter_of(charlie, poll), poll=poll, former=gone)
    return {"counts": second, "replaced": first, "withdrawn": gone}


def test_before_the_end_a_receipt_says_only_that_the_ballot_is_there(poll, codes, client):
    answer = send(client, "receipt/", {"code": codes["counts"]})
    text = answer.content.decode()
    assert answer.status_code == 200 and "Your ballot is in the box" in text
    assert "Red" not in text and mark_of(poll.pk, codes["counts"]) not in text
    for path in ("ballots/", "bundle.jsonl"):
        assert page(client, path).status_code == 409


def test_after_the_count_it_leads_to_the_ballot_and_up_to_the_root(poll, codes, client):
    end_and_count(poll)
    answer = send(client, "receipt/", {"code": codes["counts"].lower()})
    text = answer.content.decode()
    assert "Your ballot was counted" in text and "Red" in text
    found = answer.context["found"]
    way = [(side, bytes.fromhex(node)) for side, node in found.way]
    assert proves(bytes.fromhex(found.leaf), way, bytes.fromhex(fresh(poll).root))
    replaced = send(client, "receipt/", {"code": codes["replaced"]}).content.decode()
    assert "a later one replaced it" in replaced
    withdrawn = send(client, "receipt/", {"code": codes["withdrawn"]}).content.decode()
    assert "it was withdrawn" in withdrawn


def test_a_code_that_is_none_is_told_what_to_do_and_stays_in_the_field(poll, codes, client):
    for code, status in (("short", 400), (new_code(), 404)):
        answer = send(client, "receipt/", {"code": code})
        assert answer.status_code == status
        assert f'value="{code}"' in answer.content.decode()


def test_the_bundle_is_streamed_with_every_ballot(poll, codes, client):
    end_and_count(poll)
    answer = page(client, "bundle.jsonl")
    assert answer.streaming
    lines = [json.loads(line) for line in answer.getvalue().splitlines()]
    assert lines[0]["root"] == fresh(poll).root and lines[0]["size"] == 4
    assert len(lines) == 5


def test_the_list_shows_every_ballot_and_which_are_void(
    poll, codes, client, django_assert_num_queries
):
    end_and_count(poll)
    page(client, "ballots/")  # the plan of the first query is made once
    with django_assert_num_queries(2):
        text = page(client, "ballots/").content.decode()
    for row in Ballot.objects.all():
        assert row.mark in text
    assert text.count('class="tag">Void') == 2


def test_the_list_is_read_page_by_page(poll, client):
    for _number in range(51):
        cast_ballot(voter_of(person(), poll), poll=poll, answers=RED)
    end_and_count(poll)
    first = page(client, "ballots/")
    assert len(first.context["rows"]) == 50
    second = client.get("/en/polls/tram/ballots/" + first.context["next_href"])
    assert len(second.context["rows"]) == 1 and not second.context["next_href"]


def test_polls_that_are_not_secret_publish_no_ballots(bob, organisation, alice, client):
    open_poll(bob, organisation, slug="plain")
    for path in ("receipt/", "ballots/", "bundle.jsonl"):
        assert page(client, path, slug="plain").status_code == 404


def test_everyone_who_voted_gets_the_result_by_letter_and_nobody_their_own_vote(
    poll, codes, alice, charlie
):
    end_and_count(poll)
    deliver_entries()
    assert not Delivery.objects.letters_of(charlie).exists()  # withdrew
    letter = compose(Delivery.objects.letters_of(alice).get())
    said = [str(text) for text, _href in letter.results]
    assert said[0] == "1 person answered."
    assert any(text.startswith("Which colour shall the tram have?") for text in said)
    hrefs = [href for _text, href in letter.results if href]
    assert hrefs == ["/en/polls/tram/results/", "/en/polls/tram/receipt/"]
    assert not letter.said and not letter.answers
    while send_batch():
        pass
    [sent] = [found for found in mail.outbox if found.to == [alice.email]]
    assert sent.subject == "The result: The tram"
    assert "What you said" not in sent.body and "/en/polls/tram/results/" in sent.body
    assert codes["counts"] not in sent.body


def test_a_voter_can_choose_no_letter_before_the_count(poll, codes, alice, client_of):
    client = client_of(alice)
    text = client.get("/en/inbox/mail/").content.decode()
    assert "The tram" in text
